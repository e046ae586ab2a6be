//! One application link as its application stores it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::capabilities::PeerCapabilities;
use super::class;
use super::oauth_flags::OAuthFlags;

/// Legacy authentication on a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent check boxes of the old pages"
)]
pub struct LegacyAuth {
    /// Trusted Applications accepted from the peer.
    pub trusted_incoming: bool,
    /// Trusted Applications used towards the peer.
    pub trusted_outgoing: bool,
    /// A stored user name and password used towards the peer.
    pub basic_outgoing: bool,
    /// Whether the administrator is a system administrator on the peer too.
    pub remote_sysadmin: bool,
}

impl LegacyAuth {
    pub(crate) fn any(self) -> bool {
        self.trusted_incoming || self.trusted_outgoing || self.basic_outgoing
    }
}

/// One application link as its application stores it.
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
    pub legacy: LegacyAuth,
    /// Tokens that users of this application got from the peer: user name to token.
    pub user_tokens: BTreeMap<String, String>,
    /// Number of entity links (projects, spaces) that use the link.
    pub entity_links: usize,
    pub(crate) capabilities: Option<PeerCapabilities>,
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
            legacy: LegacyAuth::default(),
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
    pub(crate) fn all_legacy(&self) -> LegacyAuth {
        let mut legacy = self.legacy;
        legacy.trusted_outgoing |= self.providers.contains_key(class::TRUSTED);
        legacy.basic_outgoing |= self.providers.contains_key(class::BASIC);
        legacy
    }

    pub(crate) fn remove_legacy(&mut self) {
        self.legacy = LegacyAuth::default();
        self.providers.remove(class::TRUSTED);
        self.providers.remove(class::BASIC);
    }

    /// Adds and removes the three OAuth providers. Disabling OAuth also removes the users' tokens.
    pub(crate) fn set_outgoing(&mut self, flags: OAuthFlags) {
        let providers = [
            (class::OAUTH, flags.enabled),
            (class::TWO_LO, flags.two_lo),
            (class::TWO_LOI, flags.two_loi),
        ];
        for (provider, on) in providers {
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
