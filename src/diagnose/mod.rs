//! From what was observed of both ends to one verdict with a name, a cause and the next command.
//!
//! `seen` is what was observed, without judgement. `pair` finds the two records that are one link.
//! Each file in `check` looks at one subject. `verdict` combines the products' own words, the
//! comparison of the ends and the checks. Everything is pure: requests may not enter.

pub mod check;
pub mod codes;
mod hidden_cause;
pub mod pair;
pub mod remedy;
pub mod report;
pub mod seen;
pub mod verdict;

pub use seen::{AppSeen, EndSeen, LeftoverSeen, LinkSeen, StatusSeen};
pub use verdict::{EndVerdict, Verdict, judge};
