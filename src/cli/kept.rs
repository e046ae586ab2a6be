//! A plan that is kept in a file: what was observed, and exactly what shall be done.
//!
//! It holds no secret. It is written whole, for its owner only; a sum over its content shows that
//! nobody edited it.

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::support::replace;
use crate::domain::{Alias, ApplicationId, Flags, Level, View};
use crate::error::{Error, Result};
use crate::plan::Agenda;
use crate::plan::file::{Change, Drift};

/// The version of the format.
const VERSION: u64 = 1;
/// No real plan is larger, in bytes.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// When it was made.
    pub(super) made: String,
    /// The history of the state that it was made from; none where there was no state yet.
    pub(super) lineage: Option<Uuid>,
    /// The applications, without secrets.
    pub(super) applications: Value,
    /// What shall be done.
    pub(super) agenda: Agenda,
    /// The same for people.
    pub(super) changes: Vec<Change>,
    /// What was changed by hand.
    pub(super) drift: Vec<Drift>,
    /// Every record that is touched, as it was.
    pub(super) observed: Vec<Observed>,
    /// What has to be confirmed.
    pub(super) question: Option<String>,
}

/// A record as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Observed {
    pub(super) on: Alias,
    pub(super) id: ApplicationId,
    pub(super) view: Option<View>,
}

/// Whether bytes are a plan, and not a file of wanted links.
pub(super) fn is_kept(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
}

/// Writes it.
pub(super) fn write(path: &Path, kept: &Kept) -> Result<()> {
    let failed =
        |why: String| Error::internal(format!("{} cannot be written: {why}", path.display()));
    let body = serde_json::to_value(kept).map_err(|error| failed(error.to_string()))?;
    let file = json!({ "applink_plan": VERSION, "sha256": sum(&body)?, "plan": body });
    let mut text =
        serde_json::to_string_pretty(&file).map_err(|error| failed(error.to_string()))?;
    text.push('\n');
    replace(path, text.as_bytes()).map_err(|error| failed(error.to_string()))
}

/// Reads one.
///
/// # Errors
///
/// Refused, when it is of another version, was edited, or others may have written it.
pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Kept> {
    let refused = |why: &str| {
        Error::refused(format!("the plan {} {why}", path.display()))
            .hint("make it anew with: applink plan FILE --out PLAN")
    };
    if bytes.len() > LARGEST {
        return Err(refused("is too large"));
    }
    if others_may_write(path) {
        return Err(refused(
            "can be written by others: it may be somebody else's wish",
        ));
    }
    let file: Value =
        serde_json::from_slice(bytes).map_err(|_| refused("is no plan of applink"))?;
    match file.get("applink_plan").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => {
            return Err(refused(&format!(
                "is of version {version}, from a newer applink"
            )));
        }
        Some(version) => {
            return Err(refused(&format!(
                "is of version {version}, which is not known"
            )));
        }
        None => return Err(refused("is no plan of applink")),
    }
    let body = file.get("plan").ok_or_else(|| refused("is cut off"))?;
    if file.get("sha256").and_then(Value::as_str) != Some(sum(body)?.as_str()) {
        return Err(refused("was edited since it was made"));
    }
    Kept::deserialize(body).map_err(|_| refused("cannot be read"))
}

fn sum(body: &Value) -> Result<String> {
    let bytes = serde_json::to_vec(body)
        .map_err(|error| Error::internal(format!("a plan cannot be written: {error}")))?;
    Ok(Sha256::digest(&bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }))
}

#[cfg(unix)]
fn others_may_write(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).is_ok_and(|meta| {
        meta.mode() & 0o022 != 0 || meta.uid() != rustix::process::geteuid().as_raw()
    })
}

#[cfg(not(unix))]
fn others_may_write(_path: &Path) -> bool {
    false
}

/// What is not as it was, in one sentence.
pub(super) fn difference(was: &Observed, now: Option<&View>) -> Option<String> {
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
