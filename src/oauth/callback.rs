//! Listens on the loopback address for the browser that brings the verifier.
//!
//! Any program on the machine may connect. So the listener accepts only a GET of its own random
//! path, with its own `Host` and the right token. The first such request wins. The answers are
//! fixed: nothing of a request is ever repeated.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::base_string::parse_form;
use super::sign::random_word;

/// How long a user may take.
pub const CALLBACK_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// How long one connection may take to say what it wants.
const ONE_REQUEST: Duration = Duration::from_secs(10);
/// The longest head of a request.
const LONGEST: usize = 16 * 1024;
/// Connections that are listened to at once.
const CONNECTIONS: usize = 16;

/// A listener that was not asked anything yet.
#[derive(Debug)]
pub struct CallbackListener {
    listener: TcpListener,
    expected: Arc<ExpectedRequest>,
}

/// What a request has to name.
#[derive(Debug)]
struct ExpectedRequest {
    host: String,
    path: String,
}

impl CallbackListener {
    /// Listens on a free port, under a path with 160 random bits.
    pub async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let host = format!("127.0.0.1:{}", listener.local_addr()?.port());
        let path = format!("/{}", random_word(20).map_err(io::Error::other)?);
        Ok(Self {
            listener,
            expected: Arc::new(ExpectedRequest { host, path }),
        })
    }

    /// The address for `oauth_callback`.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.expected.host, self.expected.path)
    }

    /// Waits for the verifier of a request token, or for [`super::dance::DENIED`]; `None` when
    /// no browser came in time.
    pub async fn verifier(self, token: &str, patience: Duration) -> Option<String> {
        timeout(patience, self.listen(token)).await.ok().flatten()
    }

    async fn listen(self, token: &str) -> Option<String> {
        let (hits, mut hit) = mpsc::channel(1);
        let turns = Arc::new(Semaphore::new(CONNECTIONS));
        let token: Arc<str> = token.into();
        loop {
            tokio::select! {
                // A verifier that was brought counts before the next connection.
                biased;
                verifier = hit.recv() => return verifier,
                accepted = self.listener.accept() => {
                    let (Ok((stream, _)), Ok(turn)) = (accepted, turns.clone().try_acquire_owned()) else {
                        continue;
                    };
                    let (hits, expected, token) = (hits.clone(), Arc::clone(&self.expected), Arc::clone(&token));
                    tokio::spawn(async move {
                        let served = timeout(ONE_REQUEST, serve(stream, &expected, &token)).await;
                        if let Ok(Ok(Some(verifier))) = served {
                            // A full channel means that another request was first.
                            let _ = hits.try_send(verifier);
                        }
                        drop(turn);
                    });
                }
            }
        }
    }
}

/// Answers one connection, and tells the verifier that it brought.
async fn serve(
    mut stream: TcpStream,
    expected: &ExpectedRequest,
    token: &str,
) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut piece = [0_u8; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await?;
        head.extend_from_slice(piece.get(..read).unwrap_or_default());
        if read == 0 || head.len() > LONGEST {
            return Ok(None);
        }
    }
    let (page, verifier) = match judge(&String::from_utf8_lossy(&head), expected, token) {
        Ok(verifier) => (page("200 OK", HEARD), Some(verifier)),
        Err(status) => (page(status, NOTHING), None),
    };
    // The browser may be gone; what it brought counts all the same.
    let written = stream.write_all(page.as_bytes()).await;
    if written.is_ok() {
        let _ = stream.shutdown().await;
    }
    Ok(verifier)
}

/// The verifier in the head of a request, or the status of the refusal.
fn judge(head: &str, expected: &ExpectedRequest, token: &str) -> Result<String, &'static str> {
    const NOT_FOUND: &str = "404 Not Found";
    const BAD: &str = "400 Bad Request";
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(BAD);
    };
    if !version.starts_with("HTTP/1.") {
        return Err(BAD);
    }
    // Another name in `Host` is a page elsewhere whose name was made to lead here.
    let hosts: Vec<&str> = lines
        .filter_map(|line| line.split_once(':'))
        .filter(|(name, _)| name.eq_ignore_ascii_case("host"))
        .map(|(_, value)| value.trim())
        .collect();
    if hosts != [expected.host.as_str()] {
        return Err("421 Misdirected Request");
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != expected.path {
        return Err(NOT_FOUND);
    }
    if method != "GET" {
        return Err("405 Method Not Allowed");
    }
    let fields = parse_form(query);
    let only = |wanted: &str| {
        let mut found = fields.iter().filter(|(name, _)| name == wanted);
        match (found.next(), found.next()) {
            (Some((_, value)), None) if !value.is_empty() => Some(value.as_str()),
            _ => None,
        }
    };
    match (only("oauth_token"), only("oauth_verifier")) {
        (Some(given), Some(verifier)) if given == token => Ok(verifier.to_owned()),
        _ => Err(NOT_FOUND),
    }
}

