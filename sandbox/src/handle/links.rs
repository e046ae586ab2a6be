//! Reads and changes the links, consumers and keys of an application.

use super::application::AppHandle;
use crate::oauth::keys;
use crate::oauth::tokens::{self, ACCESS_TOKEN_LIFE};
use crate::store::{
    AccessToken, Consumer, LegacyAuth, Link, OAuth2Client, OAuth2Connection, OAuthFlags,
};
use crate::sync::lock;

impl AppHandle {
    /// Its links, in the order of their creation.
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

    /// Changes a link. Returns whether it exists.
    pub fn edit_link(&self, id: &str, change: impl FnOnce(&mut Link)) -> bool {
        lock(&self.inner.state)
            .store
            .link_mut(id)
            .map(change)
            .is_some()
    }

    /// Removes a link. Its consumer stays.
    pub fn remove_link(&self, id: &str) -> bool {
        lock(&self.inner.state).store.remove(id).is_some()
    }

    /// Marks a link as managed by the product.
    pub fn mark_system(&self, id: &str) -> bool {
        self.edit_link(id, |link| link.system = true)
    }

    /// Sets the legacy authentication of a link.
    pub fn set_legacy(&self, id: &str, legacy: LegacyAuth) -> bool {
        self.edit_link(id, |link| link.legacy = legacy)
    }

    /// Sets the outgoing providers of a link.
    pub fn set_outgoing(&self, id: &str, flags: OAuthFlags) -> bool {
        self.edit_link(id, |link| link.set_outgoing(flags))
    }

    /// Sets the incoming flags of a link. If it has no consumer, this stores `peer` with its
    /// current key.
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

    /// Registers an OAuth 2.0 client. Returns its id.
    pub fn add_oauth2_client(&self, name: &str, redirects: &[&str], scope: &str) -> String {
        let mut state = lock(&self.inner.state);
        let state = &mut *state;
        let client = OAuth2Client::draw(&mut state.random, name, redirects, scope);
        let id = client.id.clone();
        state.store.oauth2_clients.push(client);
        id
    }

    /// Adds an outgoing OAuth 2.0 connection, with its authorization endpoint if it has one.
    /// Returns its id.
    pub fn add_oauth2_connection(&self, name: &str, endpoint: Option<&str>) -> String {
        let mut state = lock(&self.inner.state);
        let id = state.random.uuid();
        state.store.oauth2_connections.push(OAuth2Connection {
            id: id.clone(),
            name: name.to_owned(),
            authorization_endpoint: endpoint.map(str::to_owned),
        });
        id
    }

    /// Removes all OAuth 2.0 clients, as an administrator can in the browser.
    pub fn forget_oauth2_clients(&self) {
        lock(&self.inner.state).store.oauth2_clients.clear();
    }

    /// All incoming consumers, also those without a link.
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
        let slot = self.inner.environment.take_key_slot();
        lock(&self.inner.state).own_consumer.slot = slot;
    }

    /// Gives the application another consumer key.
    pub fn set_consumer_key(&self, key: &str) {
        key.clone_into(&mut lock(&self.inner.state).own_consumer.consumer_key);
    }

    /// The base64 signature of a text with the application's private key.
    pub fn sign(&self, text: &str) -> Option<String> {
        let own = lock(&self.inner.state).own_consumer.clone();
        keys::pair(own.slot, own.bits)?.sign(text)
    }

    /// Gives a user of this application a three-legged token for `peer`.
    pub fn give_token(&self, id: &str, user: &str, peer: &AppHandle, peer_user: &str) {
        let token = format!(
            "{}{}",
            self.inner.environment.nonce(),
            self.inner.environment.nonce()
        );
        let consumer = lock(&self.inner.state).own_consumer.consumer_key.clone();
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

    /// Approves a request token as `user`, or denies it without one. Returns the verifier. `None`
    /// when there is no such pending token.
    pub fn decide_token(&self, request_token: &str, user: Option<&str>) -> Option<String> {
        let now = self.inner.now();
        let mut state = lock(&self.inner.state);
        let state = &mut *state;
        let outcome = tokens::decide(
            &mut state.store,
            request_token,
            user,
            &mut state.random,
            now,
        );
        outcome.ok().map(|(verifier, _)| verifier)
    }

    /// Revokes all access tokens that this application gave to consumers.
    pub fn revoke_tokens(&self) {
        lock(&self.inner.state).store.access_tokens.clear();
    }

    /// Copies the links, consumers and tokens of another application, as a restored backup does.
    pub fn restore_from(&self, other: &AppHandle) {
        let copy = lock(&other.inner.state).store.clone();
        lock(&self.inner.state).store = copy;
    }

    /// Forgets the stored capabilities of its peers.
    pub fn forget_capabilities(&self) {
        for link in &mut lock(&self.inner.state).store.links {
            link.capabilities = None;
        }
    }
}
