//! Probes how far connections to the applications get, and adds that to their errors.

use crate::context::{Context, Target};
use crate::diagnose::check::reachability;
use crate::diagnose::observation::AppObservation;
use crate::domain::{CheckStatus, Reachability};
use crate::remote::handshake::{Prober, Skipped};

/// Probes the way to an application, if there is a prober.
pub(crate) async fn reach(
    context: &Context,
    prober: Option<&Prober<'_>>,
    target: &Target,
) -> Option<Result<Reachability, Skipped>> {
    let files = context.tls_files(&target.entry);
    Some(prober?.probe(&target.entry.url, &files).await)
}

/// Adds to the error of an unreachable application what its TLS handshake showed: subject, issuer
/// and end of its certificate. The request itself only knows that it failed.
pub(crate) fn explain(seen: &mut AppObservation) {
    let shown: Vec<String> = reachability(seen)
        .into_iter()
        .filter(|check| check.status == CheckStatus::Fail)
        .filter(|check| check.name == "certificate" || check.name.starts_with("tls-"))
        .map(|check| check.summary)
        .collect();
    if let Err(error) = &mut seen.manifest {
        error.hints.splice(0..0, shown);
    }
}
