//! Reads the consumer that a peer describes itself as.

use super::client;
use super::message::PeerRequest;
use crate::http::xml;
use crate::instance::Instance;
use crate::oauth::keys;
use crate::store::Consumer;

/// Fetches `{base}/plugins/servlet/oauth/consumer-info`. The error is a message for the user.
pub(crate) async fn fetch(app: &Instance, base: &str) -> Result<Consumer, String> {
    let url = format!(
        "{}/plugins/servlet/oauth/consumer-info",
        base.trim_end_matches('/')
    );
    let request = PeerRequest::new("GET", url.as_str()).header("Accept", "application/xml");
    let answer = client::send(app, request)
        .await
        .map_err(|failure| failure.to_string())?;
    if answer.status != 200 {
        return Err(format!(
            "{url} answered {} {}",
            answer.status,
            answer.reason()
        ));
    }
    let media = answer.header("content-type").map(|value| {
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    });
    if media.is_some_and(|media| media != "application/xml") {
        return Err(format!("{url} did not answer with application/xml"));
    }
    let leaves =
        xml::leaves(&answer.text()).ok_or_else(|| format!("{url} is not well-formed XML"))?;
    let text = |name: &str| {
        leaves
            .get(name)
            .and_then(|value| value.as_str())
            .filter(|value| !value.is_empty())
    };
    let (Some(key), Some(name), Some(public_key)) = (text("key"), text("name"), text("publicKey"))
    else {
        return Err(format!("{url} names no key, name or publicKey"));
    };
    keys::public_der(public_key).map_err(|invalid| invalid.0)?;
    let mut consumer = Consumer::new(key, name, public_key);
    consumer.description = text("description").map(str::to_owned);
    consumer.callback = text("callback").map(str::to_owned);
    Ok(consumer)
}
