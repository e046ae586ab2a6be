//! The OAuth 2.0 clients and outgoing connections that the list of links contains as rows.
//!
//! Such a row looks like a generic link, but no other resource knows its id. Only the property
//! `oauth2ConnectionType` tells it apart.

use serde_json::{Map, Value};

use super::call::Call;
use crate::product::Generation;

/// The property that tells the kind of a row.
const CONNECTION_TYPE: &str = "oauth2ConnectionType";

/// The rows, in the order of their creation: clients first, then outgoing connections.
pub(super) fn rows(call: &Call<'_>) -> Vec<Value> {
    let (on, clients, connections) = call.store(|store| {
        let on = store.features.get("V4_UI").copied();
        (
            on.unwrap_or(call.settings.oauth2_rows),
            store.oauth2_clients.clone(),
            store.oauth2_connections.clone(),
        )
    });
    if !on {
        return Vec::new();
    }
    let clients = clients.iter().map(|client| {
        let url = client.redirects.first().map(|redirect| origin(redirect));
        row(call, &client.id, &client.name, url, "OAUTH2_PROVIDER")
    });
    let connections = connections.iter().map(|connection| {
        let url = connection.authorization_endpoint.as_deref().map(origin);
        row(call, &connection.id, &connection.name, url, "OAUTH2_CLIENT")
    });
    clients.chain(connections).collect()
}

fn row(call: &Call<'_>, id: &str, name: &str, url: Option<String>, kind: &str) -> Value {
    let tells_kind = call.settings.generation >= Generation::Modern;
    let asked = |parameter: &str, value: &dyn Fn(&str) -> Value| -> Map<String, Value> {
        let keys = call.request.parameters(parameter);
        keys.into_iter()
            .map(|key| (key.clone(), value(&key)))
            .collect()
    };
    let properties = asked("property", &|key| match key {
        CONNECTION_TYPE if tells_kind => Value::from(kind),
        _ => Value::Null,
    });
    let data = asked("data", &|key| match key {
        "atlassian" | "v3Editable" => Value::from(false),
        "editable" => Value::from(true),
        _ => Value::Null,
    });
    let url = url.map_or(Value::Null, Value::from);
    call.style.object([
        ("id", Value::from(id)),
        ("name", Value::from(name)),
        ("displayUrl", url.clone()),
        ("rpcUrl", url),
        ("type", Value::from("generic")),
        ("system", Value::from(false)),
        ("primary", Value::from(false)),
        ("properties", Value::Object(properties)),
        ("data", Value::Object(data)),
    ])
}

/// Scheme and host of a URL without its port. A host that Java does not parse becomes `null`, and
/// so does the host of every scheme other than `http` and `https`.
fn origin(url: &str) -> String {
    let (scheme, rest) = url.split_once(':').unwrap_or(("null", ""));
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.find(']') {
        Some(end) => host.get(..=end).unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let parsed = host.starts_with('[') || (!host.is_empty() && host.chars().all(name));
    let host = if web && parsed { host } else { "null" };
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn the_origin_has_no_port_and_may_have_no_host() {
        for (url, expected) in [
            (
                "https://ci.example.com:8443/cb?x=1",
                "https://ci.example.com",
            ),
            ("http://localhost:8080", "http://localhost"),
            ("http://[::1]:8080/cb", "http://[::1]"),
            ("https://build_server/cb", "https://null"),
            ("myapp://callback", "myapp://null"),
            ("myapp:/callback", "myapp://null"),
        ] {
            assert_eq!(origin(url), expected);
        }
    }
}
