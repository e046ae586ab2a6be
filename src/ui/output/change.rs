//! The document of the commands that change something.

use serde::Serialize;

use super::document::Document;
use super::errors::TroubleOutput;
use super::verification::VerdictOutput;
use crate::domain::{Alias, ApplicationId, Level, TypeId};

/// The document of every command that changes something.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "change"))]
pub struct ChangeOutput {
    /// Whether anything is not as before; false in a dry run, and after all was taken back.
    pub changed: bool,
    /// Whether something is left to do: `applink resume`.
    pub partial: bool,
    /// What was to be done, in its order.
    pub steps: Vec<StepOutput>,
    /// What the plan loses that cannot be undone.
    pub losses: Vec<String>,
    /// The link that was made or changed, where it is one.
    pub link: Option<PairOutput>,
    /// The program that was registered.
    pub consumer: Option<ProgramOutput>,
    /// The OAuth 2.0 client that was registered or changed.
    pub oauth2_client: Option<ClientOutput>,
    /// How the links are that were changed.
    pub verification: Vec<VerdictOutput>,
    /// What could not be looked at.
    pub errors: Vec<TroubleOutput>,
    /// What `scan` adds.
    #[serde(flatten)]
    #[cfg_attr(test, schemars(skip))]
    pub scan: Option<ScanOutput>,
}

impl Document for ChangeOutput {}

/// One step of a plan.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "step"))]
pub struct StepOutput {
    /// On which application.
    pub app: Alias,
    /// `create-link`, `edit-link`, `delete-link`, `set-level`, `put-consumer` and so on.
    pub action: &'static str,
    /// `planned` (a dry run, or not come to), `done`, `skipped` (it was so already), `failed`, `undone` (taken back), `stuck` (whether it was done is not known).
    pub status: &'static str,
    /// One line.
    pub detail: String,
}

/// A link between two known applications.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "pair"))]
pub struct PairOutput {
    /// The alias.
    pub local: Alias,
    /// The alias of the other one.
    pub remote: Alias,
    /// The id of the record on `local`.
    pub local_link_id: Option<ApplicationId>,
    /// The id of the record on `remote`; null where the link is one-way.
    pub remote_link_id: Option<ApplicationId>,
}

/// A third-party program with OAuth 1.0a.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "program"))]
pub struct ProgramOutput {
    /// Its name.
    pub name: String,
    /// Its consumer key.
    pub key: String,
    /// SHA-256 of its public key, in hex; null in a dry run that would make one.
    pub fingerprint: Option<String>,
    /// The length of its key.
    pub bits: Option<u32>,
    /// The file with its private key, where applink has it.
    pub key_file: Option<String>,
    /// Whether it may call as itself.
    pub two_legged: bool,
    /// What is to be done on its side, with `--preset`.
    pub snippet: Option<String>,
}

/// A third-party program with OAuth 2.0.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "client"))]
pub struct ClientOutput {
    /// Its name.
    pub name: String,
    /// Its client id; null in a dry run that would make one.
    pub client_id: Option<String>,
    /// Where browsers are sent after consent.
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scope: String,
    /// The file with its client secret.
    pub secret_file: Option<String>,
}

/// What `scan` adds to the document of a change.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "scan"))]
pub struct ScanOutput {
    /// The pattern.
    pub from: String,
    /// Where it shall point to.
    pub to: Option<String>,
    /// What still points at the pattern.
    pub findings: Vec<FindingOutput>,
}

/// Something on a clone that still points at production.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "finding"))]
pub struct FindingOutput {
    /// The copy that holds it.
    pub app: Alias,
    /// `link`, `consumer`, `base-url`, `copy`, `consumer-key`.
    pub kind: &'static str,
    /// The id of the record.
    pub id: Option<ApplicationId>,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub type_id: Option<TypeId>,
    /// Where it points.
    pub from: Option<String>,
    /// Where it would point.
    pub to: Option<String>,
    /// As in [record](#record).
    pub incoming: Option<Level>,
    /// As in [record](#record).
    pub outgoing: Option<Level>,
    /// The steps that end it.
    pub actions: Vec<&'static str>,
    /// One sentence.
    pub detail: String,
}
