//! The readers of what applications answer.

use std::time::SystemTime;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::Verdict;
use crate::domain::text;
use crate::error::Error;
use crate::remote::call::Response;
use crate::remote::{CallError, Failure, answer, wire};

/// A good answer with this body, as JSON.
fn json(bytes: &[u8]) -> Option<serde_json::Value> {
    let answer = Response {
        status: 200,
        headers: HeaderMap::new(),
        body: bytes.to_vec(),
        at: SystemTime::UNIX_EPOCH,
    };
    answer::read(&answer).ok()
}

/// Manifests.
pub(super) fn manifest(bytes: &[u8]) -> Verdict {
    if let Some(Ok(manifest)) = json(bytes).as_ref().map(wire::manifest) {
        let again = wire::manifest(&json(bytes).unwrap_or_default());
        if again.as_ref() != Ok(&manifest) {
            return Err("the same manifest reads in two ways".to_owned());
        }
    }
    Ok(())
}

/// What an application says of a link, and levels.
pub(super) fn status(bytes: &[u8]) -> Verdict {
    let Some(value) = json(bytes) else {
        return Ok(());
    };
    if let Ok(status) = wire::status(&value)
        && status.working
        && status.code.is_some()
    {
        return Err("it works, and something is wrong".to_owned());
    }
    if let Ok(levels) = wire::directions(&value) {
        let again = wire::directions(&wire::directions_body(levels));
        if again != Ok(levels) {
            return Err(format!("{levels:?} is written as {again:?}"));
        }
    }
    Ok(())
}

/// Lists of links, of both generations.
pub(super) fn links(bytes: &[u8]) -> Verdict {
    let Some(value) = json(bytes) else {
        return Ok(());
    };
    if let Ok(records) = wire::records(&value) {
        let rows = value.as_array().map_or(0, Vec::len);
        if records.len() > rows {
            return Err("more links than rows".to_owned());
        }
    }
    if let Ok(listed) = wire::listed(&value) {
        for one in listed {
            let _ = one.levels();
        }
    }
    let _ = (wire::record(&value), wire::provider_classes(&value));
    Ok(())
}

/// Answers that are none. The first byte chooses the status, the first line after it a header.
pub(super) fn errors(bytes: &[u8]) -> Verdict {
    const STATUS: [u16; 12] = [200, 204, 301, 302, 400, 401, 403, 404, 409, 429, 500, 503];
    const HEADERS: [&str; 6] = [
        "content-type",
        "location",
        "x-seraph-loginreason",
        "x-authentication-denied-reason",
        "www-authenticate",
        "retry-after",
    ];
    let (Some(first), rest) = (bytes.first(), bytes.get(1..).unwrap_or_default()) else {
        return Ok(());
    };
    let first = usize::from(*first);
    let cut = rest.iter().position(|byte| *byte == b'\n');
    let (line, body) = rest.split_at(cut.unwrap_or(0));
    let mut headers = HeaderMap::new();
    if let (Some(name), Ok(value)) = (
        HEADERS.get(first / STATUS.len() % HEADERS.len()),
        HeaderValue::from_bytes(line),
    ) {
        headers.insert(HeaderName::from_static(name), value);
    }
    let answer = Response {
        status: STATUS[first % STATUS.len()],
        headers,
        body: body.to_vec(),
        at: SystemTime::UNIX_EPOCH,
    };
    let read = answer::read(&answer).err();
    for failure in read.into_iter().chain(answer::text(&answer).err()) {
        said(failure)?;
    }
    Ok(())
}

/// Nothing that an application says steers a terminal, or fills it.
fn said(failure: Failure) -> Verdict {
    let error = Error::from(CallError {
        app: None,
        call: "GET /".to_owned(),
        host: "host".to_owned(),
        failure,
    });
    let words =
        std::iter::once(error.message.as_str()).chain(error.hints.iter().map(String::as_str));
    for words in words {
        if !text::is_pasteable(words) {
            return Err(format!("it is said: {words:?}"));
        }
        if words.chars().count() > 2000 {
            return Err(format!("{} characters are said", words.chars().count()));
        }
    }
    Ok(())
}
