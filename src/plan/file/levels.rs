//! The authentication levels of one link.

use serde_json::{Map, json};

use super::change::{Action, Change};
use super::link_end::{LinkDraft, LinkEnd, LinkPlanner, levels};
use crate::domain::{Alias, Directions, Flags, Level};
use crate::plan::{Reversibility, Step};

const OFF: Directions<Flags> = Directions {
    incoming: Flags::NONE,
    outgoing: Flags::NONE,
};

impl LinkPlanner<'_> {
    /// Sets the levels of both ends, irreversible steps last. Gives what each end has afterwards.
    pub(super) fn set_levels(&self, draft: &mut LinkDraft) -> Vec<Directions<Level>> {
        let mut after = Vec::new();
        let mut last = Vec::new();
        for end in &self.ends {
            let from = end.view.map_or(OFF, |view| view.flags);
            let to = self.flags_after(end, from);
            after.push(to.map(Level::from));
            if from == to {
                continue;
            }
            let step = Step::SetFlags {
                on: end.on().clone(),
                id: end.id(),
                from,
                to,
            };
            if end.view.is_none() {
                draft.steps.push(step);
            } else {
                last.push(step);
            }
        }
        last.sort_by_key(|step| step.reversibility() == Reversibility::Irreversible);
        draft.steps.extend(last);
        let callers = [self.local, self.remote];
        let changes = callers.map(|caller| self.level_change(caller, &after));
        draft.changes.extend(changes.into_iter().flatten());
        after
    }

    /// What the switches of an end are when the link is as the file says.
    fn flags_after(&self, end: &LinkEnd<'_>, now: Directions<Flags>) -> Directions<Flags> {
        let completes = self.ends.iter().any(|end| end.view.is_none());
        // An end that was alone and off is as good as a new one when the other is created.
        let is_new = end.view.is_none() || (completes && now == OFF);
        // Where the file says nothing, a new end follows the other one, if that is on.
        let other = self
            .ends
            .iter()
            .find(|other| other.on() != end.on())
            .and_then(|other| other.view)
            .map(|view| view.flags.mirrored())
            .filter(|flags| *flags != OFF);
        let otherwise = if is_new && self.wanted.one_way.is_none() {
            other.unwrap_or(Directions::both(Flags::OAUTH))
        } else {
            now
        };
        let flags = |wanted: Option<Level>, now: Flags, otherwise: Flags| match wanted {
            Some(level) if Level::from(now) == level => now,
            Some(level) => level.flags().unwrap_or(now),
            None => otherwise,
        };
        Directions {
            incoming: flags(end.wanted.incoming, now.incoming, otherwise.incoming),
            outgoing: flags(end.wanted.outgoing, now.outgoing, otherwise.outgoing),
        }
    }

    /// One line for the calls of one application, whichever end differs.
    fn level_change(&self, caller: &Alias, after: &[Directions<Level>]) -> Option<Change> {
        let mut found = Vec::new();
        let mut to = None;
        for (end, after) in self.ends.iter().zip(after) {
            let Some(view) = end.view else { continue };
            let of = |levels: Directions<Level>| {
                if end.on() == caller {
                    levels.outgoing
                } else {
                    levels.incoming
                }
            };
            let (now, then) = (of(levels(view)), of(*after));
            found.push((end.on(), now));
            if now != then {
                to = Some(then);
            }
        }
        let to = to?;
        let from = match found.as_slice() {
            [(_, one), rest @ ..] if rest.iter().all(|(_, other)| other == one) => json!(one),
            found => found
                .iter()
                .map(|(on, level)| (on.to_string(), json!(level)))
                .collect::<Map<_, _>>()
                .into(),
        };
        let made = self
            .known
            .and_then(|remembered| remembered.levels.get(caller));
        Some(Change {
            drift: made.is_some_and(|made| found.iter().any(|(_, now)| now != made)),
            ..self.change(
                Action::Change,
                Some(format!("auth.{caller}")),
                from,
                json!(to),
            )
        })
    }
}
