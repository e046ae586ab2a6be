//! Starts, stops, configures and inspects one application of a world.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::app::{Tls, normal_context};
use crate::fault::rule::Fault;
use crate::instance::{Instance, OwnConsumer};
use crate::server::listener;
use crate::settings::Settings;
use crate::store::{Store, class};
use crate::sync::lock;
use crate::users::{PersonalToken, Role, User};

/// The data and settings of an application at one time.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    store: Store,
    settings: Settings,
    own: OwnConsumer,
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

    /// Configured base URL: the `url` of its manifest.
    pub fn base_url(&self) -> String {
        self.inner.base_url()
    }

    /// Application id.
    pub fn id(&self) -> String {
        self.inner.id()
    }

    /// Type id on the wire.
    pub fn type_id(&self) -> &'static str {
        self.inner.type_id()
    }

    /// Server id. The application id is derived from it.
    pub fn server_id(&self) -> &str {
        &self.inner.server_id
    }

    /// Port it listens on.
    pub fn port(&self) -> u16 {
        lock(&self.inner.address).port
    }

    /// The certificate of its world's authority as PEM. Empty when it serves plain HTTP.
    pub fn ca_pem(&self) -> String {
        if lock(&self.inner.address).tls == Tls::Off {
            return String::new();
        }
        self.inner.environment.authority.pem().unwrap_or_default()
    }

    /// Its users.
    pub fn users(&self) -> &[User] {
        &self.inner.users
    }

    /// The user of a role. Every application has one of each.
    ///
    /// # Panics
    /// Never, because every application has a user of each role.
    #[expect(
        clippy::panic,
        reason = "a test asked for a user that no application lacks"
    )]
    pub fn user(&self, role: Role) -> &User {
        let found = self.inner.users.iter().find(|user| user.role == role);
        found
            .unwrap_or_else(|| panic!("{} has no user of the role {}", self.alias(), role.as_str()))
    }

    /// Personal access tokens. Empty when the product has none.
    pub fn tokens(&self) -> &[PersonalToken] {
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

    /// Revokes a personal access token. The application then ignores it.
    pub fn revoke_token(&self, token: &str) {
        lock(&self.inner.state).revoked.insert(token.to_owned());
    }

    /// Its current settings.
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

    /// Clears the failed logins, as a solved CAPTCHA does.
    pub fn solve_captcha(&self) {
        lock(&self.inner.state).failures.clear();
    }

    /// Moves it to another context path. The former path answers 404. An unconfigured base URL
    /// follows the move.
    pub fn set_context(&self, context: &str) {
        lock(&self.inner.address).context = normal_context(context);
    }

    /// Lets both nodes of a cluster learn all changes.
    pub fn synchronise_nodes(&self) {
        lock(&self.inner.nodes).synchronise();
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.inner.faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.inner.faults.clear();
    }

    /// The faults that fired so far, oldest first.
    pub fn fired(&self) -> Vec<String> {
        self.inner.faults.fired()
    }

    /// Adds random faults, by the world's seed. The application refuses this fraction of the
    /// requests by a status 503, a closed connection or a reset. It also shuffles lists and fields,
    /// and delays answers a little.
    pub fn misbehave(&self, fraction: f64) {
        let part = fraction / 3.0;
        self.fault(Fault::status(503).rate(part));
        self.fault(Fault::refuse().rate(part));
        self.fault(Fault::refuse().abruptly().rate(part));
        self.fault(Fault::shuffled());
        self.fault(Fault::delay_up_to(Duration::from_millis(3)));
    }

    /// A copy of its data and settings.
    pub fn checkpoint(&self) -> Checkpoint {
        let state = lock(&self.inner.state);
        Checkpoint {
            store: state.store.clone(),
            settings: state.settings.clone(),
            own: state.own_consumer.clone(),
        }
    }

    /// Restores its data and settings, and clears the failed logins.
    pub fn restore(&self, checkpoint: &Checkpoint) {
        let mut state = lock(&self.inner.state);
        state.store = checkpoint.store.clone();
        state.settings = checkpoint.settings.clone();
        state.own_consumer = checkpoint.own.clone();
        state.failures.clear();
    }

    /// The number of requests in flight.
    pub fn load(&self) -> usize {
        self.inner.load.now()
    }

    /// The highest number of requests in flight at once.
    pub fn peak_load(&self) -> usize {
        self.inner.load.peak()
    }

    /// Resets the peak to the current number.
    pub fn reset_peak_load(&self) {
        self.inner.load.reset();
    }
}

/// Class names of the three OAuth providers: three-legged, two-legged, with impersonation.
pub const OAUTH_PROVIDERS: [&str; 3] = [class::OAUTH, class::TWO_LO, class::TWO_LOI];
