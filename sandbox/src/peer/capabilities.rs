//! Reads a peer's versions and capabilities.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::client;
use super::link_error::{network_error, unexpected_status};
use super::manifest;
use super::message::PeerRequest;
use crate::instance::Instance;
use crate::store::{Link, LinkError, PeerCapabilities};
use crate::sync::lock;

/// First version of application links with the capabilities resource.
const FIRST_WITH_CAPABILITIES: [u64; 3] = [5, 0, 5];

/// The capabilities of a link's peer, fetched again when the stored ones are older than `max_age`.
/// A failure is stored as well.
pub(crate) async fn capabilities(
    app: &Instance,
    link: &Link,
    max_age: Duration,
) -> PeerCapabilities {
    if let Some(known) = link
        .capabilities
        .as_ref()
        .filter(|known| known.fetched.elapsed() < max_age)
    {
        return known.clone();
    }
    let fetched = fetch(app, &link.rpc_url).await;
    if let Some(stored) = lock(&app.state).store.link_mut(&link.id) {
        stored.capabilities = Some(fetched.clone());
    }
    fetched
}

async fn fetch(app: &Instance, base: &str) -> PeerCapabilities {
    let mut result = PeerCapabilities {
        fetched: Instant::now(),
        application_version: None,
        applinks_version: None,
        names: BTreeSet::new(),
        error: None,
    };
    match manifest::fetch(app, base).await {
        Err(error) => result.error = Some(error.link_error()),
        Ok(manifest) => {
            result.application_version = manifest.text("version").map(str::to_owned);
            result.applinks_version = manifest.text("applinksVersion").map(str::to_owned);
            if at_least(result.applinks_version.as_deref(), FIRST_WITH_CAPABILITIES) {
                match names(app, base).await {
                    Ok(names) => result.names = names,
                    Err(error) => result.error = Some(error),
                }
            }
        }
    }
    result
}

async fn names(app: &Instance, base: &str) -> Result<BTreeSet<String>, LinkError> {
    let url = format!(
        "{}/rest/applinks/latest/capabilities",
        base.trim_end_matches('/')
    );
    let request = PeerRequest::new("GET", url).header("Accept", "application/json");
    let answer = client::send(app, request)
        .await
        .map_err(|failure| network_error(&failure))?;
    if answer.status != 200 {
        return Err(unexpected_status(&answer));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|error| LinkError::detailed("UNEXPECTED_RESPONSE", error.to_string()))
}

/// Whether a version is `least` or later. An unknown version counts as older.
pub(crate) fn at_least(version: Option<&str>, least: [u64; 3]) -> bool {
    version
        .and_then(numbers)
        .is_some_and(|numbers| numbers >= least)
}

/// Major, minor and bugfix number of a version.
pub(crate) fn numbers(version: &str) -> Option<[u64; 3]> {
    let mut parts = version.split(['.', '-']).map(str::parse::<u64>);
    let major = parts.next()?.ok()?;
    let rest = |part: Option<Result<u64, _>>| part.and_then(Result::ok).unwrap_or_default();
    Some([major, rest(parts.next()), rest(parts.next())])
}
