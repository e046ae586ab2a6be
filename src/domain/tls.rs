//! What a TLS handshake showed, without judgement of what follows from it.

use jiff::Timestamp;

/// A TLS handshake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsFacts {
    /// `TLS 1.3`; none when the handshake did not end well.
    pub protocol: Option<String>,
    /// The certificates that were presented, the server's own first.
    pub chain: Vec<CertificateFacts>,
    /// The one of them whose validity ends first, and that of the chain with it.
    pub first_to_end: Option<CertificateFacts>,
    /// Everything that is wrong.
    pub faults: Vec<TlsFault>,
    /// Whether the server asked for a client certificate, needed or not. None was sent.
    pub asks_client: bool,
    /// Whether applink has a client certificate for this application.
    pub has_client: bool,
}

/// A presented certificate. Its texts are safe to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Its subject.
    pub subject: String,
    /// Its issuer, as it says itself.
    pub issuer: String,
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
}

/// What is wrong with a TLS handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsFault {
    /// The chain ends at an authority that is not trusted here; its name.
    Untrusted(String),
    /// The server does not send the certificate with this name, which links its own to an authority.
    MissingIntermediate(String),
    /// The server's certificate is signed by itself.
    SelfSigned,
    /// The certificate is refused for another reason.
    Refused(String),
    /// The certificate is for other names.
    WrongName,
    /// The certificate, or one that it depends on, has expired.
    Expired,
    /// The certificate, or one that it depends on, is not valid yet.
    NotYetValid,
    /// No protocol version or cipher in common.
    Protocol(String),
    /// The server does not speak TLS.
    NotTls,
    /// The server accepts nobody without a client certificate.
    ClientCertificateRequired,
    /// The handshake failed for another reason.
    Failed(String),
}
