//! The status of a link as a product reports it.

use super::{Code, Directions, Flags};

/// What an application's own status page says of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductStatus {
    /// Whether it finds nothing wrong.
    pub working: bool,
    /// What it finds; `UNKNOWN` for a type that this version does not know.
    pub code: Option<Code>,
    /// The type as it was written.
    pub named: Option<String>,
    /// The category as it was written.
    pub category: Option<String>,
    /// More about it.
    pub details: Option<String>,
    /// Its own levels.
    pub local: Option<Directions<Flags>>,
    /// The levels that the peer told it.
    pub remote: Option<Directions<Flags>>,
}
