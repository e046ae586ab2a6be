//! Checks that the other end has a record too.

use super::result::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{AppObservation, EndObservation, LinkObservation};
use crate::domain::{Check, CheckStatus, Code};

/// Whether both ends hold a record of each other.
pub(super) fn reciprocal(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
    let Some(remote) = &link.remote else {
        let native = link
            .local
            .record
            .as_ref()
            .is_some_and(|record| record.type_id.is_atlassian() && !record.system);
        if native {
            checks.push(plain(
                "reciprocal",
                None,
                CheckStatus::Skip,
                "the other application is not known here: add it with applink app add",
            ));
        }
        return;
    };
    for (end, other) in [(&link.local, remote), (remote, &link.local)] {
        checks.push(record_at(end, other, link, apps));
    }
}

fn record_at(
    end: &EndObservation,
    other: &EndObservation,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Check {
    let (on, peer) = (&end.app, &other.app);
    let seen = app(apps, on);
    let listed = seen.is_some_and(|seen| seen.records.is_ok());
    let cloned = seen
        .zip(app(apps, peer))
        .is_some_and(|(seen, other)| seen.has_record_of(other));
    let unnamed = |status, summary: String| plain("reciprocal", Some(on), status, summary);
    if !listed {
        let summary = format!("the links of {on} could not be read");
        unnamed(CheckStatus::Skip, summary)
    } else if end.record.is_some() {
        unnamed(CheckStatus::Pass, format!("{on} has a link to {peer}"))
    } else if cloned {
        let summary = format!(
            "the link of {on} with the id of {peer} leads to another address that has this id"
        );
        unnamed(CheckStatus::Skip, summary)
    } else {
        let case = if link.one_way_wanted {
            Case::OneWayWanted
        } else {
            Case::Usual
        };
        let summary = format!("{on} has no link to {peer}");
        found("reciprocal", Some(on), Code::OneWay, case, summary)
    }
}
