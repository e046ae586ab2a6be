//! One request and its answer, as plain values.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use super::limits::Priority;
use super::retry;
use super::tls::TlsFiles;
use crate::domain::Alias;

/// Where the `Authorization` header comes from.
#[derive(Clone, Copy)]
pub enum Authorization<'a> {
    /// The same for every attempt.
    Fixed(&'a Zeroizing<String>),
    /// A signature, made anew for every attempt: its nonce counts once. The error says why there
    /// is none.
    Signed(&'a MakeSignature<'a>),
}

/// Makes a signature, or says why there is none.
pub type MakeSignature<'a> = dyn Fn() -> Result<Zeroizing<String>, String> + Send + Sync + 'a;

/// One request.
pub struct Call<'a> {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: &'a str,
    /// The application that is asked, where it has an alias.
    pub app: Option<&'a Alias>,
    /// The `Authorization` header, for this origin only.
    pub authorization: Option<Authorization<'a>>,
    /// A JSON body.
    pub body: Option<&'a serde_json::Value>,
    /// Whether the application asks its peer before it answers.
    pub relayed: bool,
    /// What is asked for, where that is not JSON.
    pub accept: Option<&'static str>,
    /// What is to be expected of it.
    pub priority: Priority,
    /// The TLS files of this application.
    pub tls: &'a TlsFiles,
}

/// A complete answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The whole body, decompressed.
    pub body: Vec<u8>,
    /// When it had arrived.
    pub at: SystemTime,
}

impl Response {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// How long the server asks to wait. A date is one of its clock, whatever ours says.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let now = self.header("date").and_then(retry::http_date);
        self.header("retry-after")
            .and_then(|value| retry::retry_after(value, now.unwrap_or(self.at)))
            .or_else(|| {
                retry::refill(
                    self.header("x-ratelimit-fillrate")?,
                    self.header("x-ratelimit-interval-seconds")?,
                )
            })
    }
}
