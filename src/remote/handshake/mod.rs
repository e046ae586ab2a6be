//! Probes the way to an application, below HTTP and without any credential: name, connection, TLS
//! handshake.
//!
//! The chain is accepted as it is presented, however bad, and judged as the real client judges it.
//! `--insecure` changes nothing here, and nothing here changes how requests are sent. A client
//! certificate is never presented: it is enough to know that the server wants one.

mod dial;
mod judge;
mod tls;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use rustls_platform_verifier::Verifier;
use tokio::sync::OnceCell;

use super::limits::Priority;
use super::network::{NetworkProblem, host_of};
use super::options::Options;
use super::tls::{TlsFiles, provider};
use super::transport::Transport;
use crate::domain::{BaseUrl, ConnectFault, Origin, Reachability, text};

/// Why nothing was probed.
pub type Skipped = String;

/// Two applications at one origin share a probe, unless they trust other authorities.
type ProbeKey = (Origin, Vec<PathBuf>);

/// The verifier of certificates, or why there is none.
type VerifierResult = Result<Arc<Verifier>, String>;

type SharedProbe = Arc<OnceCell<Result<Reachability, Skipped>>>;

/// Probes origins, each of them once.
pub struct Prober<'a> {
    transport: &'a Transport,
    verifiers: Mutex<HashMap<Vec<PathBuf>, VerifierResult>>,
    probes: Mutex<HashMap<ProbeKey, SharedProbe>>,
}

impl<'a> Prober<'a> {
    /// A prober that connects as this transport does.
    pub fn new(transport: &'a Transport) -> Self {
        Self {
            transport,
            verifiers: Mutex::default(),
            probes: Mutex::default(),
        }
    }

    /// Probes the origin of `url`; `tls` are the files of the application there.
    ///
    /// The whole probe takes no longer than making a connection may take, or a call.
    pub async fn probe(&self, url: &BaseUrl, tls: &TlsFiles) -> Result<Reachability, Skipped> {
        let key = (url.origin(), tls.authorities.clone());
        let shared = {
            let mut probes = self.probes.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(probes.entry(key).or_default())
        };
        let mut probed = shared
            .get_or_init(|| self.probe_once(url, tls))
            .await
            .clone();
        if let Ok(Reachability {
            tls: Some(facts), ..
        }) = &mut probed
        {
            facts.has_client = [tls, &self.transport.options().tls]
                .iter()
                .any(|files| files.client_certificate.is_some());
        }
        probed
    }

    async fn probe_once(&self, url: &BaseUrl, tls: &TlsFiles) -> Result<Reachability, Skipped> {
        let options = self.transport.options();
        let (host, port) = (url.host(), url.port());
        let endpoint = host_of(&url.to_string());
        if let Some(proxy) = self.transport.proxy_of(&url.to_string()) {
            // Going around the proxy would probe another way than the one that requests take.
            return Err(format!(
                "requests to {endpoint} go through the proxy {}",
                proxy.address
            ));
        }
        let _permit = self.transport.permit(Priority::Low).await;
        let longest = options.timeout.unwrap_or(Options::DIRECT);
        let limit = options.connect_timeout.min(longest);
        let deadline = Instant::now() + limit;
        let at = Timestamp::now();
        let addresses = dial::addresses(&host, port, &options.resolve, deadline).await;
        let mut seen = Reachability {
            endpoint,
            at,
            addresses,
            connection: None,
            tls: None,
        };
        let Ok(addresses) = &seen.addresses else {
            return Ok(seen);
        };
        let stream = match dial::connect(addresses, port, deadline, limit).await {
            Ok((stream, address)) => {
                seen.connection = Some(Ok(address));
                stream
            }
            Err(problem) => {
                seen.connection = Some(Err(ConnectFault {
                    refused: problem == NetworkProblem::Refused,
                    why: problem.to_string(),
                }));
                return Ok(seen);
            }
        };
        if url.is_https() {
            let verifier = self.verifier(tls);
            seen.tls = Some(tls::shake_hands(stream, &host, verifier, at, deadline, limit).await);
        }
        Ok(seen)
    }

    /// The verifier for an application. It trusts the system's authorities, those of the command
    /// line, and its own. Reading them takes time, so it is done once.
    fn verifier(&self, tls: &TlsFiles) -> VerifierResult {
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
