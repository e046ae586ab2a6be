//! The readers of foreign text, tried with anything: by a fuzzer, and by a test that replays the
//! corpora.
//!
//! This is a module of the crate `applink`, compiled for its tests and with its feature `fuzzing`
//! only. Every function takes any bytes and says what is wrong with what was read of them. A panic
//! or an endless loop speaks for itself.

mod answers;
mod desired;
mod saved_plan;
mod state;

use crate::domain::{BaseUrl, text};
use crate::oauth::base_string_diff;
use crate::oauth::dance::{AccessToken, OauthProblem, RequestToken};

/// Nothing, or what is wrong.
pub type Verdict = Result<(), String>;

/// A target.
pub type Target = fn(&[u8]) -> Verdict;

/// The targets by their names, which are those of `fuzz/fuzz_targets` and `fuzz/corpus`.
pub const TARGETS: &[(&str, Target)] = &[
    ("manifest", answers::manifest),
    ("status", answers::status),
    ("links", answers::links),
    ("errors", answers::errors),
    ("oauth", oauth),
    ("state", state::state),
    ("desired", desired::desired),
    ("saved_plan", saved_plan::saved_plan),
    ("url", url),
];

/// Says that something does not hold.
fn holds(is_so: bool, what: impl FnOnce() -> String) -> Verdict {
    if is_so { Ok(()) } else { Err(what()) }
}

/// What is said of signed requests: refusals, tokens, and the text that a server signed. The first
/// line is a challenge, the rest a body.
fn oauth(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes);
    let (challenge, body) = text.split_once('\n').unwrap_or((&text, ""));
    for status in [200, 400, 401, 403, 500] {
        let Some(problem) = OauthProblem::read(status, &[challenge], body) else {
            continue;
        };
        let _ = (problem.server_time(), problem.field("oauth_problem_advice"));
        holds(status >= 400, || "a refusal with 200".to_owned())?;
    }
    if let Ok(token) = RequestToken::read(body) {
        holds(token.token.chars().all(|c| !c.is_control()), || {
            format!("the token {:?}", token.token)
        })?;
    }
    let _ = AccessToken::read(body);
    let _ = base_string_diff::compare(challenge, body);
    Ok(())
}

/// Addresses: what is understood is written in one way, which is understood as the same.
fn url(bytes: &[u8]) -> Verdict {
    let given = String::from_utf8_lossy(bytes);
    let Ok(url) = BaseUrl::parse(&given) else {
        return Ok(());
    };
    let written = url.to_string();
    holds(BaseUrl::parse(&written).as_ref() == Ok(&url), || {
        format!("{given:?} is {written:?}, which is another")
    })?;
    let inside = url.as_url();
    let bare = inside.username().is_empty()
        && inside.password().is_none()
        && inside.query().is_none()
        && inside.fragment().is_none();
    holds(bare, || format!("{written:?} keeps what is no base URL"))?;
    holds(text::is_pasteable(&written), || {
        format!("{written:?} cannot be pasted")
    })?;
    holds(!written.ends_with('/'), || format!("{written:?} ends in /"))?;
    let origin = url.origin();
    for other in url.candidates() {
        holds(other.origin() == origin, || {
            format!("{other} has another origin than {written}")
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod replay;
