//! The records that a plan creates. The application decides on their ids, so they are known by their
//! addresses too.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::{Alias, ApplicationId, View, same_url};
use crate::plan::{PlanSet, Step};
use crate::remote::{CallError, Session};

/// The records that a plan creates, and the ids that they got.
#[derive(Default)]
pub(super) struct CreatedRecords {
    /// On which application, under which id, to which address.
    planned: Vec<(Alias, ApplicationId, String)>,
    /// The ids where the application chose others than the plan's.
    actual_ids: Mutex<HashMap<(Alias, ApplicationId), ApplicationId>>,
}

impl CreatedRecords {
    /// The records that these plans create.
    pub(super) fn of(plan_set: &PlanSet) -> Self {
        let planned = plan_set
            .steps()
            .filter_map(|step| match step {
                Step::Create { on, id, link } => Some((on.clone(), *id, link.rpc_url.clone())),
                _ => None,
            })
            .collect();
        Self {
            planned,
            actual_ids: Mutex::default(),
        }
    }

    /// The id under which the application keeps a record.
    pub(super) fn actual_id(&self, on: &Alias, id: ApplicationId) -> ApplicationId {
        let actual = self.actual_ids.lock();
        let actual = actual.unwrap_or_else(PoisonError::into_inner);
        actual.get(&(on.clone(), id)).copied().unwrap_or(id)
    }

    /// Records the id that an application chose.
    pub(super) fn set_actual_id(&self, on: &Alias, id: ApplicationId, actual: ApplicationId) {
        let mut ids = self
            .actual_ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ids.insert((on.clone(), id), actual);
    }

    /// A record that the plan creates, looked for by its address: it is not gone because it has
    /// another id.
    pub(super) async fn view_by_address(
        &self,
        session: &Session,
        id: ApplicationId,
    ) -> Result<Option<View>, CallError> {
        let on = session.alias();
        let mut planned = self.planned.iter();
        let Some((.., url)) = planned.find(|(alias, created, _)| alias == on && *created == id)
        else {
            return Ok(None);
        };
        let records = session.records().await?;
        let found = records.iter().find(|record| {
            record.id != id
                && record
                    .rpc_url
                    .as_deref()
                    .is_some_and(|rpc_url| same_url(rpc_url, url))
        });
        let Some(actual) = found.map(|record| record.id) else {
            return Ok(None);
        };
        self.set_actual_id(on, id, actual);
        session.view(actual).await
    }
}
