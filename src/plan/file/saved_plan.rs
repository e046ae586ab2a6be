//! A saved plan: what was observed, and exactly what to do, as one text.
//!
//! Secrets may not enter. A checksum shows that nobody edited it. The caller checks who may have written
//! the file.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::change::{Change, Drift};
use super::snapshot::RecordSnapshot;
use crate::domain::hex;
use crate::error::{Error, Result};
use crate::plan::PlanSet;

/// The beginning of a saved plan.
pub const SAVED_PLAN_MARK: &str = "\"applink_plan\"";

/// The version of the format.
const VERSION: u64 = 2;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPlan {
    /// When it was made.
    pub created: String,
    /// The history of the state that it was made from; none where there was no state yet.
    pub lineage: Option<Uuid>,
    /// The applications, without secrets.
    pub applications: Value,
    /// What shall be done.
    pub plan_set: PlanSet,
    /// The same for people.
    pub changes: Vec<Change>,
    /// What was changed outside applink.
    pub drift: Vec<Drift>,
    /// Every record that is touched, as it was.
    pub snapshots: Vec<RecordSnapshot>,
    /// What has to be confirmed.
    pub confirmation: Option<String>,
}

/// Why a text is no plan that can be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedPlanError {
    /// Something else.
    #[error("is no plan of applink")]
    Foreign,
    /// A newer one.
    #[error("is of version {0}, from a newer applink")]
    Newer(u64),
    /// An older one.
    #[error("is of version {0}, from an older applink, and is not read")]
    Older(u64),
    /// A part is missing.
    #[error("is cut off")]
    Truncated,
    /// It does not say what it said.
    #[error("was edited since it was made")]
    Edited,
    /// It says nothing that is understood.
    #[error("cannot be read")]
    Unreadable,
}

/// Whether bytes are a plan, and not a file of wanted links.
pub fn is_saved_plan(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start().strip_prefix(b"{");
    text.is_some_and(|inside| matches!(inside.trim_ascii_start().first(), None | Some(b'"' | b'}')))
}

impl SavedPlan {
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
    pub fn parse(bytes: &[u8]) -> std::result::Result<Self, SavedPlanError> {
        let file: Value = serde_json::from_slice(bytes).map_err(|_| SavedPlanError::Foreign)?;
        match file.get("applink_plan").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) if version > VERSION => return Err(SavedPlanError::Newer(version)),
            Some(version) => return Err(SavedPlanError::Older(version)),
            None => return Err(SavedPlanError::Foreign),
        }
        let body = file.get("plan").ok_or(SavedPlanError::Truncated)?;
        if file.get("sha256").and_then(Value::as_str) != Some(sum(body).as_str()) {
            return Err(SavedPlanError::Edited);
        }
        Self::deserialize(body).map_err(|_| SavedPlanError::Unreadable)
    }
}

/// A body with its version and its sum.
pub(crate) fn sealed(body: &Value) -> Value {
    json!({ "applink_plan": VERSION, "sha256": sum(body), "plan": body })
}

fn sum(body: &Value) -> String {
    // Spaces between its parts do not count.
    hex(&Sha256::digest(body.to_string().as_bytes()))
}
