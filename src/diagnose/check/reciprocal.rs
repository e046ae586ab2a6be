//! Does the other end have a record too?

use super::result::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::seen::{AppSeen, LinkSeen};
use crate::domain::{Check, CheckStatus, Code};

/// Whether both ends hold a record of each other.
pub(super) fn reciprocal(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
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
        let seen = app(apps, &end.app);
        let listed = seen.is_some_and(|seen| seen.records.is_ok());
        let copied = seen
            .zip(app(apps, &other.app))
            .is_some_and(|(seen, other)| seen.keeps(other));
        if !listed {
            checks.push(plain(
                "reciprocal",
                Some(&end.app),
                CheckStatus::Skip,
                format!("the links of {} could not be read", end.app),
            ));
        } else if end.record.is_some() {
            checks.push(plain(
                "reciprocal",
                Some(&end.app),
                CheckStatus::Pass,
                format!("{} has a link to {}", end.app, other.app),
            ));
        } else if copied {
            checks.push(plain(
                "reciprocal",
                Some(&end.app),
                CheckStatus::Skip,
                format!(
                    "the link of {} with the id of {} leads to another address that has this id",
                    end.app, other.app
                ),
            ));
        } else {
            let case = if link.one_way_wanted {
                Case::OneWayWanted
            } else {
                Case::Usual
            };
            checks.push(found(
                "reciprocal",
                Some(&end.app),
                Code::OneWay,
                case,
                format!("{} has no link to {}", end.app, other.app),
            ));
        }
    }
}
