//! The data of an application as one JSON value for comparison.

use serde_json::{Value, json};

use super::application::AppHandle;
use crate::store::{Consumer, Link, Store};
use crate::sync::lock;

impl AppHandle {
    /// All data, in a stable order. Equal snapshots mean that no data changed.
    pub fn snapshot(&self) -> Value {
        let state = lock(&self.inner.state);
        let mut links: Vec<Value> = state
            .store
            .links
            .iter()
            .map(|link| link_json(&state.store, link))
            .collect();
        links.sort_by_key(|link| link["id"].as_str().unwrap_or_default().to_owned());
        let consumers: Vec<Value> = state.store.consumers.values().map(consumer_json).collect();
        let providers: Vec<Value> = state
            .store
            .service_providers
            .values()
            .map(consumer_json)
            .collect();
        json!({
            "id": self.inner.id(),
            "links": links,
            "consumers": consumers,
            "service_providers": providers,
            "access_tokens": state.store.access_tokens.iter()
                .map(|(token, access)| json!({"token": token, "consumer": access.consumer, "user": access.user}))
                .collect::<Vec<_>>(),
            "request_tokens": state.store.request_tokens.keys().collect::<Vec<_>>(),
            "oauth2_clients": state.store.oauth2_clients.iter()
                .map(|client| json!({"id": client.id, "client_id": client.client_id, "name": client.name,
                    "redirects": client.redirects, "scope": client.scope, "secret": client.client_secret}))
                .collect::<Vec<_>>(),
            "oauth2_connections": state.store.oauth2_connections.iter()
                .map(|connection| json!({"id": connection.id, "name": connection.name,
                    "authorization_endpoint": connection.authorization_endpoint}))
                .collect::<Vec<_>>(),
            "features": state.store.features,
        })
    }
}

fn link_json(store: &Store, link: &Link) -> Value {
    json!({
        "id": link.id,
        "type": link.type_id,
        "name": link.name,
        "rpc_url": link.rpc_url,
        "display_url": link.display_url,
        "primary": link.primary,
        "system": link.system,
        "properties": link.properties,
        "incoming": store.incoming(link).json(),
        "outgoing": link.outgoing().json(),
        "providers": link.providers,
        "consumer_key": link.consumer_key,
        "legacy": {
            "trusted_incoming": link.legacy.trusted_incoming,
            "trusted_outgoing": link.legacy.trusted_outgoing,
            "basic_outgoing": link.legacy.basic_outgoing,
        },
        "user_tokens": link.user_tokens,
        "entity_links": link.entity_links,
    })
}

fn consumer_json(consumer: &Consumer) -> Value {
    json!({
        "key": consumer.key,
        "name": consumer.name,
        "description": consumer.description,
        "public_key": consumer.public_key,
        "shared_secret": consumer.shared_secret,
        "callback": consumer.callback,
        "three_lo": consumer.three_lo,
        "two_lo": consumer.two_lo,
        "two_loi": consumer.two_loi,
        "executing_user": consumer.executing_user,
        "outgoing": consumer.outgoing,
    })
}
