//! Hostile on request: every way in which an answer, or its connection, goes wrong.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime};

use applink_sandbox::{AppHandle, Fault, TERMINAL_POISON, World};
use serde_json::{Value, json};

use crate::client::{admin, http};
use crate::pair;

const MANIFEST: &str = "/rest/applinks/1.0/manifest";

/// One request on a connection of its own; everything that comes back, and how it ended.
fn raw(app: &AppHandle, method: &str, path: &str, body: &str) -> (Vec<u8>, Option<ErrorKind>) {
    let mut stream = TcpStream::connect(("127.0.0.1", app.port())).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    write(&mut stream, app, method, path, body);
    let mut all = Vec::new();
    let error = stream.read_to_end(&mut all).err().map(|error| error.kind());
    (all, error)
}

fn write(stream: &mut TcpStream, app: &AppHandle, method: &str, path: &str, body: &str) {
    use base64::Engine as _;
    let user = app.user(applink_sandbox::Role::SystemAdmin);
    let pair = format!("{}:{}", user.name, user.password);
    let context = app.url();
    let context = context.splitn(4, '/').nth(3).unwrap_or_default();
    let context = if context.is_empty() {
        String::new()
    } else {
        format!("/{context}")
    };
    let request = format!(
        "{method} {context}{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept: application/json\r\nContent-Type: application/json\r\n\
         Authorization: Basic {}\r\nContent-Length: {}\r\n\r\n{body}",
        app.port(),
        base64::engine::general_purpose::STANDARD.encode(pair),
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
}

async fn manifest(app: &AppHandle) -> crate::client::Answer {
    admin(app).get(MANIFEST).await
}

fn put_body(world: &World) -> String {
    let wiki = world.app("wiki");
    json!({"id": wiki.id(), "typeId": "confluence", "name": "w", "rpcUrl": wiki.url()}).to_string()
}

const CREATE: &str = "/rest/applinks/2.0/applicationlink";

#[test]
fn resets_before_and_after() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::refuse().abruptly().times(1));
    let (bytes, error) = raw(jira, "PUT", CREATE, &put_body(&world));
    assert_eq!((bytes.len(), error), (0, Some(ErrorKind::ConnectionReset)));
    assert!(jira.links().is_empty());
    jira.fault(Fault::reset_after().abruptly().times(1));
    let (bytes, error) = raw(jira, "PUT", CREATE, &put_body(&world));
    assert_eq!((bytes.len(), error), (0, Some(ErrorKind::ConnectionReset)));
    assert_eq!(jira.links().len(), 1);
    // Without it the end is an orderly one.
    jira.fault(Fault::refuse().times(1));
    assert_eq!(raw(jira, "GET", MANIFEST, ""), (Vec::new(), None));
    assert_eq!(
        jira.fired(),
        [
            "refuse at PUT /jira/rest/applinks/2.0/applicationlink (1)",
            "reset after at PUT /jira/rest/applinks/2.0/applicationlink (2)",
            "refuse at GET /jira/rest/applinks/1.0/manifest (1)"
        ]
    );
}

#[test]
fn cuts_in_the_head_and_in_the_body() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::cut_after(20).times(1));
    let (bytes, error) = raw(jira, "GET", MANIFEST, "");
    assert_eq!((bytes.len(), error), (20, None));
    assert!(bytes.starts_with(b"HTTP/1.1 200 OK"));
    jira.fault(Fault::cut_body_after(10).times(1));
    let (bytes, _) = raw(jira, "GET", MANIFEST, "");
    let text = String::from_utf8(bytes).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.len(), 10);
    jira.fault(Fault::cut_body_after(10).abruptly().times(1));
    let (_, error) = raw(jira, "GET", MANIFEST, "");
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    let bad = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n";
    jira.fault(Fault::raw(bad).times(1));
    assert_eq!(raw(jira, "GET", MANIFEST, "").0, bad.as_bytes());
}

#[tokio::test]
async fn a_bad_chunk_is_no_answer() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::raw(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\nzz",
    ));
    let url = format!("{}{MANIFEST}", jira.url());
    let answer = http().get(&url).send().await.unwrap();
    assert!(answer.text().await.is_err());
}

#[test]
fn bytes_that_drip() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::drip(100, Duration::from_millis(10)));
    let started = Instant::now();
    let mut stream = TcpStream::connect(("127.0.0.1", jira.port())).unwrap();
    write(&mut stream, jira, "GET", MANIFEST, "");
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    let least = Duration::from_millis(10) * u32::try_from(all.len() / 100).unwrap();
    assert!(all.len() > 500, "{}", all.len());
    assert!(started.elapsed() >= least, "{:?}", started.elapsed());
}

