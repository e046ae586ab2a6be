//! `applink scan`: what on a copy still leads to production.

mod findings;
mod found;
pub(crate) mod scope;
mod show;

use std::sync::Arc;

use crate::apply::confirm::Confirmation;
use crate::apply::interrupted;
use crate::apply::provider::RemoteProvider;
use crate::apply::run::{Begin, Run};
use crate::cli::scan::scope::Scope;
use crate::cli::{args, prompt};
use crate::context::{Context, Target};
use crate::domain::{Alias, Destination, Pattern};
use crate::error::{Error, Result, worst_exit};
use crate::exit::Exit;
use crate::observe::fan_out::ask_each;
use crate::plan::detach::{ProductionReference, steps};
use crate::plan::{Goal, Plan, PlanSet, Policy};
use crate::remote::Session;
use crate::resolve::{AppArg, CloudSites, resolve};
use serde_json::json;

/// Find what on a copy still points at production, and mend it
///
/// After a clone or a restore a test application holds production's links, consumers and base URL,
/// and signs as production does: it would call production's partners by mistake. This looks at the
/// named copies (all known applications outside of PATTERN, when none is named) and shows who would
/// be called, and the plan that ends it. Nothing is asked of, or sent to, what matches PATTERN.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink scan jira-test --from jira.example.com\n  \
    applink scan jira-test wiki-test --from '*.example.com' --apply\n  \
    applink scan --from '*.example.com' \\\n      --to 'https://*.test.example.net' --apply\n\n\
    PATTERN is a host (*.example.com, jira.example.com:8443) or an address with all below it\n\
    (https://example.com/prod). One star stands for one part of a host name, ** for any number.\n\n\
    Without --to both directions of each link are switched off on the copy, which ends its OAuth\n\
    calls, users' tokens and consumers; a link that also uses Trusted Applications or Basic is\n\
    deleted there, since no switch ends those. With --to a link is moved instead where the address\n\
    there shows the same application id and type.")]
pub struct Args {
    /// The copies
    apps: Vec<AppArg>,

    /// Where production is
    #[arg(long, value_name = "PATTERN")]
    from: Option<Pattern>,

    /// Where production's copies are: links lead there, at the same path; a star in the host stands
    /// for what the star of PATTERN stood for
    #[arg(long, value_name = "URL")]
    to: Option<Destination>,

    /// Carry out the plan
    #[arg(long)]
    apply: bool,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        args::missing([(self.from.is_some(), "--from <PATTERN>")])
    }
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    let Args {
        apps,
        from,
        to,
        apply,
    } = args;
    let from = match from {
        Some(from) => from,
        None => prompt::until(
            context,
            "Where is production (a host, or *.example.com)?",
            "--from",
            |text| text.parse::<Pattern>().map_err(|error| error.to_string()),
        )?,
    };
    let scope = Scope { from, to };
    scope.check(&apps)?;
    // A scan that changes nothing takes no lock.
    let lock = if apply {
        Some(Run::lock(context, "scan")?)
    } else {
        interrupted::warn_unfinished(context);
        None
    };
    let named: Vec<&AppArg> = apps.iter().collect();
    let targets = copies(context, &scope, &named).await?;
    let aliases: Vec<&Alias> = targets.iter().map(|target| &target.alias).collect();
    let request = json!({
        "apps": aliases,
        "from": scope.from.to_string(),
        "to": scope.to.as_ref().map(ToString::to_string),
    });
    let run = match lock {
        Some(lock) => match lock.begin(context, &request).await? {
            Begin::Resumed(exit) => return Ok(exit),
            Begin::New(run) => *run,
        },
        None => Run::preview(),
    };
    let (findings, sessions, errors) = find_references(context, &scope, &targets).await;
    let strays: Vec<&ProductionReference> = findings
        .iter()
        .filter_map(|finding| finding.stray.as_ref())
        .collect();
    let plan_set = PlanSet::from(Plan {
        goal: Goal::Detached {
            from: scope.from.to_string(),
        },
        steps: strays.iter().flat_map(|stray| steps(stray)).collect(),
        policy: Policy::Continue,
    });
    if !context.ui.is_json() {
        show::table(context, &scope, &findings);
    }
    show::notes(context, &scope, &findings);
    let run = run
        .targets(targets)
        .confirmation(question(&plan_set))
        .errors(
            errors
                .iter()
                .map(|(alias, error)| error.clone().about(alias))
                .collect(),
        )
        .details(show::output(&scope, &findings))
        .without_verification();
    if apply && !context.settings.dry_run {
        let provider = RemoteProvider::new(sessions);
        return run.apply(context, plan_set, provider).await;
    }
    if context.ui.is_json() {
        return Ok(run.show(context, &plan_set));
    }
    show::plan(context, &plan_set);
    let all = || errors.iter().map(|(_, error)| error);
    context.ui.warnings(all());
    Ok(worst_exit(all()))
}

