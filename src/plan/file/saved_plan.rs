//! A saved plan: what was observed, and exactly what to do, as one text.
//!
//! Secrets may not enter. A checksum shows that nobody edited it. The caller checks who may have written
//! the file.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::change::{Change, Drift};
use super::snapshot::Observed;
use crate::error::{Error, Result};
use crate::plan::Agenda;

/// The beginning of a saved plan.
pub const KEPT_MARK: &str = "\"applink_plan\"";

/// The version of the format.
const VERSION: u64 = 1;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// When it was made.
    pub made: String,
    /// The history of the state that it was made from; none where there was no state yet.
    pub lineage: Option<Uuid>,
    /// The applications, without secrets.
    pub applications: Value,
    /// What shall be done.
    pub agenda: Agenda,
    /// The same for people.
    pub changes: Vec<Change>,
    /// What was changed outside applink.
    pub drift: Vec<Drift>,
    /// Every record that is touched, as it was.
    pub observed: Vec<Observed>,
    /// What has to be confirmed.
    pub question: Option<String>,
}

/// Why a text is no plan that can be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unkept {
    /// Something else.
    #[error("is no plan of applink")]
    Foreign,
    /// A newer one.
    #[error("is of version {0}, from a newer applink")]
    Newer(u64),
    /// One that there never was.
    #[error("is of version {0}, which is not known")]
    Unknown(u64),
    /// A part is missing.
    #[error("is cut off")]
    Cut,
    /// It does not say what it said.
    #[error("was edited since it was made")]
    Edited,
    /// It says nothing that is understood.
    #[error("cannot be read")]
    Unreadable,
}

/// Whether bytes are a plan, and not a file of wanted links.
pub fn is_kept(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start().strip_prefix(b"{");
    text.is_some_and(|inside| matches!(inside.trim_ascii_start().first(), None | Some(b'"' | b'}')))
}

impl Kept {
    /// The text of a file.
    ///
    /// # Errors
    ///
    /// Internal.
    pub fn to_text(&self) -> Result<String> {
        let failed = |error: serde_json::Error| Error::internal(error.to_string());
        let body = serde_json::to_value(self).map_err(failed)?;
        let mut text = serde_json::to_string_pretty(&sealed(&body)).map_err(failed)?;
        text.push('\n');
        Ok(text)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn parse(bytes: &[u8]) -> std::result::Result<Self, Unkept> {
        let file: Value = serde_json::from_slice(bytes).map_err(|_| Unkept::Foreign)?;
        match file.get("applink_plan").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) if version > VERSION => return Err(Unkept::Newer(version)),
            Some(version) => return Err(Unkept::Unknown(version)),
            None => return Err(Unkept::Foreign),
        }
        let body = file.get("plan").ok_or(Unkept::Cut)?;
        if file.get("sha256").and_then(Value::as_str) != Some(sum(body).as_str()) {
            return Err(Unkept::Edited);
        }
        Self::deserialize(body).map_err(|_| Unkept::Unreadable)
    }
}

/// A body with its version and its sum.
pub(crate) fn sealed(body: &Value) -> Value {
    json!({ "applink_plan": VERSION, "sha256": sum(body), "plan": body })
}

fn sum(body: &Value) -> String {
    // Spaces between its parts do not count.
    let digest = Sha256::digest(body.to_string().as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
