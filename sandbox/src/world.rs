//! A world: applications that know each other by name, on loopback, until it is dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::app::{Tls, normal_context};
use crate::environment::Shared;
use crate::exchange::Exchange;
use crate::handle::AppHandle;
use crate::store::OAuthFlags;
use crate::sync::lock;

/// Why a world could not start.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// Two applications have one alias.
    #[error("two applications are called {0:?}")]
    AliasTaken(String),
    /// A clone names no application before it.
    #[error("{0:?} is a clone of an application that does not come before it")]
    NoOriginal(String),
    /// There is no application of that alias.
    #[error("there is no application {0:?}")]
    NoApplication(String),
    /// A port, thread, certificate or file could not be had.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Running applications.
#[derive(Debug)]
pub struct World {
    pub(crate) apps: Vec<AppHandle>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) runtime: Option<tokio::runtime::Runtime>,
    pub(crate) directory: Option<(tempfile::TempDir, PathBuf)>,
    pub(crate) ca_pem: String,
}

impl World {
    /// An application.
    ///
    /// # Panics
    /// When there is none of that alias.
    #[expect(
        clippy::panic,
        reason = "a wrong alias is a mistake of the caller; `get` returns an option"
    )]
    pub fn app(&self, alias: &str) -> &AppHandle {
        self.get(alias).unwrap_or_else(|| {
            let known: Vec<&str> = self.apps.iter().map(AppHandle::alias).collect();
            panic!(
                "there is no application {alias:?} in this world, only {}",
                known.join(", ")
            )
        })
    }

    /// An application, if there is one of that alias.
    pub fn get(&self, alias: &str) -> Option<&AppHandle> {
        self.apps.iter().find(|app| app.alias() == alias)
    }

    /// All applications, in the order they were added.
    pub fn apps(&self) -> &[AppHandle] {
        &self.apps
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.shared.seed
    }

    /// Starts what happens by chance in faults anew, from another seed.
    pub fn reseed(&self, seed: u64) {
        for app in &self.apps {
            app.inner.gate.reseed(seed);
        }
    }

    /// The certificate of the world's authority as PEM; empty in a world without TLS.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// A file with that certificate; `None` in a world without TLS.
    pub fn ca_path(&self) -> Option<&Path> {
        self.directory.as_ref().map(|(_, path)| path.as_path())
    }

    /// All requests that the applications received so far, by arrival (of very many the latest).
    pub fn requests(&self) -> Vec<Exchange> {
        self.shared.log()
    }

    /// Those of them that came from outside, not from applications of this world.
    pub fn outside_requests(&self) -> Vec<Exchange> {
        let mut requests = self.requests();
        requests.retain(|request| request.sender.is_none());
        requests
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.clear_log();
    }

    /// Links two applications both ways at one level, as a finished setup is.
    ///
    /// # Panics
    /// When there is no application of one of the aliases.
    pub fn link(&self, one: &str, other: &str, flags: OAuthFlags) {
        let (one, other) = (self.app(one), self.app(other));
        for (local, remote) in [(one, other), (other, one)] {
            let id = local.add_link_to(remote);
            local.set_outgoing(&id, flags);
            local.set_incoming(&id, flags, remote);
        }
    }

    /// The snapshots of all applications, by alias.
    pub fn snapshot(&self) -> serde_json::Value {
        self.apps
            .iter()
            .map(|app| (app.alias().to_owned(), app.snapshot()))
            .collect()
    }

    /// Blocks until the log of requests is as wished, at most for `limit`. Says whether it is.
    pub fn wait_for_requests(&self, limit: Duration, wished: impl Fn(&[Exchange]) -> bool) -> bool {
        self.shared.wait(limit, wished)
    }

    /// Gives a host name an address on loopback, for calls between applications.
    pub fn set_host(&self, name: &str, port: u16) {
        self.shared
            .set_host(name, SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }

    /// Takes a host name away: calls to it end in an unknown host.
    pub fn remove_host(&self, name: &str) {
        self.shared.remove_host(name);
    }

    /// Moves an application to another context path and a new free port. Its identity and data stay.
    /// Where its base URL was not configured, it moves too.
    pub fn move_app(&self, alias: &str, context: &str) -> Result<&AppHandle, WorldError> {
        let app = self
            .get(alias)
            .ok_or_else(|| WorldError::NoApplication(alias.to_owned()))?;
        app.stop();
        {
            let mut place = lock(&app.inner.place);
            place.context = normal_context(context);
            place.port = 0;
        }
        lock(&app.inner.reserved).take();
        app.start()?;
        Ok(app)
    }

    /// Changes how an application serves its port, which stays the same.
    pub fn set_tls(&self, alias: &str, tls: Tls) -> Result<&AppHandle, WorldError> {
        let app = self
            .get(alias)
            .ok_or_else(|| WorldError::NoApplication(alias.to_owned()))?;
        app.stop();
        lock(&app.inner.place).tls = tls;
        app.start()?;
        Ok(app)
    }
}

impl World {
    /// What a person needs to see a failure again.
    #[expect(
        clippy::print_stderr,
        reason = "a test that fails has to say which seed it failed with"
    )]
    fn tell_of_faults(&self) {
        for app in &self.apps {
            let fired = app.fired();
            if !fired.is_empty() {
                let seed = app.inner.gate.seed();
                eprintln!(
                    "sandbox: faults of {} with the seed {seed}: {}",
                    app.alias(),
                    fired.join("; ")
                );
            }
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.tell_of_faults();
        }
        for app in &self.apps {
            app.stop();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
