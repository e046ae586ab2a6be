//! Steps that take several requests, and can be found half done.

use super::client_step::client_view;
use super::{NewConsumer, Step, View};
use crate::domain::{Directions, Flags};

impl Step {
    /// Whether a part of this step was carried out, which is less than what it is for.
    pub fn is_partially_applied(&self, view: Option<&View>) -> bool {
        match (self, view) {
            (Self::Client(step), view) => step.is_partially_applied(client_view(view)),
            (Self::PutConsumer { from, to, .. }, Some(view)) => {
                let before = from.as_ref().map(NewConsumer::identity);
                let stored =
                    before != Some(to.identity()) && view.consumers.contains(&to.identity());
                // The one before was put back, and what it may do is not.
                let robbed = from.as_ref().is_some_and(|from| {
                    view.consumers.contains(&from.identity())
                        && view.flags.incoming != from.incoming
                });
                !self.is_satisfied(Some(view)) && (stored || robbed)
            }
            // Old plugins take a level in several calls.
            (Self::SetFlags { from, to, .. }, Some(view)) => {
                view.flags != *from && view.flags != *to && lies_between(view.flags, *from, *to)
            }
            _ => false,
        }
    }

    /// What is left of this step, where a part of it was carried out.
    #[must_use]
    pub fn remaining(&self, view: Option<&View>) -> Self {
        let mut step = self.clone();
        if let (Self::SetFlags { from, .. }, Some(now)) = (&mut step, view)
            && self.is_partially_applied(view)
        {
            *from = now.flags;
        }
        step
    }
}

/// Whether every switch is as it was before or as it will be after.
fn lies_between(now: Directions<Flags>, from: Directions<Flags>, to: Directions<Flags>) -> bool {
    let one = |now: Flags, from: Flags, to: Flags| {
        [
            (now.three_legged, from.three_legged, to.three_legged),
            (now.two_legged, from.two_legged, to.two_legged),
            (now.impersonation, from.impersonation, to.impersonation),
        ]
        .iter()
        .all(|(now, from, to)| now == from || now == to)
    };
    one(now.incoming, from.incoming, to.incoming) && one(now.outgoing, from.outgoing, to.outgoing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Level;
    use crate::plan::testing::scenes::{WIKI, on_jira};
    use crate::plan::testing::world::{alias, id};

    #[test]
    fn a_level_that_is_half_set() {
        let flags = |level: Level| level.flags().unwrap_or(Flags::NONE);
        let step = Step::SetFlags {
            on: alias("jira"),
            id: id(WIKI),
            from: Directions::both(Flags::NONE),
            to: Directions::both(flags(Level::OAuth)),
        };
        let found = |incoming: Level, outgoing: Level| {
            let mut view = on_jira(Flags::NONE);
            view.flags = Directions {
                incoming: flags(incoming),
                outgoing: flags(outgoing),
            };
            view
        };
        for (incoming, outgoing, partly) in [
            (Level::None, Level::None, false),
            (Level::OAuth, Level::OAuth, false),
            (Level::OAuth, Level::None, true),
            (Level::Impersonation, Level::None, false),
        ] {
            let view = found(incoming, outgoing);
            assert_eq!(
                step.is_partially_applied(Some(&view)),
                partly,
                "{incoming} {outgoing}"
            );
            let rest = step.remaining(Some(&view));
            assert_eq!(
                rest.check(Some(&view)).is_ok(),
                partly || view.flags == Directions::both(Flags::NONE)
            );
        }
        assert!(!step.is_partially_applied(None));
    }
}
