//! The HTTP clients of a run: one for each way of connecting, built when it is first needed.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::options::{Options, ResolveEntry};
use super::tls::{self, PassphraseSource, TlsFiles};
use super::{network, resolver};
use crate::error::Error;
use crate::oauth::KeyError;

/// A connection that was idle for longer is not used again. Servers and balancers end theirs after
/// 20 seconds and more, and firewalls forget them without a word.
const LONGEST_IDLE: Duration = Duration::from_secs(10);

/// How applink names itself; never like a browser, which the products treat differently.
const USER_AGENT: &str = concat!("applink/", env!("CARGO_PKG_VERSION"));

/// The choices in which clients differ.
#[derive(Default, PartialEq, Eq, Hash)]
pub(super) struct ClientKey {
    /// What is trusted and presented, besides what the command line says.
    pub(super) tls: TlsFiles,
    /// Addresses in place of look-ups, for one port.
    pub(super) resolve: Vec<ResolveEntry>,
    /// Whether the environment's proxies are passed by, although the library would take them.
    pub(super) direct: bool,
    /// Whether no connection is used that was used before.
    pub(super) fresh: bool,
}

/// The clients that exist.
pub(super) struct ClientPool {
    clients: Mutex<HashMap<ClientKey, Client>>,
    /// Held while a client is built, which may ask for a passphrase.
    building: tokio::sync::Mutex<()>,
    identities: Mutex<HashMap<TlsFiles, Option<reqwest::Identity>>>,
    /// Finds the passphrases of client keys.
    pub(super) passphrase: Box<PassphraseSource>,
}

impl Default for ClientPool {
    fn default() -> Self {
        Self {
            clients: Mutex::default(),
            building: tokio::sync::Mutex::default(),
            identities: Mutex::default(),
            passphrase: Box::new(|path| Err(KeyError::Encrypted.at(path))),
        }
    }
}

impl ClientPool {
    /// Finds what is wrong with the files of the command line.
    pub(super) fn check(&self, options: &Options) -> Result<(), Error> {
        self.build(&ClientKey::default(), options).map(drop)
    }

    /// The client for a key.
    pub(super) async fn get(&self, key: ClientKey, options: &Options) -> Result<Client, Error> {
        if let Some(client) = self.existing(&key) {
            return Ok(client);
        }
        let _building = self.building.lock().await;
        if let Some(client) = self.existing(&key) {
            return Ok(client);
        }
        let client = self.build(&key, options)?;
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.insert(key, client.clone());
        Ok(client)
    }

    fn existing(&self, key: &ClientKey) -> Option<Client> {
        let clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.get(key).cloned()
    }

    fn build(&self, key: &ClientKey, options: &Options) -> Result<Client, Error> {
        let (tls, resolve) = (&key.tls, &key.resolve);
        tls::install_provider();
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(fixed_headers())
            .connect_timeout(options.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .dns_resolver(Arc::new(resolver::SystemResolver))
            .pool_idle_timeout(LONGEST_IDLE)
            .pool_max_idle_per_host(if key.fresh { 0 } else { usize::MAX })
            .tls_danger_accept_invalid_certs(options.insecure);
        let mut authorities = options.tls.authority_certificates()?;
        authorities.extend(tls.authority_certificates()?);
        if !authorities.is_empty() {
            let authorities = authorities
                .iter()
                .map(|der| reqwest::Certificate::from_der(der))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| unbuilt(&error))?;
            builder = builder.tls_certs_merge(authorities);
        }
        let identity = match self.identity(tls)? {
            Some(identity) => Some(identity),
            None => self.identity(&options.tls)?,
        };
        let with_identity = identity.is_some();
        if let Some(identity) = identity {
            builder = builder.identity(identity);
        }
        for host in resolve
            .iter()
            .map(|entry| &entry.host)
            .collect::<BTreeSet<_>>()
        {
            let addresses = resolve
                .iter()
                .filter(|entry| entry.host == *host)
                .map(|entry| SocketAddr::new(entry.address, entry.port));
            builder = builder.resolve_to_addrs(host, &resolver::in_order(addresses));
        }
        if let Some(proxy) = &options.proxy {
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|_| Error::usage("--proxy is not a URL that a proxy can have"))?;
            builder = builder.proxy(proxy);
        } else if key.direct {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| {
            if with_identity {
                Error::usage(format!(
                    "the client certificate and its key cannot be used together: {}",
                    network::causes(&error)
                ))
            } else {
                unbuilt(&error)
            }
        })
    }

    /// The client certificate of these files; its passphrase is asked once.
    fn identity(&self, tls: &TlsFiles) -> Result<Option<reqwest::Identity>, Error> {
        let mut identities = self
            .identities
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(identity) = identities.get(tls) {
            return Ok(identity.clone());
        }
        let identity = tls.identity(&self.passphrase)?;
        identities.insert(tls.clone(), identity.clone());
        Ok(identity)
    }
}

fn unbuilt(error: &reqwest::Error) -> Error {
    Error::internal(format!(
        "no HTTP client can be made: {}",
        network::causes(error)
    ))
}

/// Headers that every request carries: JSON both ways, and the word that keeps the products'
/// protection against forged requests from refusing calls without a body.
fn fixed_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        HeaderName::from_static("x-atlassian-token"),
        HeaderValue::from_static("no-check"),
    );
    headers
}
