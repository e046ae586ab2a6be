//! The servlets of the three-legged OAuth flow.

use crate::auth::oauth::container_url;
use crate::auth::{Caller, Scheme};
use crate::http::encoding::{self, encode};
use crate::http::{Reply, Request};
use crate::instance::{Instance, State};
use crate::oauth::problem::OAuthProblem;
use crate::oauth::tokens::{self, TokenResponse};
use crate::oauth::verify::OAuthRequest;
use crate::sync::lock;

/// The answer of `/plugins/servlet/oauth/{name}`. `None` when there is no such servlet.
pub(crate) fn route(
    app: &Instance,
    request: &Request,
    caller: &Caller,
    name: &str,
) -> Option<Reply> {
    match (request.method.as_str(), name) {
        ("POST", "request-token") => Some(token(app, request, |signed, state, now| {
            tokens::request_token(
                signed,
                &mut state.store,
                &mut state.nonces,
                &mut state.random,
                now,
            )
        })),
        ("POST", "access-token") => Some(token(app, request, |signed, state, now| {
            tokens::access_token(
                signed,
                &mut state.store,
                &mut state.nonces,
                &mut state.random,
                now,
            )
        })),
        (_, "request-token" | "access-token") => {
            Some(Reply::html(405, "HTTP Status 405", "Method Not Allowed").header("Allow", "POST"))
        }
        ("GET", "authorize") => Some(approval_page(app, request, caller)),
        ("POST", "authorize") => Some(decide(app, request, caller)),
        _ => None,
    }
}

fn token(
    app: &Instance,
    request: &Request,
    work: impl FnOnce(&OAuthRequest, &mut State, i64) -> Result<TokenResponse, OAuthProblem>,
) -> Reply {
    let signed = OAuthRequest::collect(
        &request.method,
        container_url(app, request),
        request.header("authorization"),
        &request.query,
        request.form_body().as_deref().unwrap_or_default(),
    );
    let now = app.now();
    let outcome = signed
        .single_parameters()
        .and_then(|()| work(&signed, &mut lock(&app.state), now));
    match outcome {
        Ok(fields) => Reply::new(200).body("text/plain", encoding::form(&fields)),
        Err(problem) => problem.reply(&app.base_url()),
    }
}

/// The page of a problem. The header tells the problem to programs, the body to users.
fn page_problem(app: &Instance, problem: &OAuthProblem) -> Reply {
    let challenge = problem.reply(&app.base_url());
    let text = format!(
        "The request token cannot be used: {}",
        problem.code.unwrap_or_default()
    );
    let mut page = Reply::html(problem.status(), "OAuth", &text);
    page.headers.extend(
        challenge
            .headers
            .into_iter()
            .filter(|(name, _)| name == "WWW-Authenticate"),
    );
    page
}

fn logged_in(caller: &Caller) -> Option<&str> {
    caller
        .user
        .as_deref()
        .filter(|_| caller.scheme != Scheme::OAuth)
}

/// A form token that a page of another site cannot know.
fn form_token(app: &Instance) -> String {
    crate::id::host_id(&format!(
        "form token of {} {}",
        app.environment.seed, app.alias
    ))
}

/// The page where the user approves or denies a request token.
fn approval_page(app: &Instance, request: &Request, caller: &Caller) -> Reply {
    let token = request.parameter("oauth_token").unwrap_or_default();
    let now = app.now();
    let consumer = {
        let mut state = lock(&app.state);
        match tokens::pending_token(&mut state.store, &token, now) {
            Ok(token) => token.consumer.clone(),
            Err(problem) => {
                drop(state);
                return page_problem(app, &problem);
            }
        }
    };
    let Some(user) = logged_in(caller) else {
        let back = format!(
            "{}?{}",
            request.local_path().unwrap_or_default(),
            request.query
        );
        let login = format!(
            "{}{}?os_destination={}",
            request.base(),
            app.product.login_path(),
            encode(&back)
        );
        return Reply::new(302).header("Location", login);
    };
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>Authorize</title></head><body>\
         <p>Allow {} to act as {user}?</p>\
         <form method=\"POST\" action=\"{}/plugins/servlet/oauth/authorize\">\
         <input type=\"hidden\" name=\"oauth_token\" value=\"{}\"/>\
         <input type=\"hidden\" name=\"atl_token\" value=\"{}\"/>\
         <input type=\"submit\" name=\"approve\" value=\"Allow\"/>\
         <input type=\"submit\" name=\"deny\" value=\"Deny\"/></form></body></html>\n",
        quick_xml::escape::escape(consumer.as_str()),
        request.context,
        quick_xml::escape::escape(token.as_str()),
        form_token(app),
    );
    Reply::new(200).body("text/html;charset=UTF-8", page)
}

fn decide(app: &Instance, request: &Request, caller: &Caller) -> Reply {
    let fields = encoding::pairs(request.form_body().as_deref().unwrap_or_default());
    let value = |name: &str| {
        fields
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    };
    let Some(user) = logged_in(caller) else {
        return Reply::html(401, "Unauthorized (401)", "You must be logged in.");
    };
    if value("atl_token") != Some(form_token(app).as_str()) {
        return Reply::html(403, "Error", "Xsrf token validation failed");
    }
    let user = value("approve").map(|_| user);
    if user.is_none() && value("deny").is_none() {
        return Reply::html(400, "Error", "Neither approved nor denied");
    }
    let token = value("oauth_token").unwrap_or_default();
    let now = app.now();
    let outcome = {
        let mut state = lock(&app.state);
        let state = &mut *state;
        tokens::decide(&mut state.store, token, user, &mut state.random, now)
    };
    match outcome {
        Err(problem) => page_problem(app, &problem),
        Ok((verifier, Some(callback))) => {
            let join = if callback.contains('?') { '&' } else { '?' };
            let target = format!(
                "{callback}{join}oauth_token={}&oauth_verifier={}",
                encode(token),
                encode(&verifier)
            );
            Reply::new(302).header("Location", target)
        }
        Ok((verifier, None)) if user.is_some() => Reply::html(
            200,
            "Access approved",
            &format!("Your verification code is '{verifier}'."),
        ),
        Ok((_, None)) => Reply::html(200, "Access denied", "You have denied access."),
    }
}
