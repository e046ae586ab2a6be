//! Secure administrator sessions. Only Basic authentication passes without one.

use super::caller::{Caller, Scheme};
use crate::http::Reply;
use crate::http::errors::Style;
use crate::settings::Settings;

/// Refuses a caller without a secure session, when the application requires one.
pub(crate) fn check(settings: &Settings, caller: &Caller, style: Style) -> Result<(), Reply> {
    let exempt = match caller.scheme {
        Scheme::Basic => true,
        Scheme::Bearer => settings.bearer_bypasses_websudo,
        Scheme::OAuth | Scheme::Trusted | Scheme::Nothing => false,
    };
    if exempt || !settings.websudo {
        return Ok(());
    }
    Err(style.status(401, "This resource requires WebSudo."))
}
