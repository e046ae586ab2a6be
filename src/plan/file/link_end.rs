//! The data of one link for its planner: the ends, the file and the state.

use serde_json::Value;

use super::change::{Action, Change};
use super::observed_state::{KnownLink, ObservedApp};
use crate::desired::DesiredLink;
use crate::domain::{Alias, ApplicationId, Directions, Level, View};
use crate::plan::Step;

/// One end: an application, and what it shall keep of its peer.
pub(super) struct LinkEnd<'a> {
    pub(super) holder: &'a ObservedApp,
    pub(super) peer: &'a ObservedApp,
    pub(super) view: Option<&'a View>,
    /// What the file says of the levels, as this end has them.
    pub(super) wanted: Directions<Option<Level>>,
}

impl LinkEnd<'_> {
    /// The application that holds the record.
    pub(super) fn on(&self) -> &Alias {
        &self.holder.alias
    }

    /// The id of the record.
    pub(super) fn id(&self) -> ApplicationId {
        self.peer.manifest.id
    }
}

/// The steps and the changes of a link, as they are collected.
#[derive(Default)]
pub(super) struct LinkDraft {
    pub(super) steps: Vec<Step>,
    pub(super) changes: Vec<Change>,
}

/// The planner of one link.
pub(super) struct LinkPlanner<'a> {
    pub(super) wanted: &'a DesiredLink,
    pub(super) known: Option<&'a KnownLink>,
    pub(super) local: &'a Alias,
    pub(super) remote: &'a Alias,
    pub(super) ends: Vec<LinkEnd<'a>>,
}

impl LinkPlanner<'_> {
    /// A change of the link, which is not drift.
    pub(super) fn change(
        &self,
        action: Action,
        field: Option<String>,
        from: Value,
        to: Value,
    ) -> Change {
        Change {
            action,
            local: self.local.clone(),
            remote: Some(self.remote.clone()),
            consumer: None,
            field,
            from,
            to,
            drift: false,
        }
    }

    /// Whether the state says that there was a record.
    pub(super) fn was_there(&self, end: &LinkEnd<'_>) -> bool {
        self.known
            .is_some_and(|remembered| remembered.holders.contains(end.on()))
    }
}

/// The levels of a record in one word per direction.
pub(super) fn levels(view: &View) -> Directions<Level> {
    view.flags.map(Level::from)
}
