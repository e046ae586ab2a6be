//! applink's own checks, one file a subject.
//!
//! A check says what it looked at, at which end, and how it ended. The verdict decides from the
//! code whether that breaks the link. Requests to applications may not enter.

mod address;
mod clock;
mod consumer;
mod freshness;
mod identity;
mod levels;
mod moved;
mod reach;
mod reciprocal;
mod result;
mod run;
mod stale_consumers;
mod tls;

pub(super) use address::astray_for_users;
pub(super) use consumer::consumers;
pub use reach::way_to;
pub use run::all;
pub(super) use run::is_only_from_here;
