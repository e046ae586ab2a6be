//! What the handshakes showed, in the words of the diagnosis.

use crate::context::{Context, Target};
use crate::diagnose::check::reachability;
use crate::diagnose::observation::{
    AppObservation, CertificateInfo, ConnectFault, ReachObservation, RouteObservation, TlsFault,
    TlsObservation,
};
use crate::domain::CheckStatus;
use crate::remote::handshake::{CertificateLook, Handshake, Looker, TlsLook, TlsProblem};
use crate::remote::transport::NetworkProblem;

/// Looks at the way to an application, where somebody is there to look.
pub(crate) async fn reach(
    context: &Context,
    looker: Option<&Looker<'_>>,
    target: &Target,
) -> Option<ReachObservation> {
    let files = context.tls_files(&target.entry);
    let has_client = [&files, &context.transport.options().tls]
        .iter()
        .any(|files| files.client_certificate.is_some());
    Some(match looker?.look(&target.entry.url, &files).await {
        Ok(handshake) => ReachObservation::Observed(Box::new(way(handshake, has_client))),
        Err(why) => ReachObservation::Skipped(why),
    })
}

/// Adds to the error of an application that cannot be asked what its TLS handshake showed: whose
/// certificate, of which authority, until when. The request itself only knows that it failed.
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

fn way(seen: Handshake, has_client: bool) -> RouteObservation {
    RouteObservation {
        place: seen.place,
        at: seen.at,
        addresses: seen.dns,
        connection: seen.tcp.map(|tried| {
            tried.map_err(|problem| ConnectFault {
                refused: problem == NetworkProblem::Refused,
                why: problem.to_string(),
            })
        }),
        tls: seen.tls.map(|look| tls(look, has_client)),
    }
}

fn tls(look: TlsLook, has_client: bool) -> TlsObservation {
    TlsObservation {
        protocol: look.protocol,
        chain: look.chain.into_iter().map(certificate).collect(),
        first_to_end: look.first_to_end.map(certificate),
        faults: look.problems.into_iter().map(fault).collect(),
        asks_client: look.asks_client,
        has_client,
    }
}

fn certificate(look: CertificateLook) -> CertificateInfo {
    CertificateInfo {
        subject: look.subject,
        issuer: look.issuer,
        names: look.names,
        not_before: look.not_before,
        not_after: look.not_after,
    }
}

fn fault(problem: TlsProblem) -> TlsFault {
    match problem {
        TlsProblem::Untrusted { authority } => TlsFault::Untrusted(authority),
        TlsProblem::MissingIntermediate { issuer } => TlsFault::MissingIntermediate(issuer),
        TlsProblem::SelfSigned => TlsFault::SelfSigned,
        TlsProblem::Refused(why) => TlsFault::Refused(why),
        TlsProblem::WrongName => TlsFault::WrongName,
        TlsProblem::Expired => TlsFault::Expired,
        TlsProblem::NotYetValid => TlsFault::NotYetValid,
        TlsProblem::Protocol(why) => TlsFault::Protocol(why),
        TlsProblem::NotTls => TlsFault::NotTls,
        TlsProblem::ClientCertificateWanted => TlsFault::ClientWanted,
        TlsProblem::Other(why) => TlsFault::Failed(why),
    }
}
