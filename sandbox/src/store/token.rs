//! The OAuth 1.0a tokens that an application gave out.

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

/// Whether the user has approved a request token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Approval {
    Pending,
    Approved { user: String, verifier: String },
    Denied,
}

/// A request token that was given to a consumer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestToken {
    pub(crate) consumer: String,
    pub(crate) secret: String,
    pub(crate) callback: Option<String>,
    pub(crate) created: i64,
    pub(crate) approval: Approval,
}
