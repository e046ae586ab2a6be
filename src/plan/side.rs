//! One side of a link for the planners that create and edit links: what was observed of it, and
//! what was asked for.

use super::unique_name;
use super::{NewLink, Step, View};
use crate::domain::{Alias, ApplicationId, BaseUrl, Level, Manifest, Record, same_url, text};
use crate::error::{Error, Result};

/// One side as it was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// Its alias.
    pub alias: Alias,
    /// The base URL that applink uses for it.
    pub url: BaseUrl,
    /// What it says of itself.
    pub manifest: Manifest,
    /// The record that it keeps of the other, if it has one.
    pub existing: Option<View>,
    /// The link of the other's type that is its primary one now, if another than this.
    pub primary: Option<ApplicationId>,
    /// Its records of others, as far as their names are to be minded.
    pub others: Vec<Record>,
}

/// What was asked for one end; what was not given is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct EndRequest {
    /// The name of the record.
    pub name: Option<String>,
    /// The application URL of the *other* application, as this one shall use it.
    pub application_url: Option<BaseUrl>,
    /// The display URL of the other application.
    pub display_url: Option<BaseUrl>,
    /// Whether it shall be the first choice of its type.
    pub primary: bool,
}

/// Calls as any user are for applications that share their users.
pub(super) fn refuse_impersonation(
    command: &str,
    local: &Side,
    remote: &Side,
    level: Option<Level>,
) -> Result<()> {
    let foreign = [local, remote]
        .into_iter()
        .find(|side| !side.manifest.type_id.is_atlassian());
    match foreign {
        Some(side) if level == Some(Level::Impersonation) => Err(Error::refused(format!(
            "impersonation needs an Atlassian application at both ends, and {} is of type {:?}",
            side.alias,
            side.manifest.type_id.as_str()
        ))
        .hint(format!(
            "applink {command} {} {} --auth oauth",
            local.alias, remote.alias
        ))),
        _ => Ok(()),
    }
}

/// The id under which an application keeps its record about a peer: the peer's own, and for a
/// program of type `generic` one that is made from the application URL.
pub(super) fn record_id(peer: &Side, wanted: &EndRequest) -> ApplicationId {
    match &wanted.application_url {
        Some(url) if peer.manifest.type_id.is_generic() => ApplicationId::of_url(url),
        _ => peer.manifest.id,
    }
}

pub(super) fn create_record(holder: &Side, peer: &Side, wanted: &EndRequest) -> Step {
    let rpc_url = wanted
        .application_url
        .as_ref()
        .unwrap_or(&peer.url)
        .to_string();
    let own_base = peer
        .manifest
        .url
        .as_deref()
        .and_then(|url| BaseUrl::parse(url).ok());
    let display_url = wanted
        .display_url
        .as_ref()
        .or(own_base.as_ref())
        .map_or_else(|| rpc_url.clone(), ToString::to_string);
    Step::Create {
        on: holder.alias.clone(),
        id: record_id(peer, wanted),
        link: NewLink {
            name: name_of(holder, peer, wanted),
            type_id: peer.manifest.type_id.clone(),
            rpc_url,
            display_url,
            // Where another link has that place, a step of its own takes it, and gives it back.
            primary: wanted.primary && holder.primary.is_none(),
        },
    }
}

/// The name that the record gets: what was asked for, or what the other application calls itself,
/// with the number that the application would give it where that is taken.
fn name_of(holder: &Side, peer: &Side, wanted: &EndRequest) -> String {
    let wished = wanted.name.clone().unwrap_or_else(|| default_name(peer));
    unique_name::unique_name(&wished, |name| {
        unique_name::find_record_named(&holder.others, peer.manifest.id, name).is_some()
    })
}

/// What an application calls itself, as another one may be told: what steers a terminal is not
/// carried from one to the other.
pub(super) fn default_name(peer: &Side) -> String {
    let manifest = &peer.manifest;
    let name: String = text::plain(&manifest.name).chars().take(200).collect();
    if name.is_empty() {
        manifest.type_id.name().to_owned()
    } else {
        name
    }
}

/// The command for another application URL, which an edit cannot set.
pub(super) fn relocate_hint(
    holder: &Side,
    peer: &Side,
    view: &View,
    wanted: &EndRequest,
) -> Option<String> {
    let url = wanted.application_url.as_ref()?;
    let now = view.record.rpc_url.as_deref()?;
    (!same_url(now, &url.to_string())).then(|| {
        format!(
            "change its application URL with: applink relocate {} {url} --on {}",
            peer.alias, holder.alias
        )
    })
}
