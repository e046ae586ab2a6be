//! One simulated application at run time: its identity, its address and its state.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::app::Tls;
use crate::environment::Environment;
use crate::fault::injector::FaultInjector;
use crate::http::Request;
use crate::id;
use crate::nodes::Nodes;
use crate::oauth::keys::{self, KeyPair};
use crate::oauth::verify::Nonces;
use crate::product::Product;
use crate::program::Program;
use crate::seed::SeededRng;
use crate::serving::Serving;
use crate::settings::Settings;
use crate::store::Store;
use crate::sync::lock;
use crate::users::{PersonalToken, User};

/// The last second of the year 9999, the end of what a `Date` header can say.
const LAST_SECOND: i64 = 253_402_300_799;

/// Where an application listens.
#[derive(Debug, Clone)]
pub(crate) struct ListenAddress {
    pub(crate) context: String,
    pub(crate) port: u16,
    pub(crate) tls: Tls,
    pub(crate) hosts: Vec<String>,
}

/// The consumer that this application is to its peers.
#[derive(Debug, Clone)]
pub(crate) struct OwnConsumer {
    pub(crate) consumer_key: String,
    pub(crate) slot: usize,
    pub(crate) bits: usize,
}

/// The data behind the application's lock.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) own_consumer: OwnConsumer,
    pub(crate) nonces: Nonces,
    pub(crate) failures: HashMap<String, u32>,
    pub(crate) random: SeededRng,
    /// Personal access tokens that are no longer valid.
    pub(crate) revoked: HashSet<String>,
}

/// The number of requests in flight, and its peak.
#[derive(Debug, Default)]
pub(crate) struct Load {
    now: AtomicUsize,
    peak: AtomicUsize,
}

impl Load {
    pub(crate) fn enter(self: &Arc<Self>) -> InFlightGuard {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.peak.fetch_max(now, Ordering::SeqCst);
        InFlightGuard(self.clone())
    }

    pub(crate) fn now(&self) -> usize {
        self.now.load(Ordering::SeqCst)
    }

    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }

    pub(crate) fn reset(&self) {
        self.peak
            .store(self.now.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

/// Counts one request as in flight until it is dropped.
pub(crate) struct InFlightGuard(Arc<Load>);

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A running (or stopped) application.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) alias: String,
    pub(crate) product: Product,
    /// The program of another maker that answers in place of the product.
    pub(crate) program: Option<Program>,
    pub(crate) server_id: String,
    pub(crate) users: Vec<User>,
    pub(crate) tokens: Vec<PersonalToken>,
    pub(crate) address: Mutex<ListenAddress>,
    pub(crate) state: Mutex<State>,
    pub(crate) serving: Mutex<Option<Serving>>,
    /// The port of a stopped application, kept for its next start.
    pub(crate) reserved: Mutex<Option<tokio::net::TcpSocket>>,
    pub(crate) nodes: Mutex<Nodes>,
    pub(crate) faults: FaultInjector,
    pub(crate) load: Arc<Load>,
    pub(crate) environment: Arc<Environment>,
}

impl Instance {
    pub(crate) fn id(&self) -> String {
        match &self.program {
            Some(program) => program.own_id().to_owned(),
            None => id::host_id(&self.server_id),
        }
    }

    /// Type id in its manifest.
    pub(crate) fn type_id(&self) -> &'static str {
        match &self.program {
            Some(program) => program.own_type(),
            None => self.product.type_id(),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        lock(&self.state).settings.clone()
    }

    /// This application with other data: a node of its cluster that lags behind. It has nonces of
    /// its own, as the nodes of the products do.
    pub(crate) fn node_with(&self, store: Store) -> Self {
        let state = lock(&self.state);
        Self {
            alias: self.alias.clone(),
            product: self.product,
            program: self.program.clone(),
            server_id: self.server_id.clone(),
            users: self.users.clone(),
            tokens: self.tokens.clone(),
            address: Mutex::new(lock(&self.address).clone()),
            state: Mutex::new(State {
                settings: state.settings.clone(),
                store,
                own_consumer: state.own_consumer.clone(),
                nonces: Nonces::default(),
                failures: state.failures.clone(),
                random: state.random.clone(),
                revoked: state.revoked.clone(),
            }),
            serving: Mutex::default(),
            reserved: Mutex::default(),
            nodes: Mutex::default(),
            faults: FaultInjector::new(self.environment.seed, &self.alias),
            load: self.load.clone(),
            environment: self.environment.clone(),
        }
    }

    /// The base URL that the servlet container believes it was called by.
    pub(crate) fn seen_base(&self, request: &Request) -> String {
        let settings = self.settings();
        let origin = settings.seen_origin;
        let origin = origin.unwrap_or_else(|| format!("{}://{}", request.scheme, request.host));
        let context = settings.seen_context.as_deref().unwrap_or(&request.context);
        format!("{}{context}", origin.trim_end_matches('/'))
    }

    /// URL where it listens.
    pub(crate) fn listen_url(&self) -> String {
        let address = lock(&self.address);
        let scheme = if address.tls == Tls::Off {
            "http"
        } else {
            "https"
        };
        format!("{scheme}://127.0.0.1:{}{}", address.port, address.context)
    }

    /// Configured base URL: the one in its manifest, in its OAuth realm and in its calls to peers.
    pub(crate) fn base_url(&self) -> String {
        let configured = lock(&self.state).settings.base_url.clone();
        match configured {
            Some(url) => {
                let port = lock(&self.address).port.to_string();
                url.replace("{port}", &port)
                    .trim_end_matches('/')
                    .to_owned()
            }
            None => self.listen_url(),
        }
    }

    /// Seconds since the epoch by the application's own clock.
    pub(crate) fn now(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let offset = lock(&self.state).settings.clock_offset;
        i64::try_from(since.as_secs())
            .unwrap_or(i64::MAX)
            .saturating_add(offset)
            .clamp(0, LAST_SECOND)
    }

    /// The `Date` header by the application's own clock.
    pub(crate) fn date(&self) -> String {
        let seconds = u64::try_from(self.now()).unwrap_or_default();
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
    }

    /// Consumer key and key pair.
    pub(crate) fn own_key(&self) -> Option<(String, Arc<KeyPair>)> {
        let own = lock(&self.state).own_consumer.clone();
        keys::pair(own.slot, own.bits).map(|pair| (own.consumer_key, pair))
    }

    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// Product version, build number and application-links version.
    pub(crate) fn versions(&self) -> (String, u64, String) {
        let settings = self.settings();
        let (version, build, applinks) = self.product.version(settings.generation);
        (
            settings.version.unwrap_or_else(|| version.to_owned()),
            build,
            settings
                .applinks_version
                .unwrap_or_else(|| applinks.to_owned()),
        )
    }
}
