//! What an application keeps: links, their providers, consumers and tokens. Links remember only
//! the *key* of their incoming consumer; the consumers themselves are one map for the whole
//! application, as in the products.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use serde_json::{Value, json};

use crate::oauth::dance::RequestToken;

/// Authentication provider classes.
pub(crate) mod class {
    pub(crate) const PREFIX: &str = "com.atlassian.applinks.api.auth.types.";
    pub(crate) const OAUTH: &str =
        "com.atlassian.applinks.api.auth.types.OAuthAuthenticationProvider";
    pub(crate) const TWO_LO: &str =
        "com.atlassian.applinks.api.auth.types.TwoLeggedOAuthAuthenticationProvider";
    pub(crate) const TWO_LOI: &str = "com.atlassian.applinks.api.auth.types.TwoLeggedOAuthWithImpersonationAuthenticationProvider";
    pub(crate) const BASIC: &str =
        "com.atlassian.applinks.api.auth.types.BasicAuthenticationProvider";
    pub(crate) const TRUSTED: &str =
        "com.atlassian.applinks.api.auth.types.TrustedAppsAuthenticationProvider";
    pub(crate) const CORS: &str =
        "com.atlassian.applinks.api.auth.types.CorsAuthenticationProvider";
    pub(crate) const ALL: [&str; 6] = [OAUTH, TWO_LO, TWO_LOI, BASIC, TRUSTED, CORS];
}

/// The three flags of one direction of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OAuthFlags {
    /// Three-legged OAuth.
    pub enabled: bool,
    /// Two-legged OAuth.
    pub two_lo: bool,
    /// Two-legged OAuth with impersonation.
    pub two_loi: bool,
}

impl OAuthFlags {
    /// Nothing enabled.
    pub const NONE: Self = Self {
        enabled: false,
        two_lo: false,
        two_loi: false,
    };
    /// Three-legged only, as old links have it.
    pub const THREE_LEGGED: Self = Self {
        enabled: true,
        two_lo: false,
        two_loi: false,
    };
    /// OAuth.
    pub const OAUTH: Self = Self {
        enabled: true,
        two_lo: true,
        two_loi: false,
    };
    /// OAuth with impersonation.
    pub const IMPERSONATION: Self = Self {
        enabled: true,
        two_lo: true,
        two_loi: true,
    };

    /// The combination that a product makes of these flags.
    #[must_use]
    pub(crate) fn normalised(self) -> Self {
        match self {
            Self { enabled: false, .. } => Self::NONE,
            Self { two_loi: true, .. } => Self::IMPERSONATION,
            Self { two_lo: true, .. } => Self::OAUTH,
            _ => Self::THREE_LEGGED,
        }
    }

    pub(crate) fn json(self) -> Value {
        json!({
            "enabled": self.enabled,
            "twoLoEnabled": self.two_lo,
            "twoLoImpersonationEnabled": self.two_loi,
        })
    }

    /// Three-legged without two-legged: no longer supported.
    pub(crate) fn unsupported(self) -> bool {
        self.enabled && !self.two_lo
    }
}

/// Legacy authentication on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent check boxes of the old pages"
)]
pub struct Legacy {
    /// Trusted Applications accepted from the peer.
    pub trusted_incoming: bool,
    /// Trusted Applications used towards the peer.
    pub trusted_outgoing: bool,
    /// A stored user name and password used towards the peer.
    pub basic_outgoing: bool,
    /// Whether the administrator who looks is a system administrator on the peer too.
    pub remote_sysadmin: bool,
}

impl Legacy {
    pub(crate) fn any(self) -> bool {
        self.trusted_incoming || self.trusted_outgoing || self.basic_outgoing
    }
}

