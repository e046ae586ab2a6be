//! How far a connection from this machine to an application gets, below HTTP.

use std::net::{IpAddr, SocketAddr};

use jiff::Timestamp;

use super::tls::TlsFacts;

/// What applink itself saw when it connected. Only the other servers can say how they get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reachability {
    /// Host and port.
    pub endpoint: String,
    /// When it was probed, by the clock of this machine.
    pub at: Timestamp,
    /// The addresses of the name, or why there is none.
    pub addresses: Result<Vec<IpAddr>, String>,
    /// The address that accepted the connection, or why none did. None without an address.
    pub connection: Option<Result<SocketAddr, ConnectFault>>,
    /// The TLS handshake. None without a connection, and for http.
    pub tls: Option<TlsFacts>,
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectFault {
    /// Whether the host refused it: no program listens on that port.
    pub refused: bool,
    /// The reason in words.
    pub why: String,
}
