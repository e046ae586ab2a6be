//! The OAuth flags of a link, for one direction and for both.

use serde_json::{Value, json};

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

    /// The combination that a product stores for these flags.
    #[must_use]
    pub(crate) fn normalised(self) -> Self {
        match self {
            Self { enabled: false, .. } => Self::NONE,
            Self { two_loi: true, .. } => Self::IMPERSONATION,
            Self { two_lo: true, .. } => Self::OAUTH,
            _ => Self::THREE_LEGGED,
        }
    }

    /// The flags in an answer of the status resource. `None` when `value` is no object.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        let flag = |name: &str| {
            fields
                .get(name)
                .and_then(Value::as_bool)
                .unwrap_or_default()
        };
        Some(Self {
            enabled: flag("enabled"),
            two_lo: flag("twoLoEnabled"),
            two_loi: flag("twoLoImpersonationEnabled"),
        })
    }

    /// The flags as the status resource writes them.
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

/// The authentication of one end of a link, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AuthConfig {
    pub(crate) incoming: OAuthFlags,
    pub(crate) outgoing: OAuthFlags,
}

impl AuthConfig {
    /// Nothing enabled in either direction.
    pub(crate) const OFF: Self = Self {
        incoming: OAuthFlags::NONE,
        outgoing: OAuthFlags::NONE,
    };

    /// The configuration as the status resource writes it.
    pub(crate) fn json(self) -> Value {
        json!({"incoming": self.incoming.json(), "outgoing": self.outgoing.json()})
    }

    /// The configuration that the other end needs to match this one.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            incoming: self.outgoing,
            outgoing: self.incoming,
        }
    }
}
