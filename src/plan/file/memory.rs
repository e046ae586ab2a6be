//! What the state remembers of a link: what differs from it now, and what it will remember.

use serde_json::{Value, json};

use super::super::Goal;
use super::super::step::same_url;
use super::link::{End, Planner};
use super::{Drift, levels};
use crate::domain::{Alias, Directions, Level, Made};

impl Planner<'_> {
    /// What is not as the state remembers it.
    pub(super) fn drift(&self, ends: &[End<'_>]) -> Vec<Drift> {
        let Some(remembered) = self.remembered else {
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
        for end in ends {
            let on = &end.here.alias;
            let Some(view) = end.view else {
                if self.was_there(end) {
                    all.push(drift(format!("records.{on}"), json!(true), json!(false)));
                }
                continue;
            };
            let now = levels(view);
            for (caller, found) in [(on, now.outgoing), (&end.there.alias, now.incoming)] {
                if let Some(made) = remembered.levels.get(caller)
                    && *made != found
                    && ends.len() == 2
                {
                    let one = drift(format!("auth.{caller}"), json!(made), json!(found));
                    if !all.contains(&one) {
                        all.push(one);
                    }
                }
            }
            for (field, made, found) in fields(&remembered.made, on, end) {
                all.push(drift(format!("{field}.{on}"), made, found));
            }
        }
        all
    }

    /// Whether a field of a record is not as it was made.
    pub(super) fn is_drift(&self, end: &End<'_>, field: &str) -> bool {
        let on = &end.here.alias;
        self.remembered.is_some_and(|remembered| {
            fields(&remembered.made, on, end).any(|(one, ..)| one == field)
        })
    }

    /// What the state will remember: what the file says, and of the rest what was made before.
    fn made(&self) -> Made {
        let mut made = self
            .remembered
            .map(|remembered| remembered.made.clone())
            .unwrap_or_default();
        let wanted = self.wanted;
        made.names.extend(wanted.names.clone());
        for (all, urls) in [
            (&mut made.application_urls, &wanted.application_urls),
            (&mut made.display_urls, &wanted.display_urls),
        ] {
            all.extend(urls.iter().map(|(on, url)| (on.clone(), url.to_string())));
        }
        // To take that place away it is given to another link.
        made.primary.clone_from(&wanted.primary);
        made
    }

    pub(super) fn goal(&self, ends: &[End<'_>], after: &[Directions<Level>]) -> Goal {
        // Of what the file does not say the state remembers what applink made, so that what was
        // changed by hand goes on being seen.
        let agrees = |caller: &Alias| {
            let mut said = ends.iter().zip(after).map(|(end, after)| {
                if end.here.alias == *caller {
                    after.outgoing
                } else {
                    after.incoming
                }
            });
            let first = said.next();
            said.all(|other| Some(other) == first)
        };
        let level = |caller: &Alias, now: Level| {
            let made = self.remembered.and_then(|made| made.levels.get(caller));
            match (self.wanted.auth.get(caller), made) {
                (None, Some(made)) if ends.iter().all(|end| end.view.is_some()) => *made,
                // Where the ends do not agree it is nothing that was made.
                _ if !agrees(caller) => Level::Unknown,
                _ => now,
            }
        };
        let levels = ends.first().zip(after.first()).map_or(
            Directions::both(Level::None),
            |(end, after)| {
                if end.here.alias == *self.local {
                    *after
                } else {
                    after.mirrored()
                }
            },
        );
        let (first, second) = match &self.wanted.one_way {
            Some(holder) if holder == self.remote => (self.remote, self.local),
            _ => (self.local, self.remote),
        };
        let (level, back) = if first == self.local {
            (
                level(first, levels.outgoing),
                level(second, levels.incoming),
            )
        } else {
            (
                level(first, levels.incoming),
                level(second, levels.outgoing),
            )
        };
        let id_of = |alias: &Alias| {
            ends.iter()
                .flat_map(|end| [end.here, end.there])
                .find(|seen| seen.alias == *alias)
                .map(|seen| seen.manifest.id)
        };
        let nobody = || uuid::Uuid::nil().into();
        Goal::Link {
            local: first.clone(),
            remote: second.clone(),
            local_link_id: id_of(second).unwrap_or_else(nobody),
            remote_link_id: self
                .wanted
                .one_way
                .is_none()
                .then(|| id_of(first).unwrap_or_else(nobody)),
            level,
            back,
            made: Some(Box::new(self.made())),
        }
    }
}

/// The fields of a record that are not as they were made: which, how made, how found.
fn fields<'a>(
    made: &'a Made,
    on: &'a Alias,
    end: &'a End<'_>,
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
