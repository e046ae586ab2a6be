//! Starts a world: draws the secrets and ids of its applications, then opens their ports.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use crate::app::{App, Tls};
use crate::certificate::{CertificateAuthority, install_crypto};
use crate::environment::Environment;
use crate::fault::injector::FaultInjector;
use crate::fault::rule::Fault;
use crate::handle::AppHandle;
use crate::instance::{Instance, ListenAddress, OwnConsumer, State};
use crate::oauth::verify::Nonces;
use crate::product::Product;
use crate::seed::SeededRng;
use crate::store::Store;
use crate::sync::lock;
use crate::users::{default_users, tokens_for};
use crate::world::{World, WorldError};

/// The description of a world, from which it starts.
#[derive(Debug, Default)]
pub struct WorldBuilder {
    seed: u64,
    apps: Vec<App>,
    faults: Vec<(String, Fault)>,
}

impl WorldBuilder {
    /// Seed of passwords, tokens, server ids and random faults.
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

    /// Adds a fault of an application, from its start on.
    #[must_use]
    pub fn fault(mut self, alias: &str, fault: Fault) -> Self {
        self.faults.push((alias.to_owned(), fault));
        self
    }

    /// Starts all applications. They answer requests as soon as this returns.
    pub fn start(self) -> Result<World, WorldError> {
        install_crypto();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sandbox")
            .enable_all()
            .build()?;
        let environment = Arc::new(Environment::new(
            self.seed,
            runtime.handle().clone(),
            CertificateAuthority::default(),
        ));
        let mut world = World {
            apps: Vec::new(),
            environment,
            runtime: Some(runtime),
            directory: None,
            ca_pem: String::new(),
        };
        let with_tls = self.apps.iter().any(|app| app.tls != Tls::Off);
        if with_tls {
            let directory = tempfile::Builder::new()
                .prefix("applink-sandbox-")
                .tempdir()?;
            world.ca_pem = world.environment.authority.pem()?;
            std::fs::write(directory.path().join("ca.pem"), &world.ca_pem)?;
            world.ca_file(directory);
        }
        for app in self.apps {
            world.add(app)?;
        }
        for (alias, fault) in self.faults {
            let app = world.get(&alias).ok_or(WorldError::NoApplication(alias))?;
            app.fault(fault);
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
        let seed = self.environment.seed;
        let mut secrets = SeededRng::new(seed, &format!("users of {}", app.alias));
        let users = default_users(&mut secrets);
        let tokens = tokens_for(&users, &mut secrets);
        let mut identity = SeededRng::new(seed, &format!("identity of {}", app.alias));
        let drawn_id = (0..4)
            .map(|_| identity.capitals(4))
            .collect::<Vec<_>>()
            .join("-");
        let server_id = original
            .map(|app| app.server_id.clone())
            .or(app.server_id)
            .unwrap_or(drawn_id);
        let own = original.map_or_else(
            || {
                let digits = identity.digits(10);
                let consumer_key = match app.product {
                    Product::Jira => format!("jira:{digits}"),
                    _ => format!("{}:{digits}", app.settings.display_name),
                };
                OwnConsumer {
                    consumer_key,
                    slot: self.environment.take_key_slot(),
                    bits: app.key_bits,
                }
            },
            |app| lock(&app.state).own_consumer.clone(),
        );
        Instance {
            product: app.product,
            program: app.program,
            server_id,
            users,
            tokens,
            address: Mutex::new(ListenAddress {
                context: app.context,
                port: app.port,
                tls: app.tls,
                hosts: app.hosts,
            }),
            state: Mutex::new(State {
                settings: app.settings,
                store: Store::default(),
                own_consumer: own,
                nonces: Nonces::default(),
                failures: HashMap::new(),
                revoked: HashSet::new(),
                random: SeededRng::new(seed, &format!("tokens of {}", app.alias)),
            }),
            serving: Mutex::default(),
            reserved: Mutex::default(),
            nodes: Mutex::default(),
            faults: FaultInjector::new(seed, &app.alias),
            load: Arc::default(),
            environment: self.environment.clone(),
            alias: app.alias,
        }
    }
}
