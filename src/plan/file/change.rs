//! Changes as the user reviews them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::Alias;

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Change,
    /// It is deleted.
    Delete,
}

impl Action {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Delete => "delete",
        }
    }
}

/// One change of a link or a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What becomes of it.
    pub action: Action,
    /// The application named first, or the one that a program may call.
    pub local: Alias,
    /// The other application.
    pub remote: Option<Alias>,
    /// The name of the consumer.
    pub consumer: Option<String>,
    /// Which field; none where it is about all of it.
    pub field: Option<String>,
    /// What it is.
    pub from: Value,
    /// What it will be.
    pub to: Value,
    /// Whether it was changed outside applink since applink set it.
    pub drift: bool,
}

/// Something that is not as applink made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The application named first, or the one that a program may call.
    pub local: Alias,
    /// The other application.
    pub remote: Option<Alias>,
    /// The name of the consumer.
    #[serde(default)]
    pub consumer: Option<String>,
    /// Which field.
    pub field: String,
    /// What applink made.
    pub made: Value,
    /// What is there now.
    pub found: Value,
}
