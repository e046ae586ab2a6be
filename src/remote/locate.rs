//! Finds the base URL of an application from a typed address.

use std::sync::Arc;

use super::failure::{CallError, Failure};
use super::session::Session;
use super::tls::TlsFiles;
use super::transport::Transport;
use crate::domain::{BaseUrl, Manifest};

/// Where an application answers, and what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedApplication {
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
) -> Result<LocatedApplication, CallError> {
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
                return Ok(LocatedApplication {
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
    let session = Session::without_alias(url.clone(), tls.clone(), Arc::clone(transport));
    session.manifest().await.cloned()
}

/// The base URL behind a redirect from http to https on the same host and the ports that belong to
/// them: the one redirect that is followed, for this anonymous read only. Another port is another
/// origin, and a secret would go there next.
fn upgrade(url: &BaseUrl, outcome: &Result<Manifest, CallError>) -> Option<BaseUrl> {
    let Err(CallError {
        failure: Failure::Redirected { location, .. },
        ..
    }) = outcome
    else {
        return None;
    };
    encrypted(url, location)
}

fn encrypted(url: &BaseUrl, location: &str) -> Option<BaseUrl> {
    let base = location.strip_suffix("/rest/applinks/1.0/manifest")?;
    let target = BaseUrl::parse(base).ok()?;
    let same = target.host() == url.host() && url.port() == 80 && target.port() == 443;
    (!url.is_https() && target.is_https() && same).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_default_ports_of_one_host_belong_together() {
        let to = |from: &str, base: &str| {
            let location = format!("{base}/rest/applinks/1.0/manifest");
            BaseUrl::parse(from)
                .ok()
                .and_then(|from| encrypted(&from, &location))
                .map(|url| url.to_string())
        };
        let jira = "http://jira.example.com/jira";
        assert_eq!(
            to(jira, "https://jira.example.com/jira").as_deref(),
            Some("https://jira.example.com/jira")
        );
        assert_eq!(to(jira, "https://jira.example.com:8443/jira"), None);
        assert_eq!(
            to("http://jira.example.com:8080", "https://jira.example.com"),
            None
        );
        assert_eq!(to(jira, "https://jira.example.org/jira"), None);
        assert_eq!(to(jira, "http://jira.example.com/wiki"), None);
        assert_eq!(
            to("https://jira.example.com", "https://jira.example.com/x"),
            None
        );
    }
}
