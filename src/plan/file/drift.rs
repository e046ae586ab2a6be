//! Drift of one link: what differs from what applink applied.

use serde_json::{Value, json};

use super::change::Drift;
use super::link_end::{LinkEnd, LinkPlanner, levels};
use crate::domain::{Alias, LastApplied, same_url};

impl LinkPlanner<'_> {
    /// What is not as the state remembers it.
    pub(super) fn drift(&self) -> Vec<Drift> {
        let Some(remembered) = self.known else {
            return Vec::new();
        };
        let drift = |field: String, made: Value, found: Value| Drift {
            local: self.local.clone(),
            remote: Some(self.remote.clone()),
            consumer: None,
            field,
            made,
            found,
        };
        let mut all = Vec::new();
        for end in &self.ends {
            let on = end.on();
            let Some(view) = end.view else {
                if self.was_there(end) {
                    all.push(drift(format!("records.{on}"), json!(true), json!(false)));
                }
                continue;
            };
            let now = levels(view);
            for (caller, found) in [(on, now.outgoing), (&end.peer.alias, now.incoming)] {
                if let Some(made) = remembered.levels.get(caller)
                    && *made != found
                    && self.ends.len() == 2
                {
                    let one = drift(format!("auth.{caller}"), json!(made), json!(found));
                    if !all.contains(&one) {
                        all.push(one);
                    }
                }
            }
            for (field, made, found) in fields(&remembered.last_applied, on, end) {
                all.push(drift(format!("{field}.{on}"), made, found));
            }
        }
        all
    }

    /// Whether a field of a record is not as applink made it.
    pub(super) fn is_drift(&self, end: &LinkEnd<'_>, field: &str) -> bool {
        self.known.is_some_and(|remembered| {
            fields(&remembered.last_applied, end.on(), end).any(|(one, ..)| one == field)
        })
    }
}

/// The fields of a record that are not as they were made: which, how made, how found.
fn fields<'a>(
    made: &'a LastApplied,
    on: &'a Alias,
    end: &'a LinkEnd<'_>,
) -> impl Iterator<Item = (&'static str, Value, Value)> + use<'a> {
    let record = end.view.map(|view| &view.record);
    let differs = |made: &str, found: &str| !same_url(made, found);
    let texts = record.map(|record| {
        [
            ("names", made.names.get(on), Some(&record.name)),
            (
                "application_urls",
                made.application_urls.get(on),
                record.rpc_url.as_ref(),
            ),
            (
                "display_urls",
                made.display_urls.get(on),
                Some(&record.display_url),
            ),
        ]
    });
    let primary = record.filter(|record| made.primary.contains(on) && !record.primary);
    texts
        .into_iter()
        .flatten()
        .filter_map(move |(field, made, found)| {
            let (made, found) = (made?, found?);
            let is_other = match field {
                "names" => made != found,
                _ => differs(made, found),
            };
            is_other.then(|| (field, json!(made), json!(found)))
        })
        .chain(primary.map(|_| ("primary", json!(true), json!(false))))
}
