//! A scripted fault: its effect, and the requests that it applies to.

use std::time::{Duration, Instant};

use super::alteration::Alteration;
use super::body::OversizedBody;
use super::rate_limit::RateLimit;
use super::stream::ByteFault;
use super::unready::UnreadyPage;
use crate::http::{Reply, Request};
use crate::seed::SeededRng;

/// The effect of a fault.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FaultAction {
    Refuse,
    ResetAfter,
    Answer(Reply),
    /// Answer with this status and a `Retry-After` date this many seconds after the answer.
    Later(u16, i64),
    Replace(Reply),
    Moved(String),
    Delay(Duration),
    DelayUpTo(Duration),
    Bytes(ByteFault),
    OversizedBody(OversizedBody),
    Alteration(Alteration),
    Stale,
    DropHeader(String),
    RateLimit(RateLimit),
    Unready(UnreadyPage),
}

impl FaultAction {
    /// The name in the list of faults that fired.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Refuse => "refuse".to_owned(),
            Self::ResetAfter => "reset after".to_owned(),
            Self::Answer(reply) => format!("{} instead", reply.status),
            Self::Later(status, _) => format!("{status} instead"),
            Self::Replace(reply) => format!("{} after", reply.status),
            Self::Moved(_) => "moved".to_owned(),
            Self::Delay(delay) => format!("delay of {} ms", delay.as_millis()),
            Self::DelayUpTo(most) => format!("delay up to {} ms", most.as_millis()),
            Self::Bytes(fault) => fault.name(),
            Self::OversizedBody(_) => "flood".to_owned(),
            Self::Alteration(alteration) => alteration.name(),
            Self::Stale => "earlier answer".to_owned(),
            Self::DropHeader(name) => format!("without {name}"),
            Self::RateLimit(_) => "429 instead".to_owned(),
            Self::Unready(_) => "302 instead".to_owned(),
        }
    }
}

/// The origin of the requests that a fault applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum RequestOrigin {
    App(String),
    Outside,
}

/// A scripted fault of one application: its effect, and the requests that it applies to.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(super) action: FaultAction,
    pub(super) abruptly: bool,
    reused: bool,
    method: Option<String>,
    writes: Option<bool>,
    path: Option<String>,
    except: Option<String>,
    lasting: Option<Duration>,
    began: Option<Instant>,
    sender: Option<RequestOrigin>,
    skip: usize,
    times: Option<usize>,
    rate: Option<f64>,
}

impl Fault {
    pub(super) fn new(action: FaultAction) -> Self {
        Self {
            action,
            abruptly: false,
            reused: false,
            method: None,
            writes: None,
            path: None,
            except: None,
            lasting: None,
            began: None,
            sender: None,
            skip: 0,
            times: None,
            rate: None,
        }
    }

    /// Closes the connection before the request is handled.
    pub fn refuse() -> Self {
        Self::new(FaultAction::Refuse)
    }

    /// Runs the request, then closes the connection without an answer.
    pub fn reset_after() -> Self {
        Self::new(FaultAction::ResetAfter)
    }

    /// Answers with this status and an empty body, without running the request.
    pub fn status(status: u16) -> Self {
        Self::new(FaultAction::Answer(Reply::new(status)))
    }

    /// Runs the request, but answers with this status and an empty body.
    pub fn status_after(status: u16) -> Self {
        Self::new(FaultAction::Replace(Reply::new(status)))
    }

    /// Answers with status 200 and an HTML page, without running the request.
    pub fn html(title: &str) -> Self {
        Self::new(FaultAction::Answer(Reply::html(
            200,
            title,
            "Please log in to continue.",
        )))
    }

    /// Answers with a redirect (302) to `url`, without running the request.
    pub fn redirect(url: &str) -> Self {
        Self::new(FaultAction::Answer(Reply::new(302).header("Location", url)))
    }

    /// Answers with a permanent redirect (301) to the same resource below another base URL, without
    /// running the request.
    pub fn moved_to(base: &str) -> Self {
        Self::new(FaultAction::Moved(base.trim_end_matches('/').to_owned()))
    }

    /// Delays the answer by this time.
    pub fn delay(delay: Duration) -> Self {
        Self::new(FaultAction::Delay(delay))
    }

    /// Runs the request, sends this many bytes of the answer, its head included, then closes the
    /// connection.
    pub fn cut_after(bytes: usize) -> Self {
        Self::new(FaultAction::Bytes(ByteFault::CutAfter(bytes)))
    }

