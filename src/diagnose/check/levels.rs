//! Checks that both ends allow each other the same.

use super::result::{found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{AppObservation, LinkObservation, StatusObservation};
use crate::domain::{Check, CheckStatus, Code, Level};

/// Compares what goes out at one end with what comes in at the other, both ways.
pub(super) fn levels(link: &LinkObservation, _apps: &[AppObservation], checks: &mut Vec<Check>) {
    let Some(remote) = &link.remote else { return };
    let (Some(here), Some(there)) = (link.local.levels, remote.levels) else {
        return;
    };
    let ways = [
        (&link.local, here.outgoing, remote, there.incoming),
        (remote, there.outgoing, &link.local, here.incoming),
    ];
    for (from, out, to, into) in ways {
        // A status tells of OAuth only: what else comes in is not in it.
        let untold = out == Level::Legacy
            && into == Level::None
            && matches!(to.status, StatusObservation::Said(_));
        let unreadable = untold || out == Level::Unknown || into == Level::Unknown;
        let (from, to) = (&from.app, &to.app);
        if unreadable {
            checks.push(plain(
                "levels",
                None,
                CheckStatus::Skip,
                format!("the levels from {from} to {to} could not be read"),
            ));
        } else if out == into {
            checks.push(plain(
                "levels",
                None,
                CheckStatus::Pass,
                format!("from {from} to {to}: {out} on both ends"),
            ));
        } else {
            checks.push(found(
                "levels",
                None,
                Code::AuthLevelMismatch,
                Case::Usual,
                format!("from {from} to {to}: outgoing {out} on {from}, incoming {into} on {to}"),
            ));
        }
    }
}
