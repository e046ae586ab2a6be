//! The user that a request acts as, and how that user authenticated.

use crate::users::Role;

/// The authentication of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Nothing,
    Basic,
    Bearer,
    OAuth,
    Trusted,
}

/// The user that a request acts as, if any.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) user: Option<String>,
    /// The role with these credentials, which may be lower than the role of the user.
    pub(crate) role: Role,
    pub(crate) scheme: Scheme,
}

impl Caller {
    pub(crate) fn anonymous() -> Self {
        Self {
            user: None,
            role: Role::User,
            scheme: Scheme::Nothing,
        }
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.user.is_some() && self.role >= Role::Admin
    }

    pub(crate) fn is_sysadmin(&self) -> bool {
        self.user.is_some() && self.role == Role::SystemAdmin
    }
}
