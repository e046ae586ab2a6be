//! One row of `list`: one record.

use crate::domain::{Alias, Directions, Level, Record, RecordState};
use crate::state::CachedConsumer;

/// One row: a record of a known application.
pub(crate) struct Row {
    pub(crate) local: Alias,
    pub(crate) remote: Option<Alias>,
    pub(crate) record: Record,
    pub(crate) levels: Directions<Level>,
    pub(crate) two_way: Option<bool>,
    pub(crate) state: RecordState,
    /// The third-party program of a generic link.
    pub(crate) consumer: Option<CachedConsumer>,
}
