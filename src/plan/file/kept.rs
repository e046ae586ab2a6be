//! A plan that is kept: what was observed, and exactly what shall be done, as one text.
//!
//! It holds no secret. A sum over its content shows that nobody edited it; who may have written it
//! is a question for whoever reads the file.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::super::Agenda;
use super::{Change, Drift};
use crate::domain::{Alias, ApplicationId, Flags, Level, View};
use crate::error::{Error, Result};

/// What the file of a kept plan has at its beginning.
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
    /// What was changed by hand.
    pub drift: Vec<Drift>,
    /// Every record that is touched, as it was.
    pub observed: Vec<Observed>,
    /// What has to be confirmed.
    pub question: Option<String>,
}

/// A record as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// The application that holds it.
    pub on: Alias,
    /// Its id.
    pub id: ApplicationId,
    /// The record, if there was one.
    pub view: Option<View>,
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

/// What is not as it was, in one sentence.
pub fn difference(was: &Observed, now: Option<&View>) -> Option<String> {
    let on = &was.on;
    let (before, now) = match (&was.view, now) {
        (None, None) => return None,
        (Some(before), None) => {
            return Some(format!("the link {:?} on {on} is gone", before.record.name));
        }
        (None, Some(now)) => {
            return Some(format!("{on} has a link {:?} now", now.record.name));
        }
        (Some(before), Some(now)) => (before, now),
    };
    let words = |flags: Flags| Level::from(flags).to_string();
    let marks = |view: &View| {
        let keys = view.consumers.iter().map(|one| {
            let print = one.fingerprint.as_deref().unwrap_or_default();
            format!("{} SHA256:{}", one.key, print.get(..16).unwrap_or(print))
        });
        keys.collect::<Vec<_>>().join(", ")
    };
    let hidden = || "hidden".to_owned();
    let (old, new) = (&before.record, &now.record);
    let fields = [
        ("name", old.name.clone(), new.name.clone()),
        (
            "application URL",
            old.rpc_url.clone().unwrap_or_else(hidden),
            new.rpc_url.clone().unwrap_or_else(hidden),
        ),
        (
            "display URL",
            old.display_url.clone(),
            new.display_url.clone(),
        ),
        ("type", old.type_id.to_string(), new.type_id.to_string()),
        (
            "primary mark",
            old.primary.to_string(),
            new.primary.to_string(),
        ),
        (
            "system mark",
            old.system.to_string(),
            new.system.to_string(),
        ),
        (
            "incoming level",
            words(before.flags.incoming),
            words(now.flags.incoming),
        ),
        (
            "outgoing level",
            words(before.flags.outgoing),
            words(now.flags.outgoing),
        ),
        ("consumer", marks(before), marks(now)),
    ];
    let differs = fields.into_iter().find(|(_, old, new)| old != new);
    if let Some((field, old, new)) = differs {
        return Some(format!(
            "the {field} of the link {:?} on {on} was {old:?} and is {new:?}",
            before.record.name
        ));
    }
    (before != now).then(|| format!("the link {:?} on {on} has changed", before.record.name))
}
