//! Checks for consumers that an application accepts though no link names them.

use super::result::{found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{AppObservation, LinkObservation};
use crate::domain::{Check, CheckStatus, Code};

/// Consumers that are accepted though no link names them.
pub(super) fn leftovers(link: &LinkObservation, _: &[AppObservation], checks: &mut Vec<Check>) {
    let on = &link.local.app;
    for one in &link.stale_consumers {
        let why = if one.link_gone {
            "though its link is deleted"
        } else {
            "though its link names another one now"
        };
        checks.push(found(
            "former-consumer",
            Some(on),
            Code::ConsumerStillAccepted,
            Case::Usual,
            format!(
                "{on} still accepts the consumer {:?} of {:?}, {why}",
                one.key, one.program
            ),
        ));
    }
}

/// A consumer that calls as itself is anonymous, unless the link names a user for it.
pub(super) fn two_legged(link: &LinkObservation, _: &[AppObservation], checks: &mut Vec<Check>) {
    let end = &link.local;
    let generic = end
        .record
        .as_ref()
        .is_some_and(|record| record.type_id.is_generic());
    let Some(Ok(kept)) = (generic).then_some(end.stored_consumers.as_ref()).flatten() else {
        return;
    };
    for consumer in kept.iter().filter(|one| one.two_legged) {
        let summary = match &consumer.execute_as {
            Some(user) => format!(
                "two-legged calls of {:?} are seen as {user} on {}",
                consumer.key, end.app
            ),
            None => format!(
                "two-legged calls of {:?} are seen as an anonymous user on {}: no user to execute as is set",
                consumer.key, end.app
            ),
        };
        checks.push(plain(
            "two-legged",
            Some(&end.app),
            CheckStatus::Note,
            summary,
        ));
    }
}
