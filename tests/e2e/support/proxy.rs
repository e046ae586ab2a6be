//! Proxies, load balancers and TLS terminators between the program and the applications. They use
//! bare sockets, so that each can behave as badly as the real ones.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// A line for each request or connection.
type Log = Arc<Mutex<Vec<String>>>;

/// Something that listens until it is dropped.
pub(crate) struct Proxy {
    /// Where.
    pub(crate) address: SocketAddr,
    log: Log,
    _runtime: Runtime,
}

impl Proxy {
    /// Serves each connection in a task of its own.
    pub(crate) fn new<F>(
        listen: &str,
        serve: impl Fn(TcpStream, Log) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Option<()>> + Send,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind(listen)).unwrap();
        let address = listener.local_addr().unwrap();
        let log = Log::default();
        let (kept, serve) = (Arc::clone(&log), Arc::new(serve));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serve, log) = (Arc::clone(&serve), Arc::clone(&log));
                tokio::spawn(async move { serve(stream, log).await });
            }
        });
        Self {
            address,
            log: kept,
            _runtime: runtime,
        }
    }

    /// The log so far.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn note(log: &Log, line: impl Into<String>) {
    log.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(line.into());
}

/// The head of a message, with its empty line.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (field, value) = line.split_once(':')?;
        field.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// An HTTP proxy that requires this user and password, if any.
pub(crate) fn forward_proxy(login: Option<(&str, &str)>) -> Proxy {
    let wanted = login
        .map(|(user, password)| format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))));
    Proxy::new("127.0.0.1:0", move |stream, log| {
        let wanted = wanted.clone();
        async move { proxied(stream, log, wanted.as_deref()).await }
    })
}

async fn proxied(mut stream: TcpStream, log: Log, wanted: Option<&str>) -> Option<()> {
    let head = head(&mut stream).await?;
    let (line, rest) = head.split_once("\r\n")?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    if wanted.is_some() && field(&head, "proxy-authorization") != wanted {
        note(&log, format!("407 {target}"));
        let answer = "HTTP/1.1 407 Proxy Authentication Required\r\n\
                      Proxy-Authenticate: Basic realm=\"way out\"\r\nContent-Length: 0\r\n\
                      Connection: close\r\n\r\n";
        return stream.write_all(answer.as_bytes()).await.ok();
    }
    note(&log, format!("{method} {target}"));
    if method == "CONNECT" {
        let mut there = TcpStream::connect(target).await.ok()?;
        let answer = b"HTTP/1.1 200 Connection established\r\n\r\n";
        stream.write_all(answer).await.ok()?;
        copy_bidirectional(&mut stream, &mut there).await.ok()?;
        return Some(());
    }
    let (host, path) = target.strip_prefix("http://")?.split_once('/')?;
    let mut there = TcpStream::connect(host).await.ok()?;
    let kept: String = rest
        .split_inclusive("\r\n")
        .filter(|line| !line.to_ascii_lowercase().starts_with("proxy-"))
        .collect();
    let request = format!("{method} /{path} HTTP/1.1\r\nConnection: close\r\n{kept}");
    there.write_all(request.as_bytes()).await.ok()?;
    copy_bidirectional(&mut stream, &mut there).await.ok()?;
    Some(())
}

/// A proxy that gives this response to every request.
pub(crate) fn refusing_proxy(answer: &'static str) -> Proxy {
    Proxy::new("127.0.0.1:0", move |mut stream, log| async move {
        let head = head(&mut stream).await?;
        note(&log, head.lines().next()?);
        stream.write_all(answer.as_bytes()).await.ok()
    })
}

