//! Codes of what can be wrong: the products' own status codes, and applink's.
//!
//! Only names and categories live here. The catalogue (`diagnose::codes`) has meanings, causes and
//! fixes.

use std::fmt;

use serde::Serialize;

/// The family of a code, as the products' own pages group them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Category {
    /// The two servers do not reach or understand each other.
    NetworkError,
    /// The two ends are not set up alike.
    ConfigError,
    /// An account may not do or see something.
    AccessError,
    /// Works with means that are going away.
    Deprecated,
    /// The versions do not allow a status.
    Incompatible,
    /// A link to a program that is not an Atlassian application.
    NonAtlassian,
    /// A link that the product manages by itself.
    System,
    /// Switched off on both ends.
    Disabled,
    /// Not classified.
    Unknown,
}

impl Category {
    /// The name in JSON and in the products' answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NetworkError => "NETWORK_ERROR",
            Self::ConfigError => "CONFIG_ERROR",
            Self::AccessError => "ACCESS_ERROR",
            Self::Deprecated => "DEPRECATED",
            Self::Incompatible => "INCOMPATIBLE",
            Self::NonAtlassian => "NON_ATLASSIAN",
            Self::System => "SYSTEM",
            Self::Disabled => "DISABLED",
            Self::Unknown => "UNKNOWN",
        }
    }
}

macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident = $text:literal, $category:ident; )+) => {
        /// What can be wrong with a link, an end or an account.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $( $(#[$doc])* $name, )+ }

        impl Code {
            /// Every code, the products' own 28 first.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )+ ];

            /// The name in JSON, on the command line and in the products' answers.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$name => $text, )+ }
            }

            /// The family.
            pub fn category(self) -> Category {
                match self { $( Self::$name => Category::$category, )+ }
            }

            /// The code of a name, in any case of letters.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(name))
            }
        }
    };
}

