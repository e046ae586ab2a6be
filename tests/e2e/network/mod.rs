//! Timeouts, retries, proxies, TLS and connections that fail.

pub(crate) mod certificate_chains;
pub(crate) mod client_certificates;
pub(crate) mod clusters;
pub(crate) mod connections;
pub(crate) mod proxies;
pub(crate) mod retries;
pub(crate) mod timeouts;
pub(crate) mod tls;
pub(crate) mod unusable_responses;
pub(crate) mod who_answered;
