//! The resource of OAuth 2.0 clients: `/rest/oauth2/{1.0|latest}/client`.

use serde_json::{Map, Value, json};

use super::call::text;
use super::oauth2_rules::{ErrorShape, scopes, validate};
use crate::auth::Caller;
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::product::{Generation, Product};
use crate::store::{OAuth2Client, stored_redirects};
use crate::sync::lock;

fn exists(app: &Instance) -> bool {
    match (app.product, app.settings().generation) {
        (Product::Fecru, _) | (Product::Crowd, Generation::Classic) => false,
        (_, generation) => generation >= Generation::Classic,
    }
}

/// The answer. `None` when the product has no such resource.
pub(crate) fn route(
    app: &Instance,
    request: &Request,
    caller: &Caller,
    path: &[&str],
) -> Option<Reply> {
    if !exists(app) {
        return None;
    }
    if let [
        "1.0" | "latest",
        ".well-known",
        "oauth-authorization-server",
    ] = path
    {
        return Some(metadata(app));
    }
    let ["1.0" | "latest", "client", rest @ ..] = path else {
        return None;
    };
    let errors = ErrorShape::of(&app.settings());
    if let Some(refusal) = refuse(app, caller, errors) {
        return Some(refusal);
    }
    let user = caller.user.as_deref().unwrap_or_default();
    Some(match (request.method.as_str(), rest) {
        ("GET", []) => {
            let clients = lock(&app.state).store.oauth2_clients.clone();
            let clients = clients
                .iter()
                .map(|client| client_json(app, client))
                .collect();
            Reply::json(200, &Value::Array(clients))
        }
        ("POST", []) => create(app, request, user),
        ("GET", [id]) => find(app, id).map_or_else(
            || not_found(errors),
            |client| Reply::json(200, &client_json(app, &client)),
        ),
        ("PUT", ["reset", client_id]) => reset(app, client_id),
        ("PUT", [id]) => update(app, request, id),
        ("DELETE", [id]) => delete(app, id),
        _ => errors.error(405, "Method Not Allowed"),
    })
}

fn refuse(app: &Instance, caller: &Caller, errors: ErrorShape) -> Option<Reply> {
    if caller.user.is_none() {
        return Some(errors.error(401, "You must be logged in."));
    }
    if !caller.is_sysadmin() {
        let status = match errors {
            ErrorShape::Message if app.product != Product::Bitbucket => 403,
            _ => 401,
        };
        return Some(errors.error(status, "You must be a system administrator."));
    }
    let https = app.base_url().starts_with("https:");
    let status = match errors {
        ErrorShape::Message => 403,
        ErrorShape::List => 400,
    };
    (app.settings().oauth2_https_only && !https)
        .then(|| errors.error(status, "The base URL must use HTTPS."))
}

/// The public metadata of the provider (RFC 8414).
fn metadata(app: &Instance) -> Reply {
    let base = app.base_url();
    let at = |path: &str| format!("{base}/rest/oauth2/latest/{path}");
    Reply::json(
        200,
        &json!({
            "issuer": base,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "revocation_endpoint": at("revoke"),
            "scopes_supported": scopes(app.product, app.settings().generation),
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["plain", "S256"],
        }),
    )
}

/// An existing client. Not every version returns its secret again.
fn client_json(app: &Instance, client: &OAuth2Client) -> Value {
    let mut value = entity(client);
    if !app.settings().oauth2_returns_secret
        && let Some(fields) = value.as_object_mut()
    {
        fields.remove("clientSecret");
    }
    value
}

fn entity(client: &OAuth2Client) -> Value {
    json!({
        "id": client.id,
        "clientId": client.client_id,
        "clientSecret": client.client_secret,
        "name": client.name,
        "redirects": client.redirects,
        "userKey": client.user_key,
        "scope": client.scope,
    })
}

fn not_found(errors: ErrorShape) -> Reply {
    errors.error(404, "No such client.")
}

fn find(app: &Instance, id: &str) -> Option<OAuth2Client> {
    lock(&app.state)
        .store
        .oauth2_clients
        .iter()
        .find(|client| client.id == id)
        .cloned()
}

fn body(request: &Request, errors: ErrorShape) -> Result<Map<String, Value>, Reply> {
    if request.media_type().as_deref() != Some("application/json") {
        return Err(errors.error(415, "Unsupported Media Type"));
    }
    serde_json::from_slice(&request.body).map_err(|why| errors.error(400, &why.to_string()))
}

fn redirects(fields: &Map<String, Value>) -> Vec<String> {
    let list = fields
        .get("redirects")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    stored_redirects(&texts)
}

fn create(app: &Instance, request: &Request, user: &str) -> Reply {
    let errors = ErrorShape::of(&app.settings());
    let fields = match body(request, errors) {
        Ok(fields) => fields,
        Err(refusal) => return refusal,
    };
    let (name, scope) = (
        text(&fields, "name").unwrap_or_default(),
        text(&fields, "scope").unwrap_or_default(),
    );
    let scopes = scopes(app.product, app.settings().generation);
    let mut state = lock(&app.state);
    let state = &mut *state;
    let mut client = OAuth2Client::draw(&mut state.random, &name, &redirects(&fields), &scope);
    user.clone_into(&mut client.user_key);
    if let Some(refusal) = validate(errors, scopes, &state.store.oauth2_clients, &client) {
        return refusal;
    }
    let value = entity(&client);
    state.store.oauth2_clients.push(client);
    Reply::json(200, &value)
}

fn update(app: &Instance, request: &Request, id: &str) -> Reply {
    let errors = ErrorShape::of(&app.settings());
    let fields = match body(request, errors) {
        Ok(fields) => fields,
        Err(refusal) => return refusal,
    };
    let Some(mut client) = find(app, id) else {
        return not_found(errors);
    };
    let value = |name: &str| text(&fields, name).filter(|value| !value.trim().is_empty());
    client.name = value("name").unwrap_or(client.name);
    client.scope = value("scope").unwrap_or(client.scope);
    let redirects = redirects(&fields);
    if !redirects.is_empty() {
        client.redirects = redirects;
    }
    let scopes = scopes(app.product, app.settings().generation);
    let mut state = lock(&app.state);
    if let Some(refusal) = validate(errors, scopes, &state.store.oauth2_clients, &client) {
        return refusal;
    }
    if let Some(stored) = state
        .store
        .oauth2_clients
        .iter_mut()
        .find(|other| other.id == id)
    {
        *stored = client;
    }
    Reply::new(204)
}

fn reset(app: &Instance, client_id: &str) -> Reply {
    let mut state = lock(&app.state);
    let state = &mut *state;
    let secret = OAuth2Client::draw_secret(&mut state.random);
    let found = state
        .store
        .oauth2_clients
        .iter_mut()
        .find(|client| client.client_id == client_id);
    found.map_or_else(
        || not_found(ErrorShape::of(&state.settings)),
        |client| {
            client.client_secret = secret;
            Reply::json(200, &entity(client))
        },
    )
}

fn delete(app: &Instance, id: &str) -> Reply {
    let mut state = lock(&app.state);
    let errors = ErrorShape::of(&state.settings);
    let clients = &mut state.store.oauth2_clients;
    let Some(at) = clients.iter().position(|client| client.id == id) else {
        return not_found(errors);
    };
    Reply::json(200, &entity(&clients.remove(at)))
}
