//! The command line's choices about connections.

use std::net::IpAddr;
use std::time::Duration;

use super::tls::TlsFiles;

/// A `HOST:PORT:ADDR` of `--resolve`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResolveEntry {
    /// The name that is looked up.
    pub host: String,
    /// The port for which it counts.
    pub port: u16,
    /// The address that is used instead.
    pub address: IpAddr,
}

/// What the command line says about connections.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bound on one logical call; none means [`Options::DIRECT`] or [`Options::RELAYED`].
    pub timeout: Option<Duration>,
    /// Bound on making one connection.
    pub connect_timeout: Duration,
    /// Files for every application; an application may add its own.
    pub tls: TlsFiles,
    /// Take any certificate.
    pub insecure: bool,
    /// The proxy of the command line; without it the environment decides.
    pub proxy: Option<String>,
    /// Addresses in place of look-ups.
    pub resolve: Vec<ResolveEntry>,
    /// Requests in flight over all applications.
    pub jobs: usize,
    /// Requests in flight to one application.
    pub per_host: usize,
}

impl Options {
    /// A call that the application answers by itself.
    pub const DIRECT: Duration = Duration::from_secs(30);
    /// A call for which the application first asks its peer.
    pub const RELAYED: Duration = Duration::from_secs(60);

    /// The addresses of the command line for the port of a URL.
    pub(super) fn resolved(&self, url: &str) -> Vec<ResolveEntry> {
        let port = reqwest::Url::parse(url)
            .ok()
            .and_then(|url| url.port_or_known_default());
        self.resolve
            .iter()
            .filter(|entry| Some(entry.port) == port)
            .cloned()
            .collect()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: None,
            connect_timeout: Duration::from_secs(10),
            tls: TlsFiles::default(),
            insecure: false,
            proxy: None,
            resolve: Vec::new(),
            jobs: 64,
            per_host: 4,
        }
    }
}
