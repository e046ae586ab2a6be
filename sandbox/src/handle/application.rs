//! The hand on one application of a world.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::app::Tls;
use crate::fault::rule::Fault;
use crate::instance::{Instance, OwnKey};
use crate::server::listener;
use crate::settings::Settings;
use crate::store::{Store, class};
use crate::sync::lock;
use crate::users::{Role, Token, User};

/// What an application had at one time.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    store: Store,
    settings: Settings,
    own: OwnKey,
}

/// One application of a world.
#[derive(Debug, Clone)]
pub struct AppHandle {
    pub(crate) inner: Arc<Instance>,
}

impl AppHandle {
    /// Alias in its world.
    pub fn alias(&self) -> &str {
        &self.inner.alias
    }

    /// Base URL where it listens, with its context path and without a trailing slash.
    pub fn url(&self) -> String {
        self.inner.listen_url()
    }

    /// Base URL that it believes to have: the manifest's `url`.
    pub fn base_url(&self) -> String {
        self.inner.base_url()
    }

    /// Application id.
    pub fn id(&self) -> String {
        self.inner.id()
    }

    /// Type id on the wire.
    pub fn type_id(&self) -> &'static str {
        self.inner.product.type_id()
    }

    /// Server id, from which the application id follows.
    pub fn server_id(&self) -> &str {
        &self.inner.server_id
    }

    /// Port it listens on.
    pub fn port(&self) -> u16 {
        lock(&self.inner.place).port
    }

    /// The certificate of its world's authority as PEM; empty when it speaks plain HTTP.
    pub fn ca_pem(&self) -> String {
        if lock(&self.inner.place).tls == Tls::Off {
            return String::new();
        }
        self.inner.shared.authority.pem().unwrap_or_default()
    }

    /// Its users.
    pub fn users(&self) -> &[User] {
        &self.inner.users
    }

    /// The user of a role; every application has one of each.
    ///
    /// # Panics
    /// Never: the panic stands for a world that cannot be built.
    #[expect(
        clippy::panic,
        reason = "a test asked for a user that no application lacks"
    )]
    pub fn user(&self, role: Role) -> &User {
        let found = self.inner.users.iter().find(|user| user.role == role);
        found
            .unwrap_or_else(|| panic!("{} has no user of the role {}", self.alias(), role.as_str()))
    }

    /// Personal access tokens; none where the product has no such thing.
    pub fn tokens(&self) -> &[Token] {
        let generation = self.inner.settings().generation;
        if self.inner.product.has_tokens(generation) {
            &self.inner.tokens
        } else {
            &[]
        }
    }

    /// The token of the user of a role.
    pub fn token(&self, role: Role) -> Option<&str> {
        let name = &self.user(role).name;
        self.tokens()
            .iter()
            .find(|token| token.user == *name)
            .map(|token| token.token.as_str())
    }

    /// Ends a personal access token: from now on it is ignored.
    pub fn revoke_token(&self, token: &str) {
        lock(&self.inner.state).revoked.insert(token.to_owned());
    }

    /// Its settings now.
    pub fn settings(&self) -> Settings {
        self.inner.settings()
    }

    /// Changes its settings.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut lock(&self.inner.state).settings);
    }

    /// Closes its port and every connection.
    pub fn stop(&self) {
        let serving = lock(&self.inner.serving).take();
        if let Some(serving) = serving {
            serving.close();
            *lock(&self.inner.reserved) = listener::reserve(&self.inner).ok();
        }
    }

    /// Listens again, on the same port.
    pub fn start(&self) -> io::Result<()> {
        let mut serving = lock(&self.inner.serving);
        if serving.is_none() {
            let reserved = lock(&self.inner.reserved).take();
            let socket = reserved.map_or_else(|| listener::reserve(&self.inner), Ok)?;
            *serving = Some(listener::serve(&self.inner, socket)?);
        }
        Ok(())
    }

    /// Whether it listens.
    pub fn is_running(&self) -> bool {
        lock(&self.inner.serving).is_some()
    }

    /// Forgets failed log-ins: a CAPTCHA was solved in the browser.
    pub fn solve_captcha(&self) {
        lock(&self.inner.state).failures.clear();
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.inner.gate.add(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.inner.gate.clear();
    }

    /// What went wrong so far by its faults, oldest first.
    pub fn fired(&self) -> Vec<String> {
        self.inner.gate.fired()
    }

    /// Misbehaves at random, by the world's seed, as applications and what stands before them do:
    /// this fraction of the requests is refused unseen (by 503, by a closed connection, or by a
    /// reset), lists and fields stand in any order, and answers come a little later.
    pub fn misbehave(&self, fraction: f64) {
        let part = fraction / 3.0;
        self.fault(Fault::status(503).rate(part));
        self.fault(Fault::refuse().rate(part));
        self.fault(Fault::refuse().abruptly().rate(part));
        self.fault(Fault::shuffled());
        self.fault(Fault::delay_up_to(Duration::from_millis(3)));
    }

    /// Remembers its data and settings.
    pub fn checkpoint(&self) -> Checkpoint {
        let state = lock(&self.inner.state);
        Checkpoint {
            store: state.store.clone(),
            settings: state.settings.clone(),
            own: state.own.clone(),
        }
    }

    /// Puts back what it had; failed log-ins are forgotten.
    pub fn restore(&self, checkpoint: &Checkpoint) {
        let mut state = lock(&self.inner.state);
        state.store = checkpoint.store.clone();
        state.settings = checkpoint.settings.clone();
        state.own = checkpoint.own.clone();
        state.failures.clear();
    }

    /// How many requests are in flight now.
    pub fn load(&self) -> usize {
        self.inner.load.now()
    }

    /// The most requests that were in flight at once.
    pub fn peak_load(&self) -> usize {
        self.inner.load.peak()
    }

    /// Starts counting the peak anew.
    pub fn reset_peak_load(&self) {
        self.inner.load.reset();
    }
}

/// Class names of the three OAuth providers: three-legged, two-legged, with impersonation.
pub const OAUTH_PROVIDERS: [&str; 3] = [class::OAUTH, class::TWO_LO, class::TWO_LOI];
