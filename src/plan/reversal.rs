//! How each step is undone, and what that loses.

use super::client_step::client_view;
use super::payload::{Addresses, NewConsumer};
use super::step::{RelocationMethod, Step};
use super::undo::Undo;
use crate::domain::{Flags, View};

/// How grave a step is for a person who confirms it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversibility {
    /// Can be undone exactly.
    Reversible,
    /// Ends something that cannot be brought back.
    Irreversible,
}

/// What switching a direction off ends.
const TOKENS_LOST: &str = "tokens of users, who have to authorize again";

impl Step {
    /// Whether the step can be undone exactly.
    pub fn reversibility(&self) -> Reversibility {
        match self.undo(None) {
            Undo::Exact(_) => Reversibility::Reversible,
            Undo::Lossy(..) | Undo::Never(_) => Reversibility::Irreversible,
        }
    }

    /// How it is undone. `left` is how this run left the record, where that is known.
    pub fn undo(&self, left: Option<&View>) -> Undo<Self> {
        match self.clone() {
            Self::Create { on, id, link } => Undo::Exact(Self::Delete {
                on,
                id,
                name: left.map_or(link.name, |view| view.record.name.clone()),
            }),
            Self::SetFlags { on, id, from, to } => {
                let ends = ends(from.incoming, to.incoming) || ends(from.outgoing, to.outgoing);
                let back = Self::SetFlags {
                    on,
                    id,
                    from: left.map_or(to, |view| view.flags),
                    to: from,
                };
                if ends {
                    Undo::Lossy(back, TOKENS_LOST.to_owned())
                } else {
                    Undo::Exact(back)
                }
            }
            Self::DropConsumer { key, .. }
            | Self::PutConsumer {
                from: None,
                to: NewConsumer { key, .. },
                drops: true,
                ..
            } => Undo::Never(format!(
                "the consumer {key:?} with the tokens that users gave it"
            )),
            Self::PutConsumer {
                on, id, from, to, ..
            } => Undo::Exact(match from {
                // It has no tokens yet but those of this run.
                None => Self::DropConsumer {
                    on,
                    id,
                    key: to.key,
                },
                Some(from) => Self::PutConsumer {
                    on,
                    id,
                    // A consumer key that came with it would stay accepted.
                    drops: from.key != to.key,
                    from: Some(to),
                    to: from,
                },
            }),
            asks @ Self::Prove { .. } => Undo::Exact(asks),
            Self::Edit { on, id, from, to } => Undo::Exact(Self::Edit {
                on,
                id,
                from: to,
                to: from,
            }),
            Self::MakePrimary { on, id, was } => match was {
                Some(was) => Undo::Exact(Self::MakePrimary {
                    on,
                    id: was,
                    was: Some(id),
                }),
                None => Undo::Never("which link was the primary one before".to_owned()),
            },
            Self::Move {
                on, id, from, to, ..
            } => Undo::Exact(Self::Move {
                on,
                id,
                from: left.map_or(to, |view| Addresses {
                    rpc_url: view.record.rpc_url.clone().unwrap_or_default(),
                    display_url: view.record.display_url.clone(),
                }),
                to: from,
                method: RelocationMethod::Rewritten,
            }),
            Self::RemoveLegacy { .. } => Undo::Never(
                "Trusted Applications and Basic, which no interface sets up again".to_owned(),
            ),
            Self::Delete { .. } => Undo::Never(
                "the link with its project links and tokens; users have to authorize again"
                    .to_owned(),
            ),
            Self::Client(step) => step.undo(client_view(left)).map(Self::Client),
        }
    }
}

/// Whether a change of switches takes something away altogether.
fn ends(from: Flags, to: Flags) -> bool {
    from != Flags::NONE && to == Flags::NONE
}
