//! The three-legged flow at the provider: request token, approval, access token, renewal.

use super::problem::OAuthProblem;
use super::verify::{Nonces, OAuthRequest};
use crate::seed::SeededRng;
use crate::store::{AccessToken, Approval, RequestToken, Store};

/// Seconds that a request token lives.
const REQUEST_TOKEN_LIFE: i64 = 600;
/// Seconds that an access token lives: five years.
pub(crate) const ACCESS_TOKEN_LIFE: i64 = 157_680_000;
/// Seconds by which the session outlives the access token.
const SESSION_EXTRA: i64 = 30 * 24 * 3600;
const OUT_OF_BAND: &str = "oob";

/// The pairs of a token answer.
pub(crate) type TokenResponse = Vec<(String, String)>;

fn field(name: &str, value: &impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

/// Answers a request for a request token.
pub(crate) fn request_token(
    signed: &OAuthRequest,
    store: &mut Store,
    nonces: &mut Nonces,
    random: &mut SeededRng,
    now: i64,
) -> Result<TokenResponse, OAuthProblem> {
    let key = signed
        .parameter("oauth_consumer_key")
        .ok_or_else(|| absent("oauth_consumer_key"))?;
    let consumer = store
        .consumers
        .get(key)
        .ok_or_else(|| OAuthProblem::new("consumer_key_unknown"))?;
    if !consumer.three_lo {
        return Err(OAuthProblem::new("permission_denied"));
    }
    let callback = signed.parameter("oauth_callback").map(str::to_owned);
    if callback
        .as_deref()
        .is_some_and(|callback| !valid_callback(callback))
    {
        return Err(OAuthProblem::new("parameter_rejected")
            .with("oauth_parameters_rejected", "oauth_callback")
            .with("oauth_problem_advice", "As per OAuth spec version 1.0 Revision A Section 6.1, the oauth_callback parameter must be a valid, absolute URI using either the HTTP or HTTPS scheme or 'oob' if the callback has been established out of band."));
    }
    signed.check_message(consumer.public_key.as_deref(), nonces, now)?;
    let (token, secret) = (random.text(32), random.text(32));
    let mut fields = vec![
        field("oauth_token", &token),
        field("oauth_token_secret", &secret),
    ];
    if callback.is_some() {
        fields.push(field("oauth_callback_confirmed", &"true"));
    }
    let consumer = key.to_owned();
    let record = RequestToken {
        consumer,
        secret,
        callback,
        created: now,
        approval: Approval::Pending,
    };
    store.request_tokens.insert(token, record);
    Ok(fields)
}

fn valid_callback(callback: &str) -> bool {
    callback == OUT_OF_BAND
        || url::Url::parse(callback).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn absent(name: &str) -> OAuthProblem {
    OAuthProblem::new("parameter_absent").with("oauth_parameters_absent", name)
}

/// A request token that a user can still approve or deny.
pub(crate) fn pending_token<'a>(
    store: &'a mut Store,
    token: &str,
    now: i64,
) -> Result<&'a mut RequestToken, OAuthProblem> {
    let found = store
        .request_tokens
        .get_mut(token)
        .ok_or_else(|| OAuthProblem::new("token_rejected"))?;
    if found.approval != Approval::Pending {
        return Err(OAuthProblem::new("token_used"));
    }
    if now - found.created > REQUEST_TOKEN_LIFE {
        return Err(OAuthProblem::new("token_expired"));
    }
    Ok(found)
}

/// Approves a token as `user`, or denies it without one. Returns the verifier (`denied` on denial)
/// and the callback URL. Without a callback the user types the verifier.
pub(crate) fn decide(
    store: &mut Store,
    token: &str,
    user: Option<&str>,
    random: &mut SeededRng,
    now: i64,
) -> Result<(String, Option<String>), OAuthProblem> {
    let found = pending_token(store, token, now)?;
    let verifier = user.map_or_else(|| "denied".to_owned(), |_| random.text(6));
    found.approval = match user {
        Some(user) => Approval::Approved {
            user: user.to_owned(),
            verifier: verifier.clone(),
        },
        None => Approval::Denied,
    };
    let (consumer, callback) = (found.consumer.clone(), found.callback.clone());
    let stored = || {
        store
            .consumers
            .get(&consumer)
            .and_then(|consumer| consumer.callback.clone())
    };
    let target = callback
        .filter(|callback| callback != OUT_OF_BAND)
        .or_else(stored);
    Ok((verifier, target))
}

/// Answers a request for an access token: the first one, or a renewed one.
pub(crate) fn access_token(
    signed: &OAuthRequest,
    store: &mut Store,
    nonces: &mut Nonces,
    random: &mut SeededRng,
    now: i64,
) -> Result<TokenResponse, OAuthProblem> {
    let rejected = || OAuthProblem::new("token_rejected");
    let token = signed
        .parameter("oauth_token")
        .ok_or_else(|| absent("oauth_token"))?;
    let key = signed
        .parameter("oauth_consumer_key")
        .ok_or_else(|| absent("oauth_consumer_key"))?;
    let (user, secret) = if let Some(found) = store.request_tokens.get(token) {
        if now - found.created > REQUEST_TOKEN_LIFE {
            return Err(OAuthProblem::new("token_expired"));
        }
        let (user, verifier) = match &found.approval {
            Approval::Pending => return Err(OAuthProblem::new("permission_unknown")),
            Approval::Denied => return Err(OAuthProblem::new("permission_denied")),
            Approval::Approved { user, verifier } => (user.clone(), verifier),
        };
        let sent = signed.parameter("oauth_verifier");
        if found.consumer != key || found.callback.is_some() && sent != Some(verifier.as_str()) {
            return Err(rejected());
        }
        (user, found.secret.clone())
    } else {
        let found = store.access_tokens.get(token).ok_or_else(rejected)?;
        let handle = signed.parameter("oauth_session_handle");
        if found.consumer != key || handle.is_none() || handle != found.handle.as_deref() {
            return Err(rejected());
        }
        if now > found.expires.saturating_add(SESSION_EXTRA) {
            return Err(OAuthProblem::new("permission_denied"));
        }
        (found.user.clone(), found.secret.clone())
    };
    let consumer = store
        .consumers
        .get(key)
        .ok_or_else(|| OAuthProblem::new("consumer_key_unknown"))?;
    signed.check_message(consumer.public_key.as_deref(), nonces, now)?;
    let (new, handle) = (random.text(32), random.text(32));
    let old = token.to_owned();
    store.request_tokens.remove(&old);
    store.access_tokens.remove(&old);
    let fields = vec![
        field("oauth_token", &new),
        field("oauth_token_secret", &secret),
        field("oauth_expires_in", &ACCESS_TOKEN_LIFE),
        field("oauth_session_handle", &handle),
        field(
            "oauth_authorization_expires_in",
            &(ACCESS_TOKEN_LIFE + SESSION_EXTRA),
        ),
    ];
    let granted = AccessToken {
        consumer: key.to_owned(),
        user,
        secret,
        handle: Some(handle),
        expires: now + ACCESS_TOKEN_LIFE,
    };
    store.access_tokens.insert(new, granted);
    Ok(fields)
}
