//! A scripted fault: what happens to which requests, and to how many of them.

use std::time::Duration;

use super::alteration::Mangle;
use super::body::Flood;
use super::stream::Order;
use crate::http::{Reply, Request};
use crate::seed::SeededRng;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    Refuse,
    ResetAfter,
    Answer(Reply),
    /// Answer this status, with a date in `Retry-After` so many seconds after the answer.
    Later(u16, i64),
    Replace(Reply),
    Moved(String),
    Delay(Duration),
    DelayUpTo(Duration),
    Bytes(Order),
    Flood(Flood),
    Mangle(Mangle),
    Stale,
}

impl Action {
    /// What a person who replays it is told.
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
            Self::Bytes(order) => order.name(),
            Self::Flood(_) => "flood".to_owned(),
            Self::Mangle(mangle) => mangle.name(),
            Self::Stale => "earlier answer".to_owned(),
        }
    }
}

/// Whose requests are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sender {
    App(String),
    Outside,
}

/// A scripted fault of one application: what happens to which requests.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(super) action: Action,
    pub(super) abruptly: bool,
    reused: bool,
    method: Option<String>,
    path: Option<String>,
    sender: Option<Sender>,
    skip: usize,
    times: Option<usize>,
    rate: Option<f64>,
}

impl Fault {
    pub(super) fn new(action: Action) -> Self {
        Self {
            action,
            abruptly: false,
            reused: false,
            method: None,
            path: None,
            sender: None,
            skip: 0,
            times: None,
            rate: None,
        }
    }

    /// The connection is closed before the request is handled.
    pub fn refuse() -> Self {
        Self::new(Action::Refuse)
    }

    /// The request is carried out, then the connection is closed without an answer.
    pub fn reset_after() -> Self {
        Self::new(Action::ResetAfter)
    }

    /// The request is not carried out; this status comes back, with an empty body.
    pub fn status(status: u16) -> Self {
        Self::new(Action::Answer(Reply::new(status)))
    }

    /// The request is carried out, but this status comes back, with an empty body.
    pub fn status_after(status: u16) -> Self {
        Self::new(Action::Replace(Reply::new(status)))
    }

    /// The request is not carried out; an HTML page comes back with 200.
    pub fn html(title: &str) -> Self {
        Self::new(Action::Answer(Reply::html(
            200,
            title,
            "Please log in to continue.",
        )))
    }

    /// The request is not carried out; a redirect (302) to `url` comes back.
    pub fn redirect(url: &str) -> Self {
        Self::new(Action::Answer(Reply::new(302).header("Location", url)))
    }

    /// The request is not carried out; a permanent redirect (301) to the same resource below another
    /// base URL comes back.
    pub fn moved_to(base: &str) -> Self {
        Self::new(Action::Moved(base.trim_end_matches('/').to_owned()))
    }

    /// The answer comes so much later.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Action::Delay(delay))
    }

    /// The request is carried out; so many bytes of the answer, its head included, are sent, then
    /// the connection is closed.
    pub fn cut_after(bytes: usize) -> Self {
        Self::new(Action::Bytes(Order::CutAfter(bytes)))
    }

    /// The request is carried out; so many bytes of the answer, its head included, are sent, then
    /// nothing more, and the connection stays open.
    pub fn stall_after(bytes: usize) -> Self {
        Self::new(Action::Bytes(Order::StallAfter(bytes)))
    }

    /// The connection ends by a reset (RST), where the fault ends it; without this it is closed.
    #[must_use]
    pub fn abruptly(mut self) -> Self {
        self.abruptly = true;
        self
    }

    /// With a header, where the fault answers.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Action::Answer(reply) | Action::Replace(reply) = &mut self.action {
            reply.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// With a body, where the fault answers.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        if let Action::Answer(reply) | Action::Replace(reply) = &mut self.action {
            reply
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            *reply = reply.clone().body(content_type, body.into());
        }
        self
    }

    /// With another status than 302 or 200, where the fault answers.
    #[must_use]
    pub fn code(mut self, status: u16) -> Self {
        if let Action::Answer(reply) | Action::Replace(reply) = &mut self.action {
            reply.status = status;
        }
        self
    }

    /// Only for this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// Only where the path and query contain this text.
    #[must_use]
    pub fn path(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Only for requests of this application of the world.
    #[must_use]
    pub fn from_app(mut self, alias: &str) -> Self {
        self.sender = Some(Sender::App(alias.to_owned()));
        self
    }

    /// Only for requests from outside the world, not of its applications.
    #[must_use]
    pub fn from_outside(mut self) -> Self {
        self.sender = Some(Sender::Outside);
        self
    }

    /// Only for requests that are not the first on their connection.
    #[must_use]
    pub fn on_reused_connection(mut self) -> Self {
        self.reused = true;
        self
    }

    /// Not for the first `count` matching requests.
    #[must_use]
    pub fn skip(mut self, count: usize) -> Self {
        self.skip = count;
        self
    }

    /// At most for so many requests.
    #[must_use]
    pub fn times(mut self, count: usize) -> Self {
        self.times = Some(count);
        self
    }

    /// Only for the `k`-th matching request, counted from 1.
    #[must_use]
    pub fn nth(self, k: usize) -> Self {
        self.skip(k.saturating_sub(1)).times(1)
    }

    /// Only for this fraction of the matching requests, chosen by the world's seed, the resource,
    /// and how often it was asked for before.
    #[must_use]
    pub fn rate(mut self, fraction: f64) -> Self {
        self.rate = Some(fraction);
        self
    }

    /// Whether this matching request is one that it happens to; counts it.
    pub(super) fn is_due(&mut self, random: &mut SeededRng) -> bool {
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if self.times == Some(0) || self.rate.is_some_and(|rate| random.fraction() >= rate) {
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
            Some(Sender::App(alias)) => request.sender.as_ref() == Some(alias),
            Some(Sender::Outside) => request.sender.is_none(),
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
                .is_none_or(|part| target.contains(part.as_str()))
    }
}
