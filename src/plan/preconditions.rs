//! What a step expects of a record before it is taken, and what it leaves.

use super::client_step::client_view;
use super::describe::plain_words;
use super::difference::Difference;
use super::step::{Step, Way};
use super::unique_name::is_numbered;
use super::{NewConsumer, View};
use crate::domain::{ConsumerMark, Flags, same_url};

impl Step {
    /// Whether the record is already as this step would leave it.
    pub fn is_reached(&self, view: Option<&View>) -> bool {
        match (self, view) {
            (Self::Client(step), view) => step.is_reached(client_view(view)),
            (Self::Delete { .. }, view) => view.is_none(),
            (Self::DropConsumer { .. }, view) => view
                .is_none_or(|view| view.consumers.is_empty() && view.flags.incoming == Flags::NONE),
            (_, None) | (Self::Prove { .. }, _) => false,
            (Self::Create { link, .. }, Some(view)) => {
                is_numbered(&view.record.name, &link.name)
                    && view
                        .record
                        .rpc_url
                        .as_deref()
                        .is_none_or(|url| same_url(url, &link.rpc_url))
            }
            (Self::SetFlags { to, .. }, Some(view)) => view.flags == *to,
            (Self::PutConsumer { to, .. }, Some(view)) => {
                view.consumers.contains(&to.mark()) && view.flags.incoming == to.incoming
            }
            (Self::Edit { to, .. }, Some(view)) => {
                view.record.name == to.name && same_url(&view.record.display_url, &to.display_url)
            }
            (Self::MakePrimary { .. }, Some(view)) => view.record.primary,
            (Self::RemoveLegacy { .. }, Some(view)) => view.legacy == Some(false),
            (Self::Move { to, way, .. }, Some(view)) => {
                view.record
                    .rpc_url
                    .as_deref()
                    .is_some_and(|url| same_url(url, &to.rpc_url))
                    && (*way != Way::Rewritten
                        || same_url(&view.record.display_url, &to.display_url))
            }
        }
    }

    /// Whether the record is as this step expects it before it is taken.
    pub fn check(&self, view: Option<&View>) -> Result<(), Difference> {
        let differs = |field, expected: String, found: String| {
            Err(Difference {
                field,
                expected,
                found,
            })
        };
        match (self, view) {
            (Self::Client(step), view) => step.check(client_view(view)),
            (Self::Create { .. }, None)
            | (Self::Delete { .. } | Self::DropConsumer { .. } | Self::Prove { .. }, _)
            | (Self::MakePrimary { .. }, Some(_)) => Ok(()),
            (Self::Create { link, .. }, Some(view)) => differs(
                "link",
                "no link".to_owned(),
                format!(
                    "{:?} to {}, where {:?} to {} was to be made",
                    view.record.name,
                    view.record.rpc_url.as_deref().unwrap_or("a hidden address"),
                    link.name,
                    link.rpc_url
                ),
            ),
            (_, None) => differs("link", "a link".to_owned(), "none".to_owned()),
            (Self::SetFlags { from, .. } | Self::RemoveLegacy { needs: from, .. }, Some(view)) => {
                if view.flags == *from {
                    Ok(())
                } else {
                    differs("level", plain_words(*from), plain_words(view.flags))
                }
            }
            (
                Self::PutConsumer {
                    from, to, drops, ..
                },
                Some(view),
            ) => {
                let before: Vec<ConsumerMark> = from.iter().map(NewConsumer::mark).collect();
                // One with another key is taken away before the old one is put back.
                let drops_first = *drops || from.as_ref().is_some_and(|from| from.key != to.key);
                // Stored, and not yet allowed what it shall be: the same again does it.
                if view.consumers == before
                    || view.consumers == [to.mark()]
                    || (drops_first && view.consumers.is_empty())
                {
                    return Ok(());
                }
                let words = |all: &[ConsumerMark]| match all {
                    [] => "none".to_owned(),
                    all => all
                        .iter()
                        .map(|one| one.key.as_str())
                        .collect::<Vec<_>>()
                        .join(", "),
                };
                differs("consumer", words(&before), words(&view.consumers))
            }
            (Self::Edit { from, .. }, Some(view)) => {
                if view.record.name != from.name {
                    differs("name", from.name.clone(), view.record.name.clone())
                } else if same_url(&view.record.display_url, &from.display_url) {
                    Ok(())
                } else {
                    differs(
                        "display URL",
                        from.display_url.clone(),
                        view.record.display_url.clone(),
                    )
                }
            }
            (Self::Move { from, .. }, Some(view)) => {
                let found = view.record.rpc_url.clone().unwrap_or_default();
                if !same_url(&found, &from.rpc_url) {
                    differs("application URL", from.rpc_url.clone(), found)
                } else if same_url(&view.record.display_url, &from.display_url) {
                    Ok(())
                } else {
                    // Every way of moving a record sets the display URL with it.
                    differs(
                        "display URL",
                        from.display_url.clone(),
                        view.record.display_url.clone(),
                    )
                }
            }
        }
    }
}
