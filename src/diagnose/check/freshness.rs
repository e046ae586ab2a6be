//! Checks whether a product's own view of the link is out of date.

use super::result::found;
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{AppObservation, LinkObservation, StatusObservation};
use crate::domain::{Check, Code, ProductStatus};

/// Whether a status changed when the product was made to look again.
pub(super) fn capabilities(
    link: &LinkObservation,
    _apps: &[AppObservation],
    checks: &mut Vec<Check>,
) {
    for end in link.ends() {
        let (Some(before), StatusObservation::Said(now)) = (&end.stale, &end.status) else {
            continue;
        };
        checks.push(found(
            "capabilities",
            Some(&end.app),
            Code::CapabilitiesStale,
            Case::Usual,
            format!(
                "{} said {} from memory, and {} when made to look again",
                end.app,
                word(before),
                word(now)
            ),
        ));
    }
}

fn word(status: &ProductStatus) -> String {
    if status.working {
        "that it works".to_owned()
    } else {
        status
            .named
            .clone()
            .unwrap_or_else(|| "that it does not work".to_owned())
    }
}
