//! A look at the way to an application, below HTTP and without any credential: does its name
//! resolve, does somebody listen, and what does it show in a TLS handshake.
//!
//! The chain is taken as it is presented, however bad, and judged as the real client judges it.
//! That certificates are not checked in this run changes nothing here, and nothing here changes
//! what is sent elsewhere. A client certificate is never presented: that one is wanted is all
//! that has to be known.

mod dial;
mod judge;
mod tls;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use rustls_platform_verifier::Verifier;
use tokio::sync::OnceCell;

pub use super::certificate::CertificateLook;
pub use judge::TlsProblem;
pub use tls::TlsLook;

use super::limits::Hope;
use super::network::{NetworkProblem, host_of};
use super::options::Options;
use super::tls::{TlsFiles, provider};
use super::transport::Transport;
use crate::domain::{BaseUrl, Origin, text};

/// What was seen on the way to one origin, as far as the way went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// Host and port.
    pub place: String,
    /// When it was looked at, by the clock of this machine.
    pub at: Timestamp,
    /// The addresses of its name, or why there is none.
    pub dns: Result<Vec<IpAddr>, String>,
    /// The address that took the connection, or why none did. None without an address.
    pub tcp: Option<Result<SocketAddr, NetworkProblem>>,
    /// The TLS handshake. None without a connection, and where none is due.
    pub tls: Option<TlsLook>,
}

/// Why nothing was looked at.
pub type Skipped = String;

/// Two applications at one origin share a look, unless they trust other authorities.
type Key = (Origin, Vec<PathBuf>);

/// What decides on certificates, or why there is nothing that could.
type Trust = Result<Arc<Verifier>, String>;

type Shared = Arc<OnceCell<Result<Handshake, Skipped>>>;

/// What looks, each origin once.
pub struct Looker<'a> {
    transport: &'a Transport,
    verifiers: Mutex<HashMap<Vec<PathBuf>, Trust>>,
    looks: Mutex<HashMap<Key, Shared>>,
}

impl<'a> Looker<'a> {
    /// A looker that connects as this transport does.
    pub fn new(transport: &'a Transport) -> Self {
        Self {
            transport,
            verifiers: Mutex::default(),
            looks: Mutex::default(),
        }
    }

    /// Looks at the origin of `url`; `tls` are the files of the application there.
    ///
    /// The whole look takes no longer than making a connection may take, or a call.
    pub async fn look(&self, url: &BaseUrl, tls: &TlsFiles) -> Result<Handshake, Skipped> {
        let key = (url.origin(), tls.authorities.clone());
        let shared = {
            let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(looks.entry(key).or_default())
        };
        shared
            .get_or_init(|| self.look_once(url, tls))
            .await
            .clone()
    }

    async fn look_once(&self, url: &BaseUrl, tls: &TlsFiles) -> Result<Handshake, Skipped> {
        let options = self.transport.options();
        let (host, port) = (url.host(), url.port());
        let place = host_of(&url.to_string());
        if let Some(proxy) = self.transport.proxy_of(&url.to_string()) {
            // Around the proxy is another way than the one that requests take.
            return Err(format!(
                "requests to {place} go through the proxy {}",
                proxy.address
            ));
        }
        let _permit = self.transport.permit(Hope::Poor).await;
        let longest = options.timeout.unwrap_or(Options::DIRECT);
        let limit = options.connect_timeout.min(longest);
        let deadline = Instant::now() + limit;
        let at = Timestamp::now();
        let dns = dial::addresses(&host, port, &options.resolve, deadline).await;
        let mut seen = Handshake {
            place,
            at,
            dns,
            tcp: None,
            tls: None,
        };
        let Ok(addresses) = &seen.dns else {
            return Ok(seen);
        };
        let stream = match dial::connect(addresses, port, deadline, limit).await {
            Ok((stream, address)) => {
                seen.tcp = Some(Ok(address));
                stream
            }
            Err(problem) => {
                seen.tcp = Some(Err(problem));
                return Ok(seen);
            }
        };
        if url.is_https() {
            let verifier = self.verifier(tls);
            seen.tls = Some(tls::look(stream, &host, verifier, at, deadline, limit).await);
        }
        Ok(seen)
    }

    /// What decides on certificates for an application: the system's authorities, those of the
    /// command line, and its own. Reading them takes time, so it is done once.
    fn verifier(&self, tls: &TlsFiles) -> Trust {
        let mut verifiers = self
            .verifiers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        verifiers
            .entry(tls.authorities.clone())
            .or_insert_with(|| {
                let mut authorities = Vec::new();
                for files in [&self.transport.options().tls, tls] {
                    let more = files.authority_certificates();
                    authorities.extend(more.map_err(|error| error.message)?);
                }
                Verifier::new_with_extra_roots(authorities, provider())
                    .map(Arc::new)
                    .map_err(|error| text::excerpt(&error.to_string(), 200))
            })
            .clone()
    }
}

#[cfg(test)]
#[path = "../handshake_tests.rs"]
mod tests;
