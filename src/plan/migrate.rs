//! The plan that moves a link from Trusted Applications or Basic to OAuth.

use super::Step;
use crate::domain::{Alias, ApplicationId, Directions, Flags};

/// One end of a link, with the legacy authentication that it still has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyEnd {
    /// The application that holds the record.
    pub alias: Alias,
    /// The record.
    pub id: ApplicationId,
    /// Its name.
    pub name: String,
    /// Its OAuth switches.
    pub flags: Directions<Flags>,
    /// Whether Trusted Applications is on.
    pub trusted: Directions<bool>,
    /// Whether Basic goes out.
    pub basic: bool,
    /// Whether the application can end them by itself.
    pub can_remove: bool,
    /// The page on which a person can.
    pub page: String,
}

impl LegacyEnd {
    /// Whether any legacy authentication is on.
    pub fn is_legacy(&self) -> bool {
        self.trusted.incoming || self.trusted.outgoing || self.basic
    }
}

/// What calls in one direction shall use: what they could do before, by OAuth. Trusted Applications
/// let an application act as any user, Basic as one.
fn required_flags(caller: &LegacyEnd, called: &LegacyEnd) -> Option<Flags> {
    if caller.trusted.outgoing || called.trusted.incoming {
        Some(Flags::IMPERSONATION)
    } else if caller.basic {
        Some(if caller.flags.outgoing.impersonation {
            Flags::IMPERSONATION
        } else {
            Flags::OAUTH
        })
    } else {
        None
    }
}

/// The steps for one link: OAuth on both ends first, then the end of what was before.
pub fn steps(a: &LegacyEnd, b: &LegacyEnd) -> Vec<Step> {
    let targets = [(a, b), (b, a)].map(|(holder, peer)| {
        let to = Directions {
            incoming: required_flags(peer, holder).unwrap_or(holder.flags.incoming),
            outgoing: required_flags(holder, peer).unwrap_or(holder.flags.outgoing),
        };
        (holder, to)
    });
    let switches = targets.iter().filter(|(holder, to)| holder.flags != *to);
    let switches = switches.map(|(holder, to)| Step::SetFlags {
        on: holder.alias.clone(),
        id: holder.id,
        from: holder.flags,
        to: *to,
    });
    let ends = targets
        .iter()
        .filter(|(holder, _)| holder.is_legacy() && holder.can_remove);
    let ends = ends.map(|(holder, to)| Step::RemoveLegacy {
        on: holder.alias.clone(),
        id: holder.id,
        name: holder.name.clone(),
        needs: *to,
        page: holder.page.clone(),
    });
    switches.chain(ends).collect()
}

/// Whether a plan lets an application act as any user of another.
pub fn impersonates<'a>(mut steps: impl Iterator<Item = &'a Step>) -> bool {
    steps.any(|step| {
        matches!(step, Step::SetFlags { to, .. } if to.incoming.impersonation || to.outgoing.impersonation)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::world::{alias, id};

    fn end(name: &str, n: u128) -> LegacyEnd {
        LegacyEnd {
            alias: alias(name),
            id: id(n),
            name: name.to_owned(),
            flags: Directions::both(Flags::NONE),
            trusted: Directions::both(false),
            basic: false,
            can_remove: true,
            page: "https://x.example/page".to_owned(),
        }
    }

    fn levels(steps: &[Step]) -> Vec<(String, Directions<Flags>)> {
        steps
            .iter()
            .filter_map(|step| match step {
                Step::SetFlags { on, to, .. } => Some((on.to_string(), *to)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn what_they_could_do_they_can_do_by_oauth() {
        let (mut jira, mut wiki) = (end("jira", 2), end("wiki", 1));
        jira.trusted.outgoing = true;
        wiki.basic = true;
        let steps = steps(&jira, &wiki);
        assert_eq!(
            levels(&steps),
            [
                (
                    "jira".to_owned(),
                    Directions {
                        incoming: Flags::OAUTH,
                        outgoing: Flags::IMPERSONATION
                    }
                ),
                (
                    "wiki".to_owned(),
                    Directions {
                        incoming: Flags::IMPERSONATION,
                        outgoing: Flags::OAUTH
                    }
                ),
            ]
        );
        let actions: Vec<&str> = steps.iter().map(Step::action).collect();
        assert_eq!(
            actions,
            ["set-level", "set-level", "remove-legacy", "remove-legacy"]
        );
        assert!(impersonates(steps.iter()));
    }

    #[test]
    fn what_has_nothing_old_is_left_as_it_is() {
        let (mut jira, wiki) = (end("jira", 2), end("wiki", 1));
        assert!(steps(&jira, &wiki).is_empty());
        jira.basic = true;
        jira.flags.outgoing = Flags::IMPERSONATION;
        jira.flags.incoming = Flags::THREE_LEGGED;
        jira.can_remove = false;
        let steps = steps(&jira, &wiki);
        // Its incoming direction, and the other's outgoing one, are not touched.
        assert_eq!(
            levels(&steps),
            [(
                "wiki".to_owned(),
                Directions {
                    incoming: Flags::IMPERSONATION,
                    outgoing: Flags::NONE
                }
            )]
        );
        assert_eq!(steps.len(), 1);
    }
}
