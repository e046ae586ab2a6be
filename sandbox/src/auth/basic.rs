//! The filter for Basic authentication.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::caller::{Caller, Scheme};
use crate::http::{Reply, Request};
use crate::instance::Instance;
use crate::product::Product;
use crate::sync::lock;

pub(super) fn identify(
    app: &Instance,
    request: &Request,
    credentials: &str,
) -> Result<Caller, Reply> {
    let decoded = decode(credentials);
    let name = decoded.as_ref().map(|(name, _)| name.as_str());
    if is_blocked(app, request, name.unwrap_or_default()) {
        let text = "Basic Authentication has been disabled on this instance.";
        return Err(Reply::json(403, &json!({ "message": text })));
    }
    let Some((name, password)) = decoded else {
        return Ok(Caller::anonymous());
    };
    check(app, &name, &password)
}

/// Whether Basic authentication is off for this path and user. Only REST resources are affected.
fn is_blocked(app: &Instance, request: &Request, name: &str) -> bool {
    let settings = app.settings();
    let path = request.local_path().unwrap_or_default();
    let excepted = settings
        .basic_allowed_paths
        .iter()
        .any(|pattern| is_match(path, pattern))
        || settings
            .basic_allowed_users
            .iter()
            .any(|pattern| is_match(name, pattern));
    path.starts_with("/rest/") && !settings.basic_allowed && !excepted
}

/// Whether the whole text matches a pattern in which `*` stands for any text.
fn is_match(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return text == pattern;
    };
    let Some(tail) = text.strip_prefix(start) else {
        return false;
    };
    (0..=tail.len()).any(|at| tail.get(at..).is_some_and(|tail| is_match(tail, rest)))
}

/// The `al_username` and `al_password` parameters that the older resources accept.
pub(crate) fn query_credentials(app: &Instance, request: &Request) -> Option<Caller> {
    let name = request.parameter("al_username")?;
    let password = request.parameter("al_password")?;
    let user = app.user(&name).filter(|user| user.password == password)?;
    Some(Caller {
        user: Some(user.name.clone()),
        role: user.role,
        scheme: Scheme::Nothing,
    })
}

fn decode(credentials: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

fn check(app: &Instance, name: &str, password: &str) -> Result<Caller, Reply> {
    let limit = app.settings().captcha_after;
    let mut state = lock(&app.state);
    let failures = state.failures.entry(name.to_owned()).or_default();
    if limit.is_some_and(|limit| *failures >= limit) {
        drop(state);
        return Err(captcha(app));
    }
    if let Some(user) = app.user(name).filter(|user| user.password == password) {
        *failures = 0;
        return Ok(Caller {
            user: Some(user.name.clone()),
            role: user.role,
            scheme: Scheme::Basic,
        });
    }
    *failures += 1;
    drop(state);
    Err(failed(app))
}

fn failed(app: &Instance) -> Reply {
    if app.product == Product::Bitbucket {
        let text = "Authentication failed. Please check your credentials and try again.";
        return bitbucket(401, text, "IncorrectPasswordAuthenticationException");
    }
    let reply = Reply::html(
        401,
        "Unauthorized (401)",
        "Basic Authentication Failure - Reason : AUTHENTICATED_FAILED",
    );
    let reply = reply.header("WWW-Authenticate", "Basic realm=\"protected-area\"");
    if app.product.uses_seraph() {
        reply.header("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
    } else {
        reply
    }
}

fn captcha(app: &Instance) -> Reply {
    let login = format!("{}{}", app.base_url(), app.product.login_path());
    let denied = format!("CAPTCHA_CHALLENGE; login-url={login}");
    let reply = match app.product {
        Product::Bitbucket => bitbucket(
            403,
            "CAPTCHA required. Your account has been marked as requiring a CAPTCHA to be solved.",
            "CaptchaRequiredAuthenticationException",
        ),
        Product::Jira => Reply::html(
            403,
            "Forbidden (403)",
            "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED",
        ),
        _ => Reply::html(
            401,
            "Unauthorized (401)",
            "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED",
        ),
    };
    let reply = reply.header("X-Authentication-Denied-Reason", denied);
    if app.product.uses_seraph() {
        reply.header("X-Seraph-LoginReason", "AUTHENTICATION_DENIED")
    } else {
        reply
    }
}

fn bitbucket(status: u16, text: &str, exception: &str) -> Reply {
    let class = format!("com.atlassian.bitbucket.auth.{exception}");
    Reply::json(
        status,
        &json!({"errors": [{"context": null, "message": text, "exceptionName": class}]}),
    )
}
