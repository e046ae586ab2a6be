//! What a person and a script see of a change: while it runs, and when it is over.

mod document;
mod goal_text;
mod progress;
mod remaining_work;
mod result;

pub(crate) use document::{document, with};
pub(crate) use goal_text::{headline, nothing_to_do};
pub(crate) use progress::Watcher;
pub(crate) use remaining_work::with_remaining_work;
pub(crate) use result::show;
