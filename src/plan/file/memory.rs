//! What the state remembers of a link: what differs from it now, and what it will remember.

use serde_json::{Value, json};

use super::super::Goal;
use super::link::{End, Planner};
use super::{Drift, levels};
use crate::domain::{Alias, Directions, Level};

impl Planner<'_> {
    /// What is not as the state remembers it.
    pub(super) fn drift(&self, ends: &[End<'_>]) -> Vec<Drift> {
        let Some(remembered) = self.remembered else {
            return Vec::new();
        };
        let drift = |field: String, made: Value, found: Value| Drift {
            local: self.local.clone(),
            remote: self.remote.clone(),
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
        }
        all
    }

    pub(super) fn goal(&self, ends: &[End<'_>], after: &[Directions<Level>]) -> Goal {
        // Of what the file does not say the state remembers what applink made, so that what was
        // changed by hand goes on being seen.
        let level = |caller: &Alias, now: Level| {
            let made = self.remembered.and_then(|made| made.levels.get(caller));
            match (self.wanted.auth.get(caller), made) {
                (None, Some(made)) if ends.iter().all(|end| end.view.is_some()) => *made,
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
        }
    }
}
