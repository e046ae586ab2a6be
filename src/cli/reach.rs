//! What the handshakes showed, in the words of the diagnosis.

use crate::context::{Context, Target};
use crate::diagnose::seen::{CertificateSeen, ConnectFault, ReachSeen, TlsFault, TlsSeen, WaySeen};
use crate::remote::handshake::{CertificateLook, Handshake, Looker, TlsLook, TlsProblem};
use crate::remote::transport::NetworkProblem;

/// Looks at the way to an application, where somebody is there to look.
pub(super) async fn reach(
    context: &Context,
    looker: Option<&Looker<'_>>,
    target: &Target,
) -> Option<ReachSeen> {
    let files = context.tls_files(&target.entry);
    let has_client = [&files, &context.transport.options().tls]
        .iter()
        .any(|files| files.client_certificate.is_some());
    Some(match looker?.look(&target.entry.url, &files).await {
        Ok(handshake) => ReachSeen::Looked(Box::new(way(handshake, has_client))),
        Err(why) => ReachSeen::Skipped(why),
    })
}

fn way(seen: Handshake, has_client: bool) -> WaySeen {
    WaySeen {
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

fn tls(look: TlsLook, has_client: bool) -> TlsSeen {
    TlsSeen {
        protocol: look.protocol,
        chain: look.chain.into_iter().map(certificate).collect(),
        first_to_end: look.first_to_end.map(certificate),
        faults: look.problems.into_iter().map(fault).collect(),
        asks_client: look.asks_client,
        has_client,
    }
}

fn certificate(look: CertificateLook) -> CertificateSeen {
    CertificateSeen {
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
