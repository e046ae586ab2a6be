//! The link error that a failed call is reported as.

use super::failure::{NetFailure, NetKind};
use super::message::PeerAnswer;
use crate::store::LinkError;

/// The error that a call without an answer is reported as.
pub(crate) fn network_error(failure: &NetFailure) -> LinkError {
    let kind = match failure.kind {
        NetKind::Refused => "CONNECTION_REFUSED",
        NetKind::UnknownHost => "UNKNOWN_HOST",
        NetKind::Handshake => "SSL_UNTRUSTED",
        NetKind::PeerUnverified => "SSL_HOSTNAME_UNMATCHED",
        NetKind::Ssl if failure.message.contains("certificate") => "SSL_UNMATCHED",
        NetKind::Ssl | NetKind::Other => "UNKNOWN",
    };
    LinkError::detailed(kind, failure.to_string())
}

/// The error that an unexpected HTTP status is reported as.
pub(crate) fn unexpected_status(answer: &PeerAnswer) -> LinkError {
    LinkError::detailed(
        "UNEXPECTED_RESPONSE_STATUS",
        format!("{}: {}", answer.status, answer.reason()),
    )
}

/// The error that an `oauth_problem` is reported as.
pub(crate) fn oauth_error(code: &str) -> LinkError {
    match code {
        "timestamp_refused" => LinkError::detailed("OAUTH_TIMESTAMP_REFUSED", code),
        "signature_invalid" => LinkError::detailed("OAUTH_SIGNATURE_INVALID", code),
        other => LinkError::detailed("OAUTH_PROBLEM", other),
    }
}
