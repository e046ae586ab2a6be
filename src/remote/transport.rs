//! Sends one request: headers, limits, time, repetition. Knows nothing of application links.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{self, HeaderValue};
use reqwest::{Client, Method};
use sha2::{Digest as _, Sha256};
use tokio::time::{sleep, timeout_at};

use super::affinity::AffinityCookies;
use super::call::{Authorization, Call, Response};
use super::clients::{ClientKey, ClientPool};
use super::failure::Failure;
use super::in_flight::{InFlightCall, InFlightCalls};
use super::limits::{GlobalLimiter, GlobalPermit, Priority};
use super::network::{self, LARGEST_ANSWER, NetworkError, NetworkProblem, host_of};
use super::options::Options;
use super::proxies::{Proxies, Proxy};
use super::recorder::{RecordedRequest, Recorder};
use super::redact;
use super::retry::{self, Repeat};
use super::tls::{PassphraseSource, TlsFiles};
use crate::domain::{BaseUrl, text};
use crate::error::Error;

/// Sends the requests of a run.
pub struct Transport {
    options: Options,
    clients: ClientPool,
    proxies: Proxies,
    limiter: GlobalLimiter,
    budget: retry::Budget,
    mask: Arc<dyn Fn(&str) -> String + Send + Sync>,
    insecure_hosts: Mutex<BTreeSet<String>>,
    recorder: Recorder,
    calls: InFlightCalls,
    cookies: AffinityCookies,
    stale_reads: AtomicBool,
    /// The logins that were refused in this run, by address and credentials: none is
    /// tried again, whatever asks for it, so that repetition locks no account.
    refused_logins: Mutex<HashMap<LoginId, Failure>>,
}

impl Transport {
    /// Why this login was refused before in this run.
    pub(super) fn refused_login(&self, url: &BaseUrl, authorization: &str) -> Option<Failure> {
        let refused = self.refused_logins.lock();
        let refused = refused.unwrap_or_else(PoisonError::into_inner);
        let key = login_id(url, authorization);
        refused.get(&key).cloned()
    }

    /// Records a refused login.
    pub(super) fn refuse_login(&self, url: &BaseUrl, authorization: &str, failure: &Failure) {
        let refused = self.refused_logins.lock();
        let mut refused = refused.unwrap_or_else(PoisonError::into_inner);
        let key = login_id(url, authorization);
        refused.entry(key).or_insert_with(|| failure.clone());
    }

    /// Whether an application seems to be a cluster: a balancer has set a cookie, or a change was
    /// shown late.
    pub fn has_cluster(&self) -> bool {
        self.cookies.are_used() || self.stale_reads.load(Ordering::Relaxed)
    }

    /// Records that a change was not shown at once.
    pub(super) fn note_stale_read(&self) {
        self.stale_reads.store(true, Ordering::Relaxed);
    }

    /// Whether any login was refused in this run.
    pub fn has_refused_logins(&self) -> bool {
        let refused = self.refused_logins.lock();
        !refused.unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// A server's text without any loaded secret: servers may repeat what a request contained.
    pub(super) fn masked(&self, text: &str) -> String {
        (self.mask)(text)
    }

    /// A transport; `mask` takes every loaded secret out of a text before it is logged.
    pub fn new(options: Options, mask: Arc<dyn Fn(&str) -> String + Send + Sync>) -> Self {
        Self {
            limiter: GlobalLimiter::new(options.jobs),
            proxies: Proxies::new(options.proxy.as_deref()),
            options,
            budget: retry::Budget::default(),
            clients: ClientPool::default(),
            mask,
            insecure_hosts: Mutex::default(),
            recorder: Recorder::default(),
            calls: InFlightCalls::default(),
            cookies: AffinityCookies::default(),
            stale_reads: AtomicBool::new(false),
            refused_logins: Mutex::default(),
        }
    }

    /// Sets how the passphrases of client keys are found.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: Box<PassphraseSource>) -> Self {
        self.clients.passphrase = passphrase;
        self
    }

    /// Keeps a list of all requests from now on.
    pub fn record(&self) {
        self.recorder.start();
    }

