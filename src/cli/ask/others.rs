//! What the smaller commands ask for.

use super::account::account;
use super::application::{Which, application, url};
use super::keyring::{Keyring, ToKeep};
use super::link::until;
use crate::cli::create::name;
use crate::cli::relocate::{keeps_https, new_address};
use crate::cli::target::AppArg;
use crate::cli::{app, relocate as relocate_command};
use crate::context::{Context, Target};
use crate::domain::Alias;
use crate::error::{Error, Kind, Result};

/// One of the known applications.
pub(in crate::cli) fn known(context: &Context, question: &str) -> Result<Alias> {
    let targets = context.all_known();
    if targets.is_empty() {
        return Err(Error::usage("no application is known yet")
            .hint("add one with: applink app add ALIAS URL"));
    }
    let items: Vec<String> = targets.iter().map(described).collect();
    let at = context.ui.choose(question, &items, "ALIAS")?;
    targets
        .into_iter()
        .nth(at)
        .map(|target| target.alias)
        .ok_or_else(|| Error::internal("an application was due"))
}

fn described(target: &Target) -> String {
    let entry = &target.entry;
    format!(
        "{}: {} at {}",
        target.alias,
        entry.type_id.name(),
        entry.url
    )
}

/// Asks which application moved, and where to.
pub(in crate::cli) async fn relocate(
    args: &mut relocate_command::Args,
    context: &Context,
) -> Result<()> {
    if args.missing().is_empty() {
        return Ok(());
    }
    let app = match &args.app {
        Some(app) => app.clone(),
        None => AppArg::Alias(known(context, "Which application moved?")?),
    };
    let moved = relocate_command::moved(context, &app).await?;
    args.app = Some(app);
    while args.new_url.is_none() {
        let question = format!("Where does {} answer now?", moved.alias);
        let url = until(context, &question, "NEW_URL", url)?;
        let answer = match keeps_https(&moved, &url, args.force) {
            Ok(()) => new_address(context, &moved, &url, args.force).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(_) => args.new_url = Some(url),
            Err(error) if error.signal.is_some() => return Err(error),
            Err(error) => {
                context.ui.complain(&error);
                if error.kind == Kind::Unreachable && goes_anyway(context)? {
                    args.force = true;
                    args.new_url = Some(url);
                }
            }
        }
    }
    Ok(())
}

fn goes_anyway(context: &Context) -> Result<bool> {
    let items = [
        "I type the address again".to_owned(),
        "it will answer there later: relocate all the same".to_owned(),
    ];
    let question = "Nobody answers there now. What then?";
    Ok(context.ui.choose(question, &items, "--force")? == 1)
}

/// Asks for a new application, and tries its account; gives what the keyring is to keep.
pub(in crate::cli) async fn add(args: &mut app::AddArgs, context: &Context) -> Result<ToKeep> {
    if args.missing().is_empty() {
        return Ok(ToKeep::default());
    }
    let given = args.url.clone().map(AppArg::Url);
    let mut party = application(
        context,
        Which {
            question: "Its URL, or any page of it",
            argument: "URL",
            before: None,
            offers: false,
            given: given.as_ref(),
        },
    )
    .await?;
    let target = &mut party.resolved.target;
    match &args.alias {
        Some(alias) => target.alias = alias.clone(),
        None if target.known => {}
        None => {
            let proposed = target.alias.to_string();
            let ui = &context.ui;
            target.alias = loop {
                let typed = ui.ask_text("Its short name here", Some(&proposed), "ALIAS")?;
                match typed.parse::<Alias>() {
                    Ok(alias) if context.known(&alias).is_some() => {
                        ui.complain(&Error::usage(format!(
                            "{alias} is another application already"
                        )));
                    }
                    Ok(alias) => break alias,
                    Err(error) => ui.complain(&Error::usage(error.to_string())),
                }
            };
        }
    }
    target.naming = crate::credentials::Naming::Named;
    if args.user.is_some() {
        target.entry.user.clone_from(&args.user);
    }
    if args.credential.is_some() {
        target.entry.credential.clone_from(&args.credential);
    }
    let mut keyring = Keyring::default();
    account(context, &mut party, false, &mut keyring).await?;
    let target = party.resolved.target;
    args.alias = Some(target.alias);
    args.url = Some(target.entry.url);
    args.user = target.entry.user;
    args.credential = target.entry.credential;
    args.is_tried = true;
    Ok(keyring.into_wanted())
}

/// Asks on which application, and for which program.
pub(in crate::cli) fn program(
    app: &mut Option<AppArg>,
    consumer: &mut Option<String>,
    context: &Context,
) -> Result<()> {
    if app.is_none() {
        *app = Some(AppArg::Alias(known(context, "On which application?")?));
    }
    if consumer.is_some() {
        return Ok(());
    }
    let on = match app {
        Some(AppArg::Alias(alias) | AppArg::Named(alias, _)) => Some(alias.clone()),
        _ => None,
    };
    let state = context.state.state();
    let names: Vec<String> = state
        .consumers
        .iter()
        .filter(|known| Some(&known.on) == on.as_ref())
        .map(|known| known.name.clone())
        .collect();
    let mut items = names.clone();
    items.push("another one, by its name".to_owned());
    let ui = &context.ui;
    let chosen = if names.is_empty() {
        None
    } else {
        let at = ui.choose("Which program?", &items, "--consumer")?;
        names.into_iter().nth(at)
    };
    *consumer = Some(match chosen {
        Some(name) => name,
        None => until(
            context,
            "The name of the program (consumer)",
            "--consumer",
            name,
        )?,
    });
    Ok(())
}
