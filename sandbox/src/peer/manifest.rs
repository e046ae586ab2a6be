//! Reading a peer's manifest and capabilities.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::{Map, Value};

use super::Problem;
use super::client::{self, PeerAnswer, PeerRequest};
use super::failure::NetFailure;
use crate::http::xml;
use crate::instance::Instance;
use crate::store::{Capabilities, Link};
use crate::sync::lock;

/// First version of application links with the capabilities resource.
const FIRST_WITH_CAPABILITIES: [u64; 3] = [5, 0, 5];

/// A peer's manifest, as it was served.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) fields: Map<String, Value>,
}

impl Manifest {
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    pub(crate) fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    pub(crate) fn type_id(&self) -> &str {
        self.text("typeId").unwrap_or_default()
    }
}

/// Why there is no manifest.
#[derive(Debug, Clone)]
pub(crate) enum NoManifest {
    Unreachable(NetFailure),
    Redirected(String),
    Status(PeerAnswer),
    Unreadable,
}

impl NoManifest {
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::Unreachable(failure) => Problem::network(failure),
            Self::Redirected(to) => {
                Problem::detailed("UNEXPECTED_RESPONSE_STATUS", format!("302: {to}"))
            }
            Self::Status(answer) => Problem::unexpected_status(answer),
            Self::Unreadable => Problem::detailed("UNEXPECTED_RESPONSE", "manifest not understood"),
        }
    }
}

/// Reads the manifest of the application at `base`, asking for no particular format.
pub(crate) async fn fetch(app: &Instance, base: &str) -> Result<Manifest, NoManifest> {
    let url = format!("{}/rest/applinks/1.0/manifest", base.trim_end_matches('/'));
    let answer = client::send(app, PeerRequest::new("GET", url))
        .await
        .map_err(NoManifest::Unreachable)?;
    if (300..400).contains(&answer.status) {
        let location = answer.header("location").unwrap_or_default().to_owned();
        return Err(NoManifest::Redirected(location));
    }
    if answer.status != 200 {
        return Err(NoManifest::Status(answer));
    }
    parse(&answer.text()).ok_or(NoManifest::Unreadable)
}

fn parse(text: &str) -> Option<Manifest> {
    let fields = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(fields)) => fields,
        _ => xml::leaves(text)?,
    };
    let manifest = Manifest { fields };
    let usable = crate::id::parse(manifest.id()).is_some() && !manifest.type_id().is_empty();
    usable.then_some(manifest)
}

/// The capabilities of a link's peer: remembered ones not older than `max_age`, else asked for. A
/// failure is remembered as well.
pub(crate) async fn capabilities(
    app: &Instance,
    link: &Link,
    max_age: std::time::Duration,
) -> Capabilities {
    if let Some(known) = link
        .capabilities
        .as_ref()
        .filter(|known| known.fetched.elapsed() < max_age)
    {
        return known.clone();
    }
    let fresh = ask(app, &link.rpc_url).await;
    if let Some(stored) = lock(&app.state).store.link_mut(&link.id) {
        stored.capabilities = Some(fresh.clone());
    }
    fresh
}

async fn ask(app: &Instance, base: &str) -> Capabilities {
    let mut found = Capabilities {
        fetched: Instant::now(),
        application_version: None,
        applinks_version: None,
        names: BTreeSet::new(),
        error: None,
    };
    match fetch(app, base).await {
        Err(none) => found.error = Some(none.problem()),
        Ok(manifest) => {
            found.application_version = manifest.text("version").map(str::to_owned);
            found.applinks_version = manifest.text("applinksVersion").map(str::to_owned);
            if at_least(found.applinks_version.as_deref(), FIRST_WITH_CAPABILITIES) {
                match names(app, base).await {
                    Ok(names) => found.names = names,
                    Err(problem) => found.error = Some(problem),
                }
            }
        }
    }
    found
}

async fn names(app: &Instance, base: &str) -> Result<BTreeSet<String>, Problem> {
    let url = format!(
        "{}/rest/applinks/latest/capabilities",
        base.trim_end_matches('/')
    );
    let request = PeerRequest::new("GET", url).header("Accept", "application/json");
    let answer = client::send(app, request)
        .await
        .map_err(|failure| Problem::network(&failure))?;
    if answer.status != 200 {
        return Err(Problem::unexpected_status(&answer));
    }
    serde_json::from_slice(&answer.body)
        .map_err(|error| Problem::detailed("UNEXPECTED_RESPONSE", error.to_string()))
}

/// Whether a version is `least` or later; an unknown one is not.
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
