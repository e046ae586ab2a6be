//! How severe a code is, by its category and by the case at hand.

use std::time::Duration;

use crate::domain::{Category, Code, Health};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The link does not work.
    Broken,
    /// The link works, and a person should look at it.
    Warning,
    /// The link cannot be judged.
    Unverifiable,
    /// Worth knowing; sets neither a status nor a code.
    Note,
    /// Says nothing about a link: an account was refused by an application.
    Account,
}

/// What else is known where a code alone does not decide on its gravity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Nothing that matters.
    Usual,
    /// One way is what the administrator asked for.
    OneWayWanted,
    /// Both ends are on the machine that applink runs on.
    SameHost,
    /// The clocks differ by this much.
    Skew(Duration),
    /// A signature is made over the address in question.
    Signed,
}

/// From here on a difference of clocks is a warning.
pub const SKEW_WARNING: Duration = Duration::from_secs(60);

/// From here on the products refuse timestamps.
pub const SKEW_BROKEN: Duration = Duration::from_secs(300);

impl Severity {
    /// The words used by `explain`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Warning => "warning",
            Self::Unverifiable => "unverifiable",
            Self::Note => "note",
            Self::Account => "not about the link",
        }
    }

    /// The status of an end that has such a finding and nothing graver.
    pub fn health(self) -> Health {
        match self {
            Self::Broken => Health::Broken,
            Self::Warning => Health::Warning,
            // An application that lets nobody in leaves its ends unseen.
            Self::Unverifiable | Self::Account => Health::Unverifiable,
            Self::Note => Health::Ok,
        }
    }
}

/// How grave a code is, by its category and by the few rules that go before it.
pub fn severity(code: Code, case: Case) -> Severity {
    match (code, case) {
        (Code::ClockSkew, Case::Skew(skew)) => {
            if skew >= SKEW_BROKEN {
                Severity::Broken
            } else if skew >= SKEW_WARNING {
                Severity::Warning
            } else {
                Severity::Note
            }
        }
        (Code::BaseUrlMismatch, Case::Signed) => Severity::Broken,
        (Code::NoRemoteApplink | Code::OneWay, Case::OneWayWanted)
        | (
            Code::ClockSkew
            | Code::BaseUrlMismatch
            | Code::ClonedApplication
            | Code::Moved
            | Code::CertExpires
            | Code::WeakKey
            | Code::ConsumerStillAccepted
            | Code::CapabilitiesStale,
            _,
        ) => Severity::Warning,
        (Code::LoopbackUrl, Case::SameHost) | (Code::PlainHttp, _) => Severity::Note,
        _ => match code.category() {
            Category::NetworkError
            | Category::ConfigError
            | Category::Incompatible
            | Category::Unknown => Severity::Broken,
            Category::Deprecated | Category::Disabled => Severity::Warning,
            Category::NonAtlassian | Category::System => Severity::Unverifiable,
            Category::AccessError if code.is_product() => Severity::Unverifiable,
            Category::AccessError => Severity::Account,
        },
    }
}

/// The status of an end that has this finding and nothing graver.
pub fn health(code: Code, case: Case) -> Health {
    severity(code, case).health()
}
