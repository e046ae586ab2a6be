//! What a step expects of a record beforehand, and what it leaves.

use super::client_step::client_view;
use super::describe::describe_levels;
use super::difference::Difference;
use super::step::{RelocationMethod, Step};
use super::unique_name::matches_requested_name;
use super::{NewConsumer, View};
use crate::domain::{ConsumerIdentity, Flags, same_url};

impl Step {
    /// Whether the record is already as this step would leave it.
    pub fn is_satisfied(&self, view: Option<&View>) -> bool {
        match (self, view) {
            (Self::Client(step), view) => step.is_satisfied(client_view(view)),
            (Self::Delete { .. }, view) => view.is_none(),
            (Self::DropConsumer { .. }, view) => view
                .is_none_or(|view| view.consumers.is_empty() && view.flags.incoming == Flags::NONE),
            (_, None) | (Self::Prove { .. }, _) => false,
            (Self::Create { link, .. }, Some(view)) => {
                matches_requested_name(&view.record.name, &link.name)
                    && view
                        .record
                        .rpc_url
                        .as_deref()
                        .is_none_or(|url| same_url(url, &link.rpc_url))
            }
            (Self::SetFlags { to, .. }, Some(view)) => view.flags == *to,
            (Self::PutConsumer { to, .. }, Some(view)) => {
                view.consumers.contains(&to.identity()) && view.flags.incoming == to.incoming
            }
            (Self::Edit { to, .. }, Some(view)) => {
                view.record.name == to.name && same_url(&view.record.display_url, &to.display_url)
            }
            (Self::MakePrimary { .. }, Some(view)) => view.record.primary,
            (Self::RemoveLegacy { .. }, Some(view)) => view.legacy == Some(false),
            (
                Self::Move {
                    to, method: way, ..
                },
                Some(view),
            ) => {
                view.record
                    .rpc_url
                    .as_deref()
                    .is_some_and(|url| same_url(url, &to.rpc_url))
                    && (*way != RelocationMethod::Rewritten
                        || same_url(&view.record.display_url, &to.display_url))
            }
        }
    }

    /// Whether the record is as this step expects it before it is carried out.
    pub fn check(&self, view: Option<&View>) -> Result<(), Difference> {
        let view = match (self, view) {
            (Self::Client(step), view) => return step.check(client_view(view)),
            (Self::Create { .. }, None)
            | (Self::Delete { .. } | Self::DropConsumer { .. } | Self::Prove { .. }, _)
            | (Self::MakePrimary { .. }, Some(_)) => return Ok(()),
            (_, None) => return differs("link", "a link".to_owned(), "none".to_owned()),
            (_, Some(view)) => view,
        };
        let record = &view.record;
        match self {
            Self::Create { link, .. } => differs(
                "link",
                "no link".to_owned(),
                format!(
                    "{:?} to {}, where {:?} to {} was to be made",
                    record.name,
                    record.rpc_url.as_deref().unwrap_or("a hidden address"),
                    link.name,
                    link.rpc_url
                ),
            ),
            Self::SetFlags { from, .. } | Self::RemoveLegacy { needs: from, .. } => {
                if view.flags == *from {
                    Ok(())
                } else {
                    differs("level", describe_levels(*from), describe_levels(view.flags))
                }
            }
            Self::PutConsumer {
                from, to, drops, ..
            } => check_consumer(from.as_ref(), to, *drops, &view.consumers),
            Self::Edit { from, .. } => {
                if record.name == from.name {
                    check_url("display URL", &from.display_url, &record.display_url)
                } else {
                    differs("name", from.name.clone(), record.name.clone())
                }
            }
            Self::Move { from, .. } => {
                let found = record.rpc_url.as_deref().unwrap_or_default();
                check_url("application URL", &from.rpc_url, found)?;
                // Every way of moving a record sets the display URL with it.
                check_url("display URL", &from.display_url, &record.display_url)
            }
            Self::Delete { .. }
            | Self::DropConsumer { .. }
            | Self::Prove { .. }
            | Self::MakePrimary { .. }
            | Self::Client(_) => Ok(()),
        }
    }
}

fn differs(field: &'static str, expected: String, found: String) -> Result<(), Difference> {
    Err(Difference {
        field,
        expected,
        found,
    })
}

fn check_url(field: &'static str, expected: &str, found: &str) -> Result<(), Difference> {
    if same_url(found, expected) {
        Ok(())
    } else {
        differs(field, expected.to_owned(), found.to_owned())
    }
}

fn check_consumer(
    from: Option<&NewConsumer>,
    to: &NewConsumer,
    drops: bool,
    found: &[ConsumerIdentity],
) -> Result<(), Difference> {
    let before: Vec<ConsumerIdentity> = from.into_iter().map(NewConsumer::identity).collect();
    // One with another key is removed before the old one is put back.
    let drops_first = drops || from.is_some_and(|from| from.key != to.key);
    // Stored, but not yet allowed what it shall be: the same step again does it.
    if found == before || found == [to.identity()] || (drops_first && found.is_empty()) {
        return Ok(());
    }
    let words = |all: &[ConsumerIdentity]| match all {
        [] => "none".to_owned(),
        all => {
            let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
            keys.join(", ")
        }
    };
    differs("consumer", words(&before), words(found))
}
