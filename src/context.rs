//! What a command may use: streams, state, credentials, HTTP, and the wish to stop.
//!
//! Everything costly is made when it is first needed: a command that touches no application
//! builds no client, and one that needs no secret asks for none.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::credentials::{
    AliasOrigin, Asker, COMMAND_LIMIT, Credential, CredentialRequest, CredentialSource,
    ProcessEnvironment, Redactor, Resolver, Secret,
};
use crate::domain::{Alias, BaseUrl};
use crate::error::{Error, Kind, Result};
use crate::plan::execute::Stop;
use crate::remote::session::Account;
use crate::remote::tls::{PassphraseSource, TlsFiles};
use crate::remote::{Options, Session, Transport, proxies};
use crate::state::{AppEntry, Guard, LoadedState, LocalFile, StateStore as _};
use crate::ui::{PendingCall, Ui};

/// The variable with the passphrase of encrypted client keys.
pub const KEY_PASSPHRASE: &str = "APPLINK_CLIENT_KEY_PASSPHRASE";

/// What the command line says for all commands.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The state file, where another than the user's is meant.
    pub state: Option<PathBuf>,
    /// Change nothing, here or there.
    pub dry_run: bool,
    /// How long to wait for the state's lock.
    pub lock_timeout: Duration,
    /// How to talk to applications.
    pub http: Options,
    /// The arguments of this command, for a run that another process goes on with.
    pub command_line: Vec<String>,
}

/// What a command may use.
pub struct Context {
    /// The streams.
    pub ui: Ui,
    /// What the command line says.
    pub settings: Settings,
    /// The wish to stop.
    pub stop: Stop,
    /// Whether the run has begun to change something: until then it can be dropped.
    pub changing: Arc<AtomicBool>,
    /// The state file.
    pub store: LocalFile,
    /// The state as this command sees it.
    pub state: LoadedState,
    /// What sends requests.
    pub transport: Arc<Transport>,
    resolver: Resolver,
}

/// An application that a command is about.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its alias.
    pub alias: Alias,
    /// What is or will be in the state.
    pub entry: AppEntry,
    /// Whether it is in the state already.
    pub known: bool,
    /// How it got its alias.
    pub naming: AliasOrigin,
}

/// Warns of unknown keys, which stay in the file: a misspelt table is ignored.
fn warn_unknown_keys(ui: &Ui, store: &LocalFile, state: &LoadedState) {
    for key in state.unknown_keys() {
        let meant = key
            .suggestion
            .map(|meant| format!("; is {meant:?} meant?"))
            .unwrap_or_default();
        ui.warn(&format!(
            "{}: {:?} is nothing that applink knows, and is not read{meant}",
            store.paths().state().display(),
            key.name
        ));
    }
}

impl Context {
    /// Opens the state and gets ready; asks nobody and sends nothing.
    pub fn new(ui: Ui, settings: Settings, stop: Stop) -> Result<Self> {
        let store = LocalFile::at(settings.state.as_deref())?;
        let state = store.load()?;
        warn_unknown_keys(&ui, &store, &state);
        let resolver = resolver(&ui, store.paths().directory());
        let redactor = resolver.redactor().clone();
        let mask = Arc::new(move |text: &str| redactor.mask(text).into_owned());
        for password in proxies::secrets() {
            if let Ok(password) = Secret::new(password.as_str()) {
                resolver.redactor().add(&password);
            }
        }
        let transport = Transport::new(settings.http.clone(), mask)
            .with_passphrase(passphrase(resolver.clone(), ui.clone()));
        transport.check()?;
        let transport = Arc::new(transport);
        let asked = Arc::clone(&transport);
        ui.watch(Arc::new(move || {
            asked.in_flight().map(|call| PendingCall {
                who: call.who,
                since: call.since,
                until: call.until,
            })
        }));
        Ok(Self {
            transport,
            ui,
            settings,
            stop,
            changing: Arc::default(),
            store,
            state,
            resolver,
        })
    }

    /// What finds secrets; relative paths start at the state file's directory.
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// Masks a secret from now on that did not come from the credentials room.
    pub fn mask(&self, secret: &SecretString) {
        if let Ok(secret) = Secret::new(secret.expose_secret()) {
            self.resolver.redactor().add(&secret);
        }
    }

    /// Takes the right to change the state for the rest of the run, and reads it again: it may
    /// have changed while we waited. Nothing is locked by a dry run.
    pub fn lock(&mut self, command: &str) -> Result<Option<Guard>> {
        if self.settings.dry_run {
            return Ok(None);
        }
        let ui = self.ui.clone();
        let limit = self.settings.lock_timeout;
        let mut wait = None;
        let guard = self.store.lock_reporting(command, limit, &mut |holder| {
            wait = Some(ui.waiting_at_most("waiting for the state", limit));
            ui.status(&match holder {
                Some(holder) => format!("waiting for the state, which is in use: {holder}"),
                None => "waiting for the state, which is in use".to_owned(),
            });
        })?;
        drop(wait);
        self.state = self.store.reload(Some(&self.state))?;
        Ok(Some(guard))
    }

