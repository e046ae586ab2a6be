//! The cause behind codes that say one thing and mean another.

use super::observation::{AppObservation, EndObservation, LinkObservation};
use crate::domain::{Code, Level, ProductStatus};

/// What is behind a product's code, where both ends side by side tell more than it does.
pub(super) fn hidden_cause(
    end: &EndObservation,
    said: &ProductStatus,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Option<String> {
    let other = &link.other(&end.app)?.app;
    let reachable = apps
        .iter()
        .find(|app| app.alias == *other)
        .is_some_and(|app| app.manifest.is_ok());
    let from_here = if reachable {
        "it answers from here"
    } else {
        "it does not answer from here either"
    };
    match said.code? {
        // Without anything outgoing a peer that is down looks like one that is too old.
        Code::NoOutgoingAuth => {
            let nothing_out = end
                .levels
                .is_some_and(|levels| levels.outgoing == Level::None);
            nothing_out.then(|| {
                format!("{} cannot reach {other}, and nothing goes out with which it could ask otherwise; {from_here}", end.app)
            })
        }
        Code::Unknown => {
            let details = said
                .details
                .as_deref()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let waited = ["timed out", "timeout"]
                .iter()
                .any(|word| details.contains(word));
            let lost = details.contains("no route to host") || details.contains("unreachable");
            if waited {
                Some(format!(
                    "{} gets no answer from {other} in time; {from_here}",
                    end.app
                ))
            } else if lost {
                Some(format!(
                    "{} has no way to {other} through the network; {from_here}",
                    end.app
                ))
            } else {
                None
            }
        }
        _ => None,
    }
}
