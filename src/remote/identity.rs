//! Reads the consumers of an application, and the base URL that it names in a refusal.

use reqwest::Method;
use serde_json::{Value, json};

use super::failure::{CallError, Failure};
use super::session::Session;
use super::xml;
use crate::domain::{ApplicationId, Consumer};
use crate::oauth::public_key;

/// The page on which an application presents itself to its peers.
const CONSUMER_INFO: &str = "/plugins/servlet/oauth/consumer-info";

/// What is stored of a third-party program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerPayload<'a> {
    /// The consumer key.
    pub key: &'a str,
    /// The name to show.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// The public key, base64 of its `SubjectPublicKeyInfo`.
    pub public_key: &'a str,
    /// Where browsers are sent after a user's consent.
    pub callback: Option<&'a str>,
}

impl Session {
    /// The consumer that the application presents to its peers; asked without the account, once
    /// a run.
    pub async fn own_consumer(&self) -> Result<&Consumer, CallError> {
        self.consumer
            .get_or_try_init(|| async {
                let text = self.text(CONSUMER_INFO, "application/xml").await?;
                read_consumer(&text)
                    .map_err(|detail| self.unreadable(&Method::GET, CONSUMER_INFO, detail))
            })
            .await
    }

    /// The consumers that the application keeps for the peer of one record.
    pub async fn stored_consumers(&self, id: ApplicationId) -> Result<Vec<Consumer>, CallError> {
        let all = self.consumer_values(id).await?;
        Ok(all.iter().filter_map(stored_consumer).collect())
    }

    /// The same as the application writes them.
    pub(super) async fn consumer_values(&self, id: ApplicationId) -> Result<Vec<Value>, CallError> {
        let base = if self.manifest().await?.applinks_version.at_least([5, 0, 0]) {
            "/rest/applinks-oauth/1.0"
        } else {
            "/rest/applinks/2.0"
        };
        let path = format!("{base}/applicationlink/{id}/authentication/consumer");
        let value = match self.call(Method::GET, &path, None).await {
            Ok(value) => value,
            Err(CallError {
                failure: Failure::NotFound { .. },
                ..
            }) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let all = value.get("consumers").and_then(Value::as_array);
        Ok(all.cloned().unwrap_or_default())
    }

    /// Stores the consumer of a third-party program for one record; replaces the one that is there.
    pub async fn put_consumer(
        &self,
        id: ApplicationId,
        new: &ConsumerPayload<'_>,
    ) -> Result<(), CallError> {
        let path = format!("/rest/applinks-oauth/1.0/applicationlink/{id}/authentication/consumer");
        let mut body = json!({
            "key": new.key,
            "name": new.name,
            "description": new.description,
            "signatureMethod": "RSA_SHA1",
            "publicKey": new.public_key,
            "outgoing": false,
        });
        if let (Some(map), Some(callback)) = (body.as_object_mut(), new.callback) {
            map.insert("callback".to_owned(), json!(callback));
        }
        self.call(Method::PUT, &path, Some(&body)).await.map(drop)
    }

    /// The base URL that the application believes it has, as it says it in a refusal; asked once
    /// a run.
    pub async fn realm(&self) -> Option<&str> {
        self.realm
            .get_or_init(|| async {
                let headers = self
                    .refusal("/rest/applinks/1.0/authenticationinfo")
                    .await
                    .ok()?;
                headers.iter().find_map(|header| realm(header))
            })
            .await
            .as_deref()
    }
}

/// A consumer as `authentication/consumer` has it; outgoing ones are of another kind.
fn stored_consumer(value: &Value) -> Option<Consumer> {
    if value.get("outgoing").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    Some(Consumer {
        key: text("key")?,
        name: text("name"),
        callback: text("callback").filter(|url| !url.is_empty()),
        two_legged: value.get("twoLOAllowed").and_then(Value::as_bool) == Some(true),
        execute_as: text("executingTwoLOUser").filter(|name| !name.trim().is_empty()),
        public_key: value
            .get("publicKey")
            .and_then(Value::as_str)
            .and_then(|text| public_key::parse(text).ok()),
    })
}

/// Reads `consumer-info`: the first element of each name counts.
fn read_consumer(text: &str) -> Result<Consumer, String> {
    let elements = xml::elements(text)?;
    let key = xml::first(&elements, "key")
        .filter(|key| !key.is_empty())
        .ok_or("it names no consumer key")?;
    let public = xml::first(&elements, "publicKey").ok_or("it shows no public key")?;
    Ok(Consumer {
        key: key.to_owned(),
        name: None,
        callback: None,
        two_legged: false,
        execute_as: None,
        public_key: Some(public_key::parse(public).map_err(|error| error.to_string())?),
    })
}

/// The realm of an OAuth challenge (RFC 5849 section 3.5.1), decoded.
fn realm(header: &str) -> Option<String> {
    let rest = header.trim().strip_prefix("OAuth")?;
    let at = rest.find("realm=\"")? + "realm=\"".len();
    let value = rest.get(at..)?.split('"').next()?;
    percent_encoding::percent_decode_str(value)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0YjCwIfYoprq/FQO6lb3asXrxLlJFuCvtinTF5p0GxvQGu5O3gYytUvtC2JlYzypSRjVxwxrsuRcP3e641SdASwfrmzyvIgP08N4S0IFzEURkV1wp/IpH7kH41EtbmUmrXSwfNZsnQRE5SYSOhh+LcK2wyQkdgcMv11l4KoBkcwIDAQAB";

    #[test]
    fn the_first_of_each_name_counts() {
        let text = format!(
            "<?xml version=\"1.0\"?><document><key>Team &amp; Wiki:12</key><name>x</name><publicKey>{KEY}</publicKey><key>no</key></document>"
        );
        let consumer = read_consumer(&text);
        assert_eq!(
            consumer.as_ref().map(|c| c.key.as_str()),
            Ok("Team & Wiki:12")
        );
        assert_eq!(
            consumer.ok().and_then(|c| c.public_key).map(|k| k.bits),
            Some(1024)
        );
    }

    #[test]
    fn nothing_is_expanded() {
        let text = format!(
            "<!DOCTYPE x [<!ENTITY a \"b\">]><consumer><key>&a;</key><publicKey>{KEY}</publicKey></consumer>"
        );
        assert!(read_consumer(&text).is_err());
        assert!(read_consumer("<consumer><key>a</key></consumer>").is_err());
        assert!(read_consumer("{}").is_err());
        assert!(read_consumer(&"<a>".repeat(50_000)).is_err());
    }

    #[test]
    fn realms() {
        assert_eq!(
            realm("OAuth realm=\"https%3A%2F%2Fjira.example.com%2Fjira\"").as_deref(),
            Some("https://jira.example.com/jira")
        );
        assert_eq!(realm("Basic realm=\"x\""), None);
        assert_eq!(realm("OAuth oauth_problem=\"x\""), None);
    }
}
