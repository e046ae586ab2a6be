//! The gate: the one place through which every answer goes. It is given the request and, later,
//! the finished answer, and decides what reaches the socket. Misbehaviour is switched on here,
//! through the library, and never by a request.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use super::alteration::Mangle;
use super::body::Flood;
use super::misbehaviour::later;
use super::rule::{Action, Fault};
use super::stream::{Order, Orders};
use crate::http::{Reply, Request};
use crate::seed::SeededRng;
use crate::sync::lock;

/// What the gate decides when a request arrives.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Close without handling the request.
    pub(crate) refuse: bool,
    /// Wait so long first.
    pub(crate) delay: Duration,
    /// Answer this without handling the request.
    answer: Option<Reply>,
    replace: Option<Reply>,
    mangles: Vec<(Mangle, SeededRng)>,
    /// What has to be answered instead of what is true now; noted where it is not known yet.
    earlier: Option<(String, Option<Reply>)>,
    flood: Option<Flood>,
    reset: bool,
    orders: Orders,
}

/// What reaches the socket.
pub(crate) enum Outgoing {
    /// Nothing: the connection is closed.
    Close(Orders),
    /// An answer, whose bytes are treated as ordered.
    Send(Reply, Option<Flood>, Orders),
}

impl Verdict {
    pub(crate) fn instead(&self) -> Option<Reply> {
        self.answer.clone()
    }

    /// How a connection ends that is refused.
    pub(crate) fn orders(&self) -> Orders {
        self.orders.clone()
    }
}

/// The faults of one application.
#[derive(Debug)]
pub(crate) struct Gate {
    alias: String,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    seed: u64,
    faults: Vec<Fault>,
    /// How often each resource was asked for: what happens by chance depends on it, and not on
    /// which of several requests at once came first.
    asked: BTreeMap<String, u64>,
    /// The first answers since a fault was set that repeats them.
    earlier: HashMap<String, Reply>,
    fired: Vec<String>,
}

impl Gate {
    pub(crate) fn new(seed: u64, alias: &str) -> Self {
        Self {
            alias: alias.to_owned(),
            inner: Mutex::new(Inner {
                seed,
                faults: Vec::new(),
                asked: BTreeMap::new(),
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

    /// Starts what happens by chance anew.
    pub(crate) fn reseed(&self, seed: u64) {
        let mut inner = lock(&self.inner);
        inner.seed = seed;
        inner.asked.clear();
        inner.fired.clear();
    }

    pub(crate) fn seed(&self) -> u64 {
        lock(&self.inner).seed
    }

    /// What went wrong so far, oldest first.
    pub(crate) fn fired(&self) -> Vec<String> {
        lock(&self.inner).fired.clone()
    }

    /// Applies every fault that matches, in the order they were added.
    pub(crate) fn judge(&self, request: &Request) -> Verdict {
        let mut verdict = Verdict::default();
        let mut inner = lock(&self.inner);
        let inner = &mut *inner;
        if inner.faults.is_empty() {
            return verdict;
        }
        let resource = format!("{} {}", request.method, request.path);
        let asked = inner.asked.entry(resource.clone()).or_default();
        *asked += 1;
        let asked = *asked;
        for (number, fault) in inner.faults.iter_mut().enumerate() {
            if !fault.matches(request) {
                continue;
            }
            let chance = format!("gate of {}: {number} {resource} {asked}", self.alias);
            let mut random = SeededRng::new(inner.seed, &chance);
            let known = |key: &String| inner.earlier.get(key).cloned();
            if !fault.is_due(&mut random) {
                if fault.action == Action::Stale && request.method == "GET" {
                    let key = request.target();
                    if known(&key).is_none() {
                        verdict.earlier = Some((key, None));
                    }
                }
                continue;
            }
            inner
                .fired
                .push(format!("{} at {resource} ({asked})", fault.action.name()));
            apply(fault, request, random, known, &mut verdict);
        }
        verdict
    }

    /// The finished answer as it leaves.
    pub(crate) fn release(&self, verdict: Verdict, reply: Reply) -> Outgoing {
        if verdict.reset {
            return Outgoing::Close(verdict.orders);
        }
        let mut reply = verdict.replace.unwrap_or(reply);
        match verdict.earlier {
            Some((_, Some(earlier))) => reply = earlier,
            Some((key, None)) => {
                let mut inner = lock(&self.inner);
                inner.earlier.entry(key).or_insert_with(|| reply.clone());
            }
            None => {}
        }
        for (mangle, mut random) in verdict.mangles {
            reply = mangle.apply(reply, &mut random);
        }
        Outgoing::Send(reply, verdict.flood, verdict.orders)
    }
}

fn apply(
    fault: &Fault,
    request: &Request,
    mut random: SeededRng,
    known: impl Fn(&String) -> Option<Reply>,
    verdict: &mut Verdict,
) {
    verdict.orders.abruptly |= fault.abruptly;
    match &fault.action {
        Action::Refuse => verdict.refuse = true,
        Action::ResetAfter => verdict.reset = true,
        Action::Answer(reply) => verdict.answer = Some(reply.clone()),
        Action::Later(status, seconds) => verdict.answer = Some(later(*status, *seconds)),
        Action::Moved(base) => verdict.answer = Some(moved(base, request)),
        Action::Replace(reply) => verdict.replace = Some(reply.clone()),
        Action::Delay(delay) => verdict.delay += *delay,
        Action::DelayUpTo(most) => verdict.delay += most.mul_f64(random.fraction()),
        Action::Bytes(order) => verdict.orders.order = order.clone(),
        Action::Flood(flood) => verdict.flood = Some(flood.clone()),
        Action::Mangle(mangle) => verdict.mangles.push((mangle.clone(), random)),
        Action::Stale => {
            if request.method == "GET" {
                let key = request.target();
                let reply = known(&key);
                verdict.earlier = Some((key, reply));
            }
        }
    }
    if !matches!(verdict.orders.order, Order::Pass) && verdict.flood.is_some() {
        // An answer without an end is only ended by its reader.
        verdict.orders.order = Order::Pass;
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
