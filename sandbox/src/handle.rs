//! The hand on one application of a world.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::app::Tls;
use crate::instance::Instance;
use crate::oauth::dance::{self, ACCESS_TOKEN_LIFE};
use crate::oauth::keys;
use crate::server::gate::Fault;
use crate::server::listener;
use crate::settings::Settings;
use crate::store::{AccessToken, Consumer, Legacy, Link, OAuthFlags, class};
use crate::sync::lock;
use crate::users::{Role, Token, User};

/// One application of a world.
#[derive(Debug, Clone)]
pub struct AppHandle {
    pub(crate) inner: Arc<Instance>,
}

impl AppHandle {
    /// Alias in its world.
    pub fn alias(&self) -> &str {
        &self.inner.alias
    }

    /// Base URL where it listens, with its context path and without a trailing slash.
    pub fn url(&self) -> String {
        self.inner.listen_url()
    }

    /// Base URL that it believes to have: the manifest's `url`.
    pub fn base_url(&self) -> String {
        self.inner.base_url()
    }

    /// Application id.
    pub fn id(&self) -> String {
        self.inner.id()
    }

    /// Type id on the wire.
    pub fn type_id(&self) -> &'static str {
        self.inner.product.type_id()
    }

    /// Server id, from which the application id follows.
    pub fn server_id(&self) -> &str {
        &self.inner.server_id
    }

    /// Port it listens on.
    pub fn port(&self) -> u16 {
        lock(&self.inner.place).port
    }

    /// The certificate of its world's authority as PEM; empty when it speaks plain HTTP.
    pub fn ca_pem(&self) -> String {
        if lock(&self.inner.place).tls == Tls::Off {
            return String::new();
        }
        self.inner.shared.authority.pem().unwrap_or_default()
    }

    /// Its users.
    pub fn users(&self) -> &[User] {
        &self.inner.users
    }

    /// The user of a role; every application has one of each.
    ///
    /// # Panics
    /// Never: the panic stands for a world that cannot be built.
    #[expect(
        clippy::panic,
        reason = "a test asked for a user that no application lacks"
    )]
    pub fn user(&self, role: Role) -> &User {
        let found = self.inner.users.iter().find(|user| user.role == role);
        found
            .unwrap_or_else(|| panic!("{} has no user of the role {}", self.alias(), role.as_str()))
    }

    /// Personal access tokens; none where the product has no such thing.
    pub fn tokens(&self) -> &[Token] {
        let generation = self.inner.settings().generation;
        if self.inner.product.has_tokens(generation) {
            &self.inner.tokens
        } else {
            &[]
        }
    }

    /// The token of the user of a role.
    pub fn token(&self, role: Role) -> Option<&str> {
        let name = &self.user(role).name;
        self.tokens()
            .iter()
            .find(|token| token.user == *name)
            .map(|token| token.token.as_str())
    }

    /// Ends a personal access token: from now on it is ignored.
    pub fn revoke_token(&self, token: &str) {
        lock(&self.inner.state).revoked.insert(token.to_owned());
    }

    /// Its settings now.
    pub fn settings(&self) -> Settings {
        self.inner.settings()
    }

    /// Changes its settings.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut lock(&self.inner.state).settings);
    }

    /// Closes its port and every connection.
    pub fn stop(&self) {
        let serving = lock(&self.inner.serving).take();
        if let Some(serving) = serving {
            serving.close();
            *lock(&self.inner.reserved) = listener::reserve(&self.inner).ok();
        }
    }

    /// Listens again, on the same port.
    pub fn start(&self) -> io::Result<()> {
        let mut serving = lock(&self.inner.serving);
        if serving.is_none() {
            let reserved = lock(&self.inner.reserved).take();
            let socket = reserved.map_or_else(|| listener::reserve(&self.inner), Ok)?;
            *serving = Some(listener::serve(&self.inner, socket)?);
        }
        Ok(())
    }

    /// Whether it listens.
    pub fn is_running(&self) -> bool {
        lock(&self.inner.serving).is_some()
    }

    /// Its links, in the order they were made.
    pub fn links(&self) -> Vec<Link> {
        lock(&self.inner.state).store.links.clone()
    }

    /// One link.
    pub fn link(&self, id: &str) -> Option<Link> {
        lock(&self.inner.state).store.link(id).cloned()
    }

    /// Incoming and outgoing flags of a link.
    pub fn flags(&self, id: &str) -> Option<(OAuthFlags, OAuthFlags)> {
        let state = lock(&self.inner.state);
        let link = state.store.link(id)?;
        Some((state.store.incoming(link), link.outgoing()))
    }

    /// Adds a link, under the rules of names and primary links. Returns its id.
    pub fn add_link(&self, link: Link) -> String {
        lock(&self.inner.state).store.add(link)
    }

    /// Adds a link to another application of the world, at its base URL. Returns its id.
    pub fn add_link_to(&self, peer: &AppHandle) -> String {
        let name = peer.settings().display_name;
        self.add_link(Link::new(
            &peer.id(),
            peer.type_id(),
            &name,
            &peer.base_url(),
        ))
    }

    /// Changes a link in any way. Says whether there is one.
    pub fn edit_link(&self, id: &str, change: impl FnOnce(&mut Link)) -> bool {
        lock(&self.inner.state)
            .store
            .link_mut(id)
            .map(change)
            .is_some()
    }

    /// Removes a link; its consumer stays.
    pub fn remove_link(&self, id: &str) -> bool {
        lock(&self.inner.state).store.remove(id).is_some()
    }

    /// Marks a link as managed by the product.
    pub fn mark_system(&self, id: &str) -> bool {
        self.edit_link(id, |link| link.system = true)
    }

    /// Sets the legacy authentication of a link.
    pub fn set_legacy(&self, id: &str, legacy: Legacy) -> bool {
        self.edit_link(id, |link| link.legacy = legacy)
    }

    /// Sets the outgoing providers of a link.
    pub fn set_outgoing(&self, id: &str, flags: OAuthFlags) -> bool {
        self.edit_link(id, |link| link.set_outgoing(flags))
    }

    /// Sets the incoming flags of a link; where it has no consumer, `peer`'s present key is stored.
    pub fn set_incoming(&self, id: &str, flags: OAuthFlags, peer: &AppHandle) {
        let own = peer.consumer();
        let mut state = lock(&self.inner.state);
        if !flags.enabled {
            state.store.remove_consumer(id);
            return;
        }
        let Some(link) = state.store.link(id).cloned() else {
            return;
        };
        let mut consumer = state.store.consumer_of(&link).cloned().unwrap_or(own);
        consumer.two_lo = flags.two_lo;
        consumer.two_loi = flags.two_loi;
        state.store.set_consumer(id, consumer);
    }

    /// Stores a consumer as the incoming one of a link.
    pub fn add_consumer(&self, id: &str, consumer: Consumer) {
        lock(&self.inner.state).store.set_consumer(id, consumer);
    }

    /// All incoming consumers, those without a link too.
    pub fn consumers(&self) -> Vec<Consumer> {
        lock(&self.inner.state)
            .store
            .consumers
            .values()
            .cloned()
            .collect()
    }

    /// The consumer that this application is to its peers.
    pub fn consumer(&self) -> Consumer {
        let (key, public) = self
            .inner
            .own_key()
            .map_or_else(Default::default, |(key, pair)| (key, pair.public.clone()));
        Consumer::new(&key, &self.settings().display_name, &public)
    }

    /// Gives the application a new key pair under the same consumer key. Peers keep the old one.
    pub fn rotate_key(&self) {
        let slot = self.inner.shared.take_key_slot();
        lock(&self.inner.state).own.slot = slot;
    }

    /// Gives the application another consumer key.
    pub fn set_consumer_key(&self, key: &str) {
        key.clone_into(&mut lock(&self.inner.state).own.consumer_key);
    }

    /// Signs a text with the application's private key, as its requests are signed: base64.
    pub fn sign(&self, text: &str) -> Option<String> {
        let own = lock(&self.inner.state).own.clone();
        keys::pair(own.slot, own.bits)?.sign(text)
    }

    /// Lets a user of this application speak to `peer` over a link with a three-legged token.
    pub fn give_token(&self, id: &str, user: &str, peer: &AppHandle, peer_user: &str) {
        let token = format!("{}{}", self.inner.shared.nonce(), self.inner.shared.nonce());
        let consumer = lock(&self.inner.state).own.consumer_key.clone();
        let access = AccessToken {
            consumer,
            user: peer_user.to_owned(),
            secret: String::new(),
            handle: None,
            expires: peer.inner.now() + ACCESS_TOKEN_LIFE,
        };
        lock(&peer.inner.state)
            .store
            .access_tokens
            .insert(token.clone(), access);
        self.edit_link(id, |link| {
            link.user_tokens.insert(user.to_owned(), token);
        });
    }

    /// A person approves (`user`) or denies a request token in the browser. Returns the verifier;
    /// `None` when there is no such token to decide on.
    pub fn decide_token(&self, request_token: &str, user: Option<&str>) -> Option<String> {
        let now = self.inner.now();
        let mut state = lock(&self.inner.state);
        let state = &mut *state;
        let decided = dance::decide(
            &mut state.store,
            request_token,
            user,
            &mut state.random,
            now,
        );
        decided.ok().map(|(verifier, _)| verifier)
    }

    /// Ends all access tokens that this application gave to consumers.
    pub fn revoke_tokens(&self) {
        lock(&self.inner.state).store.access_tokens.clear();
    }

    /// Forgets failed log-ins: a CAPTCHA was solved in the browser.
    pub fn solve_captcha(&self) {
        lock(&self.inner.state).failures.clear();
    }

    /// Takes over links, consumers and tokens of another application, as a restored backup does.
    pub fn restore_from(&self, other: &AppHandle) {
        let copy = lock(&other.inner.state).store.clone();
        lock(&self.inner.state).store = copy;
    }

    /// Forgets what is remembered of the capabilities of its peers.
    pub fn forget_capabilities(&self) {
        for link in &mut lock(&self.inner.state).store.links {
            link.capabilities = None;
        }
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.inner.gate.add(fault);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.inner.gate.clear();
    }

    /// The most requests that were in flight at once.
    pub fn peak_load(&self) -> usize {
        self.inner.load.peak()
    }

    /// Starts counting the peak anew.
    pub fn reset_peak_load(&self) {
        self.inner.load.reset();
    }

    /// Everything that persists, in a stable order: equal snapshots mean that nothing changed.
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
            "features": state.store.features,
        })
    }
}

fn link_json(store: &crate::store::Store, link: &Link) -> Value {
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

/// Class names of the three OAuth providers: three-legged, two-legged, with impersonation.
pub const OAUTH_PROVIDERS: [&str; 3] = [class::OAUTH, class::TWO_LO, class::TWO_LOI];
