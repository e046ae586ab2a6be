//! The documents of `app`.

use serde::Serialize;

use super::document::Document;
use crate::domain::{Alias, ApplicationId, BaseUrl, TypeId};
use crate::state::AppEntry;

/// The document of `app list`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "app list"))]
pub struct AppListOutput {
    /// By alias.
    pub apps: Vec<AppOutput>,
}

impl Document for AppListOutput {}

/// An application of the state.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "application"))]
pub struct AppOutput {
    /// Its name here.
    pub alias: Alias,
    /// Its base URL.
    pub url: BaseUrl,
    /// The application id of its manifest.
    pub id: ApplicationId,
    /// As in [record](#record).
    #[serde(rename = "type")]
    pub type_id: TypeId,
    /// As it was seen last.
    pub version: Option<String>,
    /// The account; null where the secret is a token, or the account is not recorded.
    pub user: Option<String>,
    /// Where the secret is, never the secret.
    pub credential: Option<String>,
}

impl AppOutput {
    /// An application with the version that it had when it answered last.
    pub fn new(alias: &Alias, entry: &AppEntry, version: Option<&str>) -> Self {
        Self {
            alias: alias.clone(),
            url: entry.url.clone(),
            id: entry.id,
            type_id: entry.type_id.clone(),
            version: version.map(ToOwned::to_owned),
            user: entry.user.clone(),
            credential: entry.credential.as_ref().map(ToString::to_string),
        }
    }
}

/// The document of `app show`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "app show"))]
pub struct AppShowOutput {
    /// The application, as it answers now.
    pub app: CheckedAppOutput,
}

impl Document for AppShowOutput {}

/// An application that was asked.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "seen"))]
pub struct CheckedAppOutput {
    /// What the state says about it.
    #[serde(flatten)]
    #[cfg_attr(test, schemars(skip))]
    pub app: AppOutput,
    /// Its title; null where it does not answer.
    pub name: Option<String>,
    /// Whether the log-in is an administrator's.
    pub administrator: bool,
}

/// The document of `app add`, `app login` and `app logout`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "app add"))]
pub struct AppChangeOutput {
    /// Whether anything was written.
    pub changed: bool,
    /// The application; null where it is not known any more.
    pub app: Option<AppOutput>,
}

impl Document for AppChangeOutput {}

/// The document of `app remove`.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "app remove"))]
pub struct AppRemoveOutput {
    /// Whether the application was removed; false in a dry run.
    pub changed: bool,
}

impl Document for AppRemoveOutput {}
