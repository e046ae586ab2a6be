//! From what was seen of both ends to one verdict with a name, a cause and the next command.
//!
//! `seen` is what was observed, without any judgement; `pair` finds the two records that are one
//! link; every file in `check` looks at one thing; `verdict` puts the products' own words, the
//! comparison of the ends and the checks together. All of it is pure: who observes is elsewhere.

pub mod check;
pub mod codes;
pub mod mend;
pub mod pair;
mod quirk;
pub mod report;
pub mod seen;
pub mod verdict;

pub use seen::{AppSeen, EndSeen, LeftoverSeen, LinkSeen, ReachSeen, StatusSeen};
pub use verdict::{EndVerdict, Verdict, judge};
