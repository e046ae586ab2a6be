//! Timeouts, retries, proxies, TLS and connections that fail.

pub(crate) mod connections;
pub(crate) mod proxies;
pub(crate) mod retries;
pub(crate) mod timeouts;
pub(crate) mod tls;
