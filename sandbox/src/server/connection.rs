//! One connection: TLS or not, then one request after another, each through the gate.

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

use super::pipeline;
use super::tasks::RequestTasks;
use crate::exchange::Exchange;
use crate::fault::body::{Flood, Payload};
use crate::fault::injector::{Outgoing, Verdict};
use crate::fault::stream::{Order, SharedOrders, Socket, Wire};
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::sync::lock;

/// The largest body that is read.
const MAX_BODY: usize = 16 * 1024 * 1024;
const TLS_HANDSHAKE_BYTE: u8 = 0x16;
/// How long the other side may take to hang up.
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
    // An application has entered itself before its first byte; whether it still waits when its
    // request is read is not certain.
    let port = lock(&app.place).port;
    let sender = app.shared.sender((peer.port(), port));
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

/// Answers somebody who speaks the other protocol, in plain HTTP; what was sent is read first and
/// the end awaited, so that the answer is not lost to a reset.
async fn bad_request(mut stream: TcpStream, text: &str) {
    let mut said = vec![0; 64 * 1024];
    let _ = stream.read(&mut said).await;
    let answer = format!(
        "HTTP/1.1 400 \r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
    let rest = async { while matches!(stream.read(&mut said).await, Ok(1..)) {} };
    let _ = tokio::time::timeout(LINGER, rest).await;
}

async fn requests<S>(
    app: Arc<Instance>,
    stream: S,
    sender: Option<String>,
    scheme: &'static str,
    tasks: RequestTasks,
) where
    S: AsyncRead + AsyncWrite + Socket + Unpin + Send + 'static,
{
    let orders = SharedOrders::default();
    let wire = TokioIo::new(Wire::new(stream, orders.clone()));
    let used = AtomicBool::new(false);
    let service = service_fn(move |request| {
        let (app, orders, tasks) = (app.clone(), orders.clone(), tasks.clone());
        let line = Line {
            sender: sender.clone(),
            scheme,
            reused: used.swap(true, Ordering::SeqCst),
        };
        async move { answer(app, request, line, &orders, &tasks).await }
    });
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(60))
        .half_close(true)
        .serve_connection(wire, service)
        .await;
}

/// On what a request came.
struct Line {
    sender: Option<String>,
    scheme: &'static str,
    reused: bool,
}

/// The connection has to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
pub(crate) struct Closed;

impl From<Infallible> for Closed {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

async fn answer(
    app: Arc<Instance>,
    incoming: hyper::Request<Incoming>,
    line: Line,
    orders: &SharedOrders,
    tasks: &RequestTasks,
) -> Result<hyper::Response<Payload>, Closed> {
    let in_flight = app.load.enter();
    let request = read(&app, incoming, line).await?;
    let sequence = app.shared.next_sequence();
    app.shared.record(entry(&app, &request, sequence));
    let verdict = app.gate.judge(&request);
    if verdict.refuse {
        *lock(orders) = verdict.orders();
        return Err(Closed);
    }
    let worker = app.clone();
    let work = async move {
        let outgoing = work(&worker, &request, verdict, sequence).await;
        drop(in_flight);
        outgoing
    };
    match tasks.carry_out(work).await {
        None => Err(Closed),
        Some(Outgoing::Close(ordered)) => {
            *lock(orders) = ordered;
            Err(Closed)
        }
        Some(Outgoing::Send(reply, flood, ordered)) => {
            if ordered.order != Order::Pass {
                *lock(orders) = ordered;
            }
            Ok(response(&app, reply, flood))
        }
    }
}

/// Carries out a request and completes its entry in the log.
async fn work(app: &Arc<Instance>, request: &Request, verdict: Verdict, sequence: u64) -> Outgoing {
    let latency = app.settings().latency + verdict.delay;
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let (reply, user) = match verdict.instead() {
        Some(reply) => (reply, None),
        None => pipeline::respond(app, request).await,
    };
    let outgoing = app.gate.release(verdict, reply);
    let status = match &outgoing {
        Outgoing::Close(_) => None,
        Outgoing::Send(reply, ..) => Some(reply.status),
    };
    app.shared.complete(sequence, user, status);
    outgoing
}

async fn read(
    app: &Instance,
    incoming: hyper::Request<Incoming>,
    line: Line,
) -> Result<Request, Closed> {
    let (head, body) = incoming.into_parts();
    let body = Limited::new(body, MAX_BODY)
        .collect()
        .await
        .map_err(|_| Closed)?
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
        scheme: line.scheme,
        host,
        context: lock(&app.place).context.clone(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
        sender: line.sender,
        reused: line.reused,
    })
}

fn entry(app: &Instance, request: &Request, sequence: u64) -> Exchange {
    Exchange {
        sequence,
        at: app.shared.started.elapsed(),
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

fn response(app: &Instance, reply: Reply, flood: Option<Flood>) -> hyper::Response<Payload> {
    let mut builder = hyper::Response::builder().status(reply.status);
    if !reply.has("date") {
        builder = builder.header("Date", app.date());
    }
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    if flood.as_ref().is_some_and(|flood| flood.gzip) {
        builder = builder.header("Content-Encoding", "gzip");
    }
    let payload = flood.map_or(Payload::Whole(reply.body), Payload::Flood);
    builder.body(payload).unwrap_or_else(|_| {
        let mut broken = hyper::Response::new(Payload::Whole(Bytes::new()));
        *broken.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}
