//! `applink create` by questions.

use std::sync::Arc;

use crate::cli::args::LevelArg;
use crate::cli::create::args::Args;
use crate::cli::prompt::account::{AdminAccess, account};
use crate::cli::prompt::application::{AppPrompt, IdentifiedApp, application};
use crate::cli::prompt::keyring::{KeyringChoice, PendingKeyringWrites};
use crate::cli::prompt::record;
use crate::context::Context;
use crate::credentials::{CredentialSource, variable};
use crate::domain::{Alias, Level, SuggestedCommand};
use crate::error::{Error, Result};
use crate::observe::ends::may_impersonate;
use crate::remote::Session;
use crate::remote::product::cloud;
use crate::resolve::Resolved;

/// The arguments that stand for what was told.
const LOCAL: &str = "LOCAL";
const REMOTE: &str = "REMOTE";

/// What a conversation has found out.
pub(crate) struct Answers {
    /// The two applications.
    pub(crate) pair: [Resolved; 2],
    /// The log-ins that the keyring is to keep.
    pub(crate) to_keep: PendingKeyringWrites,
}

/// Asks for what is missing; none where nothing is.
pub(crate) async fn create(args: &mut Args, context: &Context) -> Result<Option<Answers>> {
    if args.missing().is_empty() {
        return Ok(None);
    }
    let ui = &context.ui;
    if args.consumer.consumer.is_some() {
        let which = AppPrompt {
            question: "Which application does the program call?",
            argument: LOCAL,
            before: None,
            offers: true,
            given: None,
        };
        args.local = Some(application(context, which).await?.argument());
        return Ok(None);
    }
    ui.status("Two applications are linked. Nothing is changed before you have seen what; Ctrl-C leaves at any time.");
    let mut keyring = KeyringChoice::default();
    let mut first = application(
        context,
        AppPrompt {
            question: if context.all_known().is_empty() {
                "The first application: its URL, or any page of it"
            } else {
                "The first application"
            },
            argument: LOCAL,
            before: None,
            offers: true,
            given: args.local.as_ref(),
        },
    )
    .await?;
    refuse_site(&first)?;
    let AdminAccess::Administrator(here) =
        account(context, &mut first, false, &mut keyring).await?
    else {
        return Err(Error::internal("an administrator was due"));
    };
    let mut second = application(
        context,
        AppPrompt {
            question: if context.all_known().is_empty() {
                "The second application: its URL, or any page of it"
            } else {
                "The second application"
            },
            argument: REMOTE,
            before: Some(&first),
            offers: true,
            given: None,
        },
    )
    .await?;
    let there = if args.one_way {
        None
    } else if cloud(&second.resolved.target.entry.url).is_some() {
        ui.note(&format!(
            "{} is a Cloud site, where links are made in its own administration: the link is one-way from here",
            second.alias()
        ));
        None
    } else {
        match account(context, &mut second, true, &mut keyring).await? {
            AdminAccess::Administrator(session) => Some(session),
            AdminAccess::Nobody => None,
        }
    };
    match there {
        Some(there) => level(args, context, [&first, &second], &[here, there]).await?,
        None => one_way(args, context, &second),
    }
    args.local = Some(first.argument());
    args.remote = Some(second.argument());
    if let Some(command) = command(args, &first, &second) {
        ui.status(&format!("The same in one line: {command}"));
        let is_typed = |party: &&IdentifiedApp| {
            let target = &party.resolved.target;
            target.entry.credential == Some(CredentialSource::Prompt)
                && !keyring.keeps(&target.alias)
        };
        let parties = [&first, &second];
        let typed = parties.into_iter().filter(is_typed).map(variables);
        let typed: Vec<String> = typed.collect();
        if !typed.is_empty() {
            ui.status(&format!(
                "Without a terminal, what was typed comes from {}.",
                typed.join(", and ")
            ));
        }
    }
    Ok(Some(Answers {
        pair: [first.resolved, second.resolved],
        to_keep: keyring.into_wanted(),
    }))
}

/// A site is the far side, or none.
fn refuse_site(party: &IdentifiedApp) -> Result<()> {
    if cloud(&party.resolved.target.entry.url).is_some() {
        return Err(
            Error::refused("a Cloud site can only be the other end of a one-way link")
                .hint("begin with the Data Center application"),
        );
    }
    Ok(())
}

fn one_way(args: &mut Args, context: &Context, second: &IdentifiedApp) {
    if args.auth.take().is_some() {
        context
            .ui
            .note("a one-way link has no authentication: --auth is left out");
    }
    args.one_way = true;
    context.ui.note(&format!(
        "only the first end is made, without authentication; the same command, with an administrator of {}, completes it",
        second.alias()
    ));
}

/// What the two may do on each other, unless it is said or there are links already.
async fn level(
    args: &mut Args,
    context: &Context,
    parties: [&IdentifiedApp; 2],
    sessions: &[Arc<Session>; 2],
) -> Result<()> {
    let [first, second] = parties;
    let wait = context.ui.waiting(&format!(
        "looking for links of {} and {}",
        first.alias(),
        second.alias()
    ));
    let (here, there) = tokio::join!(
        sessions[0].view(second.manifest.id),
        sessions[1].view(first.manifest.id)
    );
    drop(wait);
    let exists = here?.is_some() || there?.is_some();
    if exists {
        context.ui.note(&format!(
            "{} and {} know each other already: what is missing is made, and nothing is changed",
            first.alias(),
            second.alias()
        ));
        return Ok(());
    }
    if args.auth.is_some() {
        return Ok(());
    }
    loop {
        let chosen = record::level(context)?;
        if chosen == LevelArg::Impersonation
            && let Err(error) = may_impersonate(sessions).await
        {
            context.ui.complain(&error);
            continue;
        }
        args.auth = Some(chosen);
        return Ok(());
    }
}

/// The command that does the same, and asks for nothing but a secret that is nowhere.
fn command(args: &Args, first: &IdentifiedApp, second: &IdentifiedApp) -> Option<String> {
    let mut argv = vec!["create".to_owned()];
    for party in [first, second] {
        let target = &party.resolved.target;
        argv.push(if target.known {
            target.alias.to_string()
        } else {
            format!("{}={}", target.alias, target.entry.url)
        });
    }
    if let Some(auth) = args.auth {
        argv.extend(["--auth".to_owned(), Level::from(auth).as_str().to_owned()]);
    }
    if args.one_way {
        argv.push("--one-way".to_owned());
    }
    argv.push("--yes".to_owned());
    SuggestedCommand::applink(argv).map(|fix| fix.command())
}

/// The variables that say what was typed.
fn variables(party: &IdentifiedApp) -> String {
    let target = &party.resolved.target;
    let named = |what| variable(&target.alias, what);
    match target.entry.user {
        Some(_) => format!("{} and {}", named("USER"), named("PASSWORD")),
        None => named("TOKEN"),
    }
}

/// What is useful next.
pub(crate) fn next(context: &Context, local: &Alias, remote: &Alias, one_way: bool) {
    let words = [local.as_str(), remote.as_str()];
    let then: [(&str, Vec<&str>); 2] = if one_way {
        [
            (
                "complete it, with an administrator of both",
                vec!["create", words[0], words[1]],
            ),
            ("see what there is", vec!["list", words[0]]),
        ]
    } else {
        [
            ("check it at any time", vec!["verify", words[0], words[1]]),
            ("see what there is", vec!["list"]),
        ]
    };
    for (why, argv) in then {
        if let Some(fix) = SuggestedCommand::applink(argv) {
            context.ui.hint(&format!("{why}: {}", fix.command()));
        }
    }
}