const HEARD: &str =
    "applink has the answer. You can close this window and go back to the terminal.";
const NOTHING: &str = "There is nothing here.";

fn page(status: &str, text: &str) -> String {
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>applink</title></head><body><p>{text}</p></body></html>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use super::*;

    fn request() -> ExpectedRequest {
        ExpectedRequest {
            host: "127.0.0.1:4711".to_owned(),
            path: "/secret".to_owned(),
        }
    }

    #[test]
    fn only_the_address_of_the_listener_counts() {
        let host = "Host: 127.0.0.1:4711";
        for (line, headers, expected) in [
            (
                "GET /secret?oauth_token=t&oauth_verifier=v%2B1 HTTP/1.1",
                host,
                Ok("v+1"),
            ),
            (
                "GET /secret?oauth_verifier=denied&oauth_token=t HTTP/1.0",
                "HOST:127.0.0.1:4711",
                Ok("denied"),
            ),
            (
                "POST /secret?oauth_token=t&oauth_verifier=v HTTP/1.1",
                host,
                Err("405 Method Not Allowed"),
            ),
            (
                "HEAD /secret?oauth_token=t&oauth_verifier=v HTTP/1.1",
                host,
                Err("405 Method Not Allowed"),
            ),
            (
                "GET /other?oauth_token=t&oauth_verifier=v HTTP/1.1",
                host,
                Err("404 Not Found"),
            ),
            (
                "GET /secret/?oauth_token=t&oauth_verifier=v HTTP/1.1",
                host,
                Err("404 Not Found"),
            ),
            (
                "GET /secret?oauth_token=u&oauth_verifier=v HTTP/1.1",
                host,
                Err("404 Not Found"),
            ),
            (
                "GET /secret?oauth_token=t&oauth_token=t&oauth_verifier=v HTTP/1.1",
                host,
                Err("404 Not Found"),
            ),
            (
                "GET /secret?oauth_token=t&oauth_verifier= HTTP/1.1",
                host,
                Err("404 Not Found"),
            ),
            ("GET /secret HTTP/1.1", host, Err("404 Not Found")),
            (
                "GET /secret?oauth_token=t&oauth_verifier=v HTTP/1.1",
                "Host: evil.example:4711",
                Err("421 Misdirected Request"),
            ),
            (
                "GET /secret?oauth_token=t&oauth_verifier=v HTTP/1.1",
                "Host: localhost:4711",
                Err("421 Misdirected Request"),
            ),
            (
                "GET /secret?oauth_token=t&oauth_verifier=v HTTP/1.1",
                "X: y",
                Err("421 Misdirected Request"),
            ),
            (
                "GET /secret?oauth_token=t&oauth_verifier=v HTTP/1.1",
                "Host: 127.0.0.1:4711\r\nHost: evil",
                Err("421 Misdirected Request"),
            ),
            ("GET  /secret HTTP/1.1", host, Err("400 Bad Request")),
            ("\u{16}\u{3}\u{1}", host, Err("400 Bad Request")),
            (
                "GET /secret?oauth_token=t&oauth_verifier=v SPDY/3",
                host,
                Err("400 Bad Request"),
            ),
        ] {
            let head = format!("{line}\r\n{headers}\r\n\r\n");
            assert_eq!(
                judge(&head, &request(), "t").as_deref(),
                expected.as_deref(),
                "{line} {headers}"
            );
        }
    }

    async fn ask(url: &str, query: &str) -> String {
        let (host, path) = url
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        let mut stream = TcpStream::connect(host).await.unwrap();
        let request = format!("GET /{path}{query} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn the_first_valid_hit_wins() {
        let callback = CallbackListener::open().await.unwrap();
        let url = callback.url();
        assert_eq!(url.rsplit('/').next().map(str::len), Some(40));
        // A silent connection holds up no other one.
        let silent = TcpStream::connect(
            url.strip_prefix("http://")
                .unwrap()
                .split('/')
                .next()
                .unwrap(),
        )
        .await
        .unwrap();
        let waiting = tokio::spawn(callback.verifier("t", Duration::from_secs(20)));
        assert!(
            ask(&url, "?oauth_token=x&oauth_verifier=evil")
                .await
                .starts_with("HTTP/1.1 404")
        );
        let heard = ask(&url, "?oauth_token=t&oauth_verifier=first").await;
        assert!(heard.starts_with("HTTP/1.1 200") && heard.contains(HEARD));
        assert!(!heard.contains("first"));
        assert_eq!(waiting.await.unwrap().as_deref(), Some("first"));
        drop(silent);
    }

    #[tokio::test]
    async fn nobody_comes() {
        let callback = CallbackListener::open().await.unwrap();
        assert_eq!(
            callback.verifier("t", Duration::from_millis(20)).await,
            None
        );
    }
}
