//! Building a world: secrets, identities and keys of its applications, then their ports.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use crate::app::{App, Tls};
use crate::certificate::{Authority, install_crypto};
use crate::environment::Shared;
use crate::fault::injector::Gate;
use crate::handle::AppHandle;
use crate::instance::{Instance, OwnKey, Place, State};
use crate::oauth::verify::Nonces;
use crate::product::Product;
use crate::seed::SeededRng;
use crate::store::Store;
use crate::sync::lock;
use crate::users::{default_users, tokens_for};
use crate::world::{World, WorldError};

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
                revoked: HashSet::new(),
                random: SeededRng::new(seed, &format!("tokens of {}", app.alias)),
            }),
            serving: Mutex::default(),
            reserved: Mutex::default(),
            gate: Gate::new(seed, &app.alias),
            load: Arc::default(),
            shared: self.shared.clone(),
            alias: app.alias,
        }
    }
}
