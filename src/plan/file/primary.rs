//! The primary link of each type on each application, and which links of the file want to be it.

use std::collections::BTreeMap;

use super::observed_state::{ObservedApp, ObservedState};
use crate::desired::DesiredLink;
use crate::domain::{Alias, ApplicationId, TypeId};
use crate::error::{Error, Result};
use crate::plan::Step;

/// Which record is the first choice of its type on each application, as the plan goes on: the first
/// one that is made becomes it by itself.
pub(super) struct PrimaryLinks(BTreeMap<(Alias, TypeId), ApplicationId>);

impl PrimaryLinks {
    pub(super) fn new(observed_state: &ObservedState) -> Self {
        let mut firsts = BTreeMap::new();
        for seen in observed_state.apps.values() {
            for (id, view) in &seen.records {
                let key = (seen.alias.clone(), view.record.type_id.clone());
                if view.record.primary {
                    firsts.insert(key, *id);
                }
            }
        }
        Self(firsts)
    }

    pub(super) fn get(&self, on: &Alias, type_id: &TypeId) -> Option<ApplicationId> {
        self.0.get(&(on.clone(), type_id.clone())).copied()
    }

    fn set(&mut self, on: &Alias, type_id: &TypeId, id: ApplicationId) {
        self.0.insert((on.clone(), type_id.clone()), id);
    }

    /// The step that the next request needs, if it needs one.
    pub(super) fn step(&mut self, request: &PrimaryRequest) -> Option<Step> {
        let PrimaryRequest {
            on, type_id, id, ..
        } = request;
        let mut first = self.get(on, type_id);
        if request.is_new && first.is_none() {
            // The application makes the only link of a type the primary one by itself.
            self.set(on, type_id, *id);
            first = Some(*id);
        }
        let is_first = (request.is_new || request.is_primary) && first == Some(*id);
        if !request.is_wanted || is_first {
            return None;
        }
        self.set(on, type_id, *id);
        Some(Step::MakePrimary {
            on: on.clone(),
            id: *id,
            was: first,
        })
    }
}

/// What the file wants of one record, as far as the primary link of its type goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PrimaryRequest {
    pub(super) on: Alias,
    pub(super) type_id: TypeId,
    pub(super) id: ApplicationId,
    /// Whether the plan creates the record.
    pub(super) is_new: bool,
    /// Whether it is the primary one now.
    pub(super) is_primary: bool,
    /// Whether the file wants it to be.
    pub(super) is_wanted: bool,
}

/// Which links of the file shall be the first choice of a type on an application: one for each.
#[derive(Default)]
pub(super) struct PrimaryClaims(BTreeMap<(Alias, TypeId), Alias>);

impl PrimaryClaims {
    pub(super) fn claim(
        &mut self,
        local: &ObservedApp,
        remote: &ObservedApp,
        link: &DesiredLink,
    ) -> Result<()> {
        for (holder, peer) in [(local, remote), (remote, local)] {
            if !link.primary.contains(&holder.alias) {
                continue;
            }
            let type_id = &peer.manifest.type_id;
            let key = (holder.alias.clone(), type_id.clone());
            if let Some(other) = self.0.insert(key, peer.alias.clone()) {
                return Err(Error::usage(format!(
                    "on {} the links to {other} and to {} cannot both be the primary one to {}",
                    holder.alias,
                    peer.alias,
                    type_id.name()
                )));
            }
        }
        Ok(())
    }
}