    /// A known application.
    pub fn app(&self, alias: &Alias) -> Option<Target> {
        self.state.state().application(alias).map(|entry| Target {
            alias: alias.clone(),
            entry: entry.clone(),
            known: true,
            naming: AliasOrigin::Given,
        })
    }

    /// All known applications, in the order of their aliases.
    pub fn all_known(&self) -> Vec<Target> {
        let aliases: Vec<Alias> = self.state.state().applications.keys().cloned().collect();
        aliases.iter().filter_map(|alias| self.app(alias)).collect()
    }

    /// Says it where no application is known, to a command that is about all of them: done with
    /// nothing is not the same as all well.
    pub fn warn_no_apps(&self) {
        if self.state.state().applications.is_empty() {
            let path = self.store.paths().state().display();
            let what = if self.state.is_fresh() {
                "does not exist"
            } else {
                "names none"
            };
            self.ui
                .warn(&format!("no application is known: {path} {what}"));
            self.ui
                .hint("name the state with --state, or begin with: applink create");
        }
    }

    /// The TLS files of an application.
    pub fn tls_files(&self, entry: &AppEntry) -> TlsFiles {
        let paths = self.store.paths();
        TlsFiles {
            authorities: entry
                .cacert
                .iter()
                .map(|path| paths.resolve(path))
                .collect(),
            client_certificate: entry.client_cert.as_ref().map(|path| paths.resolve(path)),
            client_key: entry.client_key.as_ref().map(|path| paths.resolve(path)),
        }
    }

    /// The credential of an application, for its own base URL.
    pub async fn credential(&self, target: &Target) -> Result<Credential> {
        self.credential_for(target, &target.entry.url).await
    }

    /// Fails where the state was named and does not exist: a command that only reads would find
    /// nothing, and a mistyped path would look like success.
    pub fn require_named_state(&self) -> Result<()> {
        if self.settings.state.is_none() || !self.state.is_fresh() {
            return Ok(());
        }
        let path = self.store.paths().state().display();
        Err(Error::state(format!("the state {path} does not exist"))
            .hint("check --state and APPLINK_STATE; `applink create` and `applink app add` make a new state"))
    }

    /// Reads the sources of credentials again where a login was refused in this run: a secret that
    /// was corrected is tried, one that was refused is not.
    pub fn reread_refused_credentials(&self) {
        if self.transport.has_refused_logins() {
            self.resolver.read_again();
        }
    }

    /// The credential of an application for an address that the user typed and confirmed.
    pub async fn credential_for(&self, target: &Target, url: &BaseUrl) -> Result<Credential> {
        let resolver = self.resolver.clone();
        let (target, url) = (target.clone(), url.clone());
        let _wait =
            matches!(target.entry.credential, Some(CredentialSource::Command(_))).then(|| {
                let text = format!(
                    "waiting for the program with the secret of {}",
                    target.alias
                );
                self.ui.waiting_at_most(&text, COMMAND_LIMIT)
            });
        // Programs and people take their time; requests and signals go on meanwhile.
        tokio::task::spawn_blocking(move || resolver.resolve(&request(&target, &url)))
            .await
            .map_err(|error| Error::internal(format!("looking for a credential failed: {error}")))?
    }

    /// Keeps a credential in the operating system's keyring, for an application at its address and
    /// for that account. The state has to record `keyring` and the account besides.
    pub async fn keep_in_keyring(&self, target: &Target, credential: &Credential) -> Result<()> {
        let url = target.entry.url.clone();
        let credential = credential.clone();
        self.aside(move |resolver| resolver.store_in_keyring(&url, &credential))
            .await
    }

    /// Whether the keyring answers, for a question to a person that would else be in vain.
    pub async fn has_keyring(&self, target: &Target, user: Option<&str>) -> Result<()> {
        let (target, user) = (target.clone(), user.map(str::to_owned));
        self.aside(move |resolver| {
            resolver.has_keyring(&target.alias, &target.entry.url, user.as_deref())
        })
        .await
    }

    /// Takes the credential of an application out of the keyring; says whether there was one.
    pub async fn forget_in_keyring(&self, target: &Target) -> Result<bool> {
        let (url, user) = (target.entry.url.clone(), target.entry.user.clone());
        self.aside(move |resolver| resolver.delete_from_keyring(&url, user.as_deref()))
            .await
    }

    /// Asks a person for the credential of an application, whatever is recorded of it.
    pub async fn ask_credential(&self, target: &Target) -> Result<Credential> {
        let target = target.clone();
        self.aside(move |resolver| resolver.ask_person(&request(&target, &target.entry.url)))
            .await
    }

