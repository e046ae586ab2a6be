//! The HTTP client of an application.
//!
//! It opens one connection per request, follows no redirects, resolves only the host names of its
//! world, and tells failures apart as a Java client does.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use url::{Host, Url};

use super::failure::{NetFailure, NetKind, connect_failure, tls_failure};
use super::message::{PeerAnswer, PeerRequest};
use crate::certificate;
use crate::instance::Instance;
use crate::settings::Trust;

const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// Sends a request with the application's trust store and timeouts.
pub(crate) async fn send(app: &Instance, request: PeerRequest) -> Result<PeerAnswer, NetFailure> {
    let limit = app.settings().peer_timeout;
    let bad_url = || {
        NetFailure::new(
            NetKind::Other,
            "java.net.MalformedURLException",
            format!("no protocol: {}", request.url),
        )
    };
    let url = Url::parse(&request.url).map_err(|_| bad_url())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad_url());
    }
    let (address, host) = resolve(app, &url)?;
    let stream = tokio::time::timeout(limit, TcpStream::connect(address))
        .await
        .map_err(|_| NetFailure::timeout("connect timed out"))?
        .map_err(|error| connect_failure(&error))?;
    let _ = stream.set_nodelay(true);
    let port = stream
        .local_addr()
        .map(|local| local.port())
        .unwrap_or_default();
    let ends = (port, address.port());
    app.environment.add_connection(ends, &app.alias);
    let exchange = async {
        if url.scheme() == "https" {
            let stream = handshake(app, stream, &host).await?;
            exchange(app, stream, &url, &request).await
        } else {
            exchange(app, stream, &url, &request).await
        }
    };
    let outcome = tokio::time::timeout(limit, exchange).await;
    app.environment.remove_connection(ends);
    outcome.unwrap_or_else(|_| Err(NetFailure::timeout("Read timed out")))
}

/// The address of a URL. Only loopback addresses and the host names of the world resolve.
fn resolve(app: &Instance, url: &Url) -> Result<(SocketAddr, String), NetFailure> {
    let port = url.port_or_known_default().unwrap_or(80);
    let unreachable = || {
        NetFailure::new(
            NetKind::Other,
            "java.net.NoRouteToHostException",
            "No route to host (Host unreachable)",
        )
    };
    match url.host() {
        Some(Host::Ipv4(ip)) if ip.is_loopback() => {
            Ok((SocketAddr::from((ip, port)), ip.to_string()))
        }
        Some(Host::Ipv6(ip)) if ip.is_loopback() => {
            Ok((SocketAddr::from((ip, port)), ip.to_string()))
        }
        Some(Host::Domain("localhost")) => Ok((
            SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            "localhost".to_owned(),
        )),
        Some(Host::Domain(name)) => {
            let host = app.environment.host(name).ok_or_else(|| {
                NetFailure::new(NetKind::UnknownHost, "java.net.UnknownHostException", name)
            })?;
            let port = url.port().unwrap_or(host.port());
            Ok((SocketAddr::new(host.ip(), port), name.to_owned()))
        }
        _ => Err(unreachable()),
    }
}

async fn handshake(
    app: &Instance,
    stream: TcpStream,
    host: &str,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, NetFailure> {
    let roots = match app.settings().trust {
        Trust::WorldCa => app.environment.authority.roots(),
        Trust::Nothing => RootCertStore::empty(),
    };
    let refused =
        |message: String| NetFailure::new(NetKind::Ssl, "javax.net.ssl.SSLException", message);
    let config = ClientConfig::builder_with_provider(certificate::provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = host.parse::<IpAddr>().map_or_else(
        |_| ServerName::try_from(host.to_owned()),
        |ip| Ok(ServerName::from(ip)),
    );
    let name = name.map_err(|error| refused(error.to_string()))?;
    tokio_rustls::TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|error| tls_failure(&error, host))
}

async fn exchange<S>(
    app: &Instance,
    stream: S,
    url: &Url,
    request: &PeerRequest,
) -> Result<PeerAnswer, NetFailure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let host = authority(url);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| NetFailure::silent(&host))?;
    let driver = tokio::spawn(connection);
    let (version, _, applinks) = app.versions();
    let agent = format!(
        "Atlassian-{}/{version} applinks/{applinks}",
        app.product.name()
    );
    let target = raw_target(&request.url);
    let mut builder = hyper::Request::builder()
        .method(request.method)
        .uri(target)
        .header("Host", &host)
        .header("User-Agent", agent)
        .header("Connection", "close");
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    let outcome = async {
        let built = builder
            .body(Full::new(request.body.clone()))
            .map_err(|_| NetFailure::silent(&host))?;
        let answer = sender
            .send_request(built)
            .await
            .map_err(|_| NetFailure::silent(&host))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, MAX_ANSWER)
            .collect()
            .await
            .map_err(|_| {
                NetFailure::new(
                    NetKind::Other,
                    "org.apache.http.ConnectionClosedException",
                    "Premature end of Content-Length delimited message body",
                )
            })?;
        let text = |value: &hyper::header::HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        Ok(PeerAnswer {
            status: head.status.as_u16(),
            headers: head
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body: body.to_bytes(),
        })
    }
    .await;
    driver.abort();
    outcome
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Path and query exactly as written in the URL.
fn raw_target(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/')
        .map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned())
}
