//! The filter for personal access tokens.

use super::caller::{Caller, Scheme};
use crate::instance::Instance;
use crate::sync::lock;
use crate::users::Role;

/// The owner of a token. The caller is anonymous when the token is unknown, revoked or unsupported.
pub(super) fn identify(app: &Instance, token: &str) -> Caller {
    let settings = app.settings();
    if !settings.tokens_allowed || !app.product.has_tokens(settings.generation) {
        return Caller::anonymous();
    }
    if lock(&app.state).revoked.contains(token) {
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
