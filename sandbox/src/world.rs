//! A world: applications that know each other by name, on loopback, until it is dropped.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::app::{App, Tls, normal_context};
use crate::exchange::Exchange;
use crate::handle::AppHandle;
use crate::instance::{Instance, OwnKey, Place, State};
use crate::oauth::verify::Nonces;
use crate::product::Product;
use crate::seed::SeededRng;
use crate::server::gate::Gate;
use crate::server::tls::{Authority, install_crypto};
use crate::shared::Shared;
use crate::store::Store;
use crate::sync::lock;
use crate::users::{default_users, tokens_for};

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

/// A world to be started.
#[derive(Debug, Default)]
pub struct WorldBuilder {
    seed: u64,
    apps: Vec<App>,
}

impl WorldBuilder {
    /// Seed of passwords, tokens, server ids and of what misbehaves at random.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds an application.
    #[must_use]
    pub fn app(mut self, app: App) -> Self {
        self.apps.push(app);
        self
    }

    /// Adds several.
    #[must_use]
    pub fn apps(mut self, apps: impl IntoIterator<Item = App>) -> Self {
        self.apps.extend(apps);
        self
    }

    /// Starts all of them. When it returns they answer.
    pub fn start(self) -> Result<World, WorldError> {
        install_crypto();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sandbox")
            .enable_all()
            .build()?;
        let shared = Arc::new(Shared::new(
            self.seed,
            runtime.handle().clone(),
            Authority::default(),
        ));
        let mut world = World {
            apps: Vec::new(),
            shared,
            runtime: Some(runtime),
            directory: None,
            ca_pem: String::new(),
        };
        let with_tls = self.apps.iter().any(|app| app.tls != Tls::Off);
        if with_tls {
            let directory = tempfile::Builder::new()
                .prefix("applink-sandbox-")
                .tempdir()?;
            world.ca_pem = world.shared.authority.pem()?;
            std::fs::write(directory.path().join("ca.pem"), &world.ca_pem)?;
            world.ca_file(directory);
        }
        for app in self.apps {
            world.add(app)?;
        }
        Ok(world)
    }
}

/// Running applications.
#[derive(Debug)]
pub struct World {
    apps: Vec<AppHandle>,
    shared: Arc<Shared>,
    runtime: Option<tokio::runtime::Runtime>,
    directory: Option<(tempfile::TempDir, PathBuf)>,
    ca_pem: String,
}

impl World {
    /// Describes a world.
    pub fn builder() -> WorldBuilder {
        WorldBuilder::default()
    }

    fn ca_file(&mut self, directory: tempfile::TempDir) {
        let path = directory.path().join("ca.pem");
        self.directory = Some((directory, path));
    }

    fn add(&mut self, app: App) -> Result<(), WorldError> {
        if self.get(&app.alias).is_some() {
            return Err(WorldError::AliasTaken(app.alias));
        }
        let original = match &app.clone_of {
            Some(alias) => Some(
                self.get(alias)
                    .ok_or_else(|| WorldError::NoOriginal(app.alias.clone()))?
                    .inner
                    .clone(),
            ),
            None => None,
        };
        let handle = AppHandle {
            inner: Arc::new(self.instance(app, original.as_deref())),
        };
        handle.start()?;
        self.apps.push(handle);
        Ok(())
    }

    fn instance(&self, app: App, original: Option<&Instance>) -> Instance {
        let seed = self.shared.seed;
        let mut secrets = SeededRng::new(seed, &format!("users of {}", app.alias));
        let users = default_users(&mut secrets);
        let tokens = tokens_for(&users, &mut secrets);
        let mut identity = SeededRng::new(seed, &format!("identity of {}", app.alias));
        let drawn = (0..4)
            .map(|_| identity.capitals(4))
            .collect::<Vec<_>>()
            .join("-");
        let server_id = original
            .map(|app| app.server_id.clone())
            .or(app.server_id)
            .unwrap_or(drawn);
        let own = original.map_or_else(
            || {
                let digits = identity.digits(10);
                let consumer_key = match app.product {
                    Product::Jira => format!("jira:{digits}"),
                    _ => format!("{}:{digits}", app.settings.display_name),
                };
                OwnKey {
                    consumer_key,
                    slot: self.shared.take_key_slot(),
                    bits: app.key_bits,
                }
            },
            |app| lock(&app.state).own.clone(),
        );
        Instance {
            product: app.product,
            server_id,
            users,
            tokens,
            place: Mutex::new(Place {
                context: app.context,
                port: app.port,
                tls: app.tls,
                hosts: app.hosts,
            }),
            state: Mutex::new(State {
                settings: app.settings,
                store: Store::default(),
                own,
                nonces: Nonces::default(),
                failures: HashMap::new(),
            }),
            serving: Mutex::default(),
            gate: Gate::new(seed, &app.alias),
            load: Arc::default(),
            shared: self.shared.clone(),
            alias: app.alias,
        }
    }

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

    /// The certificate of the world's authority as PEM; empty in a world without TLS.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// A file with that certificate; `None` in a world without TLS.
    pub fn ca_path(&self) -> Option<&Path> {
        self.directory.as_ref().map(|(_, path)| path.as_path())
    }

    /// All requests that the applications received so far, by arrival.
    pub fn requests(&self) -> Vec<Exchange> {
        self.shared.log()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.clear_log();
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

impl Drop for World {
    fn drop(&mut self) {
        for app in &self.apps {
            app.stop();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
