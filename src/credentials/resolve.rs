//! The order in which a secret is looked for, and what each place demands.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::environment::{Asker, Environment};
use super::keyring::{BoundedKeyring, KeyringEntry};
use super::reader::{SecretReader, from_variable};
use super::redactor::Redactor;
use super::refusal::{auth, keyring_failed, unusable};
use super::request::{AliasOrigin, CredentialRequest, variable};
use super::secret::{Credential, Secret};
use super::source::CredentialSource;
use crate::domain::{Alias, BaseUrl};
use crate::error::{Error, Kind};

/// Finds credentials. Clones share what they know; calls block, and may take as long as a program
/// or a person does.
#[derive(Clone)]
pub struct Resolver {
    environment: Arc<dyn Environment>,
    asker: Arc<dyn Asker>,
    reader: SecretReader,
    redactor: Redactor,
    keyring: BoundedKeyring,
    /// What a person typed, and for whom: held while one is asked, for applications are asked at
    /// the same time, and people are not.
    typed: Arc<Mutex<HashMap<PromptKey, Credential>>>,
}

/// For whom a person was asked: alias, address, whether a source is recorded, and the account
/// where that was known before.
type PromptKey = (Alias, String, bool, Option<String>);

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver")
            .field("reader", &self.reader)
            .finish_non_exhaustive()
    }
}

impl Resolver {
    /// A resolver for a state in that directory. What it finds, `redactor` learns.
    pub fn new(
        environment: Arc<dyn Environment>,
        asker: Arc<dyn Asker>,
        directory: impl Into<PathBuf>,
        redactor: Redactor,
    ) -> Self {
        Self {
            reader: SecretReader::new(Arc::clone(&environment), directory.into()),
            environment,
            asker,
            redactor,
            keyring: BoundedKeyring::system(),
            typed: Arc::default(),
        }
    }

    /// The same with another limit for programs.
    #[must_use]
    pub fn with_command_limit(mut self, limit: Duration) -> Self {
        self.reader.command_limit = limit;
        self
    }

    /// The same with another store than the system's.
    #[must_use]
    pub fn with_keyring(mut self, keyring: BoundedKeyring) -> Self {
        self.keyring = keyring;
        self
    }

    /// Reads the sources again, for a run that goes on after a refused login. What a person typed
    /// stays.
    pub fn read_again(&self) {
        self.reader.forget_outputs();
    }

    /// Keeps a credential in the keyring, under the address that it is for and its account.
    pub fn store_in_keyring(&self, url: &BaseUrl, credential: &Credential) -> Result<(), Error> {
        let (Credential::Basic {
            password: secret, ..
        }
        | Credential::Bearer { token: secret }) = credential;
        self.redactor.add_credential(credential);
        self.keyring
            .set(&KeyringEntry::new(url, credential.user()), secret.expose())
            .map_err(|error| keyring_failed(url, None, &error))
    }

    /// Whether there is a keyring that answers; to be asked before a person is.
    pub fn has_keyring(
        &self,
        alias: &Alias,
        url: &BaseUrl,
        user: Option<&str>,
    ) -> Result<(), Error> {
        self.keyring
            .get(&KeyringEntry::new(url, user))
            .map(drop)
            .map_err(|error| keyring_failed(url, Some((alias, url)), &error))
    }

    /// Takes a secret out of the keyring; says whether there was one.
    pub fn delete_from_keyring(&self, url: &BaseUrl, user: Option<&str>) -> Result<bool, Error> {
        self.keyring
            .delete(&KeyringEntry::new(url, user))
            .map_err(|error| keyring_failed(url, None, &error))
    }

    /// Asks a person for a personal access token.
    pub fn ask_token(&self, request: &CredentialRequest<'_>) -> Result<Credential, Error> {
        self.check_pin(request)?;
        let request = CredentialRequest {
            user: None,
            source: Some(&CredentialSource::Prompt),
            ..*request
        };
        let credential = self.ask(&request, None)?;
        self.redactor.add_credential(&credential);
        Ok(credential)
    }

    /// Asks a person for the credential of an application, whatever is recorded or found.
    pub fn ask_person(&self, request: &CredentialRequest<'_>) -> Result<Credential, Error> {
        self.check_pin(request)?;
        let request = CredentialRequest {
            source: None,
            ..*request
        };
        let credential = self.ask(&request, request.user)?;
        self.redactor.add_credential(&credential);
        Ok(credential)
    }

    /// What masks the secrets that were found.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Whether a credential is recorded or lies in the environment: whether there is one without
    /// asking anybody.
    pub fn has_credential(&self, request: &CredentialRequest<'_>) -> bool {
        request.source.is_some()
            || ["TOKEN", "PASSWORD"]
                .iter()
                .any(|what| self.filled(&variable(request.alias, what)).is_some())
    }

