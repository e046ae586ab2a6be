//! Sends one request: headers, limits, time, repetition. Knows nothing of application links.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{self, HeaderValue};
use reqwest::{Client, Method};
use tokio::time::{sleep, timeout_at};

use super::call::{Answer, Authorization, Call};
use super::clients::{ClientKey, Clients};
use super::in_flight::{Flight, Flights};
use super::limits::{Hope, Seat, Seats};
use super::network::{self, LARGEST_ANSWER};
use super::proxies::{Proxies, Proxy};
use super::recorder::{Recorded, Recorder};
use super::tls::{Passphrase, TlsFiles};
use super::{redact, retry};
use crate::domain::text;
use crate::error::Error;

pub use super::network::{NetworkError, NetworkProblem, host_of};
pub use super::options::{Options, Resolve};

/// What sends requests, shared by everything in a run.
pub struct Transport {
    options: Options,
    clients: Clients,
    proxies: Proxies,
    seats: Seats,
    budget: retry::Budget,
    mask: Arc<dyn Fn(&str) -> String + Send + Sync>,
    insecure_hosts: Mutex<BTreeSet<String>>,
    recorder: Recorder,
    flights: Flights,
}

impl Transport {
    /// A text of a server without any loaded secret: what it says may come from a request.
    pub(super) fn masked(&self, text: &str) -> String {
        (self.mask)(text)
    }

    /// A transport; `mask` takes every loaded secret out of a text before it is logged.
    pub fn new(options: Options, mask: Arc<dyn Fn(&str) -> String + Send + Sync>) -> Self {
        Self {
            seats: Seats::new(options.jobs),
            proxies: Proxies::new(options.proxy.as_deref()),
            options,
            budget: retry::Budget::default(),
            clients: Clients::default(),
            mask,
            insecure_hosts: Mutex::default(),
            recorder: Recorder::default(),
            flights: Flights::default(),
        }
    }

