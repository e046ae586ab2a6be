//! Records the requests of a run for the support report: bounded, and only allowed fields.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::call::{Call, Response};
use super::network::NetworkError;
use super::redact;
use crate::domain::Alias;

/// More requests than this are counted and not kept.
pub const MOST_REQUESTS: usize = 5_000;

/// One request as a report shows it. Never a body, an account or a header that is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// When it was sent.
    pub at: SystemTime,
    /// How long it took.
    pub took: Duration,
    /// The application, where it has an alias.
    pub app: Option<Alias>,
    /// The method.
    pub method: String,
    /// The URL without what its query says.
    pub url: String,
    /// The HTTP status, or why there is no answer.
    pub outcome: Result<RecordedResponse, String>,
}

/// What of an answer is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedResponse {
    /// The HTTP status.
    pub status: u16,
    /// How many bytes the body had.
    pub bytes: usize,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Location`, without what its query says.
    pub location: Option<String>,
    /// `Server`.
    pub server: Option<String>,
    /// `Via`.
    pub via: Option<String>,
    /// `X-AUSERNAME`: who the application took the caller for.
    pub user: Option<String>,
}

/// Keeps requests once it was started.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    requests: Mutex<Option<(Vec<RecordedRequest>, usize)>>,
}

impl Recorder {
    /// Keeps everything from now on.
    pub(super) fn start(&self) {
        let mut recorded = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.get_or_insert_default();
    }

    /// The recorded requests by the time they were sent, and how many more there were.
    pub(super) fn recorded(&self) -> (Vec<RecordedRequest>, usize) {
        let recorded = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut requests, left_out) = recorded.clone().unwrap_or_default();
        requests.sort_by_key(|request| request.at);
        (requests, left_out)
    }

    /// Keeps a request that is over.
    pub(super) fn record(
        &self,
        call: &Call<'_>,
        outcome: &Result<Response, NetworkError>,
        took: Duration,
    ) {
        let mut recorded = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((requests, left_out)) = recorded.as_mut() else {
            return;
        };
        if requests.len() >= MOST_REQUESTS {
            *left_out += 1;
            return;
        }
        let now = SystemTime::now();
        requests.push(RecordedRequest {
            at: now.checked_sub(took).unwrap_or(now),
            took,
            app: call.app.cloned(),
            method: call.method.to_string(),
            url: redact::url(call.url),
            outcome: match outcome {
                Ok(answer) => Ok(received(answer)),
                Err(error) => Err(error.problem.to_string()),
            },
        });
    }
}

fn received(answer: &Response) -> RecordedResponse {
    // Long enough for every real one; a mask comes later, and a secret that was cut is not found.
    let header = |name: &str| {
        answer
            .header(name)
            .filter(|value| value.len() <= 1_000)
            .map(ToOwned::to_owned)
    };
    RecordedResponse {
        status: answer.status,
        bytes: answer.body.len(),
        content_type: header("content-type"),
        location: header("location").map(|url| redact::url(&url)),
        server: header("server"),
        via: header("via"),
        user: header("x-ausername"),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use reqwest::header::{HeaderMap, HeaderValue};

    use super::*;
    use crate::remote::limits::Priority;
    use crate::remote::network::NetworkProblem;
    use crate::remote::tls::TlsFiles;

    fn call<'a>(url: &'a str, tls: &'a TlsFiles) -> Call<'a> {
        Call {
            method: Method::GET,
            url,
            app: None,
            authorization: None,
            body: None,
            relayed: false,
            accept: None,
            priority: Priority::Normal,
            tls,
        }
    }

    #[test]
    fn nothing_is_kept_before_it_is_asked_for_and_not_without_end() {
        let (recorder, tls) = (Recorder::default(), TlsFiles::default());
        let refused = Err(NetworkError {
            problem: NetworkProblem::Refused,
            never_sent: true,
        });
        let call = call("http://h/x?token=Canary7", &tls);
        recorder.record(&call, &refused, Duration::ZERO);
        assert_eq!(recorder.recorded(), (Vec::new(), 0));
        recorder.start();
        for _ in 0..MOST_REQUESTS + 2 {
            recorder.record(&call, &refused, Duration::ZERO);
        }
        let (requests, left_out) = recorder.recorded();
        assert_eq!((requests.len(), left_out), (MOST_REQUESTS, 2));
        assert_eq!(requests[0].url, "http://h/x?token=<7 bytes>");
        assert_eq!(requests[0].outcome, Err("connection refused".to_owned()));
    }

    #[test]
    fn only_known_headers_are_kept() {
        let (recorder, tls) = (Recorder::default(), TlsFiles::default());
        recorder.start();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("set-cookie", "JSESSIONID=Canary7"),
            ("via", "1.1 edge"),
            ("location", "https://sso/?ticket=Canary7"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let answer = Response {
            status: 302,
            headers,
            body: b"Canary7".to_vec(),
            at: SystemTime::now(),
        };
        recorder.record(&call("http://h/x", &tls), &Ok(answer), Duration::ZERO);
        let (requests, _) = recorder.recorded();
        let shown = format!("{requests:?}");
        assert!(!shown.contains("Canary"), "{shown}");
        assert!(
            shown.contains("1.1 edge") && shown.contains("https://sso/"),
            "{shown}"
        );
    }
}