codes! {
    /// The peer refused the connection of the calling server.
    ConnectionRefused = "CONNECTION_REFUSED", NetworkError;
    /// The calling server cannot resolve the name.
    UnknownHost = "UNKNOWN_HOST", NetworkError;
    /// The calling server does not trust the certificate.
    SslUntrusted = "SSL_UNTRUSTED", NetworkError;
    /// The certificate is for another name.
    SslHostnameUnmatched = "SSL_HOSTNAME_UNMATCHED", NetworkError;
    /// Another failure of the TLS handshake.
    SslUnmatched = "SSL_UNMATCHED", NetworkError;
    /// A signed call was refused for another reason than the next two.
    OauthProblem = "OAUTH_PROBLEM", NetworkError;
    /// The clocks are too far apart.
    OauthTimestampRefused = "OAUTH_TIMESTAMP_REFUSED", NetworkError;
    /// A signature does not verify.
    OauthSignatureInvalid = "OAUTH_SIGNATURE_INVALID", NetworkError;
    /// An answer that is not what application links expect.
    UnexpectedResponse = "UNEXPECTED_RESPONSE", NetworkError;
    /// An HTTP status that is not what application links expect.
    UnexpectedResponseStatus = "UNEXPECTED_RESPONSE_STATUS", NetworkError;
    /// The peer has no record of this application.
    NoRemoteApplink = "NO_REMOTE_APPLINK", ConfigError;
    /// The two ends have different levels.
    AuthLevelMismatch = "AUTH_LEVEL_MISMATCH", ConfigError;
    /// The account has no token from here to there.
    LocalAuthTokenRequired = "LOCAL_AUTH_TOKEN_REQUIRED", AccessError;
    /// The peer rejected the account's token.
    RemoteAuthTokenRequired = "REMOTE_AUTH_TOKEN_REQUIRED", AccessError;
    /// The account is not an administrator on the peer.
    InsufficientRemotePermission = "INSUFFICIENT_REMOTE_PERMISSION", AccessError;
    /// Three-legged OAuth only, or two-legged OAuth refused by the peer.
    AuthLevelUnsupported = "AUTH_LEVEL_UNSUPPORTED", Deprecated;
    /// Legacy authentication that the product can replace.
    LegacyUpdate = "LEGACY_UPDATE", Deprecated;
    /// Legacy authentication left beside OAuth, that the product can remove.
    LegacyRemoval = "LEGACY_REMOVAL", Deprecated;
    /// Legacy authentication that a person has to replace.
    ManualLegacyUpdate = "MANUAL_LEGACY_UPDATE", Deprecated;
    /// Legacy authentication that a person has to remove.
    ManualLegacyRemoval = "MANUAL_LEGACY_REMOVAL", Deprecated;
    /// The same, on a peer with the old pages.
    ManualLegacyRemovalWithOldEdit = "MANUAL_LEGACY_REMOVAL_WITH_OLD_EDIT", Deprecated;
    /// Nothing outgoing with which the peer could be asked.
    NoOutgoingAuth = "NO_OUTGOING_AUTH", Incompatible;
    /// The peer's application links plugin is too old.
    RemoteVersionIncompatible = "REMOTE_VERSION_INCOMPATIBLE", Incompatible;
    /// A link of a consumer.
    GenericLink = "GENERIC_LINK", NonAtlassian;
    /// A link of a type that a plugin brought.
    NonAtlassian = "NON_ATLASSIAN", NonAtlassian;
    /// A link managed by the product.
    SystemLink = "SYSTEM_LINK", System;
    /// Off both ways on both ends.
    Disabled = "DISABLED", Disabled;
    /// Not classified by the product.
    Unknown = "UNKNOWN", Unknown;

    /// The clocks of two ends, or of an end and this machine, differ.
    ClockSkew = "CLOCK_SKEW", NetworkError;
    /// The addresses under which an application is known do not agree.
    BaseUrlMismatch = "BASE_URL_MISMATCH", NetworkError;
    /// Two applications carry one id.
    ClonedApplication = "CLONED_APPLICATION", ConfigError;
    /// The address of a link leads to an application with another id.
    IdMismatch = "ID_MISMATCH", ConfigError;
    /// The address of a link leads to an application of another type.
    TypeMismatch = "TYPE_MISMATCH", ConfigError;
    /// A stored consumer is not the one that the peer presents.
    ConsumerKeyMismatch = "CONSUMER_KEY_MISMATCH", ConfigError;
    /// A consumer is accepted that no link names.
    ConsumerStillAccepted = "CONSUMER_STILL_ACCEPTED", ConfigError;
    /// Only one end has a record.
    OneWay = "ONE_WAY", ConfigError;
    /// The application answers from another address now.
    Moved = "MOVED", NetworkError;
    /// A page for people where data was due.
    LoginPage = "LOGIN_PAGE", NetworkError;
    /// A certificate runs out soon.
    CertExpires = "CERT_EXPIRES", NetworkError;
    /// A public key is too short.
    WeakKey = "WEAK_KEY", ConfigError;
    /// A link's address is only good on its own machine.
    LoopbackUrl = "LOOPBACK_URL", NetworkError;
    /// A link's address is not encrypted.
    PlainHttp = "PLAIN_HTTP", NetworkError;
    /// The product's own view is out of date.
    CapabilitiesStale = "CAPABILITIES_STALE", ConfigError;
    /// A secure administrator session is demanded.
    WebsudoRequired = "WEBSUDO_REQUIRED", AccessError;
    /// The application takes no user name and password on REST.
    BasicAuthDisabled = "BASIC_AUTH_DISABLED", AccessError;
    /// Too many wrong log-ins: a person has to log in once.
    CaptchaRequired = "CAPTCHA_REQUIRED", AccessError;
    /// User name or password are wrong.
    BadCredentials = "BAD_CREDENTIALS", AccessError;
    /// A token was given and the answer was anonymous.
    TokenIgnored = "TOKEN_IGNORED", AccessError;
    /// The account is not an administrator.
    NotAdmin = "NOT_ADMIN", AccessError;
    /// The account is an administrator, not a system administrator.
    NotSystemAdmin = "NOT_SYSTEM_ADMIN", AccessError;
    /// The request was taken for a forged one.
    XsrfRejected = "XSRF_REJECTED", AccessError;
}

impl Code {
    /// How many of [`Code::ALL`] are the products' own; they come first.
    pub const PRODUCT: usize = 28;

    /// Whether the products themselves report this code.
    pub fn is_product(self) -> bool {
        Self::ALL
            .iter()
            .take(Self::PRODUCT)
            .any(|code| *code == self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_products_have_28() {
        assert_eq!(Code::ALL[Code::PRODUCT - 1], Code::Unknown);
        assert!(Code::Unknown.is_product());
        assert!(!Code::ClockSkew.is_product());
        assert_eq!(Code::from_name("clock_skew"), Some(Code::ClockSkew));
    }
}
