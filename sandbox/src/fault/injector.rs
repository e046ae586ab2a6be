//! Applies the faults of one application to its requests and replies.
//!
//! Only the library switches faults on. A request never can.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use super::alteration::Alteration;
use super::body::OversizedBody;
use super::rate_limit::retry_later;
use super::rule::{Fault, FaultAction};
use super::stream::{ByteFault, StreamFaults};
use crate::http::{Reply, Request};
use crate::seed::SeededRng;
use crate::sync::lock;

/// The effects of all faults on one request.
#[derive(Debug, Default)]
pub(crate) struct RequestFaults {
    /// Close the connection without handling the request.
    pub(crate) refuse: bool,
    /// Wait this long first.
    pub(crate) delay: Duration,
    /// Answer this without handling the request.
    answer: Option<Reply>,
    replace: Option<Reply>,
    alterations: Vec<(Alteration, SeededRng)>,
    /// The address of a stale answer, with the earlier reply if there is one. Without one, the
    /// finished reply is stored for later.
    stale: Option<(String, Option<Reply>)>,
    /// Names of headers that do not reach the application.
    dropped: Vec<String>,
    /// Headers that are added to the answer.
    headers: Vec<(String, String)>,
    oversized: Option<OversizedBody>,
    reset: bool,
    stream: StreamFaults,
}

/// The data that reaches the socket.
pub(crate) enum Delivery {
    /// No data. The connection is closed.
    Close(StreamFaults),
    /// A reply, its body unless an oversized one replaces it, and the faults of its bytes.
    Send(Reply, Option<OversizedBody>, StreamFaults),
}

impl RequestFaults {
    /// The reply that is sent without handling the request.
    pub(crate) fn early_answer(&self) -> Option<Reply> {
        self.answer.clone()
    }

    /// The request as it reaches the application. `None` when it is the original one.
    pub(crate) fn forwarded(&self, request: &Request) -> Option<Request> {
        if self.dropped.is_empty() {
            return None;
        }
        let mut forwarded = request.clone();
        forwarded.headers.retain(|(name, _)| {
            let dropped = |other: &String| other.eq_ignore_ascii_case(name);
            !self.dropped.iter().any(dropped)
        });
        Some(forwarded)
    }

    /// The way in which a refused connection ends.
    pub(crate) fn stream(&self) -> StreamFaults {
        self.stream.clone()
    }
}

/// The faults of one application.
#[derive(Debug)]
pub(crate) struct FaultInjector {
    alias: String,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    seed: u64,
    faults: Vec<Fault>,
    /// The number of requests for each resource. Random choices depend on it, so that they do not
    /// depend on the order of concurrent requests.
    counts: BTreeMap<String, u64>,
    /// The first replies since a stale-answer fault was added, by address.
    earlier: HashMap<String, Reply>,
    fired: Vec<String>,
}

impl FaultInjector {
    pub(crate) fn new(seed: u64, alias: &str) -> Self {
        Self {
            alias: alias.to_owned(),
            inner: Mutex::new(Inner {
                seed,
                faults: Vec::new(),
                counts: BTreeMap::new(),
                earlier: HashMap::new(),
                fired: Vec::new(),
            }),
        }
    }

    pub(crate) fn add(&self, fault: Fault) {
        lock(&self.inner).faults.push(fault);
    }

    pub(crate) fn clear(&self) {
        let mut inner = lock(&self.inner);
        inner.faults.clear();
        inner.earlier.clear();
    }

    /// Restarts the random choices from another seed.
    pub(crate) fn reseed(&self, seed: u64) {
        let mut inner = lock(&self.inner);
        inner.seed = seed;
        inner.counts.clear();
        inner.fired.clear();
    }

    pub(crate) fn seed(&self) -> u64 {
        lock(&self.inner).seed
    }

    /// The faults that fired so far, oldest first.
    pub(crate) fn fired(&self) -> Vec<String> {
        lock(&self.inner).fired.clone()
    }

