//! Reads a peer's manifest.

use serde_json::{Map, Value};

use super::client;
use super::failure::NetFailure;
use super::link_error::{network_error, unexpected_status};
use super::message::{PeerAnswer, PeerRequest};
use crate::http::xml;
use crate::instance::Instance;
use crate::store::LinkError;

/// A peer's manifest.
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

/// The reason why a manifest could not be read.
#[derive(Debug, Clone)]
pub(crate) enum ManifestError {
    Unreachable(NetFailure),
    Redirected(String),
    UnexpectedStatus(PeerAnswer),
    Unreadable,
}

impl ManifestError {
    pub(crate) fn link_error(&self) -> LinkError {
        match self {
            Self::Unreachable(failure) => network_error(failure),
            Self::Redirected(to) => {
                LinkError::detailed("UNEXPECTED_RESPONSE_STATUS", format!("302: {to}"))
            }
            Self::UnexpectedStatus(answer) => unexpected_status(answer),
            Self::Unreadable => {
                LinkError::detailed("UNEXPECTED_RESPONSE", "manifest not understood")
            }
        }
    }
}

/// Reads the manifest of the application at `base`, in whatever format the peer prefers.
pub(crate) async fn fetch(app: &Instance, base: &str) -> Result<Manifest, ManifestError> {
    let url = format!("{}/rest/applinks/1.0/manifest", base.trim_end_matches('/'));
    let answer = client::send(app, PeerRequest::new("GET", url))
        .await
        .map_err(ManifestError::Unreachable)?;
    if (300..400).contains(&answer.status) {
        let location = answer.header("location").unwrap_or_default().to_owned();
        return Err(ManifestError::Redirected(location));
    }
    if answer.status != 200 {
        return Err(ManifestError::UnexpectedStatus(answer));
    }
    parse(&answer.text()).ok_or(ManifestError::Unreadable)
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