/// One application link as its application keeps it.
#[derive(Debug, Clone)]
pub struct Link {
    /// Application id of the other end.
    pub id: String,
    /// Type id of the other end.
    pub type_id: String,
    /// Name of the link, unique in its application.
    pub name: String,
    /// URL that servers use.
    pub rpc_url: String,
    /// URL that browsers use.
    pub display_url: String,
    /// Whether it is the primary link of its type.
    pub primary: bool,
    /// Whether the product manages it.
    pub system: bool,
    /// Raw properties, echoed by the list on demand.
    pub properties: BTreeMap<String, Value>,
    /// Outgoing providers by class name, with their configuration.
    pub providers: BTreeMap<String, BTreeMap<String, String>>,
    /// Key of the incoming consumer, if one was ever stored.
    pub consumer_key: Option<String>,
    /// Legacy authentication.
    pub legacy: Legacy,
    /// Tokens that users of this application got from the peer: user name to token.
    pub user_tokens: BTreeMap<String, String>,
    /// Number of entity links (projects, spaces) that hang on the link.
    pub entity_links: usize,
    pub(crate) capabilities: Option<Capabilities>,
}

impl Link {
    /// A link without any authentication.
    pub fn new(id: &str, type_id: &str, name: &str, url: &str) -> Self {
        Self {
            id: id.to_owned(),
            type_id: type_id.to_owned(),
            name: name.to_owned(),
            rpc_url: url.to_owned(),
            display_url: url.to_owned(),
            primary: false,
            system: false,
            properties: BTreeMap::new(),
            providers: BTreeMap::new(),
            consumer_key: None,
            legacy: Legacy::default(),
            user_tokens: BTreeMap::new(),
            entity_links: 0,
            capabilities: None,
        }
    }

    pub(crate) fn outgoing(&self) -> OAuthFlags {
        OAuthFlags {
            enabled: self.providers.contains_key(class::OAUTH),
            two_lo: self.providers.contains_key(class::TWO_LO),
            two_loi: self.providers.contains_key(class::TWO_LOI),
        }
    }

    /// Legacy authentication, however it was configured.
    pub(crate) fn all_legacy(&self) -> Legacy {
        let mut legacy = self.legacy;
        legacy.trusted_outgoing |= self.providers.contains_key(class::TRUSTED);
        legacy.basic_outgoing |= self.providers.contains_key(class::BASIC);
        legacy
    }

    pub(crate) fn remove_legacy(&mut self) {
        self.legacy = Legacy::default();
        self.providers.remove(class::TRUSTED);
        self.providers.remove(class::BASIC);
    }

    /// Registers and removes the three OAuth providers; off also ends the users' tokens.
    pub(crate) fn set_outgoing(&mut self, flags: OAuthFlags) {
        let wanted = [
            (class::OAUTH, flags.enabled),
            (class::TWO_LO, flags.two_lo),
            (class::TWO_LOI, flags.two_loi),
        ];
        for (provider, on) in wanted {
            if on {
                self.providers.entry(provider.to_owned()).or_default();
            } else {
                self.providers.remove(provider);
            }
        }
        if !flags.enabled {
            self.user_tokens.clear();
        }
    }
}

/// What is remembered of a peer's capabilities, a failure included.
#[derive(Debug, Clone)]
pub(crate) struct Capabilities {
    pub(crate) fetched: Instant,
    pub(crate) application_version: Option<String>,
    pub(crate) applinks_version: Option<String>,
    pub(crate) names: BTreeSet<String>,
    pub(crate) error: Option<crate::peer::Problem>,
}

/// A consumer: somebody whose signed requests are accepted (or, `outgoing`, a stored secret for
/// requests to a third party).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the fields of the consumer's form"
)]
pub struct Consumer {
    /// Consumer key.
    pub key: String,
    /// Name shown to people.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// RSA public key as it was given.
    pub public_key: Option<String>,
    /// Shared secret of an outgoing consumer.
    pub shared_secret: Option<String>,
    /// Callback URL.
    pub callback: Option<String>,
    /// Three-legged OAuth allowed.
    pub three_lo: bool,
    /// Two-legged OAuth allowed.
    pub two_lo: bool,
    /// User that two-legged requests run as.
    pub executing_user: Option<String>,
    /// Impersonation allowed.
    pub two_loi: bool,
    /// Whether it is used for outgoing requests.
    pub outgoing: bool,
}

