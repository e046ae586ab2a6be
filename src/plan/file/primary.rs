//! The primary link of each type on each application, and which links of the file want to be it.

use std::collections::BTreeMap;

use super::observed_state::{ObservedApp, ObservedState};
use crate::desired::DesiredLink;
use crate::domain::{Alias, ApplicationId, TypeId};
use crate::error::{Error, Result};

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

    pub(super) fn set(&mut self, on: &Alias, type_id: &TypeId, id: ApplicationId) {
        self.0.insert((on.clone(), type_id.clone()), id);
    }
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
