//! Lets plans reach OAuth 2.0 clients, and keeps their secrets.
//!
//! A secret goes from the answer of the application into its file, and nowhere else.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::credentials::{Redactor, Secret};
use crate::domain::{Alias, Client, ClientTerms, ClientView, SecretFile, View, hex};
use crate::error::{Error, Result};
use crate::oauth::files;
use crate::plan::ClientStep;
use crate::plan::execute::WriteError;
use crate::remote::oauth2::ClientWithSecret;
use crate::remote::{CallError, Failure, Session};

/// What a run knows of clients beside what the applications say.
#[derive(Default)]
pub(crate) struct Clients {
    /// Learns every secret that is seen.
    pub(crate) redactor: Option<Redactor>,
    /// What was last told of each.
    seen: Mutex<HashMap<(Alias, String), ClientWithSecret>>,
    /// Those that this run gave a new secret.
    fresh: Mutex<HashSet<(Alias, String)>>,
}

impl Clients {
    /// A client as it is now, and the file of its secret.
    pub(crate) async fn view(&self, session: &Session, step: &ClientStep) -> Result<View> {
        let explain_write_error = find(session, step).await?;
        let key = (step.on().clone(), step.name().to_owned());
        let secret = explain_write_error
            .as_ref()
            .and_then(|explain_write_error| explain_write_error.secret.as_ref());
        self.learn(secret);
        let mut file = step
            .secret_file()
            .map_or(SecretFile::Missing, |path| state(Path::new(path), secret));
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        if fresh.contains(&key) && matches!(file, SecretFile::Current | SecretFile::Untold) {
            file = SecretFile::Fresh;
        } else if let (Some(explain_write_error), Some((was, path))) =
            (&explain_write_error, renews(step))
        {
            file = renewed(was, explain_write_error, path, file);
        }
        drop(fresh);
        let view = ClientView {
            client: explain_write_error
                .as_ref()
                .map(|explain_write_error| explain_write_error.client.clone()),
            secret: file,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match explain_write_error {
            Some(explain_write_error) => seen.insert(key, explain_write_error),
            None => seen.remove(&key),
        };
        Ok(View::of_client(step.name(), view))
    }

    /// Carries out one step.
    pub(crate) async fn write(
        &self,
        session: &Session,
        step: &ClientStep,
    ) -> Result<(), WriteError> {
        let key = (step.on().clone(), step.name().to_owned());
        let seen = self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&key);
        match step {
            ClientStep::Create {
                terms, secret_file, ..
            } => self.create(session, terms, seen, secret_file).await,
            ClientStep::Edit { client, to, .. } => session
                .update_oauth2_client(&client.id, to)
                .await
                .map_err(explain_write_error),
            ClientStep::ResetSecret {
                client,
                secret_file,
                ..
            } => {
                let secret = self
                    .reset(session, client)
                    .await
                    .map_err(explain_write_error)?;
                write_secret(Path::new(secret_file), &secret).map_err(|error| {
                    kept_not(
                        error.hint("the old secret does not work any more: applink resume gives it another one"),
                    )
                })?;
                self.fresh
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(key);
                Ok(())
            }
            ClientStep::Delete {
                client,
                secret_file,
                ..
            } => {
                let id = if client.id.is_empty() {
                    seen.map(|seen| seen.client.id)
                } else {
                    Some(client.id.clone())
                };
                if let Some(id) = id
                    && !remove(session, step.name(), &id).await?
                {
                    return Ok(());
                }
                secret_file
                    .as_ref()
                    .map_or(Ok(()), |path| forget(Path::new(path)).map_err(kept_not))
            }
        }
    }