    /// The user whose password would be used, where it is named; a token names nobody.
    pub fn user(&self, request: &CredentialRequest<'_>) -> Option<String> {
        if request.source.is_some() || request.user.is_some() {
            return request.user.map(ToOwned::to_owned);
        }
        let filled = |what: &str| self.filled(&variable(request.alias, what));
        if filled("TOKEN").is_some() {
            return None;
        }
        filled("USER")?.into_string().ok()
    }

    /// Finds the credential for one application.
    pub fn resolve(&self, request: &CredentialRequest<'_>) -> Result<Credential, Error> {
        self.check_naming(request)?;
        self.check_pin(request)?;
        let credential = match request.source {
            Some(source) => self.recorded(request, source)?,
            None => self.unrecorded(request)?,
        };
        self.redactor.add_credential(&credential);
        Ok(credential)
    }

    /// A secret that belongs to no application, such as the passphrase of a key file: `whose` says
    /// in errors and prompts what it is for. A relative `file:` starts at the state's directory.
    pub fn secret_from(
        &self,
        whose: &dyn Display,
        source: &CredentialSource,
    ) -> Result<Secret, Error> {
        let secret = match source {
            CredentialSource::Env(name) => self.reader.variable(whose, name),
            CredentialSource::File(path) => self.reader.file(whose, path),
            CredentialSource::Command(line) => self.reader.command(whose, line),
            CredentialSource::Keyring => Err(auth(
                whose,
                "the keyring keeps the log-ins of applications only",
            )
            .hint("name another source: env:VAR or file:PATH")),
            CredentialSource::Prompt if self.asker.can_ask() => {
                let _turn = self.typed.lock().unwrap_or_else(PoisonError::into_inner);
                self.asker.ask_secret(&whose.to_string())
            }
            CredentialSource::Prompt => Err(auth(
                whose,
                "it is to be asked for, and there is nobody to ask",
            )),
        }?;
        self.redactor.add(&secret);
        Ok(secret)
    }

    /// Variables named after an automatic alias may be meant for another application that would
    /// have got the same alias.
    fn check_naming(&self, request: &CredentialRequest<'_>) -> Result<(), Error> {
        if request.naming != (AliasOrigin::Automatic { alone: false }) {
            return Ok(());
        }
        let alias = request.alias;
        for what in ["TOKEN", "USER", "PASSWORD", "URL"] {
            let name = variable(alias, what);
            if self.environment.var(&name).is_some() {
                return Err(Error::usage(format!(
                    "{name} is set, but {alias} is one of several of its type: name it: {alias}=URL"
                ))
                .hint(format!(
                    "which of them {alias} is, only you can say: write ALIAS=URL for {}",
                    request.url
                )));
            }
        }
        Ok(())
    }

    /// Where a URL is pinned, a secret goes there or nowhere. A pin that is empty or no URL is a
    /// mistake in the pipeline that set it, and not leave to go anywhere.
    fn check_pin(&self, request: &CredentialRequest<'_>) -> Result<(), Error> {
        let name = variable(request.alias, "URL");
        let Some(pin) = self.environment.var(&name) else {
            return Ok(());
        };
        let message = match pin.to_str().map(BaseUrl::parse) {
            Some(Ok(pinned)) if pinned == *request.url => return Ok(()),
            Some(Ok(pinned)) => format!(
                "{name} pins {} to {pinned}, and its base URL is {}",
                request.alias, request.url
            ),
            Some(Err(_)) if pin.is_empty() => format!("{name} is set and empty"),
            Some(Err(error)) => format!("{name} cannot be used: {error}"),
            None => format!("{name} cannot be used: it is not UTF-8"),
        };
        Err(Error::new(Kind::Auth, message).hint(format!(
            "no credential was used; correct {name}, or unset it"
        )))
    }

    fn recorded(
        &self,
        request: &CredentialRequest<'_>,
        source: &CredentialSource,
    ) -> Result<Credential, Error> {
        let secret = match source {
            CredentialSource::Env(name) => self.reader.variable(request.alias, name)?,
            CredentialSource::File(path) => self.reader.file(request.alias, path)?,
            CredentialSource::Command(line) => self.reader.command(request.alias, line)?,
            CredentialSource::Keyring => self.recorded_in_keyring(request)?,
            CredentialSource::Prompt => {
                if !self.asker.can_ask() {
                    return Err(auth(request.alias,
                        "its secret is to be asked for, and there is nobody to ask",
                    )
                    .hint("run it on a terminal without --no-input, or record another source: env:VAR or file:PATH"));
                }
                return self.ask(request, request.user);
            }
        };
        Credential::new(request.user, secret)
            .map_err(|error| unusable(request.alias, source.kind(), error))
    }

