//! Lets plans reach OAuth 2.0 clients, and keeps their secrets.
//!
//! A secret goes from the answer of the application into its file, and nowhere else.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::credentials::{Redactor, Secret};
use crate::domain::{Alias, Client, ClientTerms, ClientView, SecretFile, View};
use crate::error::{Error, Result};
use crate::oauth::files;
use crate::plan::ClientStep;
use crate::plan::execute::WriteError;
use crate::remote::oauth2::Told;
use crate::remote::{CallError, Session};

/// What a run knows of clients beside what the applications say.
#[derive(Default)]
pub(super) struct Clients {
    /// Learns every secret that is seen.
    pub(super) redactor: Option<Redactor>,
    /// What was last told of each.
    seen: Mutex<HashMap<(Alias, String), Told>>,
    /// Those that this run gave a new secret.
    fresh: Mutex<HashSet<(Alias, String)>>,
}

impl Clients {
    /// A client as it is now, and the file of its secret.
    pub(super) async fn view(&self, session: &Session, step: &ClientStep) -> Result<View> {
        let told = session.oauth2_client(step.name()).await?;
        let key = (step.on().clone(), step.name().to_owned());
        let secret = told.as_ref().and_then(|told| told.secret.as_ref());
        self.learn(secret);
        let mut file = step
            .secret_file()
            .map_or(SecretFile::Missing, |path| state(Path::new(path), secret));
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        if fresh.contains(&key) && matches!(file, SecretFile::Current | SecretFile::Untold) {
            file = SecretFile::Fresh;
        }
        drop(fresh);
        let view = ClientView {
            client: told.as_ref().map(|told| told.client.clone()),
            secret: file,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match told {
            Some(told) => seen.insert(key, told),
            None => seen.remove(&key),
        };
        Ok(View::of_client(step.name(), view))
    }

    /// Carries out one step.
    pub(super) async fn write(
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
                .map_err(told),
            ClientStep::ResetSecret {
                client,
                secret_file,
                ..
            } => {
                let secret = self.reset(session, client).await.map_err(told)?;
                keep(Path::new(secret_file), &secret).map_err(|error| {
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
                if let Some(id) = id {
                    session.delete_oauth2_client(&id).await.map_err(told)?;
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
        seen: Option<Told>,
        secret_file: &str,
    ) -> Result<(), WriteError> {
        let found = seen.is_some();
        let one = match seen {
            Some(seen) => seen,
            None => session.create_oauth2_client(terms).await.map_err(told)?,
        };
        self.learn(one.secret.as_ref());
        let secret = match one.secret {
            Some(secret) => Ok(secret),
            None => self.reset(session, &one.client).await.map_err(told),
        };
        let kept =
            secret.and_then(|secret| keep(Path::new(secret_file), &secret).map_err(kept_not));
        if kept.is_err() && !found {
            // Whether that worked is seen when it is looked for again.
            let _ = session.delete_oauth2_client(&one.client.id).await;
        }
        kept
    }

    /// A new secret.
    async fn reset(&self, session: &Session, client: &Client) -> Result<SecretString, CallError> {
        let told = session.reset_oauth2_secret(&client.client_id).await?;
        let secret = match told.secret {
            Some(secret) => Some(secret),
            // Some say it only when they are asked.
            None => session
                .oauth2_client(&client.terms.name)
                .await?
                .and_then(|told| told.secret),
        };
        self.learn(secret.as_ref());
        secret.ok_or_else(|| session.untold_secret())
    }

    fn learn(&self, secret: Option<&SecretString>) {
        if let (Some(redactor), Some(secret)) = (&self.redactor, secret)
            && let Ok(secret) = Secret::new(secret.expose_secret())
        {
            redactor.add(&secret);
        }
    }
}

/// How the file of a secret stands to what the application told.
pub(in crate::cli) fn state(path: &Path, told: Option<&SecretString>) -> SecretFile {
    if path.symlink_metadata().is_err() {
        return SecretFile::Missing;
    }
    let Some(told) = told else {
        return SecretFile::Untold;
    };
    let holds = files::read(path).is_ok_and(|file| {
        file.check_private(path).is_ok()
            && file.bytes.trim_ascii_end() == told.expose_secret().as_bytes()
    });
    if holds {
        SecretFile::Current
    } else {
        SecretFile::Stale
    }
}

/// Puts a secret into its file, which only its owner can read.
fn keep(path: &Path, secret: &SecretString) -> Result<()> {
    let line = Zeroizing::new(format!("{}\n", secret.expose_secret()));
    files::replace_private(path, &line).map_err(|fault| fault.at(path))
}

fn forget(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::internal(
            format!("{}: it cannot be removed: {error}", path.display()),
        )),
        _ => Ok(()),
    }
}

fn told(error: CallError) -> WriteError {
    WriteError {
        not_applied: error.failure.not_applied(),
        error: super::super::oauth2::refused(error),
    }
}

/// The application did its part.
fn kept_not(error: Error) -> WriteError {
    WriteError {
        error,
        not_applied: false,
    }
}
