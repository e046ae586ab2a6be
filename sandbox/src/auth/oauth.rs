//! The filter for signed OAuth requests.

use super::caller::{Caller, Scheme};
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::oauth::problem::OAuthProblem;
use crate::oauth::verify::OAuthRequest;
use crate::sync::lock;
use crate::users::Role;

/// Paths at which a non-empty token does not make a request a signed resource request.
const ACCESS_TOKEN_PATH: &str = "/plugins/servlet/oauth/access-token";
const REQUEST_TOKEN_PATH: &str = "/plugins/servlet/oauth/request-token";
/// Clients that never use OAuth.
const EXEMPT_AGENTS: [&str; 2] = ["WebDAVFS", "Microsoft-WebDAV-MiniRedir"];

/// The caller of a signed request. `None` when it is no OAuth request.
pub(super) fn identify(app: &Instance, request: &Request) -> Option<Result<Caller, Reply>> {
    let path = request.local_path().unwrap_or_default();
    if path.ends_with(ACCESS_TOKEN_PATH) || path.ends_with(REQUEST_TOKEN_PATH) {
        return None;
    }
    let agent = request.header("user-agent").unwrap_or_default();
    if EXEMPT_AGENTS.iter().any(|exempt| agent.contains(exempt)) {
        return None;
    }
    let signed = OAuthRequest::recognise(
        &request.method,
        container_url(app, request),
        request.header("authorization"),
        &request.query,
        request.form_body().as_deref().unwrap_or_default(),
    )?;
    Some(verify(app, &signed).map_err(|problem| problem.reply(&app.base_url())))
}

fn verify(app: &Instance, signed: &OAuthRequest) -> Result<Caller, OAuthProblem> {
    let now = app.now();
    let verified = {
        let mut state = lock(&app.state);
        let state = &mut *state;
        signed.verify(&state.store, &mut state.nonces, now)?
    };
    // The products treat an unknown user as anonymous.
    let user = verified.user.as_deref().and_then(|name| app.user(name));
    Ok(Caller {
        user: user.map(|user| user.name.clone()),
        role: user.map_or(Role::User, |user| user.role),
        scheme: Scheme::OAuth,
    })
}

/// The request URL as the servlet container's connector sees it, never the configured base URL.
pub(crate) fn container_url(app: &Instance, request: &Request) -> String {
    let path = request.local_path().unwrap_or(&request.path);
    format!("{}{path}", app.seen_base(request))
}
