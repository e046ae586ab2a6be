//! The status of a link, and its OAuth configuration as one object.

use serde_json::{Map, Value, json};

use super::call::{Answer, Call};
use crate::http::Reply;
use crate::http::errors::RestError;
use crate::peer::consumer_info;
use crate::peer::status::{self, Config, flags_of};
use crate::store::{Link, OAuthFlags};

/// GET `status/{id}`
pub(crate) async fn get(call: &Call<'_>, id: &str) -> Answer {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    let callback = call.request.parameter("authorisationCallback");
    if callback
        .as_ref()
        .is_some_and(|url| !url::Url::parse(url).is_ok_and(|url| url.has_host()))
    {
        return Ok(call.error(400, "The authorisation callback must be an absolute URL."));
    }
    let (link, local) = config(call, &id)?;
    let mut verdict = status::decide(call.app, &link, local, &call.user()).await;
    let authorisation = verdict
        .problem
        .as_mut()
        .and_then(|problem| problem.authorisation.as_mut());
    if let (Some(uri), Some(callback)) = (authorisation, callback) {
        uri.push_str("&authorisationCallback=");
        uri.push_str(&crate::oauth::base_string::encode(&callback));
    }
    let error = verdict
        .problem
        .as_ref()
        .map_or(Value::Null, |problem| problem.json(call.style));
    let value = call.style.object([
        (
            "link",
            json!({
                "id": link.id, "name": link.name, "displayUrl": link.display_url,
                "rpcUrl": link.rpc_url, "type": link.type_id,
            }),
        ),
        ("working", Value::from(verdict.problem.is_none())),
        ("localAuthentication", config_json(verdict.local)),
        (
            "remoteAuthentication",
            verdict.remote.map_or(Value::Null, config_json),
        ),
        ("error", error),
    ]);
    Ok(Reply::json(200, &value))
}

/// GET `status/{id}/oauth`: for everybody.
pub(crate) fn get_oauth(call: &Call<'_>, id: &str) -> Answer {
    let id = call.id_v3(id)?;
    let (_, config) = config(call, &id)?;
    Ok(Reply::json(200, &config_json(config)))
}

fn config(call: &Call<'_>, id: &str) -> Result<(Link, Config), Reply> {
    let found = call.store(|store| {
        let link = store.link(id)?.clone();
        let config = Config {
            incoming: store.incoming(&link),
            outgoing: link.outgoing(),
        };
        Some((link, config))
    });
    found.ok_or_else(|| call.unknown_v3(id))
}

fn config_json(config: Config) -> Value {
    json!({"incoming": config.incoming.json(), "outgoing": config.outgoing.json()})
}

/// PUT `status/{id}/oauth`
pub(crate) async fn put_oauth(call: &Call<'_>, id: &str) -> Answer {
    call.admin_v3()?;
    let id = call.id_v3(id)?;
    let fields = call.body(false)?;
    let wanted = wanted(call, &fields)?;
    let (link, _) = config(call, &id)?;
    if wanted.incoming.two_loi || wanted.outgoing.two_loi {
        call.sysadmin_v3()?;
    }
    incoming(call, &link, wanted.incoming)
        .await
        .map_err(|details| {
            let mut error = RestError::new(format!(
                "Could not retrieve consumer information from {}.",
                link.rpc_url
            ));
            error.details = Some(vec![details]);
            call.style.rest_errors(409, &[error])
        })?;
    outgoing(call, &id, wanted.outgoing);
    super::migration::settle(call, &id);
    Ok(Reply::new(204))
}

fn wanted(call: &Call<'_>, fields: &Map<String, Value>) -> Result<Config, Reply> {
    let mut errors = Vec::new();
    let mut direction = |name: &str| {
        let flags = fields.get(name).and_then(flags_of);
        if flags.is_none() {
            errors.push(RestError::on(name, format!("'{name}' is required.")));
        }
        flags.unwrap_or_default().normalised()
    };
    let config = Config {
        incoming: direction("incoming"),
        outgoing: direction("outgoing"),
    };
    if errors.is_empty() {
        Ok(config)
    } else {
        Err(call.style.rest_errors(400, &errors))
    }
}

/// Sets the incoming direction: the stored consumer is used again, otherwise the peer's own
/// description is fetched; off removes the consumer.
pub(crate) async fn incoming(
    call: &Call<'_>,
    link: &Link,
    flags: OAuthFlags,
) -> Result<(), String> {
    if !flags.enabled {
        call.store(|store| store.remove_consumer(&link.id));
        return Ok(());
    }
    let stored = call.store(|store| store.consumer_of(link).cloned());
    let mut consumer = match stored {
        Some(consumer) => consumer,
        None => consumer_info::fetch(call.app, &link.rpc_url).await?,
    };
    consumer.two_lo = flags.two_lo;
    consumer.two_loi = flags.two_loi;
    call.store(|store| store.set_consumer(&link.id, consumer));
    Ok(())
}

/// Sets the outgoing direction.
pub(crate) fn outgoing(call: &Call<'_>, id: &str, flags: OAuthFlags) {
    call.store(|store| {
        if let Some(link) = store.link_mut(id) {
            link.set_outgoing(flags);
        }
    });
}
