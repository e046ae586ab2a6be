//! All checks of one link, in their order.

use super::result::plain;
use super::{
    address, clock, consumer, freshness, identity, levels, reach, reciprocal, redirect,
    stale_consumers,
};
use crate::diagnose::observation::{AppObservation, LinkObservation};
use crate::domain::{Check, CheckStatus, Code};

/// Makes every check on one link.
pub fn all(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Check> {
    let mut checks = Vec::new();
    for look in [
        identity::manifest,
        reciprocal::reciprocal,
        levels::levels,
        identity::sameness,
        identity::clones,
        address::base_urls,
        address::display_urls,
        address::reach,
        redirect::moved,
        consumer::consumers,
        consumer::key_size,
        stale_consumers::leftovers,
        stale_consumers::two_legged,
        abandoned,
        clock::clocks,
        reach::routes,
        freshness::capabilities,
    ] {
        look(link, apps, &mut checks);
    }
    checks
}

/// What a run that was given up left undone.
fn abandoned(link: &LinkObservation, _: &[AppObservation], checks: &mut Vec<Check>) {
    for (on, detail) in &link.abandoned {
        let summary = format!("an abandoned run left this undone on {on}: {detail}");
        checks.push(plain("abandoned", Some(on), CheckStatus::Warn, summary));
    }
}

/// What applink itself meets on its way to an application.
const FROM_HERE: &[&str] = &[
    "manifest",
    "permission",
    "dns",
    "tcp",
    "tls-protocol",
    "tls-trust",
    "tls-name",
    "certificate",
];

/// Whether a check only says how applink gets on with an application from where it runs. Such a
/// one sets no status: an application that cannot be reached from here is an error of the run, and
/// whether the link works is for the servers to say. A certificate that runs out does so for all.
pub(in crate::diagnose) fn is_only_from_here(check: &Check) -> bool {
    FROM_HERE.contains(&check.name) && check.code != Some(Code::CertExpires)
}