    /// Registers a client, or goes on with one that an earlier run registered, and keeps its
    /// secret; when that fails, the one that was just registered is removed again.
    async fn create(
        &self,
        session: &Session,
        terms: &ClientTerms,
        seen: Option<ClientWithSecret>,
        secret_file: &str,
    ) -> Result<(), WriteError> {
        let (one, origin) = match seen {
            Some(seen) => (seen, ClientOrigin::Found),
            None => self.register(session, terms).await?,
        };
        self.learn(one.secret.as_ref());
        let secret = match one.secret {
            Some(secret) => Ok(secret),
            None => self
                .reset(session, &one.client)
                .await
                .map_err(explain_write_error),
        };
        let kept = secret
            .and_then(|secret| write_secret(Path::new(secret_file), &secret).map_err(kept_not));
        match origin {
            ClientOrigin::Answered if kept.is_err() => {
                // Whether that worked is seen when it is looked for again.
                let _ = session.delete_oauth2_client(&one.client.id).await;
                kept
            }
            ClientOrigin::Answered => kept,
            ClientOrigin::Found | ClientOrigin::ReadBack => {
                kept.map_err(|failed| without_secret(session, terms, failed))
            }
        }
    }

    /// Registers a client. Where it was not said that it is done, it is looked for once: there was
    /// none of that name just before, and names are unique, so one that is as it was to be is this
    /// one.
    async fn register(
        &self,
        session: &Session,
        terms: &ClientTerms,
    ) -> Result<(ClientWithSecret, ClientOrigin), WriteError> {
        let error = match session.create_oauth2_client(terms).await {
            Ok(one) => return Ok((one, ClientOrigin::Answered)),
            // Somebody else has the name.
            Err(error) if matches!(error.failure, Failure::Declined { status: 409, .. }) => {
                return Err(explain_write_error(error));
            }
            Err(error) => error,
        };
        let Ok(all) = session.oauth2_clients().await else {
            return Err(explain_write_error(error));
        };
        let mut found = all
            .into_iter()
            .filter(|one| one.client.terms.name == terms.name);
        match (found.next(), found.next()) {
            (Some(one), None) if one.client.terms.same(terms) => Ok((one, ClientOrigin::ReadBack)),
            _ => Err(explain_write_error(error)),
        }
    }

    /// A new secret.
    async fn reset(&self, session: &Session, client: &Client) -> Result<SecretString, CallError> {
        let explain_write_error = session.reset_oauth2_secret(&client.client_id).await?;
        let secret = match explain_write_error.secret {
            Some(secret) => Some(secret),
            // Some say it only when they are asked.
            None => session
                .oauth2_client(&client.terms.name)
                .await?
                .and_then(|explain_write_error| explain_write_error.secret),
        };
        self.learn(secret.as_ref());
        secret.ok_or_else(|| session.missing_secret())
    }

    fn learn(&self, secret: Option<&SecretString>) {
        if let (Some(redactor), Some(secret)) = (&self.redactor, secret)
            && let Ok(secret) = Secret::new(secret.expose_secret())
        {
            redactor.add(&secret);
        }
    }
}

/// How it is known of a client that it is the one that was to be registered.
enum ClientOrigin {
    /// The application answered with it.
    Answered,
    /// The answer was lost, and it was looked for.
    ReadBack,
    /// It was there before.
    Found,
}

/// The client that a step is about: by its name, or by its id where it has another name now.
async fn find(session: &Session, step: &ClientStep) -> Result<Option<ClientWithSecret>, CallError> {
    let known = step.client().map(|client| client.client_id.as_str());
    let all = session.oauth2_clients().await?;
    let (mut named, others): (Vec<ClientWithSecret>, Vec<ClientWithSecret>) = all
        .into_iter()
        .partition(|one| one.client.terms.name == step.name());
    let by_id = |one: &ClientWithSecret| known == Some(one.client.client_id.as_str());
    Ok(named.pop().or_else(|| others.into_iter().find(by_id)))
}

/// Removes a client; whether it is gone is looked at again, whatever the answer was: a secret goes
/// from here when nobody can use it any more, and not before.
async fn remove(session: &Session, name: &str, id: &str) -> Result<bool, WriteError> {
    let answer = session.delete_oauth2_client(id).await;
    let knows_none = matches!(
        &answer,
        Err(CallError {
            failure: Failure::NotFound { .. },
            ..
        })
    );
    let there = session.oauth2_clients().await;
    match (there, answer) {
        (Ok(there), answer) if there.iter().all(|there| there.client.id != id) => {
            drop(answer);
            Ok(true)
        }
        (Ok(_), Err(_)) if knows_none => Err(kept_not(Error::refused(format!(
            "{} says that it has no OAuth 2.0 client {name:?}, and lists it: its secret is kept",
            session.alias()
        )))),
        (_, Err(error)) => Err(kept_not(explain_write_error(error).error)),
        // It is read once more, and then said to be unknown.
        (_, Ok(())) => Ok(false),
    }
}

