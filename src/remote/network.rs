//! Failures below HTTP, found in the causes that the HTTP library gives.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use super::proxies::Proxy;
use crate::domain::text;
use crate::error::{Error, Kind};

/// The largest answer that is read, in bytes after decompression.
pub const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

const OLD_TLS: &str = "it takes neither TLS 1.2 nor TLS 1.3, the versions that applink offers";

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkProblem {
    /// The name does not resolve from here.
    #[error("the name {0} does not resolve")]
    UnknownHost(String),
    /// No program listens there.
    #[error("connection refused")]
    Refused,
    /// No connection in time.
    #[error("no connection within {0:?}")]
    ConnectTimeout(Duration),
    /// No complete answer in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The TLS handshake failed.
    #[error("TLS: {0}")]
    Tls(String),
    /// There is no version or cipher of TLS that both take.
    #[error("TLS: {0}")]
    TlsVersion(String),
    /// The client certificate is missing or refused.
    #[error("TLS: {0}")]
    TlsClient(String),
    /// The connection ended before the answer was complete.
    #[error("the connection was cut before the answer was complete")]
    Cut,
    /// More than [`LARGEST_ANSWER`].
    #[error("the answer is larger than {} MiB", LARGEST_ANSWER / 1024 / 1024)]
    TooLarge,
    /// The proxy wants a log-in, or another one.
    #[error("the proxy {proxy} {}", if *with_login { "refuses its user and password" } else { "demands a log-in" })]
    ProxyLogin {
        /// Which proxy.
        proxy: String,
        /// Whether it was given one.
        with_login: bool,
    },
    /// The proxy wants another kind of login than applink can give.
    #[error("the proxy {0}, and applink speaks Basic")]
    ProxyScheme(String),
    /// The proxy does not make the connection.
    #[error("the proxy {0}")]
    Proxy(String),
    /// The request could not even be prepared.
    #[error("{}", .0.message)]
    Unready(Box<Unready>),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// What is missing for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unready {
    /// Its kind.
    pub kind: Kind,
    /// What it is.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
}

impl From<Error> for Unready {
    fn from(error: Error) -> Self {
        Self {
            kind: error.kind,
            message: error.message,
            hints: error.hints,
        }
    }
}

/// A failure below HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkError {
    /// What happened.
    pub problem: NetworkProblem,
    /// Whether it is certain that the application never got the request.
    pub never_sent: bool,
}

/// What was behind a failure of the client.
pub(super) fn explain(
    error: &reqwest::Error,
    url: &str,
    connect_timeout: Duration,
) -> NetworkError {
    let problem = if let Some(tls) = find::<rustls::Error>(error) {
        tls_problem(tls)
    } else if causes(error).contains("dns error") {
        NetworkProblem::UnknownHost(name_of(url))
    } else if let Some(io) = find::<io::Error>(error) {
        io_problem(io, connect_timeout)
    } else if error.is_connect() && error.is_timeout() {
        NetworkProblem::ConnectTimeout(connect_timeout)
    } else if error.is_body() || error.is_decode() || causes(error).contains("incomplete") {
        NetworkProblem::Cut
    } else {
        let text = causes(error);
        // A connection that ends while it is set up is cancelled.
        let is_cut = ["connection closed", "reset", "canceled", "not ready"];
        if is_cut.iter().any(|sign| text.contains(sign)) {
            NetworkProblem::Cut
        } else {
            NetworkProblem::Other(text)
        }
    };
    NetworkError {
        // With TLS 1.3 a client certificate is refused when the request is on its way already.
        never_sent: error.is_connect()
            || error.is_builder()
            || matches!(problem, NetworkProblem::TlsClient(_)),
        problem,
    }
}