    /// Nothing is recorded: the variables named after the alias, then a person.
    fn unrecorded(&self, request: &CredentialRequest<'_>) -> Result<Credential, Error> {
        let [token, user, password] =
            ["TOKEN", "USER", "PASSWORD"].map(|what| variable(request.alias, what));
        if let Some(text) = self.filled(&token) {
            return from_variable(request.alias, &token, text).and_then(|s| {
                Credential::bearer(s).map_err(|e| unusable(request.alias, &token, e))
            });
        }
        let account = match self.filled(&user) {
            Some(name) => Some(
                name.into_string()
                    .map_err(|_| auth(request.alias, &format!("{user} is not UTF-8")))?,
            ),
            None => request.user.map(ToOwned::to_owned),
        };
        if let (Some(account), Some(text)) = (&account, self.filled(&password)) {
            return from_variable(request.alias, &password, text).and_then(|s| {
                Credential::basic(account, s).map_err(|e| unusable(request.alias, &user, e))
            });
        }
        // That there is no store, or that it is silent, is no reason not to ask.
        let place = KeyringEntry::new(request.url, account.as_deref());
        if let Ok(Some(found)) = self.keyring.get(&place) {
            return Secret::new(found.as_str())
                .and_then(|secret| Credential::new(account.as_deref(), secret))
                .map_err(|error| unusable(request.alias, "the keyring", error));
        }
        if self.asker.can_ask() {
            return self.ask(request, account.as_deref());
        }
        let missing = match account {
            Some(account) => format!("there is no password for {account}"),
            None => "there are no credentials for it".to_owned(),
        };
        Err(auth(request.alias, &missing)
            .hint(format!("set {token}, or {user} and {password}"))
            .hint(format!(
                "or record where the secret is: applink app add {} {} --user NAME --credential env:VAR",
                request.alias, request.url
            )))
    }

    /// The secret that the keyring has for this address and this account.
    fn recorded_in_keyring(&self, request: &CredentialRequest<'_>) -> Result<Secret, Error> {
        let alias = request.alias;
        let place = KeyringEntry::new(request.url, request.user);
        let found = self
            .keyring
            .get(&place)
            .map_err(|error| keyring_failed(alias, Some((alias, request.url)), &error))?;
        let Some(found) = found else {
            let what = match request.user {
                Some(user) => format!("password of {user}"),
                None => "personal access token".to_owned(),
            };
            return Err(auth(
                alias,
                &format!("the keyring has no {what} for {}", request.url),
            )
            .hint(format!("put it there with: applink app login {alias}")));
        };
        Secret::new(found.as_str()).map_err(|error| unusable(alias, "the keyring", error))
    }

    /// An empty variable is one that a pipeline had no value for.
    fn filled(&self, name: &str) -> Option<OsString> {
        self.environment.var(name).filter(|text| !text.is_empty())
    }

    fn ask(
        &self,
        request: &CredentialRequest<'_>,
        user: Option<&str>,
    ) -> Result<Credential, Error> {
        let mut all = self.typed.lock().unwrap_or_else(PoisonError::into_inner);
        let (alias, url) = (request.alias, request.url);
        let asked = (
            alias.clone(),
            url.to_string(),
            request.source.is_some(),
            user.map(ToOwned::to_owned),
        );
        if let Some(credential) = all.get(&asked) {
            return Ok(credential.clone());
        }
        let typed;
        let user = match (user, request.source) {
            (Some(user), _) => Some(user),
            // With a source recorded, the missing user says that it is a token.
            (None, Some(_)) => None,
            (None, None) => {
                typed = self.asker.ask_text(&format!(
                    "User name on {alias} ({url}), empty for a personal access token"
                ))?;
                Some(typed.trim()).filter(|name| !name.is_empty())
            }
        };
        let secret = self.asker.ask_secret(&match user {
            Some(user) => format!("Password of {user} on {alias} ({url})"),
            None => format!("Personal access token for {alias} ({url})"),
        })?;
        let credential = Credential::new(user, secret)
            .map_err(|error| unusable(request.alias, "what was typed", error))?;
        all.insert(asked, credential.clone());
        Ok(credential)
    }

    /// Forgets what was typed for an application, which was wrong: it is asked for again.
    pub fn forget_typed(&self, alias: &Alias) {
        let mut all = self.typed.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(of, ..), _| of != alias);
    }
}
