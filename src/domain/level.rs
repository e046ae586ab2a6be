//! What one application may do on another, per direction.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The three OAuth switches of one direction, as the products keep them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Flags {
    /// Three-legged OAuth: a user's consent, then calls as that user.
    pub three_legged: bool,
    /// Two-legged OAuth: the application calls as itself.
    pub two_legged: bool,
    /// Two-legged OAuth with impersonation: the application calls as any user.
    pub impersonation: bool,
}

impl Flags {
    /// Nothing allowed.
    pub const NONE: Self = Self {
        three_legged: false,
        two_legged: false,
        impersonation: false,
    };
    /// Three-legged OAuth only: what a new consumer gets.
    pub const THREE_LEGGED: Self = Self {
        three_legged: true,
        two_legged: false,
        impersonation: false,
    };
    /// Three-legged and two-legged OAuth.
    pub const OAUTH: Self = Self {
        three_legged: true,
        two_legged: true,
        impersonation: false,
    };
    /// Everything, impersonation included.
    pub const IMPERSONATION: Self = Self {
        three_legged: true,
        two_legged: true,
        impersonation: true,
    };
}

/// A level, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// No calls.
    None,
    /// Only calls with a user's consent (3LO). Reported, never made.
    ThreeLegged,
    /// Calls with a user's consent, and as the application itself (3LO + 2LO).
    #[serde(rename = "oauth")]
    OAuth,
    /// The same, and as any user without asking (2LO with impersonation).
    Impersonation,
    /// Trusted Applications or Basic, and no OAuth. Reported, never made.
    Legacy,
    /// Could not be read.
    Unknown,
}

impl Level {
    /// The switches that make this level, where it is one that can be made.
    pub fn flags(self) -> Option<Flags> {
        match self {
            Self::None => Some(Flags::NONE),
            Self::OAuth => Some(Flags::OAUTH),
            Self::Impersonation => Some(Flags::IMPERSONATION),
            Self::ThreeLegged | Self::Legacy | Self::Unknown => None,
        }
    }

    /// The word used in commands, tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ThreeLegged => "three-legged",
            Self::OAuth => "oauth",
            Self::Impersonation => "impersonation",
            Self::Legacy => "legacy",
            Self::Unknown => "unknown",
        }
    }
}

impl From<Flags> for Level {
    fn from(flags: Flags) -> Self {
        match flags {
            Flags {
                impersonation: true,
                ..
            } => Self::Impersonation,
            Flags {
                two_legged: true, ..
            } => Self::OAuth,
            Flags {
                three_legged: true, ..
            } => Self::ThreeLegged,
            Flags { .. } => Self::None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The same thing for both directions of one record: calls that come in from the remote, and
/// calls that go out to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Directions<T> {
    /// From the remote application to this one.
    pub incoming: T,
    /// From this application to the remote one.
    pub outgoing: T,
}

impl<T> Directions<T> {
    /// The same value both ways.
    pub fn both(value: T) -> Self
    where
        T: Clone,
    {
        Self {
            incoming: value.clone(),
            outgoing: value,
        }
    }

    #[must_use]
    /// What the peer must have for the two ends to agree: its incoming is our outgoing.
    pub fn mirrored(self) -> Self {
        Self {
            incoming: self.outgoing,
            outgoing: self.incoming,
        }
    }

    /// The same for both directions through `f`.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Directions<U> {
        Directions {
            incoming: f(self.incoming),
            outgoing: f(self.outgoing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_levels_agree() {
        for level in [Level::None, Level::OAuth, Level::Impersonation] {
            assert_eq!(level.flags().map(Level::from), Some(level));
        }
        let three = Flags {
            three_legged: true,
            ..Flags::NONE
        };
        assert_eq!(Level::from(three), Level::ThreeLegged);
        assert_eq!(Level::ThreeLegged.flags(), None);
    }
}
