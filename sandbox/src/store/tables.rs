//! Everything that an application stores: links, consumers and tokens.
//!
//! A link remembers only the key of its incoming consumer. The consumers are one map for the whole
//! application, as in the products.

use std::collections::BTreeMap;

use super::consumer::{Consumer, OAuth2Client, OAuth2Connection};
use super::link::Link;
use super::oauth_flags::OAuthFlags;
use super::token::{AccessToken, RequestToken};

/// Everything that persists in one application.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    pub(crate) links: Vec<Link>,
    pub(crate) consumers: BTreeMap<String, Consumer>,
    pub(crate) service_providers: BTreeMap<String, Consumer>,
    pub(crate) access_tokens: BTreeMap<String, AccessToken>,
    pub(crate) request_tokens: BTreeMap<String, RequestToken>,
    pub(crate) oauth2_clients: Vec<OAuth2Client>,
    pub(crate) oauth2_connections: Vec<OAuth2Connection>,
    pub(crate) features: BTreeMap<String, bool>,
}

impl Store {
    pub(crate) fn link(&self, id: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.id == id)
    }

    pub(crate) fn link_mut(&mut self, id: &str) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.id == id)
    }

    /// The incoming consumer of a link, if a consumer of that key still exists.
    pub(crate) fn consumer_of(&self, link: &Link) -> Option<&Consumer> {
        link.consumer_key
            .as_ref()
            .and_then(|key| self.consumers.get(key))
    }

    pub(crate) fn incoming(&self, link: &Link) -> OAuthFlags {
        self.consumer_of(link)
            .map_or(OAuthFlags::NONE, Consumer::flags)
    }

    /// Adds a link under a free name. The first link of a type becomes primary. Returns the id.
    pub(crate) fn add(&mut self, mut link: Link) -> String {
        link.name = self.free_name(&link.name);
        let first = !self.links.iter().any(|other| other.type_id == link.type_id);
        let primary = first || link.primary;
        link.primary = false;
        let id = link.id.clone();
        self.links.push(link);
        if primary {
            self.make_primary(&id);
        }
        id
    }

    /// `name`, or `name - 2`, `name - 3`, … when another link has that name.
    fn free_name(&self, name: &str) -> String {
        let taken = |name: &str| self.links.iter().any(|link| link.name == name);
        if !taken(name) {
            return name.to_owned();
        }
        (2..=self.links.len() + 2)
            .map(|n| format!("{name} - {n}"))
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    pub(crate) fn make_primary(&mut self, id: &str) {
        let Some(type_id) = self.link(id).map(|link| link.type_id.clone()) else {
            return;
        };
        for link in self.links.iter_mut().filter(|link| link.type_id == type_id) {
            link.primary = link.id == id;
        }
    }

    /// Removes a link. If it was primary, another link of its type becomes primary. Its consumer
    /// stays valid.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Link> {
        let at = self.links.iter().position(|link| link.id == id)?;
        let link = self.links.remove(at);
        if link.primary {
            let next_primary = self
                .links
                .iter_mut()
                .find(|other| other.type_id == link.type_id);
            if let Some(next) = next_primary {
                next.primary = true;
            }
        }
        Some(link)
    }

    /// Stores `consumer` as the incoming one of a link. It replaces a consumer of the same key,
    /// even of another link. The link's former consumer of another key stays valid, although no
    /// link shows it.
    pub(crate) fn set_consumer(&mut self, id: &str, consumer: Consumer) {
        let key = consumer.key.clone();
        self.consumers.insert(key.clone(), consumer);
        if let Some(link) = self.link_mut(id) {
            link.consumer_key = Some(key);
        }
    }

    /// Disables the incoming direction: removes the consumer and its tokens.
    pub(crate) fn remove_consumer(&mut self, id: &str) {
        let Some(key) = self.link_mut(id).and_then(|link| link.consumer_key.take()) else {
            return;
        };
        self.consumers.remove(&key);
        self.access_tokens.retain(|_, token| token.consumer != key);
    }

    /// Links in the order of the lists: by type, then by name.
    pub(crate) fn sorted(&self) -> Vec<&Link> {
        let mut links: Vec<&Link> = self.links.iter().collect();
        links.sort_by(|a, b| (&a.type_id, &a.name).cmp(&(&b.type_id, &b.name)));
        links
    }
}