/// A SOCKS 5 proxy that requires this user and password (RFC 1928 and RFC 1929).
pub(crate) fn socks_proxy(user: &'static str, password: &'static str) -> Proxy {
    Proxy::new("127.0.0.1:0", move |mut stream, log| async move {
        let mut start = [0; 2];
        stream.read_exact(&mut start).await.ok()?;
        stream
            .read_exact(&mut vec![0; start[1].into()])
            .await
            .ok()?;
        stream.write_all(&[5, 2]).await.ok()?;
        stream.read_u8().await.ok()?;
        let given = (text(&mut stream).await?, text(&mut stream).await?);
        let right = given == (user.to_owned(), password.to_owned());
        stream.write_all(&[1, u8::from(!right)]).await.ok()?;
        if !right {
            note(&log, "refused");
            return None;
        }
        let mut request = [0; 4];
        stream.read_exact(&mut request).await.ok()?;
        let host = match request[3] {
            1 => {
                let mut address = [0; 4];
                stream.read_exact(&mut address).await.ok()?;
                std::net::Ipv4Addr::from(address).to_string()
            }
            3 => text(&mut stream).await?,
            _ => return None,
        };
        let port = stream.read_u16().await.ok()?;
        note(&log, format!("{host}:{port}"));
        let mut there = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        stream
            .write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])
            .await
            .ok()?;
        copy_bidirectional(&mut stream, &mut there).await.ok()?;
        Some(())
    })
}

async fn text(stream: &mut TcpStream) -> Option<String> {
    let length = stream.read_u8().await.ok()?;
    let mut bytes = vec![0; length.into()];
    stream.read_exact(&mut bytes).await.ok()?;
    String::from_utf8(bytes).ok()
}

/// When a load balancer closes a connection that the client wants to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConnectionCut {
    /// After one response.
    AfterAnswer,
    /// When the second request arrives, which is not forwarded.
    AtSecondRequest,
}

/// A load balancer at `listen` in front of the application at `to`.
pub(crate) fn load_balancer(listen: &str, to: SocketAddr, cut: ConnectionCut) -> Proxy {
    Proxy::new(listen, move |mut stream, log| async move {
        let mut there = TcpStream::connect(to).await.ok()?;
        let request = message(&mut stream, false).await?;
        note(
            &log,
            request
                .split(|b| *b == b'\r')
                .next()
                .map(String::from_utf8_lossy)?,
        );
        there.write_all(&request).await.ok()?;
        let answer = message(&mut there, true).await?;
        stream.write_all(&answer).await.ok()?;
        if cut == ConnectionCut::AtSecondRequest {
            stream.readable().await.ok()?;
            let mut some = [0; 1];
            // Closing with unread bytes resets the connection.
            if stream.peek(&mut some).await.ok()? > 0 {
                note(&log, "cut");
            }
        }
        Some(())
    })
}

/// A whole message, by its length or its chunks.
async fn message(stream: &mut TcpStream, answer: bool) -> Option<Vec<u8>> {
    let head = head(stream).await?;
    let mut whole = head.clone().into_bytes();
    if let Some(length) = field(&head, "content-length") {
        let mut body = vec![0; length.parse().ok()?];
        stream.read_exact(&mut body).await.ok()?;
        whole.extend(body);
    } else if field(&head, "transfer-encoding").is_some() {
        while !whole.ends_with(b"\r\n0\r\n\r\n") {
            whole.push(stream.read_u8().await.ok()?);
        }
    } else {
        assert!(
            !answer || head.contains(" 204 ") || head.contains(" 304 "),
            "{head}"
        );
    }
    Some(whole)
}

/// Terminates TLS for the plain application at `to`.
pub(crate) fn tls_terminator(config: ServerConfig, to: SocketAddr) -> Proxy {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Proxy::new("127.0.0.1:0", move |stream, log| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = match acceptor.accept(stream).await {
                Ok(stream) => stream,
                Err(error) => {
                    note(&log, format!("refused: {error}"));
                    return None;
                }
            };
            let shown = stream.get_ref().1.peer_certificates().is_some();
            note(
                &log,
                if shown {
                    "with a certificate"
                } else {
                    "without"
                },
            );
            let mut there = TcpStream::connect(to).await.ok()?;
            copy_bidirectional(&mut stream, &mut there).await.ok()?;
            Some(())
        }
    })
}

/// Sends these bytes on each connection after its first input.
pub(crate) fn fixed_response(bytes: Vec<u8>) -> Proxy {
    Proxy::new("127.0.0.1:0", move |mut stream, _| {
        let bytes = bytes.clone();
        async move {
            stream.readable().await.ok()?;
            let _ = stream.try_read(&mut [0; 1024]);
            write_all(&mut stream, &bytes).await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some(())
        }
    })
}

async fn write_all(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Option<()> {
    stream.write_all(bytes).await.ok()
}
