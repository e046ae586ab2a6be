//! A running world: applications on loopback that know each other by host name.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::app::{Tls, normal_context};
use crate::environment::Environment;
use crate::exchange::Exchange;
use crate::handle::AppHandle;
use crate::store::OAuthFlags;
use crate::sync::lock;

/// The reason why a world could not start or change.
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
    /// A port, thread, certificate or file was not available.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Running applications. Dropping the world stops them.
#[derive(Debug)]
pub struct World {
    pub(crate) apps: Vec<AppHandle>,
    pub(crate) environment: Arc<Environment>,
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
            let aliases: Vec<&str> = self.apps.iter().map(AppHandle::alias).collect();
            panic!(
                "there is no application {alias:?} in this world, only {}",
                aliases.join(", ")
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
        self.environment.seed
    }

    /// Restarts the random choices of faults from another seed.
    pub fn reseed(&self, seed: u64) {
        for app in &self.apps {
            app.inner.faults.reseed(seed);
        }
    }

    /// The certificate of the world's authority as PEM. Empty in a world without TLS.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// A file with that certificate. `None` in a world without TLS.
    pub fn ca_path(&self) -> Option<&Path> {
        self.directory.as_ref().map(|(_, path)| path.as_path())
    }

    /// The requests that the applications received so far, in order of arrival. A very long log
    /// keeps only the latest.
    pub fn requests(&self) -> Vec<Exchange> {
        self.environment.log()
    }

    /// The requests that came from clients outside this world.
    pub fn outside_requests(&self) -> Vec<Exchange> {
        let mut requests = self.requests();
        requests.retain(|request| request.sender.is_none());
        requests
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.environment.clear_log();
    }

    /// Links two applications in both directions with the same flags.
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

    /// Blocks until the log of requests meets `condition`, at most for `limit`. Returns whether it
    /// does.
    pub fn wait_for_requests(
        &self,
        limit: Duration,
        condition: impl Fn(&[Exchange]) -> bool,
    ) -> bool {
        self.environment.wait(limit, condition)
    }

    /// Gives a host name an address on loopback, for calls between applications.
    pub fn set_host(&self, name: &str, port: u16) {
        self.environment
            .set_host(name, SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }

    /// Removes a host name. Calls to it then fail with an unknown host.
    pub fn remove_host(&self, name: &str) {
        self.environment.remove_host(name);
    }

    /// Moves an application to another context path and a new free port. It keeps its identity and
    /// data. An unconfigured base URL follows the move.
    pub fn move_app(&self, alias: &str, context: &str) -> Result<&AppHandle, WorldError> {
        let app = self
            .get(alias)
            .ok_or_else(|| WorldError::NoApplication(alias.to_owned()))?;
        app.stop();
        {
            let mut address = lock(&app.inner.address);
            address.context = normal_context(context);
            address.port = 0;
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
        lock(&app.inner.address).tls = tls;
        app.start()?;
        Ok(app)
    }
}

impl World {
    /// Prints the faults that fired and their seed, so that a failed test can be repeated.
    #[expect(
        clippy::print_stderr,
        reason = "a test that fails has to say which seed it failed with"
    )]
    fn print_fired_faults(&self) {
        for app in &self.apps {
            let fired = app.fired();
            if !fired.is_empty() {
                let seed = app.inner.faults.seed();
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
            self.print_fired_faults();
        }
        for app in &self.apps {
            app.stop();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