    /// The requests since [`Transport::record`], and how many more there were than are kept.
    pub fn recorded(&self) -> (Vec<RecordedRequest>, usize) {
        self.recorder.recorded()
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Waits for the right to have one more call in flight.
    pub(super) async fn permit(&self, hope: Priority) -> GlobalPermit<'_> {
        self.limiter.acquire(hope).await
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
    pub fn in_flight(&self) -> Option<InFlightCall> {
        self.calls.oldest()
    }

    /// Finds mistakes in the TLS files of the command line and in the proxies before any request.
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
    pub async fn send(&self, call: &Call<'_>) -> Result<Response, NetworkError> {
        // A connection that was kept may be gone at the other end: a balancer forgets it, and the
        // request with it. What may not be sent twice goes out on one of its own.
        let mut client = self.client(call, call.method != Method::GET).await?;
        self.budget.earn();
        let limit = self.timeout(call.relayed);
        // Waiting for a permit is not the application's fault, so it does not count as its time.
        let mut permit = Some(self.permit(call.priority).await);
        let since = Instant::now();
        let mut deadline = since + limit;
        let _in_flight = self.calls.begin(InFlightCall {
            who: call
                .app
                .map_or_else(|| host_of(call.url), ToString::to_string),
            since,
            until: deadline,
        });
        let mut attempt = 1;
        loop {
            let started = Instant::now();
            let outcome =
                match timeout_at(deadline.into(), self.send_through_proxy(&client, call)).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(NetworkError {
                        problem: NetworkProblem::Timeout(limit),
                        never_sent: false,
                    }),
                };
            // A call that waits before its next attempt holds no permit.
            drop(permit.take());
            self.log(call, &outcome, started.elapsed());
            let Some(repeat) = repeat(&call.method, &outcome) else {
                return outcome;
            };
            attempt += 1;
            let wait = retry::wait(attempt, repeat.asked(), random_byte());
            let is_over = match repeat {
                Repeat::Paced(_) => false,
                Repeat::Lost => attempt > retry::ATTEMPTS || !self.budget.spend(),
            };
            if is_over || Instant::now() + wait >= deadline {
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
            permit = Some(self.permit(call.priority).await);
            deadline = Instant::now() + left;
        }
    }

    /// How long a call may take.
    pub(super) fn timeout(&self, relayed: bool) -> Duration {
        self.options.timeout.unwrap_or(if relayed {
            Options::RELAYED
        } else {
            Options::DIRECT
        })
    }

    /// Sends a request through its proxy. Tries a login that the proxy has refused only once, and
    /// never with several requests at once, since proxies lock accounts too.
    async fn send_through_proxy(
        &self,
        client: &Client,
        call: &Call<'_>,
    ) -> Result<Response, NetworkError> {
        let Some(proxy) = self.proxy_of(call.url) else {
            return self.send_once(client, call).await;
        };
        let refused = || NetworkError {
            problem: NetworkProblem::ProxyLogin {
                proxy: proxy.address.clone(),
                with_login: proxy.with_login,
            },
            never_sent: true,
        };
        let login = self.proxies.login(&proxy);
        let _attempt = match &login {
            Some(login) => login.acquire().await.map_err(|()| refused())?,
            None => None,
        };
        let outcome = match self.send_once(client, call).await {
            // Only a proxy answers so, never the application.
            Ok(answer) if answer.status == 407 => {
                let values = answer.headers.get_all("proxy-authenticate").iter();
                let values = values.filter_map(|value| value.to_str().ok());
                let schemes = network::schemes_without_basic(values);
                Err(with_schemes(refused(), &schemes))
            }
            Err(error) => {
                let error = network::at_proxy(error, &proxy);
                if matches!(error.problem, NetworkProblem::ProxyLogin { .. }) {
                    let challenges = network::challenges(&proxy.address, &host_of(call.url)).await;
                    let values = challenges.iter().map(String::as_str);
                    let schemes = network::schemes_without_basic(values);
                    Err(with_schemes(error, &schemes))
                } else {
                    Err(error)
                }
            }
            outcome => outcome,
        };
        if let Some(login) = &login {
            match &outcome {
                Ok(_) => login.accept(),
                Err(NetworkError {
                    problem: NetworkProblem::ProxyLogin { .. } | NetworkProblem::ProxyScheme(_),
                    ..
                }) => {
                    login.refuse();
                }
                Err(_) => {}
            }
        }
        outcome
    }

    async fn send_once(&self, client: &Client, call: &Call<'_>) -> Result<Response, NetworkError> {
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
        if let Some(cookies) = self.cookies.header(call.url) {
            request = request.header(header::COOKIE, cookies);
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
        self.cookies.keep(call.url, response.headers());
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
        Ok(Response {
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

    fn log(&self, call: &Call<'_>, outcome: &Result<Response, NetworkError>, took: Duration) {
        self.recorder.record(call, outcome, took);
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

/// Whether and how to send again.
fn repeat(method: &Method, outcome: &Result<Response, NetworkError>) -> Option<Repeat> {
    let read = *method == Method::GET;
    match outcome {
        Ok(answer) => {
            let asked = answer.retry_after();
            match answer.status {
                429 => Some(Repeat::Paced(asked)),
                502..=504 if read && asked.is_some() => Some(Repeat::Paced(asked)),
                // A proxy in front did not get an answer, as where a connection is cut.
                502..=504 if read && !is_about_oauth(answer) => Some(Repeat::Lost),
                _ => None,
            }
        }
        Err(error) => (read && error.problem == NetworkProblem::Cut).then_some(Repeat::Lost),
    }
}

/// Whether the application answers a signed request: it says itself what is wrong with it.
fn is_about_oauth(answer: &Response) -> bool {
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    challenge.contains("oauth_problem") || answer.body.starts_with(b"oauth_problem")
}

/// The refusal of a proxy that takes none of the logins that applink can give.
fn with_schemes(error: NetworkError, schemes: &str) -> NetworkError {
    let problem = match error.problem {
        NetworkProblem::ProxyLogin { proxy, .. } if !schemes.is_empty() => {
            NetworkProblem::ProxyScheme(format!("{proxy} accepts only {schemes}"))
        }
        other => other,
    };
    NetworkError {
        problem,
        never_sent: error.never_sent,
    }
}

/// A login without its secret: the address, and a digest of the header.
type LoginId = (String, [u8; 32]);

fn login_id(url: &BaseUrl, authorization: &str) -> LoginId {
    (url.to_string(), Sha256::digest(authorization).into())
}

fn random_byte() -> u8 {
    let mut byte = [0_u8; 1];
    // Without randomness the waits are only less spread out.
    let _ = getrandom::fill(&mut byte);
    byte[0]
}
