//! Serves one connection, with or without TLS, and applies the faults to each request.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::balancer;
use super::tasks::RequestTasks;
use crate::exchange::Exchange;
use crate::fault::body::{OversizedBody, ResponseBody};
use crate::fault::injector::{Delivery, RequestFaults};
use crate::fault::stream::{ByteFault, FaultyStream, Resettable, SharedStreamFaults};
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::sync::lock;

/// The largest body that is read.
const MAX_BODY: usize = 16 * 1024 * 1024;
const TLS_HANDSHAKE_BYTE: u8 = 0x16;
/// Time limit for the client to close the connection.
const LINGER: Duration = Duration::from_secs(1);

/// Serves a connection until it ends.
pub(crate) async fn serve(
    app: Arc<Instance>,
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    tasks: RequestTasks,
) {
    let _ = stream.set_nodelay(true);
    let mut first = [0_u8];
    let speaks_tls =
        matches!(stream.peek(&mut first).await, Ok(1)) && first[0] == TLS_HANDSHAKE_BYTE;
    // An application registers its connection before it sends the first byte. It may have removed
    // it again by the time the request is read, so the sender is looked up here.
    let port = lock(&app.address).port;
    let sender = app.environment.sender((peer.port(), port));
    match tls {
        None if speaks_tls => bad_request(stream, "Bad Request").await,
        None => requests(app, stream, sender, "http", tasks).await,
        Some(_) if !speaks_tls => {
            bad_request(
                stream,
                "Bad Request\r\nThis combination of host and port requires TLS.\r\n",
            )
            .await;
        }
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                requests(app, stream, sender, "https", tasks).await;
            }
        }
    }
}

/// Answers in plain HTTP a client that speaks the wrong protocol.
///
/// It first reads the client's bytes and waits for the client to close, so that a reset cannot
/// discard the answer.
async fn bad_request(mut stream: TcpStream, text: &str) {
    let mut received = vec![0; 64 * 1024];
    let _ = stream.read(&mut received).await;
    let answer = format!(
        "HTTP/1.1 400 \r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    let rest = async { while matches!(stream.read(&mut received).await, Ok(1..)) {} };
    let _ = tokio::time::timeout(LINGER, rest).await;
}

async fn requests<S>(
    app: Arc<Instance>,
    stream: S,
    sender: Option<String>,
    scheme: &'static str,
    tasks: RequestTasks,
) where
    S: AsyncRead + AsyncWrite + Resettable + Unpin + Send + 'static,
{
    let stream_faults = SharedStreamFaults::default();
    let stream = TokioIo::new(FaultyStream::new(stream, stream_faults.clone()));
    let used = AtomicBool::new(false);
    let service = service_fn(move |request| {
        let (app, stream_faults, tasks) = (app.clone(), stream_faults.clone(), tasks.clone());
        let connection = ConnectionInfo {
            sender: sender.clone(),
            scheme,
            reused: used.swap(true, Ordering::SeqCst),
        };
        async move { answer(app, request, connection, &stream_faults, &tasks).await }
    });
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(60))
        .half_close(true)
        .serve_connection(stream, service)
        .await;
}

/// The connection that a request came on.
struct ConnectionInfo {
    sender: Option<String>,
    scheme: &'static str,
    reused: bool,
}

/// Tells the server to close the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
pub(crate) struct ConnectionClosed;

impl From<Infallible> for ConnectionClosed {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

async fn answer(
    app: Arc<Instance>,
    incoming: hyper::Request<Incoming>,
    connection: ConnectionInfo,
    stream_faults: &SharedStreamFaults,
    tasks: &RequestTasks,
) -> Result<hyper::Response<ResponseBody>, ConnectionClosed> {
    let in_flight = app.load.enter();
    let request = read(&app, incoming, connection).await?;
    let sequence = app.environment.next_sequence();
    app.environment.record(entry(&app, &request, sequence));
    let faults = app.faults.faults_for(&request);
    if faults.refuse {
        *lock(stream_faults) = faults.stream();
        return Err(ConnectionClosed);
    }
    let worker = app.clone();
    let work = async move {
        let delivery = work(&worker, &request, faults, sequence).await;
        drop(in_flight);
        delivery
    };
    match tasks.run(work).await {
        None => Err(ConnectionClosed),
        Some(Delivery::Close(faults)) => {
            *lock(stream_faults) = faults;
            Err(ConnectionClosed)
        }
        Some(Delivery::Send(reply, oversized, faults)) => {
            if faults.bytes != ByteFault::Pass {
                *lock(stream_faults) = faults;
            }
            Ok(response(&app, reply, oversized))
        }
    }
}

/// Runs a request and completes its entry in the log.
async fn work(
    app: &Arc<Instance>,
    request: &Request,
    faults: RequestFaults,
    sequence: u64,
) -> Delivery {
    let latency = app.settings().latency + faults.delay;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let (reply, user) = if let Some(reply) = faults.early_answer() {
        (reply, None)
    } else {
        let forwarded = faults.forwarded(request);
        balancer::respond(app, forwarded.as_ref().unwrap_or(request)).await
    };
    let delivery = app.faults.deliver(faults, reply);
    let status = match &delivery {
        Delivery::Close(_) => None,
        Delivery::Send(reply, ..) => Some(reply.status),
    };
    app.environment.complete(sequence, user, status);
    delivery
}

async fn read(
    app: &Instance,
    incoming: hyper::Request<Incoming>,
    connection: ConnectionInfo,
) -> Result<Request, ConnectionClosed> {
    let (head, body) = incoming.into_parts();
    let body = Limited::new(body, MAX_BODY)
        .collect()
        .await
        .map_err(|_| ConnectionClosed)?
        .to_bytes();
    let text =
        |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect();
    let host = head.headers.get("host").map(text);
    let host = host
        .or_else(|| head.uri.authority().map(ToString::to_string))
        .unwrap_or_default();
    Ok(Request {
        method: head.method.as_str().to_owned(),
        scheme: connection.scheme,
        host,
        context: lock(&app.address).context.clone(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
        sender: connection.sender,
        reused: connection.reused,
    })
}

fn entry(app: &Instance, request: &Request, sequence: u64) -> Exchange {
    Exchange {
        sequence,
        at: app.environment.started.elapsed(),
        app: app.alias.clone(),
        method: request.method.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        headers: request.headers.clone(),
        body: request.body.to_vec(),
        user: None,
        sender: request.sender.clone(),
        status: None,
    }
}

fn response(
    app: &Instance,
    reply: Reply,
    oversized: Option<OversizedBody>,
) -> hyper::Response<ResponseBody> {
    let mut builder = hyper::Response::builder().status(reply.status);
    if !reply.has("date") {
        builder = builder.header("Date", app.date());
    }
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    if oversized.as_ref().is_some_and(|oversized| oversized.gzip) {
        builder = builder.header("Content-Encoding", "gzip");
    }
    let payload = oversized.map_or(ResponseBody::Whole(reply.body), ResponseBody::OversizedBody);
    builder.body(payload).unwrap_or_else(|_| {
        let mut broken = hyper::Response::new(ResponseBody::Whole(Bytes::new()));
        *broken.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}