#[test]
fn a_connection_that_is_closed_between_two_requests() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::hang_up().times(1));
    let (bytes, error) = raw(jira, "GET", MANIFEST, "");
    let text = String::from_utf8(bytes).unwrap().to_ascii_lowercase();
    assert!(text.ends_with('}'), "{text}");
    assert!(!text.contains("connection: close"), "{text}");
    assert_eq!(error, None);
    jira.clear_faults();
    jira.fault(Fault::refuse().on_reused_connection());
    let mut stream = TcpStream::connect(("127.0.0.1", jira.port())).unwrap();
    write(&mut stream, jira, "GET", MANIFEST, "");
    let mut first = [0; 4096];
    assert!(stream.read(&mut first).unwrap() > 0);
    write(&mut stream, jira, "GET", MANIFEST, "");
    assert_eq!(stream.read(&mut first).unwrap(), 0);
}

#[tokio::test]
async fn busy_and_when_to_come_back() {
    let world = pair();
    let jira = world.app("jira");
    for (seconds, least, most) in [(100, 98, 101), (-100, -101, -98)] {
        jira.fault(Fault::retry_at(429, seconds).times(1));
        let answer = manifest(jira).await.expect(429);
        let at = httpdate::parse_http_date(answer.header("retry-after")).unwrap();
        let ahead = match at.duration_since(SystemTime::now()) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap(),
            Err(behind) => -i64::try_from(behind.duration().as_secs()).unwrap(),
        };
        assert!((least..=most).contains(&ahead), "{ahead}");
    }
    for absurd in ["1000000000", "-5", "soon"] {
        jira.fault(Fault::status(503).header("Retry-After", absurd).times(1));
        let answer = manifest(jira).await.expect(503);
        assert_eq!(answer.header("retry-after"), absurd);
    }
    jira.fault(Fault::gateway(502).times(1));
    let answer = manifest(jira).await.expect(502);
    assert!(answer.text.contains("Bad Gateway"));
}

#[tokio::test]
async fn in_the_middle_of_a_run() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::login_page().skip(1).times(1));
    jira.fault(Fault::websudo().skip(2));
    manifest(jira).await.expect(200).json();
    let page = manifest(jira).await.expect(200);
    assert!(page.text.contains("type=\"password\""));
    let refused = manifest(jira).await.expect(401);
    assert!(refused.text.contains("WebSudo"));
}

#[tokio::test]
async fn answers_that_are_not_what_they_say() {
    let world = pair();
    let jira = world.app("jira");
    let plain = manifest(jira).await.text;
    let once = |fault: Fault| {
        jira.fault(fault.times(1));
        manifest(jira)
    };
    let answer = once(Fault::media_type("image/png")).await;
    assert_eq!(
        (answer.header("content-type"), &answer.text),
        ("image/png", &plain)
    );
    let answer = once(Fault::broken_json()).await;
    assert!(plain.starts_with(&answer.text) && answer.text.len() < plain.len());
    let answer = once(Fault::broken_utf8()).await;
    assert!(answer.text.contains('\u{fffd}'));
    let answer = http_bytes(jira, Fault::byte_order_mark()).await;
    assert!(answer.starts_with(b"\xef\xbb\xbf{"));
    let answer = once(Fault::deep(1000)).await;
    assert!(answer.text.starts_with("[[[[") && answer.text.len() == 2000);
    let answer = once(Fault::keys_twice()).await;
    assert!(
        answer.text.starts_with("{\"id\":\"another\",\"id\":"),
        "{}",
        answer.text
    );
    let value = once(Fault::poison(TERMINAL_POISON)).await.json();
    for field in ["id", "name", "typeId", "version", "url"] {
        assert!(
            value[field].as_str().unwrap().ends_with(TERMINAL_POISON),
            "{field}"
        );
    }
    let value = once(Fault::poison_names(TERMINAL_POISON)).await.json();
    assert!(value["name"].as_str().unwrap().ends_with(TERMINAL_POISON));
    assert_eq!(value["id"], jira.id());
    let other = once(Fault::other_ids()).await.json();
    assert_ne!(other["id"], jira.id());
    let another = once(Fault::other_ids()).await.json();
    assert_ne!(other["id"], another["id"]);
    let plain: Value = serde_json::from_str(&plain).unwrap();
    let shuffled = once(Fault::shuffled()).await;
    assert_ne!(shuffled.text, plain.to_string());
    let (shuffled, plain) = (shuffled.json(), plain.as_object().unwrap());
    assert_eq!(shuffled.as_object().unwrap().len(), plain.len());
    assert_eq!(shuffled["id"], plain["id"]);
}

