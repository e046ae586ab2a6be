//! `applink app login` and `applink app logout`: secrets in the operating system's keyring.

use crate::apply::interrupted;
use crate::cli::{complete, prompt};
use crate::context::{Context, Target};
use crate::credentials::CredentialSource;
use crate::domain::Alias;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::observe::ends::same_application;
use crate::state::StateStore as _;
use crate::ui::output::{AppChangeOutput, AppOutput};

pub(crate) use crate::apply::keyring::forget;

/// Ask for a log-in, try it, and keep it in the operating system's keyring
///
/// The password or token is typed without being shown, tried as an administrator's, and kept under
/// the application's base URL and the account: an application at another address never gets it.
/// The state records no more than `keyring` and the account.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink app login jira\n  \
    applink app login jira --user admin\n  \
    applink app login wiki --token")]
pub struct LoginArgs {
    /// Which application
    #[arg(add = complete::application())]
    pub(super) alias: Option<Alias>,

    /// The account [default: the one that is recorded, else it is asked for]
    #[arg(long, value_name = "NAME", conflicts_with = "token")]
    user: Option<String>,

    /// A personal access token, in place of an account and its password
    #[arg(long)]
    token: bool,
}

/// Take a log-in out of the operating system's keyring
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  applink app logout jira")]
pub struct LogoutArgs {
    /// Which application
    #[arg(add = complete::application())]
    pub(super) alias: Option<Alias>,
}

pub(super) async fn login(args: LoginArgs, context: &mut Context) -> Result<Exit> {
    let alias = match args.alias {
        Some(alias) => alias,
        None => prompt::choose_app(context, "Whose log-in is the keyring to keep?")?,
    };
    let guard = context.lock("app login")?;
    let mut target = known_target(context, &alias)?;
    interrupted::refuse_unfinished(context)?;
    let before = target.entry.clone();
    if args.token {
        target.entry.user = None;
    } else if args.user.is_some() {
        target.entry.user = args.user;
    }
    // Nobody types a secret that could not be kept.
    context
        .has_keyring(&target, target.entry.user.as_deref())
        .await?;
    if !context.ui.can_ask() {
        return Err(Error::usage(format!(
            "the log-in of {alias} is to be typed, and there is nobody to ask"
        ))
        .hint("run it on a terminal without --no-input")
        .hint(format!(
            "or record another source: applink app add {} {} --credential env:VAR",
            alias, target.entry.url
        )));
    }
    let credential = if args.token {
        context.ask_token(&target).await?
    } else {
        context.ask_credential(&target).await?
    };
    let wait = context.ui.waiting(&format!("trying it on {alias}"));
    let session = context.session_as(&target, &target.entry.url, Some(&credential));
    let manifest = session.manifest().await?;
    same_application(&target, manifest.id)?;
    session.administrator().await?;
    drop(wait);
    target.entry.user = credential.user().map(str::to_owned);
    target.entry.credential = Some(CredentialSource::Keyring);
    if let Some(guard) = &guard {
        context.keep_in_keyring(&target, &credential).await?;
        let mut state = context.state.to_state();
        state
            .applications
            .insert(alias.clone(), target.entry.clone());
        context.state = context.store.save(guard, &context.state, &state)?;
        // The secret of another account that was kept for it is needed no more.
        if before.credential == Some(CredentialSource::Keyring) && before.user != target.entry.user
        {
            let old = Target {
                entry: before,
                ..target.clone()
            };
            forget(context, &old).await;
        }
    }
    let what = match (&target.entry.user, guard.is_some()) {
        (Some(account), true) => format!("the password of {account} is kept in the keyring"),
        (None, true) => "the token is kept in the keyring".to_owned(),
        (_, false) => "the log-in works, and would be kept in the keyring".to_owned(),
    };
    report(context, &alias, guard.is_some(), &what);
    Ok(Exit::Ok)
}

pub(super) async fn logout(args: LogoutArgs, context: &mut Context) -> Result<Exit> {
    let alias = match args.alias {
        Some(alias) => alias,
        None => prompt::choose_app(context, "Whose log-in is the keyring to forget?")?,
    };
    let guard = context.lock("app logout")?;
    let target = known_target(context, &alias)?;
    interrupted::refuse_unfinished(context)?;
    if target.entry.credential != Some(CredentialSource::Keyring) {
        report(
            context,
            &alias,
            false,
            "no log-in of it is recorded in the keyring",
        );
        return Ok(Exit::Ok);
    }
    let Some(guard) = &guard else {
        report(
            context,
            &alias,
            false,
            "its log-in would be taken out of the keyring",
        );
        return Ok(Exit::Ok);
    };
    let there = context.forget_in_keyring(&target).await?;
    let mut state = context.state.to_state();
    if let Some(entry) = state.applications.get_mut(&alias) {
        entry.credential = None;
    }
    context.state = context.store.save(guard, &context.state, &state)?;
    let what = if there {
        "its log-in is taken out of the keyring"
    } else {
        "its log-in was not in the keyring any more, and is not expected there"
    };
    report(context, &alias, true, what);
    Ok(Exit::Ok)
}

fn known_target(context: &Context, alias: &Alias) -> Result<Target> {
    context.app(alias).ok_or_else(|| {
        Error::usage(format!("no application is known as {alias}"))
            .hint("see: applink app list")
            .hint(format!("or add it: applink app add {alias} URL"))
    })
}

fn report(context: &Context, alias: &Alias, changed: bool, what: &str) {
    let ui = &context.ui;
    if ui.is_json() {
        let target = context.app(alias);
        ui.json(&AppChangeOutput {
            changed,
            app: target.map(|target| AppOutput::new(alias, &target.entry, None)),
        });
    } else {
        ui.result(&format!("{alias}: {what}"));
    }
}