    /// The same, which finds the passphrases of client keys there.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: Box<Passphrase>) -> Self {
        self.clients.passphrase = passphrase;
        self
    }

    /// Keeps a list of all requests from now on.
    pub fn record(&self) {
        self.recorder.start();
    }

    /// The requests since [`Transport::record`], and how many more there were than are kept.
    pub fn recorded(&self) -> (Vec<Recorded>, usize) {
        self.recorder.recorded()
    }

    /// The choices it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// A seat among everything that is in flight.
    pub(super) async fn seat(&self, hope: Hope) -> Seat<'_> {
        self.seats.take(hope).await
    }

    /// The hosts whose certificate was not checked in this run.
    pub fn insecure_hosts(&self) -> Vec<String> {
        let hosts = self
            .insecure_hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        hosts.iter().cloned().collect()
    }

    /// The call that has been in flight for the longest time.
    pub fn in_flight(&self) -> Option<Flight> {
        self.flights.oldest()
    }

    /// Finds a mistake in the TLS files of the command line and in the proxies before any request;
    /// where there are none, nothing is made for it.
    pub fn check(&self) -> Result<(), Error> {
        Proxies::check(self.options.proxy.as_deref())?;
        if self.options.tls == TlsFiles::default() {
            return Ok(());
        }
        self.clients.check(&self.options)
    }

    /// The proxy for a URL, as it may be shown.
    pub(super) fn proxy_of(&self, url: &str) -> Option<Proxy> {
        self.proxies.of(url)
    }

    /// Sends a request, again where that is safe, until it is answered or its time is over.
    pub async fn send(&self, call: &Call<'_>) -> Result<Answer, NetworkError> {
        // A connection that was kept may be gone at the other end: a balancer forgets it, and the
        // request with it. What may not be sent twice goes out on one of its own.
        let mut client = self.client(call, call.method != Method::GET).await?;
        self.budget.earn();
        let limit = self.limit(call.relayed);
        // Waiting for a seat is not the application's fault: its time starts after, and goes on
        // after.
        let mut seat = Some(self.seat(call.hope).await);
        let since = Instant::now();
        let mut deadline = since + limit;
        let _flight = self.flights.begin(Flight {
            who: call
                .app
                .map_or_else(|| host_of(call.url), ToString::to_string),
            since,
            until: deadline,
        });
        let mut attempt = 1;
        loop {
            let started = Instant::now();
            let outcome = match timeout_at(deadline.into(), self.passed(&client, call)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(NetworkError {
                    problem: NetworkProblem::Timeout(limit),
                    never_sent: false,
                }),
            };
            // Whoever waits before asking again keeps nobody else waiting.
            drop(seat.take());
            self.log(call, &outcome, started.elapsed());
            let Some(asked) = repeat(&call.method, &outcome) else {
                return outcome;
            };
            attempt += 1;
            let wait = retry::wait(attempt, asked, random_byte());
            if attempt > retry::ATTEMPTS
                || Instant::now() + wait >= deadline
                || (asked.is_none() && !self.budget.spend())
            {
                return outcome;
            }
            let why = match &outcome {
                Ok(answer) => format!("it answers {}", answer.status),
                Err(error) => error.problem.to_string(),
            };
            tracing::info!(
                target: "applink::wait",
                "waiting {:.1} s before asking {} again: {why}",
                wait.as_secs_f32(),
                host_of(call.url)
            );
            sleep(wait).await;
            client = self.client(call, true).await?;
            let left = deadline.saturating_duration_since(Instant::now());
            seat = Some(self.seat(call.hope).await);
            deadline = Instant::now() + left;
        }
    }

    /// How long a call may take.
    pub(super) fn limit(&self, relayed: bool) -> Duration {
        self.options.timeout.unwrap_or(if relayed {
            Options::RELAYED
        } else {
            Options::DIRECT
        })
    }

    /// Sends it through the proxy that is due; a log-in that a proxy has refused is not tried
    /// again, and not by many at once.
    async fn passed(&self, client: &Client, call: &Call<'_>) -> Result<Answer, NetworkError> {
        let Some(proxy) = self.proxy_of(call.url) else {
            return self.once(client, call).await;
        };
        let refused = || NetworkError {
            problem: NetworkProblem::ProxyLogin {
                proxy: proxy.place.clone(),
                with_login: proxy.with_login,
            },
            never_sent: true,
        };
        let login = self.proxies.login(&proxy);
        let _turn = match &login {
            Some(login) => login.turn().await.map_err(|()| refused())?,
            None => None,
        };
        let outcome = match self.once(client, call).await {
            // The application has no such answer: it comes from the way to it.
            Ok(answer) if answer.status == 407 => Err(refused()),
            Err(error) => Err(network::at_proxy(error, &proxy)),
            outcome => outcome,
        };
        if let Some(login) = &login {
            match &outcome {
                Ok(_) => login.is_taken(),
                Err(error) if matches!(error.problem, NetworkProblem::ProxyLogin { .. }) => {
                    login.is_refused();
                }
                Err(_) => {}
            }
        }
        outcome
    }

    async fn once(&self, client: &Client, call: &Call<'_>) -> Result<Answer, NetworkError> {
        let mut request = client.request(call.method.clone(), call.url);
        if let Some(authorization) = call.authorization {
            let unsent = |why: String| NetworkError {
                problem: NetworkProblem::Other(why),
                never_sent: true,
            };
            let mut value = match authorization {
                Authorization::Fixed(value) => HeaderValue::from_str(value),
                Authorization::Signed(sign) => HeaderValue::from_str(&sign().map_err(unsent)?),
            }
            .map_err(|_| unsent("the credential cannot be sent in a header".to_owned()))?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        if let Some(accept) = call.accept {
            request = request.header(header::ACCEPT, accept);
        }
        if let Some(body) = call.body {
            request = request.body(body.to_string());
        }
        if self.options.insecure && call.url.starts_with("https:") {
            let mut hosts = self
                .insecure_hosts
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            hosts.insert(host_of(call.url));
        }
        let mut response = request
            .send()
            .await
            .map_err(|error| self.explain(&error, call))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| NetworkError {
            never_sent: false,
            ..self.explain(&error, call)
        })? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(NetworkError {
                    problem: NetworkProblem::TooLarge,
                    never_sent: false,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status: response.status().as_u16(),
            headers: std::mem::take(response.headers_mut()),
            body,
            at: SystemTime::now(),
        })
    }

    async fn client(&self, call: &Call<'_>, fresh: bool) -> Result<Client, NetworkError> {
        let key = ClientKey {
            tls: call.tls.clone(),
            resolve: self.options.resolved(call.url),
            direct: self.proxies.is_excepted(call.url),
            fresh,
        };
        self.clients
            .get(key, &self.options)
            .await
            .map_err(|error| NetworkError {
                problem: NetworkProblem::Unready(Box::new(error.into())),
                never_sent: true,
            })
    }

    fn explain(&self, error: &reqwest::Error, call: &Call<'_>) -> NetworkError {
        let mut found = network::explain(error, call.url, self.options.connect_timeout);
        if let NetworkProblem::Other(text) = &mut found.problem {
            *text = text::excerpt(&(self.mask)(text), 300);
        }
        found
    }

    fn log(&self, call: &Call<'_>, outcome: &Result<Answer, NetworkError>, took: Duration) {
        self.recorder.keep(call, outcome, took);
        if !tracing::enabled!(target: "applink::http", tracing::Level::DEBUG) {
            return;
        }
        let url = (self.mask)(&redact::url(call.url));
        match outcome {
            Ok(answer) => {
                tracing::debug!(target: "applink::http", "{} {url}: {} in {} ms", call.method, answer.status, took.as_millis());
                if tracing::enabled!(target: "applink::http", tracing::Level::TRACE) {
                    if let Some(body) = call.body {
                        tracing::trace!(target: "applink::http", "> {}", (self.mask)(&redact::body(body.to_string().as_bytes())));
                    }
                    for (name, value) in &answer.headers {
                        tracing::trace!(target: "applink::http", "< {name}: {}", (self.mask)(&redact::header(name.as_str(), value.as_bytes())));
                    }
                    tracing::trace!(target: "applink::http", "< {}", (self.mask)(&redact::body(&answer.body)));
                }
            }
            Err(error) => {
                tracing::debug!(target: "applink::http", "{} {url}: {} after {} ms", call.method, error.problem, took.as_millis());
            }
        }
    }
}

/// Whether to send again; with the wait that the server asked for.
#[expect(
    clippy::option_option,
    reason = "whether, and then how long if it was said"
)]
fn repeat(method: &Method, outcome: &Result<Answer, NetworkError>) -> Option<Option<Duration>> {
    let read = *method == Method::GET;
    match outcome {
        Ok(answer) => {
            let asked = answer.retry_after();
            match answer.status {
                429 => Some(asked),
                503 if read && asked.is_some() => Some(asked),
                // What stands in front did not get an answer, as where a connection is cut.
                502 | 504 if read => Some(asked),
                _ => None,
            }
        }
        Err(error) => (read && error.problem == NetworkProblem::Cut).then_some(None),
    }
}

fn random_byte() -> u8 {
    let mut byte = [0_u8; 1];
    // Without randomness the waits are only less spread out.
    let _ = getrandom::fill(&mut byte);
    byte[0]
}