    /// The effects of every fault that matches, in the order in which the faults were added.
    pub(crate) fn faults_for(&self, request: &Request) -> RequestFaults {
        let mut faults = RequestFaults::default();
        let mut inner = lock(&self.inner);
        let inner = &mut *inner;
        if inner.faults.is_empty() {
            return faults;
        }
        let resource = format!("{} {}", request.method, request.path);
        let count = inner.counts.entry(resource.clone()).or_default();
        *count += 1;
        let count = *count;
        for (number, fault) in inner.faults.iter_mut().enumerate() {
            if !fault.matches(request) {
                continue;
            }
            let chance = format!("gate of {}: {number} {resource} {count}", self.alias);
            let mut random = SeededRng::new(inner.seed, &chance);
            let earlier = |key: &String| inner.earlier.get(key).cloned();
            if !fault.is_due(&mut random) {
                if fault.action == FaultAction::Stale && request.method == "GET" {
                    let key = request.target();
                    if earlier(&key).is_none() {
                        faults.stale = Some((key, None));
                    }
                }
                continue;
            }
            if let FaultAction::RateLimit(limit) = &mut fault.action {
                match limit.admit() {
                    Ok(headers) => {
                        faults.headers.extend(headers);
                        continue;
                    }
                    Err(refusal) => faults.answer = Some(refusal),
                }
            }
            inner
                .fired
                .push(format!("{} at {resource} ({count})", fault.action.name()));
            apply(fault, request, random, earlier, &mut faults);
        }
        faults
    }

    /// Applies the effects to the finished reply.
    pub(crate) fn deliver(&self, faults: RequestFaults, reply: Reply) -> Delivery {
        if faults.reset {
            return Delivery::Close(faults.stream);
        }
        let mut reply = faults.replace.unwrap_or(reply);
        match faults.stale {
            Some((_, Some(earlier))) => reply = earlier,
            Some((key, None)) => {
                let mut inner = lock(&self.inner);
                inner.earlier.entry(key).or_insert_with(|| reply.clone());
            }
            None => {}
        }
        reply.headers.extend(faults.headers);
        for (alteration, mut random) in faults.alterations {
            reply = alteration.apply(reply, &mut random);
        }
        Delivery::Send(reply, faults.oversized, faults.stream)
    }
}

fn apply(
    fault: &Fault,
    request: &Request,
    mut random: SeededRng,
    earlier: impl Fn(&String) -> Option<Reply>,
    faults: &mut RequestFaults,
) {
    faults.stream.abruptly |= fault.abruptly;
    match &fault.action {
        FaultAction::Refuse => faults.refuse = true,
        FaultAction::ResetAfter => faults.reset = true,
        FaultAction::Answer(reply) => faults.answer = Some(reply.clone()),
        FaultAction::Later(status, seconds) => faults.answer = Some(retry_later(*status, *seconds)),
        FaultAction::Moved(base) => faults.answer = Some(moved(base, request)),
        FaultAction::DropHeader(name) => faults.dropped.push(name.clone()),
        // The limiter has already counted the request and answered.
        FaultAction::RateLimit(_) => {}
        FaultAction::Unready(page) => faults.answer = Some(page.answer(request)),
        FaultAction::Replace(reply) => faults.replace = Some(reply.clone()),
        FaultAction::Delay(delay) => faults.delay += *delay,
        FaultAction::DelayUpTo(most) => faults.delay += most.mul_f64(random.fraction()),
        FaultAction::Bytes(fault) => faults.stream.bytes = fault.clone(),
        FaultAction::OversizedBody(oversized) => faults.oversized = Some(oversized.clone()),
        FaultAction::Alteration(alteration) => {
            faults.alterations.push((alteration.clone(), random));
        }
        FaultAction::Stale => {
            if request.method == "GET" {
                let key = request.target();
                let reply = earlier(&key);
                faults.stale = Some((key, reply));
            }
        }
    }
    if !matches!(faults.stream.bytes, ByteFault::Pass) && faults.oversized.is_some() {
        // Only the client ends an answer that has no end.
        faults.stream.bytes = ByteFault::Pass;
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