async fn http_bytes(app: &AppHandle, fault: Fault) -> Vec<u8> {
    app.fault(fault.times(1));
    let answer = admin(app).request("GET", MANIFEST).send().await.unwrap();
    answer.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn an_earlier_answer() {
    let world = pair();
    let jira = world.app("jira");
    let body: Value = serde_json::from_str(&put_body(&world)).unwrap();
    jira.fault(Fault::stale().path("/applicationlink").skip(1));
    let before = admin(jira).get(CREATE).await.expect(200).text;
    admin(jira).put_json(CREATE, body).await.expect(201);
    assert_eq!(admin(jira).get(CREATE).await.expect(200).text, before);
    jira.clear_faults();
    assert_ne!(admin(jira).get(CREATE).await.expect(200).text, before);
}

#[tokio::test]
async fn answers_that_are_too_much() {
    let world = pair();
    let jira = world.app("jira");
    let url = format!("{}{MANIFEST}", jira.url());
    jira.fault(Fault::big(1_000_003).times(1));
    let text = http().get(&url).send().await.unwrap().text().await.unwrap();
    assert_eq!(text.len(), 1_000_003);
    let string: Vec<String> = serde_json::from_str(&text).unwrap();
    assert_eq!(string.len(), 1);
    jira.fault(Fault::endless().times(1));
    let mut answer = http().get(&url).send().await.unwrap();
    assert_eq!(answer.content_length(), None);
    let mut seen = 0;
    while seen < 5_000_000 {
        seen += answer.chunk().await.unwrap().unwrap().len();
    }
    jira.fault(Fault::gzip_bomb(64 * 1024 * 1024).times(1));
    let mut answer = http().get(&url).send().await.unwrap();
    let (mut seen, mut first) = (0, None);
    while let Ok(Some(chunk)) = answer.chunk().await {
        first = first.or(chunk.first().copied());
        seen += chunk.len();
    }
    assert_eq!((seen, first), (64 * 1024 * 1024, Some(b' ')));
    let bytes = {
        jira.fault(Fault::gzip_bomb(64 * 1024 * 1024).times(1));
        let mut stream = TcpStream::connect(("127.0.0.1", jira.port())).unwrap();
        write(&mut stream, jira, "GET", MANIFEST, "");
        let mut head = [0; 1024];
        let read = stream.read(&mut head).unwrap();
        head[..read].to_vec()
    };
    let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split('\r').next().unwrap().parse().unwrap();
    assert!(length < 200_000, "{length}");
}

#[tokio::test]
async fn chance_is_repeated_by_its_seed() {
    let world = pair();
    let jira = world.app("jira");
    jira.fault(Fault::status(503).rate(0.3));
    let run = async || {
        let mut seen = Vec::new();
        for _ in 0..40 {
            seen.push(manifest(jira).await.status);
        }
        seen
    };
    world.reseed(5);
    let one = run().await;
    assert!(one.contains(&503) && one.contains(&200));
    world.reseed(6);
    assert_ne!(run().await, one);
    world.reseed(5);
    assert_eq!(run().await, one);
    // Other requests between them change nothing.
    world.reseed(5);
    let mut seen = Vec::new();
    for _ in 0..40 {
        admin(jira).get(CREATE).await;
        seen.push(manifest(jira).await.status);
    }
    assert_eq!(seen, one);
}

#[tokio::test]
async fn misbehaviour_at_random() {
    let world = pair();
    let jira = world.app("jira");
    jira.misbehave(0.3);
    world.reseed(9);
    let mut good = 0;
    for _ in 0..100 {
        let answer = admin(jira).request("GET", MANIFEST).send().await;
        good += usize::from(answer.is_ok_and(|answer| answer.status() == 200));
    }
    assert!((50..90).contains(&good), "{good}");
    let kinds = ["503 instead", "refuse", "shuffled"];
    for kind in kinds {
        assert!(
            jira.fired().iter().any(|one| one.starts_with(kind)),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn what_an_application_had_is_put_back() {
    let world = pair();
    let jira = world.app("jira");
    let (start, snapshot) = (jira.checkpoint(), jira.snapshot());
    let body: Value = serde_json::from_str(&put_body(&world)).unwrap();
    admin(jira).put_json(CREATE, body).await.expect(201);
    jira.configure(|settings| settings.websudo = true);
    assert_ne!(jira.snapshot(), snapshot);
    jira.restore(&start);
    assert_eq!(jira.snapshot(), snapshot);
    assert!(!jira.settings().websudo);
}