/// The client is there, and its secret could not be had.
fn without_secret(session: &Session, terms: &ClientTerms, failed: WriteError) -> WriteError {
    let WriteError { mut error, .. } = failed;
    let (on, name) = (session.alias(), &terms.name);
    error.message = format!(
        "{on} has the OAuth 2.0 client {name:?}, and its client secret could not be had: {}",
        error.message
    );
    kept_not(error)
}

/// How the file of a secret stands to what the application told.
pub(crate) fn state(path: &Path, explain_write_error: Option<&SecretString>) -> SecretFile {
    if path.symlink_metadata().is_err() {
        return SecretFile::Missing;
    }
    let Some(explain_write_error) = explain_write_error else {
        return SecretFile::Untold;
    };
    let holds = files::read(path).is_ok_and(|file| {
        file.check_private(path).is_ok()
            && file.bytes.trim_ascii_end() == explain_write_error.expose_secret().as_bytes()
    });
    if holds {
        SecretFile::Current
    } else {
        SecretFile::Stale
    }
}

/// What a step that renews a secret knows of the one before, and where the new one goes.
fn renews(step: &ClientStep) -> Option<(&str, &Path)> {
    match step {
        ClientStep::ResetSecret {
            was: Some(was),
            secret_file,
            ..
        } => Some((was, Path::new(secret_file))),
        _ => None,
    }
}

/// How the file stands to a new secret, which another process may have got: `file` is how it stands
/// to the secret that counts.
fn renewed(
    was: &str,
    explain_write_error: &ClientWithSecret,
    path: &Path,
    file: SecretFile,
) -> SecretFile {
    let id = &explain_write_error.client.client_id;
    match (&explain_write_error.secret, file) {
        // The one before counts still.
        (Some(now), _) if mark(id, now) == was => SecretFile::Current,
        (Some(_), SecretFile::Current) => SecretFile::Fresh,
        (Some(_), _) => SecretFile::Stale,
        (None, _) => match read_secret(path) {
            Some(kept) if mark(id, &kept) != was => SecretFile::Fresh,
            _ => file,
        },
    }
}

/// What the secret of a client is known by: that which the application tells, else that in the file.
pub(crate) fn mark_of(explain_write_error: &ClientWithSecret, path: &Path) -> Option<String> {
    let id = &explain_write_error.client.client_id;
    match &explain_write_error.secret {
        Some(secret) => Some(mark(id, secret)),
        None => read_secret(path).map(|secret| mark(id, &secret)),
    }
}

/// A part of a digest: a secret that was drawn by chance cannot be found from it.
fn mark(client_id: &str, secret: &SecretString) -> String {
    let mut digest = Sha256::new();
    for part in ["applink client secret", client_id, secret.expose_secret()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let mut mark = hex(&digest.finalize());
    mark.truncate(32);
    mark
}

/// The secret in a file.
fn read_secret(path: &Path) -> Option<SecretString> {
    let file = files::read(path).ok()?;
    file.check_private(path).ok()?;
    let text = std::str::from_utf8(&file.bytes).ok()?.trim_end();
    (!text.is_empty()).then(|| SecretString::from(text))
}

/// Puts a secret into its file, which only its owner can read.
fn write_secret(path: &Path, secret: &SecretString) -> Result<()> {
    let line = Zeroizing::new(format!("{}\n", secret.expose_secret()));
    files::replace_private(path, line.as_bytes()).map_err(|fault| fault.at(path))
}

fn forget(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::refused(format!(
            "{}: it cannot be removed: {error}",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn explain_write_error(error: CallError) -> WriteError {
    WriteError {
        not_applied: error.failure.not_applied(),
        error: crate::remote::oauth2::refused(error),
    }
}

/// The application did its part.
fn kept_not(error: Error) -> WriteError {
    WriteError {
        error,
        not_applied: false,
    }
}
