//! Secure administrator sessions: Basic authentication passes, everything else has to elevate.

use super::caller::{Caller, Scheme};
use crate::http::Reply;
use crate::http::errors::Style;
use crate::settings::Settings;

/// The refusal, when the resource is protected and the caller is not elevated.
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