/// The copies: those that are named, or all known applications that are not production.
async fn copies(context: &Context, scope: &Scope, named: &[&AppArg]) -> Result<Vec<Target>> {
    if named.is_empty() {
        let mut copies = context.all_known();
        copies.retain(|target| !context.needs_no_account(target));
        context.require_named_state()?;
        context.warn_no_apps();
        let (production, copies): (Vec<Target>, Vec<Target>) = copies
            .into_iter()
            .partition(|target| scope.from.matches(&target.entry.url));
        let aliases: Vec<&str> = production.iter().map(|one| one.alias.as_str()).collect();
        if copies.is_empty() && !production.is_empty() {
            return Err(Error::usage(format!(
                "nobody was asked: all that is known is production, in {}: {}",
                scope.from,
                aliases.join(", ")
            ))
            .hint("name the copies, or narrow --from"));
        }
        if !production.is_empty() {
            context.ui.note(&format!(
                "production, and not asked: {}",
                aliases.join(", ")
            ));
        }
        return Ok(copies);
    }
    for arg in named {
        if let AppArg::Alias(alias) = arg
            && let Some(target) = context.app(alias)
        {
            scope.refuse_production(alias.as_str(), &target.entry.url)?;
        }
    }
    let resolved = resolve(context, named, CloudSites::Refused).await?;
    for one in &resolved {
        scope.refuse_production(one.target.alias.as_str(), &one.target.entry.url)?;
    }
    Ok(resolved.into_iter().map(|one| one.target).collect())
}

/// Looks at all copies at once.
async fn find_references(
    context: &Context,
    scope: &Scope,
    targets: &[Target],
) -> (
    Vec<findings::Finding>,
    Vec<Arc<Session>>,
    Vec<(Alias, Error)>,
) {
    let looked = ask_each(context, "asking the copies", targets, async |target| {
        findings::of_clone(context, scope, target).await
    })
    .await;
    let (mut findings, mut sessions, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for (target, found) in looked {
        let alias = &target.alias;
        match found {
            Ok(seen) => {
                findings.extend(seen.findings);
                sessions.push(seen.session);
                errors.extend(seen.errors.into_iter().map(|error| (alias.clone(), error)));
            }
            Err(error) => errors.push((alias.clone(), error)),
        }
    }
    (findings, sessions, errors)
}

/// What is asked before the plan is carried out: always, since a pattern is easily wrong.
fn question(plan_set: &PlanSet) -> Confirmation {
    let mut on: Vec<&str> = plan_set.steps().map(|step| step.on().as_str()).collect();
    on.sort_unstable();
    on.dedup();
    let mut about = vec![format!(
        "{} {} on {}, and none on production",
        plan_set.len(),
        if plan_set.len() == 1 { "step" } else { "steps" },
        on.join(", ")
    )];
    let losses = plan_set.losses().into_iter();
    about.extend(losses.map(|loss| format!("this ends {loss}")));
    Confirmation::Required(format!("{}.", about.join("; ")))
}