    /// Asks a person for a personal access token.
    pub async fn ask_token(&self, target: &Target) -> Result<Credential> {
        let target = target.clone();
        self.aside(move |resolver| resolver.ask_token(&request(&target, &target.entry.url)))
            .await
    }

    /// What may take its time, aside: requests and signals go on meanwhile.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Resolver) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let resolver = self.resolver.clone();
        tokio::task::spawn_blocking(move || work(&resolver))
            .await
            .map_err(|error| Error::internal(format!("looking for a credential failed: {error}")))?
    }

    /// Whether there is a credential for an application without asking anybody.
    pub fn has_credential(&self, target: &Target) -> bool {
        self.resolver
            .has_credential(&request(target, &target.entry.url))
    }

    /// The user whose password would be used; none for a token.
    pub fn user(&self, target: &Target) -> Option<String> {
        self.resolver.user(&request(target, &target.entry.url))
    }

    /// Whether an application is only the far side of one-way links: there is no account for it,
    /// and none is needed.
    pub fn needs_no_account(&self, target: &Target) -> bool {
        self.is_only_linked_to(target) && !self.has_credential(target)
    }

    /// Whether all that is known of an application's links is that others hold them alone.
    pub fn is_only_linked_to(&self, target: &Target) -> bool {
        let mut links = self.state.state().links_of(&target.alias).peekable();
        links.peek().is_some()
            && links.all(|link| {
                link.one_way
                    .as_ref()
                    .is_some_and(|holder| *holder != target.alias)
            })
    }

    /// A session with the application's account.
    pub async fn session(&self, target: &Target) -> Result<Arc<Session>> {
        let credential = self.credential(target).await?;
        Ok(self.session_as(target, &target.entry.url, Some(&credential)))
    }

    /// A session without an account.
    pub fn anonymous_session(&self, target: &Target) -> Arc<Session> {
        self.session_as(target, &target.entry.url, None)
    }

    /// A session at an address with or without an account.
    pub fn session_as(
        &self,
        target: &Target,
        url: &BaseUrl,
        credential: Option<&Credential>,
    ) -> Arc<Session> {
        Arc::new(Session::new(
            target.alias.clone(),
            url.clone(),
            self.tls_files(&target.entry),
            credential.map(|credential| Account::new(credential.authorization())),
            Arc::clone(&self.transport),
        ))
    }
}

/// What finds secrets, for a command that needs no more than that: it asks on these streams, which
/// mask from now on what it finds.
pub fn resolver(ui: &Ui, directory: &Path) -> Resolver {
    let redactor = Redactor::new();
    let known = redactor.clone();
    ui.set_redactor(Arc::new(move |text: &str| known.mask(text).into_owned()));
    Resolver::new(
        Arc::new(ProcessEnvironment),
        Arc::new(UiAsker(ui.clone())),
        directory,
        redactor,
    )
}

/// Finds the passphrase of an encrypted client key: in a variable, else a person is asked, once for
/// each file.
fn passphrase(resolver: Resolver, ui: Ui) -> Box<PassphraseSource> {
    Box::new(move |path: &Path| {
        let set = std::env::var_os(KEY_PASSPHRASE).is_some_and(|text| !text.is_empty());
        let whose = format!("passphrase of {}", path.display());
        let source = if set {
            CredentialSource::Env(KEY_PASSPHRASE.to_owned())
        } else if ui.can_ask() {
            CredentialSource::Prompt
        } else {
            return Err(Error::new(
                Kind::Auth,
                format!(
                    "{}: it is encrypted, and its passphrase is not known",
                    path.display()
                ),
            )
            .hint(format!("put the passphrase into {KEY_PASSPHRASE}")));
        };
        let found = resolver.secret_from(&whose, &source)?;
        Ok(Zeroizing::new(found.expose().to_owned()))
    })
}

/// What is asked of the credentials room for an application.
fn request<'a>(target: &'a Target, url: &'a BaseUrl) -> CredentialRequest<'a> {
    CredentialRequest {
        alias: &target.alias,
        url,
        user: target.entry.user.as_deref(),
        source: target.entry.credential.as_ref(),
        naming: target.naming,
    }
}

/// A question begins with a capital letter, whatever it is about.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What answers when nobody types.
const RECORDED: &str =
    "a recorded source: applink app add ALIAS URL --credential env:VAR or file:PATH";

/// Lets the credentials room ask a person.
struct UiAsker(Ui);

impl Asker for UiAsker {
    fn can_ask(&self) -> bool {
        self.0.can_ask()
    }

    fn ask_text(&self, question: &str) -> Result<String> {
        self.0.ask_text(question, Some(""), RECORDED)
    }

    fn ask_secret(&self, question: &str) -> Result<Secret> {
        let typed = self.0.secret(&capital(question), RECORDED)?;
        Secret::new(typed.expose_secret()).map_err(|error| {
            Error::new(
                Kind::Auth,
                format!("what was typed cannot be used: {error}"),
            )
        })
    }
}