    /// Runs the request and sends this many bytes of the answer, its head included. Then it sends
    /// nothing more and leaves the connection open.
    pub fn stall_after(bytes: usize) -> Self {
        Self::new(FaultAction::Bytes(ByteFault::StallAfter(bytes)))
    }

    /// Ends the connection by a reset (RST) instead of closing it, where the fault ends it.
    #[must_use]
    pub fn abruptly(mut self) -> Self {
        self.abruptly = true;
        self
    }

    /// Adds a header to the answer of the fault.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let FaultAction::Answer(reply) | FaultAction::Replace(reply) = &mut self.action {
            reply.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Sets the body of the answer of the fault.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        if let FaultAction::Answer(reply) | FaultAction::Replace(reply) = &mut self.action {
            reply
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            *reply = reply.clone().body(content_type, body.into());
        }
        self
    }

    /// Sets the status of the answer of the fault.
    #[must_use]
    pub fn code(mut self, status: u16) -> Self {
        if let FaultAction::Answer(reply) | FaultAction::Replace(reply) = &mut self.action {
            reply.status = status;
        }
        self
    }

    /// Applies only to this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// Applies only to methods that change something.
    #[must_use]
    pub fn only_writes(mut self) -> Self {
        self.writes = Some(true);
        self
    }

    /// Applies only to methods that change nothing.
    #[must_use]
    pub fn only_reads(mut self) -> Self {
        self.writes = Some(false);
        self
    }

    /// Applies only where the path and query contain this text. A `*` in it stands for any text.
    #[must_use]
    pub fn path(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Leaves out requests whose path and query contain this text, with `*` as in [`Fault::path`].
    #[must_use]
    pub fn except_path(mut self, part: &str) -> Self {
        self.except = Some(part.to_owned());
        self
    }

    /// Applies only for this time, counted from the first request that it applies to.
    #[must_use]
    pub fn lasting(mut self, time: Duration) -> Self {
        self.lasting = Some(time);
        self
    }

    /// Applies only to requests of this application of the world.
    #[must_use]
    pub fn from_app(mut self, alias: &str) -> Self {
        self.sender = Some(RequestOrigin::App(alias.to_owned()));
        self
    }

    /// Applies only to requests from outside the world.
    #[must_use]
    pub fn from_outside(mut self) -> Self {
        self.sender = Some(RequestOrigin::Outside);
        self
    }

    /// Applies only to requests that are not the first on their connection.
    #[must_use]
    pub fn on_reused_connection(mut self) -> Self {
        self.reused = true;
        self
    }

    /// Leaves out the first `count` matching requests.
    #[must_use]
    pub fn skip(mut self, count: usize) -> Self {
        self.skip = count;
        self
    }

    /// Applies to at most this many requests.
    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        self.times = Some(count);
        self
    }

    /// Applies only to the `k`-th matching request, counted from 1.
    #[must_use]
    pub fn nth(self, k: usize) -> Self {
        self.skip(k.saturating_sub(1)).times(1)
    }

    /// Applies only to this fraction of the matching requests. The world's seed, the resource and
    /// the number of its earlier requests decide to which.
    #[must_use]
    pub fn rate(mut self, fraction: f64) -> Self {
        self.rate = Some(fraction);
        self
    }

    /// Counts a matching request, and tells whether the fault applies to it.
    pub(super) fn is_due(&mut self, random: &mut SeededRng) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if self.times == Some(0) || self.rate.is_some_and(|rate| random.fraction() >= rate) {
            return false;
        }
        if let Some(time) = self.lasting
            && self.began.get_or_insert_with(Instant::now).elapsed() > time
        {
            return false;
        }
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        true
    }

    pub(super) fn matches(&self, request: &Request) -> bool {
        let target = request.target();
        let sender = match &self.sender {
            None => true,
            Some(RequestOrigin::App(alias)) => request.sender.as_ref() == Some(alias),
            Some(RequestOrigin::Outside) => request.sender.is_none(),
        };
        sender
            && (!self.reused || request.reused)
            && self
                .method
                .as_ref()
                .is_none_or(|method| *method == request.method)
            && self
                .path
                .as_ref()
                .is_none_or(|pattern| contains(&target, pattern))
            && !self
                .except
                .as_ref()
                .is_some_and(|pattern| contains(&target, pattern))
            && self.writes.is_none_or(|writes| {
                writes != matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
            })
    }
}

/// Whether `text` contains the parts of `pattern` between its `*`, in their order.
fn contains(text: &str, pattern: &str) -> bool {
    let mut rest = text;
    pattern.split('*').all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}
