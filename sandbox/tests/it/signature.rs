//! Signed requests, made here by another hand than the sandbox's.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use applink_sandbox::AppHandle;

fn encode(text: &str) -> String {
    let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    form.replace('+', "%20")
        .replace('*', "%2A")
        .replace("%7E", "~")
}

/// The query of a signed request: `fields` and the OAuth parameters that are always there.
pub(crate) fn query(
    signer: &AppHandle,
    key: &str,
    method: &str,
    url: &str,
    fields: &[(&str, &str)],
) -> String {
    static NONCE: AtomicU64 = AtomicU64::new(1);
    let nonce = format!("nonce{}", NONCE.fetch_add(1, Ordering::SeqCst));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .to_string();
    let mut all: Vec<(String, String)> = [
        ("oauth_consumer_key", key),
        ("oauth_nonce", &nonce),
        ("oauth_signature_method", "RSA-SHA1"),
        ("oauth_timestamp", &now),
    ]
    .iter()
    .chain(fields)
    .map(|(name, value)| (encode(name), encode(value)))
    .collect();
    all.sort();
    let joined: Vec<String> = all
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let joined = joined.join("&");
    let base = format!("{method}&{}&{}", encode(url), encode(&joined));
    format!(
        "{joined}&oauth_signature={}",
        encode(&signer.sign(&base).unwrap())
    )
}
