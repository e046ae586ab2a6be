//! Reading what is there: the two ends of a link, the inventory of many applications, a
//! verification, a consumer as it is registered.
//!
//! Nothing in here changes an application or the state.

pub(crate) mod addresses;
pub(crate) mod application;
pub(crate) mod clones;
pub(crate) mod consumer;
pub(crate) mod ends;
pub(crate) mod fan_out;
pub(crate) mod former_consumers;
pub(crate) mod inventory;
pub(crate) mod links;
pub(crate) mod missing;
pub(crate) mod oauth_refusal;
pub(crate) mod peers;
pub(crate) mod probe;
pub(crate) mod reachability;
pub(crate) mod relocation;
mod round;
pub(crate) mod stale_consumers;
pub(crate) mod verification;
