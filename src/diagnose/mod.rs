//! From what was observed of both ends to one verdict with a name, a cause and the next command.
//!
//! `observation` is what was observed, without judgement. `pair` finds the two records that are one link.
//! Each file in `check` looks at one subject. `verdict` combines the products' own words, the
//! comparison of the ends and the checks. Everything is pure: requests may not enter.

pub mod check;
pub mod codes;
mod hidden_cause;
pub mod observation;
pub mod pair;
pub mod phrases;
pub mod remedy;
pub mod report;
pub mod verdict;

pub use observation::{
    AppObservation, EndObservation, LinkObservation, StaleConsumer, StatusObservation,
};
pub use verdict::{EndVerdict, Verdict, judge};
