//! What two moments have to agree on.

use serde_json::Value;

/// Names are not compared.
pub(super) fn forget_names(apps: &mut [Value]) {
    let links = apps
        .iter_mut()
        .filter_map(|app| app["links"].as_array_mut())
        .flatten();
    for link in links {
        link["name"] = Value::Null;
    }
}

/// A snapshot without consumers that no link names, unless all of them count: they outlive their
/// link in the products, and grant nothing. What was drawn by chance is a mark, unless it is known
/// or nothing is.
pub(super) fn comparable(mut app: Value, all_consumers: bool, known: &str) -> Value {
    // What proofs leave behind; nobody ever authorises them.
    app["request_tokens"] = Value::Null;
    let mut named: Vec<String> = Vec::new();
    for link in app["links"].as_array_mut().into_iter().flatten() {
        if link["incoming"]["enabled"] != true {
            link["consumer_key"] = Value::Null;
        }
        named.extend(link["consumer_key"].as_str().map(ToOwned::to_owned));
    }
    if let Some(consumers) = app["consumers"].as_array_mut() {
        consumers
            .retain(|consumer| all_consumers || named.iter().any(|key| consumer["key"] == **key));
    }
    if known.is_empty() {
        return app;
    }
    for (list, fields) in [
        ("consumers", &["public_key"] as &[&str]),
        ("oauth2_clients", &["id", "client_id", "secret"]),
    ] {
        for one in app[list].as_array_mut().into_iter().flatten() {
            for field in fields {
                let quoted = one[*field].to_string();
                if !known.contains(&quoted) {
                    one[*field] = "new".into();
                }
            }
        }
    }
    app
}

/// The same of a state.
pub(super) fn forget_new(state: &mut toml::Table, known: &str) {
    for list in ["consumers", "former-consumers", "oauth2-clients"] {
        let Some(toml::Value::Array(all)) = state.get_mut(list) else {
            continue;
        };
        for one in all.iter_mut().filter_map(toml::Value::as_table_mut) {
            for field in ["fingerprint", "id", "client-id", "since"] {
                if let Some(value) = one.get_mut(field)
                    && !known.contains(&value.to_string())
                {
                    *value = "new".into();
                }
            }
        }
    }
}
