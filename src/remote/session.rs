//! One application as this run talks to it, with one account or none.
//!
//! A credential is sent to the origin and context path of its own application and nowhere else.
//! A refused login ends all calls with that account for the rest of the run, so that repetition
//! locks no account.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::Method;
use serde_json::Value;
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

use super::call::{Authorization, Call, MakeSignature, Response};
use super::failure::{CallError, Failure};
use super::limits::{HostLimiter, Priority};
use super::network::host_of;
use super::tls::TlsFiles;
use super::transport::Transport;
use super::{answer, retry, wire};
use crate::domain::{Alias, ApplicationId, BaseUrl, Code, Consumer, Manifest};

/// What a manifest may be written in.
const JSON_OR_XML: &str = "application/json, application/xml;q=0.9";

/// What an application's plugin can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The resources `3.0/status` and `3.0/applinks`.
    pub status: bool,
    /// The resource `3.0/migration`.
    pub migration: bool,
}

/// An account: the header that stands for it, and of which kind it is.
pub struct Account {
    authorization: Zeroizing<String>,
    pub(super) basic: bool,
}

impl Account {
    /// An account from its `Authorization` header.
    pub fn new(authorization: Zeroizing<String>) -> Self {
        Self {
            basic: authorization.starts_with("Basic "),
            authorization,
        }
    }

    /// The code for an application that treats the account as anonymous.
    pub(super) fn refused(&self) -> Code {
        if self.basic {
            Code::BadCredentials
        } else {
            Code::TokenIgnored
        }
    }
}

/// One application, as this run talks to it.
pub struct Session {
    alias: Alias,
    /// Whether the user knows it by its alias.
    named: bool,
    url: BaseUrl,
    tls: TlsFiles,
    pub(super) account: Option<Account>,
    transport: Arc<Transport>,
    limiter: HostLimiter,
    closed: Mutex<Option<Failure>>,
    manifest: OnceCell<Manifest>,
    pub(super) capabilities: OnceCell<Capabilities>,
    pub(super) consumer: OnceCell<Consumer>,
    pub(super) realm: OnceCell<Option<String>>,
    pub(super) rights: OnceCell<Result<(), CallError>>,
    clock: Mutex<Option<Clock>>,
}

/// The variable parts of a request.
#[derive(Default)]
pub(super) struct RequestOptions<'a> {
    account: Option<&'a Account>,
    /// A signature in the account's place.
    signature: Option<&'a MakeSignature<'a>>,
    body: Option<&'a Value>,
    relayed: bool,
    accept: Option<&'static str>,
    priority: Priority,
}

impl<'a> RequestOptions<'a> {
    /// A request with this account, or with none.
    pub(super) fn with_account(account: Option<&'a Account>) -> Self {
        Self {
            account,
            ..Self::default()
        }
    }

    /// A request that carries a signature.
    pub(super) fn signed(signature: &'a MakeSignature<'a>) -> Self {
        Self {
            signature: Some(signature),
            ..Self::default()
        }
    }
}

/// What an application's clock said, and ours when the answer had arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The application's, from the `Date` header; whole seconds.
    pub theirs: SystemTime,
    /// This machine's.
    pub ours: SystemTime,
}

impl Clock {
    /// How many seconds it was ahead of ours. Whole seconds are all that the header tells.
    pub fn seconds_ahead(&self) -> i64 {
        let signed = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match self.theirs.duration_since(self.ours) {
            Ok(ahead) => signed(ahead),
            Err(behind) => -signed(behind.duration()),
        }
    }
}

/// Whether the account may do what only system administrators may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemRights {
    /// It may.
    Yes,
    /// It may not.
    No,
    /// The product has no way of asking.
    Unknown,
}

impl Session {
    /// A session; without an account only what everybody may see is asked.
    pub fn new(
        alias: Alias,
        url: BaseUrl,
        tls: TlsFiles,
        account: Option<Account>,
        transport: Arc<Transport>,
    ) -> Self {
        Self {
            limiter: HostLimiter::new(transport.options().per_host),
            alias,
            named: true,
            url,
            tls,
            account,
            transport,
            closed: Mutex::default(),
            manifest: OnceCell::new(),
            capabilities: OnceCell::new(),
            consumer: OnceCell::new(),
            realm: OnceCell::new(),
            rights: OnceCell::new(),
            clock: Mutex::default(),
        }
    }

    /// A session with an address that has no alias, without an account.
    pub fn without_alias(url: BaseUrl, tls: TlsFiles, transport: Arc<Transport>) -> Self {
        let alias = Alias::of_host(&url.host());
        Self {
            named: false,
            ..Self::new(alias, url, tls, None, transport)
        }
    }

