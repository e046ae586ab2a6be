//! The capabilities of a peer, as a link stores them.

use std::collections::BTreeSet;
use std::time::Instant;

use super::link_error::LinkError;

/// The capabilities that a peer reported last, or the error that the request ended in.
#[derive(Debug, Clone)]
pub(crate) struct PeerCapabilities {
    pub(crate) fetched: Instant,
    pub(crate) application_version: Option<String>,
    pub(crate) applinks_version: Option<String>,
    pub(crate) names: BTreeSet<String>,
    pub(crate) error: Option<LinkError>,
}
