//! Whose account: where its secret is, and at once whether it is an administrator's.

use std::sync::Arc;

use crate::cli::prompt::application::IdentifiedApp;
use crate::cli::prompt::keyring::KeyringChoice;
use crate::context::{Context, Target};
use crate::credentials::{CredentialSource, variable};
use crate::domain::Code;
use crate::error::{Error, Result};
use crate::remote::Session;
use crate::ui::StepResult;

/// How somebody comes in.
pub(crate) enum AdminAccess {
    /// As an administrator.
    Administrator(Arc<Session>),
    /// Not at all: only the other end of the link is made.
    Nobody,
}

/// Where a secret may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Typed,
    KeyringChoice,
    Variable,
    Program,
    File,
    /// There is no account.
    Nowhere,
}

impl Place {
    fn words(self) -> &'static str {
        match self {
            Self::Typed => "I type it, now and each time",
            Self::KeyringChoice => "I type it, and the system's keyring keeps it",
            Self::Variable => "an environment variable holds it",
            Self::Program => "a program prints it (a password manager)",
            Self::File => "a file that only I can read holds it",
            Self::Nowhere => "nowhere: make a one-way link",
        }
    }
}

/// Asks until somebody comes in who is an administrator. With `far` the answer may be that nobody
/// does.
pub(crate) async fn account(
    context: &Context,
    party: &mut IdentifiedApp,
    far: bool,
    keyring: &mut KeyringChoice,
) -> Result<AdminAccess> {
    if context.has_credential(&party.resolved.target) {
        match enter(context, party).await {
            Ok(session) => return Ok(AdminAccess::Administrator(session)),
            Err(error) => complain(context, party, &error),
        }
    }
    let has_keyring = keyring.is_offered(context, &party.resolved.target).await;
    loop {
        let place = secret_place(context, party, far, has_keyring)?;
        if place == Place::Nowhere {
            return Ok(AdminAccess::Nobody);
        }
        let before = party.resolved.target.clone();
        let tried = match describe(context, &mut party.resolved.target, place) {
            Ok(()) => enter(context, party).await,
            Err(error) => Err(error),
        };
        match tried {
            Ok(session) => {
                if place == Place::KeyringChoice {
                    keyring.wants(context, &party.resolved.target);
                }
                return Ok(AdminAccess::Administrator(session));
            }
            Err(error) if error.signal.is_some() => return Err(error),
            Err(error) => {
                complain(context, party, &error);
                party.resolved.target = before;
                if far && error.code == Some(Code::NotAdmin) && gives_up(context, party)? {
                    return Ok(AdminAccess::Nobody);
                }
            }
        }
    }
}

/// What is wrong, and nothing of it is remembered.
fn complain(context: &Context, party: &IdentifiedApp, error: &Error) {
    context
        .resolver()
        .forget_typed(&party.resolved.target.alias);
    let mut error = error.clone();
    if error.code == Some(Code::BadCredentials) {
        // It is asked for again, and where it came from was said a moment ago.
        error.hints.clear();
    }
    context.ui.complain(&error);
}

fn secret_place(
    context: &Context,
    party: &IdentifiedApp,
    far: bool,
    has_keyring: bool,
) -> Result<Place> {
    let mut places = vec![Place::Typed];
    if has_keyring {
        places.push(Place::KeyringChoice);
    }
    places.extend([Place::Variable, Place::Program, Place::File]);
    if far {
        places.push(Place::Nowhere);
    }
    let items: Vec<String> = places
        .iter()
        .map(|place| place.words().to_owned())
        .collect();
    let question = format!(
        "Where is the secret of an administrator of {}?",
        party.alias()
    );
    let argument = variable(&party.resolved.target.alias, "TOKEN");
    let at = context.ui.choose(&question, &items, &argument)?;
    Ok(places.get(at).copied().unwrap_or(Place::Typed))
}

/// Writes down which account it is and where its secret is, never the secret.
fn describe(context: &Context, target: &mut Target, place: Place) -> Result<()> {
    let ui = &context.ui;
    let ask = |question: &str, default| ui.ask_text(question, default, "--credential");
    let old = target.entry.user.clone();
    let user = ask(
        "Its user name, empty for a personal access token",
        Some(old.as_deref().unwrap_or_default()),
    )?;
    target.entry.user = Some(user).filter(|user| !user.is_empty());
    let is_token = target.entry.user.is_none();
    let source = match place {
        // Tried before it is kept, and kept when all of it is confirmed.
        Place::Typed | Place::KeyringChoice | Place::Nowhere => CredentialSource::Prompt,
        Place::Variable => {
            let name = variable(&target.alias, if is_token { "TOKEN" } else { "PASSWORD" });
            parsed("env", &ask("Name of the variable", Some(&name))?)?
        }
        Place::Program => parsed("command", &ask("Program and arguments", None)?)?,
        Place::File => {
            let path = crate::cli::prompt::path(ui, "Path of the file", "--credential")?;
            CredentialSource::File(std::path::absolute(&path).unwrap_or(path))
        }
    };
    target.entry.credential = Some(source);
    Ok(())
}

fn parsed(kind: &str, text: &str) -> Result<CredentialSource> {
    format!("{kind}:{text}")
        .parse()
        .map_err(|error: crate::credentials::SourceError| Error::usage(error.to_string()))
}

/// Logs in, and finds out whether it is an administrator who did.
async fn enter(context: &Context, party: &IdentifiedApp) -> Result<Arc<Session>> {
    let target = &party.resolved.target;
    let session = context.session(target).await?;
    session.set_manifest(party.manifest.clone());
    let wait = context
        .ui
        .waiting(&format!("logging in to {}", target.alias));
    session.administrator().await?;
    session.websudo().await?;
    drop(wait);
    let who = context
        .user(target)
        .unwrap_or_else(|| "the owner of the token".to_owned());
    let said = format!("{who} is an administrator of {}", target.alias);
    context.ui.step(&said, StepResult::Done, "");
    Ok(session)
}

/// Whether the other end is left to somebody else.
fn gives_up(context: &Context, party: &IdentifiedApp) -> Result<bool> {
    let items = [
        "try another account".to_owned(),
        "make a one-way link; it can be completed later".to_owned(),
    ];
    let question = format!("Nobody who administers {}?", party.alias());
    Ok(context.ui.choose(&question, &items, "--one-way")? == 1)
}
