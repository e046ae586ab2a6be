//! The parts that all applications of one world share: the log of requests, the host names, the
//! open connections between them, and the certificate authority.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::certificate::CertificateAuthority;
use crate::exchange::Exchange;
use crate::seed::SeededRng;
use crate::sync::lock;

/// Requests that the log holds. A full log drops its older half.
const MAX_LOG: usize = 100_000;

/// The shared parts of a world.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) seed: u64,
    pub(crate) started: Instant,
    pub(crate) runtime: tokio::runtime::Handle,
    pub(crate) authority: CertificateAuthority,
    log: Mutex<Vec<Exchange>>,
    logged: Condvar,
    sequence: AtomicU64,
    next_key_slot: AtomicUsize,
    hosts: Mutex<BTreeMap<String, SocketAddr>>,
    /// The senders of open connections, by the ports of both ends. The sender's port alone is not
    /// unique, because it may be in use for several target ports at once.
    senders: Mutex<HashMap<(u16, u16), String>>,
    random: Mutex<SeededRng>,
}

impl Environment {
    pub(crate) fn new(
        seed: u64,
        runtime: tokio::runtime::Handle,
        authority: CertificateAuthority,
    ) -> Self {
        Self {
            seed,
            started: Instant::now(),
            runtime,
            authority,
            log: Mutex::default(),
            logged: Condvar::new(),
            sequence: AtomicU64::new(0),
            next_key_slot: AtomicUsize::new(0),
            hosts: Mutex::default(),
            senders: Mutex::default(),
            random: Mutex::new(SeededRng::new(seed, "world")),
        }
    }

    pub(crate) fn next_sequence(&self) -> u64 {
        self.sequence.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn take_key_slot(&self) -> usize {
        self.next_key_slot.fetch_add(1, Ordering::SeqCst)
    }

    /// Adds a request on arrival, so that the log is in order of arrival.
    pub(crate) fn record(&self, exchange: Exchange) {
        let mut log = lock(&self.log);
        if log.len() == MAX_LOG {
            log.drain(..MAX_LOG / 2);
        }
        log.push(exchange);
        drop(log);
        self.logged.notify_all();
    }

    /// Blocks until the log meets `condition`, at most for `limit`. Returns whether it does.
    pub(crate) fn wait(&self, limit: Duration, condition: impl Fn(&[Exchange]) -> bool) -> bool {
        let log = lock(&self.log);
        let (log, _) = self
            .logged
            .wait_timeout_while(log, limit, |log| !condition(log))
            .unwrap_or_else(PoisonError::into_inner);
        condition(&log)
    }

    /// Completes the entry of a request.
    pub(crate) fn complete(&self, sequence: u64, user: Option<String>, status: Option<u16>) {
        let mut log = lock(&self.log);
        if let Some(entry) = log
            .iter_mut()
            .rev()
            .find(|entry| entry.sequence == sequence)
        {
            entry.user = user;
            entry.status = status;
        }
        drop(log);
        self.logged.notify_all();
    }

    pub(crate) fn log(&self) -> Vec<Exchange> {
        lock(&self.log).clone()
    }

    pub(crate) fn clear_log(&self) {
        lock(&self.log).clear();
    }

    pub(crate) fn set_host(&self, name: &str, address: SocketAddr) {
        lock(&self.hosts).insert(name.to_ascii_lowercase(), address);
    }

    pub(crate) fn remove_host(&self, name: &str) {
        lock(&self.hosts).remove(&name.to_ascii_lowercase());
    }

    pub(crate) fn host(&self, name: &str) -> Option<SocketAddr> {
        lock(&self.hosts).get(&name.to_ascii_lowercase()).copied()
    }

    /// Registers a connection of an application as `(its port, the port it called)`.
    pub(crate) fn add_connection(&self, ends: (u16, u16), alias: &str) {
        lock(&self.senders).insert(ends, alias.to_owned());
    }

    pub(crate) fn remove_connection(&self, ends: (u16, u16)) {
        lock(&self.senders).remove(&ends);
    }

    pub(crate) fn sender(&self, ends: (u16, u16)) -> Option<String> {
        lock(&self.senders).get(&ends).cloned()
    }

    pub(crate) fn nonce(&self) -> String {
        lock(&self.random).digits(19)
    }
}
