//! Failed calls, classified by the exception of a Java client.

use std::fmt;
use std::io;

use rustls::{AlertDescription, CertificateError};

/// Kinds of failed calls, by the Java exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NetKind {
    Refused,
    UnknownHost,
    Handshake,
    PeerUnverified,
    Ssl,
    Other,
}

/// A call without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NetFailure {
    pub(crate) kind: NetKind,
    pub(crate) class: &'static str,
    pub(crate) message: String,
}

impl fmt::Display for NetFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.message)
    }
}

impl NetFailure {
    pub(super) fn new(kind: NetKind, class: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            class,
            message: message.into(),
        }
    }

    pub(super) fn timeout(what: &str) -> Self {
        Self::new(NetKind::Other, "java.net.SocketTimeoutException", what)
    }

    pub(super) fn silent(host: &str) -> Self {
        let text = format!("{host} failed to respond");
        Self::new(
            NetKind::Other,
            "org.apache.http.NoHttpResponseException",
            text,
        )
    }
}

/// The failure of a TCP connection.
pub(super) fn connect_failure(error: &io::Error) -> NetFailure {
    if error.kind() == io::ErrorKind::ConnectionRefused {
        let text = "Connection refused (Connection refused)";
        return NetFailure::new(NetKind::Refused, "java.net.ConnectException", text);
    }
    NetFailure::new(
        NetKind::Other,
        "java.net.SocketException",
        error.to_string(),
    )
}

/// The failure of a TLS handshake, in the words of a Java client.
pub(super) fn tls_failure(error: &io::Error, host: &str) -> NetFailure {
    let handshake = |text: &str| {
        NetFailure::new(
            NetKind::Handshake,
            "javax.net.ssl.SSLHandshakeException",
            text,
        )
    };
    let ssl = |text: String| NetFailure::new(NetKind::Ssl, "javax.net.ssl.SSLException", text);
    let cause = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => NetFailure::new(
            NetKind::PeerUnverified,
            "javax.net.ssl.SSLPeerUnverifiedException",
            format!("Certificate for <{host}> doesn't match any of the subject alternative names"),
        ),
        Some(rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        )) => handshake(
            "PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed",
        ),
        Some(rustls::Error::InvalidCertificate(_)) => handshake(
            "sun.security.validator.ValidatorException: PKIX path building failed: \
             sun.security.provider.certpath.SunCertPathBuilderException: \
             unable to find valid certification path to requested target",
        ),
        Some(rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown,
        )) => ssl("Received fatal alert: certificate_required".to_owned()),
        Some(rustls::Error::AlertReceived(alert)) => {
            handshake(&format!("Received fatal alert: {alert:?}"))
        }
        Some(rustls::Error::InvalidMessage(_)) => {
            ssl("Unsupported or unrecognized SSL message".to_owned())
        }
        Some(other) => ssl(other.to_string()),
        None => handshake("Remote host terminated the handshake"),
    }
}
