//! Key rotations, and requests signed with one key.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use applink::oauth::PrivateKey;
use applink::oauth::sign::{RequestStamp, UnsignedRequest, sign};

use crate::support::env::Env;

pub(crate) const ROTATE: &str = "key rotate jira --consumer Jenkins --yes -o json";

pub(crate) const SECOND: &str =
    "key rotate jira --consumer Jenkins --new-consumer-key second -o json";

pub(crate) const RETIRE: &str = "key rotate jira --consumer Jenkins --retire --yes -o json";

pub(crate) fn second_path(env: &Env) -> PathBuf {
    env.path("state/applink/applink.keys/jira-jenkins-2.pem")
}

pub(crate) fn fingerprint(path: &std::path::Path) -> String {
    PrivateKey::load(path).unwrap().public().fingerprint()
}

/// The status of a signed two-legged request, as any other program would send it.
pub(crate) fn signed_call(url: &str, consumer: &str, key: &PrivateKey) -> u16 {
    let url = format!("{url}/rest/applinks/1.0/manifest");
    let request = UnsignedRequest {
        method: "GET",
        url: &url,
        form: &[],
        consumer_key: consumer,
        token: Some(""),
        extra: &[],
    };
    let signed = sign(&request, &RequestStamp::fresh().unwrap(), key).unwrap();
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nUser-Agent: applink/test\r\n\
         X-Atlassian-Token: no-check\r\nAccept: application/json\r\nAuthorization: {}\r\n\r\n",
        signed.authorization.as_str()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
