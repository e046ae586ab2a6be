//! The incoming consumers of a link, and the stored secret for an outgoing third-party one.

use serde_json::{Map, Value, json};

use super::call::{Call, ResourceResult, flag, text};
use super::providers;
use crate::http::Reply;
use crate::oauth::keys;
use crate::peer::consumer_info;
use crate::store::{Consumer, Link, class};

const OUTBOUND_KEY: &str = "consumerKey.outbound";

/// GET `{id}/authentication`
pub(crate) fn authentication(call: &Call<'_>, id: &str) -> ResourceResult {
    let link = providers::link(call, id)?;
    let value = json!({
        "link": [{"href": call.href(&format!("applicationlink/{}/authentication", link.id)), "rel": "self"}],
        "configuredAuthProviders": providers::list(call, &link, None),
        "consumers": consumers(call, &link),
    });
    Ok(call.entity(200, "applicationLinkAuthentication", &value))
}

/// GET `{id}/authentication/consumer`
pub(crate) fn get(call: &Call<'_>, id: &str) -> ResourceResult {
    let link = providers::link(call, id)?;
    let found = consumers(call, &link);
    if found.is_empty() {
        let message = if link.type_id == "generic" && link.providers.is_empty() {
            format!(
                "No consumer and no authentication provider is configured for the generic application link '{id}'"
            )
        } else {
            format!("No consumer is configured for the application link '{id}'")
        };
        return Ok(call.style.status(404, &message));
    }
    Ok(call.entity(200, "consumers", &json!({ "consumers": found })))
}

fn consumers(call: &Call<'_>, link: &Link) -> Vec<Value> {
    let (incoming, outgoing) = call.store(|store| {
        let key = link
            .providers
            .get(class::OAUTH)
            .and_then(|config| config.get(OUTBOUND_KEY));
        let outgoing = key
            .and_then(|key| store.service_providers.get(key))
            .cloned();
        (store.consumer_of(link).cloned(), outgoing)
    });
    incoming
        .iter()
        .chain(&outgoing)
        .map(|consumer| entity(call, link, consumer))
        .collect()
}

fn entity(call: &Call<'_>, link: &Link, consumer: &Consumer) -> Value {
    let method = if consumer.outgoing {
        "HMAC_SHA1"
    } else {
        "RSA_SHA1"
    };
    let href = call.href(&format!(
        "applicationlink/{}/authentication/consumer",
        link.id
    ));
    let public_key = consumer.public_key.as_deref().map(stored_key);
    call.style.object([
        ("key", Value::from(consumer.key.as_str())),
        ("name", Value::from(consumer.name.as_str())),
        ("description", json!(consumer.description)),
        ("signatureMethod", Value::from(method)),
        ("publicKey", json!(public_key)),
        ("sharedSecret", json!(consumer.shared_secret)),
        ("callback", json!(consumer.callback)),
        ("twoLOAllowed", Value::from(consumer.two_lo)),
        ("executingTwoLOUser", json!(consumer.executing_user)),
        ("twoLOImpersonationAllowed", Value::from(consumer.two_loi)),
        ("outgoing", Value::from(consumer.outgoing)),
        ("link", json!([{"href": href, "rel": "self"}])),
    ])
}

/// The public key as base64 in one line, as the products return it.
fn stored_key(text: &str) -> String {
    use base64::Engine as _;
    keys::public_der(text).map_or_else(
        |_| text.to_owned(),
        |der| base64::engine::general_purpose::STANDARD.encode(der),
    )
}

/// PUT `{id}/authentication/consumer[?autoConfigure=true]`
pub(crate) async fn put(call: &Call<'_>, id: &str) -> ResourceResult {
    let link = providers::link(call, id)?;
    let fields = call.body(true)?;
    if call.request.flag("autoConfigure") {
        auto_configure(call, &link, &fields).await?;
    } else if link.type_id == "generic" && flag(&fields, "outgoing") {
        generic_outgoing(call, &fields)?;
    } else if link.type_id == "generic" {
        generic_incoming(call, &link, &fields)?;
    } else {
        atlassian(call, &link, &fields)?;
    }
    let href = format!("applicationlink/{}/authentication/consumer", link.id);
    Ok(call
        .style
        .resources(201, "", Some(("resources-created", &href))))
}

async fn auto_configure(
    call: &Call<'_>,
    link: &Link,
    fields: &Map<String, Value>,
) -> Result<(), Reply> {
    let fetched = consumer_info::fetch(call.app, &link.rpc_url).await;
    let mut consumer = fetched.map_err(|why| call.style.status(500, &why))?;
    two_legged(&mut consumer, fields);
    call.store(|store| store.set_consumer(&link.id, consumer));
    Ok(())
}

fn two_legged(consumer: &mut Consumer, fields: &Map<String, Value>) {
    consumer.two_lo = flag(fields, "twoLOAllowed");
    consumer.two_loi = flag(fields, "twoLOImpersonationAllowed");
    consumer.executing_user = text(fields, "executingTwoLOUser").filter(|name| !name.is_empty());
}

fn atlassian(call: &Call<'_>, link: &Link, fields: &Map<String, Value>) -> Result<(), Reply> {
    require(call, fields, &["key", "name", "publicKey"])?;
    let mut consumer = incoming(call, fields)?;
    two_legged(&mut consumer, fields);
    call.store(|store| store.set_consumer(&link.id, consumer));
    Ok(())
}

/// A generic link silently ignores the two-legged fields of the body.
fn generic_incoming(
    call: &Call<'_>,
    link: &Link,
    fields: &Map<String, Value>,
) -> Result<(), Reply> {
    require(call, fields, &["key", "publicKey"])?;
    let consumer = incoming(call, fields)?;
    call.store(|store| store.set_consumer(&link.id, consumer));
    Ok(())
}

fn generic_outgoing(call: &Call<'_>, fields: &Map<String, Value>) -> Result<(), Reply> {
    require(call, fields, &["key", "name", "sharedSecret"])?;
    let value = |name: &str| text(fields, name).unwrap_or_default();
    let mut consumer = Consumer::new(&value("key"), &value("name"), "");
    consumer.public_key = None;
    consumer.shared_secret = Some(value("sharedSecret"));
    consumer.description = text(fields, "description");
    consumer.callback = text(fields, "callback");
    consumer.outgoing = true;
    call.store(|store| {
        store
            .service_providers
            .insert(consumer.key.clone(), consumer)
    });
    Ok(())
}

fn incoming(call: &Call<'_>, fields: &Map<String, Value>) -> Result<Consumer, Reply> {
    let value = |name: &str| text(fields, name).unwrap_or_default();
    let public_key = value("publicKey");
    keys::public_der(&public_key).map_err(|invalid| {
        let message = format!("Invalid public key: {}", invalid.0);
        call.style.error_list(400, &[&message], &[])
    })?;
    let key = value("key");
    let name = text(fields, "name").unwrap_or_else(|| key.clone());
    let mut consumer = Consumer::new(&key, &name, &public_key);
    consumer.description = text(fields, "description");
    consumer.callback = text(fields, "callback").filter(|callback| !callback.is_empty());
    Ok(consumer)
}

fn require(call: &Call<'_>, fields: &Map<String, Value>, names: &[&str]) -> Result<(), Reply> {
    let missing: Vec<String> = names
        .iter()
        .filter(|name| text(fields, name).is_none_or(|value| value.trim().is_empty()))
        .map(|name| format!("The field '{name}' is required"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let messages: Vec<&str> = missing.iter().map(String::as_str).collect();
    Err(call.style.error_list(400, &messages, &[]))
}
