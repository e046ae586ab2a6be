//! The gate: the one place through which every answer goes. It is given the request and, later,
//! the finished answer, and decides what reaches the socket. Misbehaviour is switched on here,
//! through the library, and never by a request.

use std::sync::Mutex;
use std::time::Duration;

use super::wire::Order;
use crate::http::{Reply, Request};
use crate::seed::SeededRng;
use crate::sync::lock;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq)]
enum Action {
    Refuse,
    ResetAfter,
    Answer(Reply),
    Replace(Reply),
    Moved(String),
    Delay(Duration),
    CutAfter(usize),
    StallAfter(usize),
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
    action: Action,
    method: Option<String>,
    path: Option<String>,
    sender: Option<Sender>,
    skip: usize,
    times: Option<usize>,
    rate: Option<f64>,
}

impl Fault {
    fn new(action: Action) -> Self {
        Self {
            action,
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
        Self::new(Action::CutAfter(bytes))
    }

    /// The request is carried out; so many bytes of the answer, its head included, are sent, then
    /// nothing more, and the connection stays open.
    pub fn stall_after(bytes: usize) -> Self {
        Self::new(Action::StallAfter(bytes))
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

    /// Only for this fraction of the matching requests, chosen by the world's seed.
    #[must_use]
    pub fn rate(mut self, fraction: f64) -> Self {
        self.rate = Some(fraction);
        self
    }

    fn matches(&self, request: &Request) -> bool {
        let target = if request.query.is_empty() {
            request.path.clone()
        } else {
            format!("{}?{}", request.path, request.query)
        };
        let sender = match &self.sender {
            None => true,
            Some(Sender::App(alias)) => request.sender.as_ref() == Some(alias),
            Some(Sender::Outside) => request.sender.is_none(),
        };
        sender
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

fn moved(base: &str, request: &Request) -> Reply {
    let path = request.local_path().unwrap_or_default();
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("?{}", request.query)
    };
    Reply::new(301).header("Location", format!("{base}{path}{query}"))
}

/// What the gate decides when a request arrives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    /// Close without handling the request.
    pub(crate) refuse: bool,
    /// Wait so long first.
    pub(crate) delay: Duration,
    /// Answer this without handling the request.
    answer: Option<Reply>,
    replace: Option<Reply>,
    reset: bool,
    order: Order,
}

/// What reaches the socket.
pub(crate) enum Outgoing {
    /// Nothing: the connection is closed.
    Close,
    /// An answer, whose bytes are treated as ordered.
    Send(Reply, Order),
}

impl Verdict {
    pub(crate) fn instead(&self) -> Option<Reply> {
        self.answer.clone()
    }

    /// The finished answer as it leaves.
    pub(crate) fn release(self, reply: Reply) -> Outgoing {
        if self.reset {
            return Outgoing::Close;
        }
        Outgoing::Send(self.replace.unwrap_or(reply), self.order)
    }
}

/// The faults of one application.
#[derive(Debug)]
pub(crate) struct Gate {
    faults: Mutex<Vec<Fault>>,
    random: Mutex<SeededRng>,
}

impl Gate {
    pub(crate) fn new(seed: u64, alias: &str) -> Self {
        let random = SeededRng::new(seed, &format!("gate of {alias}"));
        Self {
            faults: Mutex::default(),
            random: Mutex::new(random),
        }
    }

    pub(crate) fn add(&self, fault: Fault) {
        lock(&self.faults).push(fault);
    }

    pub(crate) fn clear(&self) {
        lock(&self.faults).clear();
    }

    /// Applies every fault that matches, in the order they were added.
    pub(crate) fn judge(&self, request: &Request) -> Verdict {
        let mut verdict = Verdict::default();
        let mut faults = lock(&self.faults);
        for fault in faults.iter_mut().filter(|fault| fault.matches(request)) {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if fault.times == Some(0) {
                continue;
            }
            if fault
                .rate
                .is_some_and(|rate| lock(&self.random).fraction() >= rate)
            {
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
            match &fault.action {
                Action::Refuse => verdict.refuse = true,
                Action::ResetAfter => verdict.reset = true,
                Action::Answer(reply) => verdict.answer = Some(reply.clone()),
                Action::Moved(base) => verdict.answer = Some(moved(base, request)),
                Action::Replace(reply) => verdict.replace = Some(reply.clone()),
                Action::Delay(delay) => verdict.delay += *delay,
                Action::CutAfter(bytes) => verdict.order = Order::CutAfter(*bytes),
                Action::StallAfter(bytes) => verdict.order = Order::StallAfter(*bytes),
            }
        }
        verdict
    }
}
