//! What a step wrote, where no answer of the application says it.

use crate::domain::{Directions, Flags, Record};
use crate::plan::{Step, View};

/// The record as this run wrote it. A step that was begun and is found done was not read back by
/// this run: what differs from what it wrote is someone else's.
pub(super) fn as_written(step: &Step, view: View) -> View {
    match step {
        Step::Create { link, .. } => View {
            flags: Directions::both(Flags::NONE),
            record: Record {
                display_url: link.display_url.clone(),
                ..view.record
            },
            ..view
        },
        _ => view,
    }
}
