//! Everything that a vendor's support asks for, in one model.
//!
//! The model is an allow-list: what has no field there does not get into a report, and what the
//! rooms below learn to observe stays out until it is named. It is plain text and closed types, so
//! that one pass over every text ([`SupportReport::scrub`]) is the last thing before it is shown. Nothing
//! that draws or writes a report may enter.

mod build;
mod model;
mod outside;
mod patterns;
mod questions;
mod scrub;

pub use build::ReportInput;
pub use model::{
    AccountReport, AppReport, EndReport, FailureReport, LevelFlow, LinkReport, RecordReport,
    RequestReport, StatusReport, SupportAnswer, SupportQuestion, SupportReport,
};
pub use patterns::scrubbed;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail that way")]
pub(crate) mod samples;

#[cfg(test)]
mod tests;
