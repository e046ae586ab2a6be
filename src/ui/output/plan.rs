//! The documents of `plan` and of `export`.

use serde::Serialize;
use serde_json::Value;

use super::document::Document;
use super::errors::{TroubleOutput, WarningOutput};
use crate::domain::Alias;
use crate::plan::file::{Change, Drift};

/// The document of `plan`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "plan"))]
pub struct PlanOutput {
    /// What `apply` would do.
    pub changes: Vec<DifferenceOutput>,
    /// What is not as applink made it.
    pub drift: Vec<DriftOutput>,
    /// Links and programs.
    pub summary: CountsOutput,
    /// What could not be planned.
    pub errors: Vec<TroubleOutput>,
    /// What a person should know.
    pub warnings: Vec<WarningOutput>,
}

impl Document for PlanOutput {}

/// One difference between the file and what exists.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "difference"))]
pub struct DifferenceOutput {
    /// `create`, `change`, `delete`.
    pub action: &'static str,
    /// The application named first, or the one that a program may call.
    pub local: Alias,
    /// The other one; null for a program.
    pub remote: Option<Alias>,
    /// The name of the program; null for a link.
    pub consumer: Option<String>,
    /// What of it; null for all of it.
    pub field: Option<String>,
    /// What it is; null where there is nothing.
    pub from: Value,
    /// What it will be; null where there will be nothing.
    pub to: Value,
    /// Whether it was changed by hand.
    pub drift: bool,
}

impl From<&Change> for DifferenceOutput {
    fn from(change: &Change) -> Self {
        Self {
            action: change.action.as_str(),
            local: change.local.clone(),
            remote: change.remote.clone(),
            consumer: change.consumer.clone(),
            field: change.field.clone(),
            from: change.from.clone(),
            to: change.to.clone(),
            drift: change.drift,
        }
    }
}

/// One value that is not as applink made it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "drift"))]
pub struct DriftOutput {
    /// As in [difference](#difference).
    pub local: Alias,
    /// As in [difference](#difference).
    pub remote: Option<Alias>,
    /// As in [difference](#difference).
    pub consumer: Option<String>,
    /// What of it.
    pub field: String,
    /// What applink made.
    pub made: Value,
    /// What is there now.
    pub found: Value,
}

impl From<&Drift> for DriftOutput {
    fn from(drift: &Drift) -> Self {
        Self {
            local: drift.local.clone(),
            remote: drift.remote.clone(),
            consumer: drift.consumer.clone(),
            field: drift.field.clone(),
            made: drift.made.clone(),
            found: drift.found.clone(),
        }
    }
}

/// How many links and programs are created, changed and deleted.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "counts"))]
pub struct CountsOutput {
    /// Links and programs to create.
    pub create: usize,
    /// Links and programs to change.
    pub change: usize,
    /// Links and programs to delete.
    pub delete: usize,
}

/// The document of `export`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "export"))]
pub struct ExportOutput {
    /// The [file](plan-file.md), as text.
    pub file: String,
    /// Applications whose links are not in it.
    pub errors: Vec<TroubleOutput>,
}

impl Document for ExportOutput {}
