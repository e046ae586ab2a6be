//! What a failure below HTTP was, dug out of the causes that the client's library gives.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use super::transport::LARGEST_ANSWER;
use crate::domain::text;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkProblem {
    /// The name does not resolve from here.
    #[error("the name {0} does not resolve")]
    UnknownHost(String),
    /// Nobody listens.
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
    /// The connection ended before the answer was complete.
    #[error("the connection was cut before the answer was complete")]
    Cut,
    /// More than [`LARGEST_ANSWER`].
    #[error("the answer is larger than {} MiB", LARGEST_ANSWER / 1024 / 1024)]
    TooLarge,
    /// The proxy wants a log-in.
    #[error("the proxy demands a log-in")]
    ProxyLogin,
    /// Anything else.
    #[error("{0}")]
    Other(String),
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
        NetworkProblem::Tls(tls_text(tls))
    } else if causes(error).contains("dns error") {
        NetworkProblem::UnknownHost(host_of(url))
    } else if let Some(io) = find::<io::Error>(error) {
        io_problem(io, connect_timeout)
    } else if error.is_connect() && error.is_timeout() {
        NetworkProblem::ConnectTimeout(connect_timeout)
    } else if error.is_body() || error.is_decode() || causes(error).contains("incomplete") {
        NetworkProblem::Cut
    } else {
        let text = causes(error);
        if text.contains("proxy authorization required") || text.contains("407") {
            NetworkProblem::ProxyLogin
        } else if text.contains("connection closed") || text.contains("reset") {
            NetworkProblem::Cut
        } else {
            NetworkProblem::Other(text)
        }
    };
    NetworkError {
        never_sent: error.is_connect() || error.is_builder(),
        problem,
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
        other => other.to_string(),
    }
}

/// A day, from seconds since 1970.
fn day(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(String::new, |at| at.strftime("%Y-%m-%d").to_string())
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
