//! From what a person typed to the base URL under which an application answers.

use std::sync::Arc;

use super::failure::{CallError, Failure};
use super::session::Session;
use super::tls::TlsFiles;
use super::transport::Transport;
use crate::domain::{BaseUrl, Manifest};

/// Where an application answers, and what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Its base URL.
    pub url: BaseUrl,
    /// Its manifest.
    pub manifest: Manifest,
    /// What a person should know about how it was found.
    pub notes: Vec<String>,
}

/// Finds the manifest at or above an address. Errors name the host.
pub async fn locate(
    typed: &BaseUrl,
    tls: &TlsFiles,
    transport: &Arc<Transport>,
) -> Result<Located, CallError> {
    let mut notes = Vec::new();
    let mut first_failure = None;
    for candidate in typed.candidates() {
        let mut url = candidate;
        let mut outcome = ask(&url, tls, transport).await;
        if let Some(upgraded) = upgrade(&url, &outcome) {
            notes.push(format!(
                "{url} redirects to {upgraded}, which is used as the base URL"
            ));
            url = upgraded;
            outcome = ask(&url, tls, transport).await;
        }
        match outcome {
            Ok(manifest) => {
                if url != *typed && notes.is_empty() {
                    notes.push(format!("the application answers under {url}"));
                }
                if let Some(own) = &manifest.url
                    && BaseUrl::parse(own).is_ok_and(|own| own != url)
                {
                    notes.push(format!("it names {own} as its base URL"));
                }
                return Ok(Located {
                    url,
                    manifest,
                    notes,
                });
            }
            Err(error) => {
                let go_on = matches!(
                    error.failure,
                    Failure::NotFound { .. }
                        | Failure::Page { .. }
                        | Failure::Redirected { .. }
                        | Failure::Unreadable { .. }
                        | Failure::Denied { .. }
                );
                let better = matches!(error.failure, Failure::NotFound { .. });
                if first_failure.is_none() || (!better && is_absent(first_failure.as_ref())) {
                    first_failure = Some(error);
                }
                if !go_on {
                    break;
                }
            }
        }
    }
    Err(first_failure.unwrap_or_else(|| CallError {
        app: None,
        call: String::new(),
        host: typed.host(),
        failure: Failure::NotFound {
            messages: Vec::new(),
        },
    }))
}

fn is_absent(error: Option<&CallError>) -> bool {
    error.is_some_and(|error| matches!(error.failure, Failure::NotFound { .. }))
}

async fn ask(
    url: &BaseUrl,
    tls: &TlsFiles,
    transport: &Arc<Transport>,
) -> Result<Manifest, CallError> {
    let session = Session::unnamed(url.clone(), tls.clone(), Arc::clone(transport));
    session.manifest().await.cloned()
}

/// The base URL behind a redirect from http to https on the same host: the one redirect that is
/// followed, for this anonymous read only.
fn upgrade(url: &BaseUrl, outcome: &Result<Manifest, CallError>) -> Option<BaseUrl> {
    let Err(CallError {
        failure: Failure::Redirected { location, .. },
        ..
    }) = outcome
    else {
        return None;
    };
    let base = location.strip_suffix("/rest/applinks/1.0/manifest")?;
    let target = BaseUrl::parse(base).ok()?;
    // Another port is another origin: only the default ones belong together.
    let same = target.host() == url.host() && url.port() == 80 && target.port() == 443;
    (!url.is_https() && target.is_https() && same).then_some(target)
}
