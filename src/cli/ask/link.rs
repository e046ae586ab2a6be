//! Which link: an application, then one of the records that it keeps, asked live.

use super::application::{Party, Which, application};
use crate::cli::target::{AppArg, by_id, url};
use crate::cli::{create, delete, edit};
use crate::context::Context;
use crate::domain::{BaseUrl, Record};
use crate::error::{Error, Result};

/// What is behind a record.
enum Behind {
    Application(AppArg),
    Program(String),
}

/// Asks which link is to go.
pub(in crate::cli) async fn delete(args: &mut delete::Args, context: &Context) -> Result<()> {
    if args.missing().is_empty() {
        return Ok(());
    }
    let question = "Which application keeps the link that is to go?";
    let local = local(context, args.local.as_ref(), question).await?;
    args.local = Some(local.argument());
    if args.consumer.is_some() || args.remote.is_some() {
        return Ok(());
    }
    match record(context, &local, "Which link is to go?", true).await? {
        Behind::Application(remote) => args.remote = Some(remote),
        Behind::Program(name) => args.consumer = Some(name),
    }
    Ok(())
}

/// Asks which link is to be changed, and what of it.
pub(in crate::cli) async fn edit(args: &mut edit::Args, context: &Context) -> Result<()> {
    if args.missing().is_empty() {
        return Ok(());
    }
    if args.local.is_none() || args.remote.is_none() {
        let question = "Which application keeps the link that is to be changed?";
        let local = local(context, args.local.as_ref(), question).await?;
        args.local = Some(local.argument());
        if let Behind::Application(remote) =
            record(context, &local, "Which link is to be changed?", false).await?
        {
            args.remote = Some(remote);
        }
    }
    if args.changes_something() {
        return Ok(());
    }
    let items = [
        "what the two may do on each other",
        "the name of the second on the first",
        "the name of the first on the second",
        "the address of the second that users of the first get",
        "make it the first choice among links to that type of application",
    ]
    .map(str::to_owned);
    let ui = &context.ui;
    match ui.choose("What is to be changed?", &items, "--auth")? {
        0 => args.auth = Some(level(context)?),
        1 => args.name = Some(until(context, "New name", "--name", create::name)?),
        2 => args.remote_name = Some(until(context, "New name", "--remote-name", create::name)?),
        3 => {
            args.display_url = Some(until(context, "New address", "--display-url", url)?);
        }
        _ => args.primary = true,
    }
    Ok(())
}

/// One of the levels, with a sentence on each.
pub(super) fn level(context: &Context) -> Result<create::LevelArg> {
    let (levels, items): (Vec<create::LevelArg>, Vec<String>) = [
        (
            create::LevelArg::OAuth,
            "oauth: users agree once, then both call for them, and as applications",
        ),
        (
            create::LevelArg::Impersonation,
            "impersonation: also as any user, unasked; both share one user base",
        ),
        (create::LevelArg::None, "none: only the records; no calls"),
    ]
    .map(|(level, words)| (level, words.to_owned()))
    .into_iter()
    .unzip();
    let question = "What may they do on each other?";
    let at = context.ui.choose(question, &items, "--auth")?;
    Ok(levels.get(at).copied().unwrap_or(create::LevelArg::OAuth))
}

/// Asks for a text until it can be used.
pub(in crate::cli) fn until<T>(
    context: &Context,
    question: &str,
    argument: &str,
    parse: impl Fn(&str) -> std::result::Result<T, String>,
) -> Result<T> {
    loop {
        let typed = context.ui.ask_text(question, None, argument)?;
        match parse(typed.trim()) {
            Ok(value) => return Ok(value),
            Err(error) => context.ui.complain(&Error::usage(error)),
        }
    }
}

async fn local(context: &Context, given: Option<&AppArg>, question: &str) -> Result<Party> {
    let which = Which {
        question,
        argument: "LOCAL",
        before: None,
        offers: true,
        given,
    };
    application(context, which).await
}

/// One of the records that an application keeps.
async fn record(
    context: &Context,
    local: &Party,
    question: &str,
    programs: bool,
) -> Result<Behind> {
    let target = &local.resolved.target;
    let session = context.session(target).await?;
    let wait = context
        .ui
        .waiting(&format!("asking {} for its links", target.alias));
    let mut records = session.records().await?;
    drop(wait);
    let program = |record: &Record| {
        let state = context.state.state();
        let mut all = state.consumers.iter();
        all.find(|known| known.on == target.alias && known.id == record.id)
            .map(|known| known.name.clone())
    };
    records.retain(|record| !record.system && (programs || program(record).is_none()));
    if records.is_empty() {
        return Err(
            Error::refused(format!("{} has no link of that kind", target.alias)).hint(format!(
                "see what it has with: applink list {}",
                target.alias
            )),
        );
    }
    let items: Vec<String> = records
        .iter()
        .map(|record| match program(record) {
            Some(name) => format!("the program {name}"),
            None => format!(
                "{}: {} at {}",
                record.name,
                record.type_id.name(),
                record.display_url
            ),
        })
        .collect();
    let at = context.ui.choose(question, &items, "REMOTE")?;
    let record = records
        .get(at)
        .ok_or_else(|| Error::internal("a record was due"))?;
    if let Some(name) = program(record) {
        return Ok(Behind::Program(name));
    }
    if let Some(known) = by_id(context, record.id) {
        return Ok(Behind::Application(AppArg::Alias(known.alias)));
    }
    let url = record
        .application_url()
        .or_else(|| BaseUrl::parse(&record.display_url).ok())
        .ok_or_else(|| {
            Error::refused(format!(
                "the link {:?} has no address by which it can be named",
                record.name
            ))
        })?;
    Ok(Behind::Application(AppArg::Url(url)))
}