impl Consumer {
    /// An incoming consumer with three-legged OAuth only.
    pub fn new(key: &str, name: &str, public_key: &str) -> Self {
        Self {
            key: key.to_owned(),
            name: name.to_owned(),
            description: None,
            public_key: Some(public_key.to_owned()),
            shared_secret: None,
            callback: None,
            three_lo: true,
            two_lo: false,
            executing_user: None,
            two_loi: false,
            outgoing: false,
        }
    }

    pub(crate) fn flags(&self) -> OAuthFlags {
        OAuthFlags {
            enabled: self.three_lo,
            two_lo: self.two_lo,
            two_loi: self.two_loi,
        }
    }
}

/// An access token that was given to a consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccessToken {
    pub(crate) consumer: String,
    pub(crate) user: String,
    pub(crate) secret: String,
    pub(crate) handle: Option<String>,
    /// Seconds since the epoch, by the application's clock.
    pub(crate) expires: i64,
}

/// Everything that persists in one application.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    pub(crate) links: Vec<Link>,
    pub(crate) consumers: BTreeMap<String, Consumer>,
    pub(crate) service_providers: BTreeMap<String, Consumer>,
    pub(crate) access_tokens: BTreeMap<String, AccessToken>,
    pub(crate) request_tokens: BTreeMap<String, RequestToken>,
    pub(crate) oauth2_clients: Vec<OAuth2Client>,
    pub(crate) features: BTreeMap<String, bool>,
}

/// A registered OAuth 2.0 client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuth2Client {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) name: String,
    pub(crate) redirects: Vec<String>,
    pub(crate) scope: String,
    pub(crate) user_key: String,
}

impl Store {
    pub(crate) fn link(&self, id: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.id == id)
    }

    pub(crate) fn link_mut(&mut self, id: &str) -> Option<&mut Link> {
        self.links.iter_mut().find(|link| link.id == id)
    }

    /// The incoming consumer of a link, if the key it remembers still exists.
    pub(crate) fn consumer_of(&self, link: &Link) -> Option<&Consumer> {
        link.consumer_key
            .as_ref()
            .and_then(|key| self.consumers.get(key))
    }

    pub(crate) fn incoming(&self, link: &Link) -> OAuthFlags {
        self.consumer_of(link)
            .map_or(OAuthFlags::NONE, Consumer::flags)
    }

    /// Adds a link under a free name; the first of its type becomes primary. Returns its id.
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

    /// `wanted`, or `wanted - 2`, `wanted - 3`, … when another link has it.
    fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.links.iter().any(|link| link.name == name);
        if !taken(wanted) {
            return wanted.to_owned();
        }
        (2..=self.links.len() + 2)
            .map(|n| format!("{wanted} - {n}"))
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

    /// Removes a link; when it was primary another one of its type becomes so. Its consumer stays
    /// valid in the store.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Link> {
        let at = self.links.iter().position(|link| link.id == id)?;
        let gone = self.links.remove(at);
        if gone.primary {
            let heir = self
                .links
                .iter_mut()
                .find(|link| link.type_id == gone.type_id);
            if let Some(heir) = heir {
                heir.primary = true;
            }
        }
        Some(gone)
    }

    /// Stores `consumer` as the incoming one of a link. A consumer of the same key is replaced,
    /// whoever used it; one of another key stays behind, valid and invisible.
    pub(crate) fn set_consumer(&mut self, id: &str, consumer: Consumer) {
        let key = consumer.key.clone();
        self.consumers.insert(key.clone(), consumer);
        if let Some(link) = self.link_mut(id) {
            link.consumer_key = Some(key);
        }
    }

    /// Switches the incoming direction off: the consumer and its tokens go.
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