/// The same failure, said of the proxy where it happened on the way to it or by it.
pub(super) fn at_proxy(error: NetworkError, proxy: &Proxy) -> NetworkError {
    let at_proxy = |why: String| {
        NetworkProblem::Proxy(format!("{} gives no connection: {why}", proxy.address))
    };
    let login = NetworkProblem::ProxyLogin {
        proxy: proxy.address.clone(),
        with_login: proxy.with_login,
    };
    let problem = match error.problem {
        NetworkProblem::Other(text) if text.contains("proxy authorization required") => login,
        // SOCKS 5 says so in its own words.
        NetworkProblem::Other(text)
            if proxy.address.starts_with("socks")
                && (text.contains("credentials") || text.contains("auth")) =>
        {
            login
        }
        NetworkProblem::Other(text) if text.contains("tunnel error: unsuccessful") => {
            at_proxy("it refuses it, or does not reach the application itself".to_owned())
        }
        NetworkProblem::Other(text) if text.contains("tunnel") || text.contains("ocks") => {
            at_proxy(text)
        }
        problem @ (NetworkProblem::Refused
        | NetworkProblem::ConnectTimeout(_)
        | NetworkProblem::UnknownHost(_)
        | NetworkProblem::Cut)
            if error.never_sent =>
        {
            at_proxy(match problem {
                // The name that was looked up is the proxy's.
                NetworkProblem::UnknownHost(_) => "its name does not resolve".to_owned(),
                problem => problem.to_string(),
            })
        }
        problem => problem,
    };
    NetworkError { problem, ..error }
}

/// The login schemes that a proxy names; empty where Basic is one of them.
pub(super) fn schemes_without_basic<'a>(challenges: impl Iterator<Item = &'a str>) -> String {
    let mut schemes: Vec<&str> = challenges
        .flat_map(|value| value.split(','))
        .filter_map(|challenge| challenge.split_whitespace().next())
        .filter(|scheme| !scheme.contains('='))
        .collect();
    schemes.dedup();
    if schemes
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case("basic"))
    {
        return String::new();
    }
    schemes.join(" and ")
}

/// Asks a proxy without any login for a tunnel, and gives the challenges of its refusal. The client
/// does not show them.
pub(super) async fn challenges(proxy: &str, target: &str) -> Vec<String> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let ask = async {
        let mut stream = tokio::net::TcpStream::connect(proxy).await.ok()?;
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        let mut piece = [0_u8; 1024];
        while answer.len() < 16_384 && !answer.windows(4).any(|end| end == b"\r\n\r\n") {
            match stream.read(&mut piece).await.ok()? {
                0 => break,
                n => answer.extend_from_slice(piece.get(..n)?),
            }
        }
        Some(String::from_utf8_lossy(&answer).into_owned())
    };
    let answer = tokio::time::timeout(Duration::from_secs(5), ask).await;
    let text = answer.ok().flatten().unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("proxy-authenticate"))
        .map(|(_, value)| value.trim().to_owned())
        .collect()
}

/// What kind of TLS failure it was: there is another way out of each.
fn tls_problem(error: &rustls::Error) -> NetworkProblem {
    use rustls::AlertDescription as A;
    use rustls::PeerIncompatible as P;
    match error {
        rustls::Error::AlertReceived(
            A::CertificateRequired
            | A::NoCertificate
            | A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::UnknownCA
            | A::AccessDenied
            | A::DecryptError,
        ) => NetworkProblem::TlsClient(tls_text(error)),
        rustls::Error::AlertReceived(
            A::ProtocolVersion | A::HandshakeFailure | A::InsufficientSecurity,
        )
        | rustls::Error::PeerIncompatible(
            P::ServerDoesNotSupportTls12Or13
            | P::ServerTlsVersionIsDisabledByOurConfig
            | P::NoCipherSuitesInCommon
            | P::NoKxGroupsInCommon,
        ) => NetworkProblem::TlsVersion(tls_text(error)),
        _ => NetworkProblem::Tls(tls_text(error)),
    }
}

/// What a failure to connect or to read is called.
pub(super) fn io_problem(error: &io::Error, connect_timeout: Duration) -> NetworkProblem {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => NetworkProblem::Refused,
        io::ErrorKind::TimedOut => NetworkProblem::ConnectTimeout(connect_timeout),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => NetworkProblem::Cut,
        _ => NetworkProblem::Other(text::excerpt(&error.to_string(), 300)),
    }
}

