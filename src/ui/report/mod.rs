//! The support report as a file: Markdown, HTML or JSON.
//!
//! The renderers only arrange a [`SupportReport`](crate::diagnose::report::SupportReport) that was scrubbed
//! before: nothing that was not in it may enter. `words` has what Markdown and HTML say alike.

mod format;
mod html;
mod json;
mod map;
mod markdown;
mod words;

pub use format::{ReportFormat, contents};

#[cfg(test)]
mod tests;