    /// The application's alias.
    pub fn alias(&self) -> &Alias {
        &self.alias
    }

    /// The application's base URL.
    pub fn url(&self) -> &BaseUrl {
        &self.url
    }

    /// Lets one timeout end all further calls. A command that only reads would otherwise wait as
    /// long again for each.
    pub fn fail_fast(&self) {
        self.limiter.fail_fast();
    }

    /// Records that the application did not show a change at once.
    pub fn note_stale_read(&self) {
        self.transport.note_stale_read();
    }

    /// How long a call may take.
    pub fn timeout(&self) -> Duration {
        self.transport.timeout(false)
    }

    /// How long a call may take for which the application asks its peer.
    pub fn relayed_timeout(&self) -> Duration {
        self.transport.timeout(true)
    }

    /// What the last answer's `Date` header said.
    pub fn clock(&self) -> Option<Clock> {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The manifest, asked once a run and without the account.
    pub async fn manifest(&self) -> Result<&Manifest, CallError> {
        self.manifest
            .get_or_try_init(|| async {
                let path = "/rest/applinks/1.0/manifest";
                let text = match self.text(path, JSON_OR_XML).await {
                    // A server without the application, or without that context path, has a page
                    // of its own for it.
                    Err(CallError {
                        failure:
                            Failure::Page {
                                status: 404,
                                login: false,
                                ..
                            },
                        ..
                    }) => {
                        let messages = Vec::new();
                        return Err(self.failed(
                            &Method::GET,
                            path,
                            Failure::NotFound { messages },
                        ));
                    }
                    other => other?,
                };
                let text = text.trim_start_matches('\u{feff}').trim_start();
                let manifest = if text.starts_with('<') {
                    wire::manifest_xml(text)
                } else {
                    answer::parse(text.as_bytes()).and_then(|value| wire::manifest(&value))
                };
                let manifest =
                    manifest.map_err(|detail| self.unreadable(&Method::GET, path, detail))?;
                Ok(self.identified(manifest))
            })
            .await
    }

    /// The servers know a program of type `generic` by an id made from its address, whatever its
    /// manifest says.
    fn identified(&self, manifest: Manifest) -> Manifest {
        if !manifest.type_id.is_generic() {
            return manifest;
        }
        Manifest {
            id: ApplicationId::of_url(&self.url),
            ..manifest
        }
    }

    /// Sets a manifest that was already read.
    pub fn set_manifest(&self, manifest: Manifest) {
        // If it is already known, it is the same.
        let _ = self.manifest.set(manifest);
    }

    /// A call without the account.
    pub async fn anonymous(&self, method: Method, path: &str) -> Result<Value, CallError> {
        let answer = self
            .exchange(&method, path, RequestOptions::default())
            .await?;
        answer::read(&answer).map_err(|failure| self.failed(&method, path, failure))
    }

    /// A text that is read without the account.
    pub(super) async fn text(&self, path: &str, accept: &'static str) -> Result<String, CallError> {
        let method = Method::GET;
        let options = RequestOptions {
            accept: Some(accept),
            ..RequestOptions::default()
        };
        let answer = self.exchange(&method, path, options).await?;
        answer::text(&answer).map_err(|failure| self.failed(&method, path, failure))
    }

    /// The challenges with which a call without the account is refused.
    pub(super) async fn refusal(&self, path: &str) -> Result<Vec<String>, CallError> {
        let answer = self
            .exchange(&Method::GET, path, RequestOptions::default())
            .await?;
        Ok(answer
            .headers
            .get_all("www-authenticate")
            .iter()
            .filter_map(|value| value.to_str().ok().map(str::to_owned))
            .collect())
    }

    /// A call with the account that the application answers by itself.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CallError> {
        let options = RequestOptions {
            body,
            ..RequestOptions::default()
        };
        self.with_account(method, path, options).await
    }

    /// A call with the account for which the application asks its peer first.
    pub async fn relayed(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CallError> {
        let options = RequestOptions {
            body,
            relayed: true,
            ..RequestOptions::default()
        };
        self.with_account(method, path, options).await
    }

    /// The same for a read; `hope` is what is to be expected of the peer.
    pub(super) async fn relayed_with_priority(
        &self,
        path: &str,
        hope: Priority,
    ) -> Result<Value, CallError> {
        let options = RequestOptions {
            relayed: true,
            priority: hope,
            ..RequestOptions::default()
        };
        self.with_account(Method::GET, path, options).await
    }

    async fn with_account<'a>(
        &'a self,
        method: Method,
        path: &str,
        options: RequestOptions<'a>,
    ) -> Result<Value, CallError> {
        self.check_open(&method, path)?;
        let options = RequestOptions {
            account: self.account.as_ref(),
            ..options
        };
        let answer = self.exchange(&method, path, options).await?;
        answer::read(&answer).map_err(|failure| {
            let failure = self.refine(path, &answer, failure);
            if failure.ends_account() {
                self.close(failure.clone());
            }
            self.failed(&method, path, failure)
        })
    }

