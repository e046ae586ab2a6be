//! Who is asking: Basic, personal access tokens, OAuth, and what stands in their way (disabled
//! Basic authentication, CAPTCHA, secure administrator sessions, cross-site request forgery).

mod basic;
pub(crate) mod oauth;
pub(crate) mod websudo;
pub(crate) mod xsrf;

use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::users::Role;

pub(crate) use basic::query_credentials;

/// How somebody authenticated.
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
    /// What the user may do with these credentials, which may be less than the user may do.
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

/// Header by which an application proves, within its world, that it speaks for a user of a peer
/// with Trusted Applications. It counts only on connections that a peer really opened.
pub(crate) const TRUSTED_HEADER: &str = "X-Seraph-Trusted-App-User";

/// The servlet filters before any resource: who is asking, or the answer that ends it here.
pub(crate) fn identify(app: &Instance, request: &Request) -> Result<Caller, Reply> {
    if let Some(outcome) = oauth::identify(app, request) {
        return outcome;
    }
    if let Some(caller) = trusted(app, request) {
        return Ok(caller);
    }
    let Some(header) = request.header("authorization") else {
        return Ok(Caller::anonymous());
    };
    match header.split_once(' ') {
        Some((scheme, credentials)) if scheme.eq_ignore_ascii_case("basic") => {
            basic::identify(app, request, credentials)
        }
        Some(("Bearer", token)) if !token.contains(' ') => Ok(bearer(app, token)),
        _ => Ok(Caller::anonymous()),
    }
}

/// A token that is unknown, or where tokens are not known, is passed over: the caller is anonymous.
fn bearer(app: &Instance, token: &str) -> Caller {
    let settings = app.settings();
    if !settings.tokens_allowed || !app.product.has_tokens(settings.generation) {
        return Caller::anonymous();
    }
    if crate::sync::lock(&app.state).revoked.contains(token) {
        return Caller::anonymous();
    }
    let owner = app
        .tokens
        .iter()
        .find(|known| known.token == token)
        .map(|known| &known.user);
    let Some(user) = owner.and_then(|name| app.user(name)) else {
        return Caller::anonymous();
    };
    let role = if app.product.tokens_administer() {
        user.role
    } else {
        Role::User
    };
    Caller {
        user: Some(user.name.clone()),
        role,
        scheme: Scheme::Bearer,
    }
}

fn trusted(app: &Instance, request: &Request) -> Option<Caller> {
    let sender = request.sender.as_ref()?;
    let (id, name) = request.header(TRUSTED_HEADER)?.split_once(' ')?;
    let accepted = crate::sync::lock(&app.state)
        .store
        .link(id)
        .is_some_and(|link| link.legacy.trusted_incoming && !sender.is_empty());
    let user = app.user(name).filter(|_| accepted)?;
    Some(Caller {
        user: Some(user.name.clone()),
        role: user.role,
        scheme: Scheme::Trusted,
    })
}