/// Looks through the causes of an error, and into what `io::Error` wraps, which may be another.
fn find<T: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    let mut cause = error.source();
    let mut found = None;
    while let Some(current) = cause {
        found = current.downcast_ref::<T>().or(found);
        let wrapped = current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn std::error::Error + 'static));
        // The source of an `io::Error` is that of what it wraps: one step further.
        cause = wrapped.or_else(|| current.source());
    }
    found
}

/// The chain of causes without the URL, which may hold what must not be shown.
pub(super) fn causes(error: &reqwest::Error) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(current) = cause {
        let text = current.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
        cause = current.source();
    }
    if texts.is_empty() {
        texts.push("the request failed".to_owned());
    }
    texts.join(": ")
}

/// A TLS failure in words.
pub(super) fn tls_text(error: &rustls::Error) -> String {
    use rustls::CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            C::ExpiredContext { not_after, .. } => format!(
                "the certificate has expired: it was valid until {}",
                day(not_after.as_secs())
            ),
            C::Expired => "the certificate has expired".to_owned(),
            C::NotValidYet | C::NotValidYetContext { .. } => {
                format!("the certificate is not valid yet ({certificate})")
            }
            C::NotValidForName | C::NotValidForNameContext { .. } => {
                format!("the certificate is for another name ({certificate})")
            }
            C::UnknownIssuer => {
                "the certificate comes from an authority that is not trusted here".to_owned()
            }
            other if other.to_string().contains("CaUsedAsEndEntity") => {
                "the certificate is that of an authority (CA:TRUE), which no server may present: \
                 issue one for the server"
                    .to_owned()
            }
            other => format!("the certificate is refused ({other})"),
        },
        rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            "what answers there does not speak TLS; is it http?".to_owned()
        }
        rustls::Error::AlertReceived(alert) => alert_text(*alert),
        rustls::Error::PeerIncompatible(
            rustls::PeerIncompatible::ServerDoesNotSupportTls12Or13
            | rustls::PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => OLD_TLS.to_owned(),
        other => other.to_string(),
    }
}

/// What the other side said when it hung up.
fn alert_text(alert: rustls::AlertDescription) -> String {
    use rustls::AlertDescription as A;
    match alert {
        A::ProtocolVersion => OLD_TLS.to_owned(),
        A::HandshakeFailure | A::InsufficientSecurity => {
            "it takes none of the ciphers that applink offers with TLS 1.2 and TLS 1.3, or wants a \
             client certificate"
                .to_owned()
        }
        A::CertificateRequired | A::NoCertificate => "it demands a client certificate".to_owned(),
        A::CertificateExpired => {
            "it refuses the client certificate as one that has expired".to_owned()
        }
        A::CertificateRevoked => "it refuses the client certificate as a revoked one".to_owned(),
        A::UnknownCA => {
            "it refuses the client certificate: it does not trust the authority that issued it"
                .to_owned()
        }
        A::BadCertificate
        | A::UnsupportedCertificate
        | A::CertificateUnknown
        | A::AccessDenied
        | A::DecryptError => "it refuses the client certificate, or demands one".to_owned(),
        other => format!("it hung up with the alert {other:?}"),
    }
}

/// A day, from seconds since 1970.
fn day(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(String::new, |at| at.strftime("%Y-%m-%d").to_string())
}

/// The name alone, without the port.
fn name_of(url: &str) -> String {
    let url = reqwest::Url::parse(url).ok();
    url.as_ref()
        .and_then(reqwest::Url::host_str)
        .unwrap_or_default()
        .to_owned()
}

/// `host:port` of a URL, for messages.
pub fn host_of(url: &str) -> String {
    reqwest::Url::parse(url)
        .ok()
        .map_or_else(String::new, |url| {
            let host = url.host_str().unwrap_or_default();
            match url.port_or_known_default() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            }
        })
}