    /// Tells a missing login from missing rights in a refusal: the newer resources
    /// say 401 for the one and 403 for the other, and a header may say it too. A token can expire
    /// in the middle of a run.
    fn refine(&self, path: &str, answer: &Response, failure: Failure) -> Failure {
        let Failure::Denied {
            code: Code::NotAdmin,
            detail,
        } = failure
        else {
            return failure;
        };
        let nobody = answer.header("x-ausername").is_some_and(is_anonymous)
            || (answer.status == 401
                && path.starts_with("/rest/applinks/3.0/")
                && !path.contains("/applicationlink"));
        if self.is_lost(answer) {
            return Failure::CredentialsLost;
        }
        let code = match &self.account {
            Some(account) if nobody => account.refused(),
            _ => Code::NotAdmin,
        };
        Failure::Denied { code, detail }
    }

    /// Whether a password was sent and did not arrive: Jira and Confluence say so where they refuse
    /// one, and name nobody where they saw none.
    pub(super) fn is_lost(&self, answer: &Response) -> bool {
        let names_reason = self
            .manifest
            .get()
            .is_some_and(|manifest| matches!(manifest.type_id.as_str(), "jira" | "confluence"));
        names_reason
            && answer.status == 401
            && self.account.as_ref().is_some_and(|account| account.basic)
            && answer.header("x-ausername").is_some_and(is_anonymous)
            && answer
                .header("x-seraph-loginreason")
                .is_none_or(|reason| matches!(reason.trim(), "" | "OUT"))
    }

    pub(super) async fn exchange(
        &self,
        method: &Method,
        path: &str,
        options: RequestOptions<'_>,
    ) -> Result<Response, CallError> {
        // Very many calls may wait for a permit: boxed, each takes little memory meanwhile.
        Box::pin(self.exchange_with_permit(method, path, options)).await
    }

    async fn exchange_with_permit(
        &self,
        method: &Method,
        path: &str,
        options: RequestOptions<'_>,
    ) -> Result<Response, CallError> {
        let url = self.url.join(path);
        let failed = |error| self.failed(method, path, Failure::Network(error));
        let permit = self
            .limiter
            .acquire(options.relayed)
            .await
            .map_err(failed)?;
        let call = Call {
            method: method.clone(),
            url: &url,
            app: self.named.then_some(&self.alias),
            authorization: options.signature.map(Authorization::Signed).or_else(|| {
                let account = options.account?;
                Some(Authorization::Fixed(&account.authorization))
            }),
            body: options.body,
            relayed: options.relayed,
            accept: options.accept,
            priority: options.priority,
            tls: &self.tls,
        };
        let outcome = Box::pin(self.transport.send(&call)).await;
        permit.release(&outcome);
        let answer = outcome.map_err(failed)?;
        if let Some(theirs) = answer.header("date").and_then(retry::http_date) {
            *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(Clock {
                theirs,
                ours: answer.at,
            });
        }
        Ok(answer)
    }

    pub(super) fn check_open(&self, method: &Method, path: &str) -> Result<(), CallError> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let failure = closed.clone().or_else(|| {
            let account = self.account.as_ref()?;
            self.transport
                .refused_login(&self.url, &account.authorization)
        });
        match failure {
            Some(failure) => Err(self.failed(method, path, Failure::Closed(Box::new(failure)))),
            None => Ok(()),
        }
    }

    pub(super) fn close(&self, failure: Failure) {
        if let Some(account) = &self.account
            && failure.ends_account()
        {
            self.transport
                .refuse_login(&self.url, &account.authorization, &failure);
        }
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.get_or_insert(failure);
    }

    pub(super) fn unreadable(&self, method: &Method, path: &str, detail: String) -> CallError {
        self.failed(
            method,
            path,
            Failure::Unreadable {
                status: 200,
                detail,
            },
        )
    }

    pub(super) fn failed(&self, method: &Method, path: &str, failure: Failure) -> CallError {
        CallError {
            app: self.named.then(|| self.alias.clone()),
            call: format!("{method} {}", path.split('?').next().unwrap_or(path)),
            host: host_of(&self.url.to_string()),
            failure: failure.masked(&|text| self.transport.masked(text)),
        }
    }
}

pub(super) fn is_anonymous(name: &str) -> bool {
    let name = name.trim();
    name.is_empty() || name.eq_ignore_ascii_case("anonymous")
}
