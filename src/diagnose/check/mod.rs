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
mod reach;
mod reciprocal;
mod redirect;
mod result;
mod run;
mod stale_consumers;
mod tls;

pub(super) use address::misplaced_display_url;
pub(super) use consumer::consumers;
pub use reach::reachability;
pub use run::all;
pub(super) use run::is_only_from_here;
