//! From what was typed to applications.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use crate::context::{Context, Target};
use crate::credentials::AliasOrigin;
use crate::domain::{Alias, ApplicationId, BaseUrl, Manifest, nearest};
use crate::error::{Error, Result};
use crate::remote::locate::{LocatedApplication, locate};
use crate::remote::network::host_of;
use crate::remote::product::{Cloud, cloud};
use crate::remote::tls::TlsFiles;
use crate::remote::{CallError, Failure, Session, fleet};
use crate::state::AppEntry;

/// An application as it is typed: an alias, a URL, or `ALIAS=URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppArg {
    /// A known application.
    Alias(Alias),
    /// An address.
    Url(BaseUrl),
    /// An address and the name it shall have.
    Named(Alias, BaseUrl),
}

impl FromStr for AppArg {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let Some(scheme_at) = text.find("://") else {
            return text.parse().map(Self::Alias).map_err(|_| {
                let kinds =
                    "neither an alias (a-z, 0-9 and '-') nor a URL (https://…) nor ALIAS=URL";
                let (alias, rest) = text.split_once('=').unwrap_or(("", text));
                match (with_scheme(rest), text.to_lowercase().parse::<Alias>()) {
                    (Some(url), _) if alias.is_empty() => format!("{kinds}; did you mean {url}?"),
                    (Some(url), _) => format!("{kinds}; did you mean {alias}={url}?"),
                    (None, Ok(alias)) => format!("{kinds}; did you mean {alias}?"),
                    _ => kinds.to_owned(),
                }
            });
        };
        let before = text.get(..scheme_at).unwrap_or_default();
        let url = |text: &str| BaseUrl::parse(text).map_err(|error| error.to_string());
        match before.split_once('=') {
            Some((alias, _)) => {
                let rest = text.get(alias.len() + 1..).unwrap_or_default();
                let alias = alias
                    .parse()
                    .map_err(|error: crate::domain::AliasError| error.to_string())?;
                Ok(Self::Named(alias, url(rest)?))
            }
            None => url(text).map(Self::Url),
        }
    }
}

/// What a bare host or `host:port/path` is with a scheme. A secret never looks so, and what holds
/// an @ may.
fn with_scheme(text: &str) -> Option<BaseUrl> {
    let has_port = text
        .split_once(':')
        .is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_host = (text.contains('.') || has_port) && !text.contains('@') && !text.contains("//");
    BaseUrl::parse(&format!("https://{text}"))
        .ok()
        .filter(|_| is_host)
}

/// An address as it is typed.
pub(crate) fn url(text: &str) -> std::result::Result<BaseUrl, String> {
    BaseUrl::parse(text).map_err(|error| match with_scheme(text) {
        Some(meant) => format!("{error}; did you mean {meant}?"),
        None => error.to_string(),
    })
}

/// An application with what it says of itself, where that was asked already.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    /// The application.
    pub(crate) target: Target,
    /// Its manifest, where it had to be read to know the application at all.
    pub(crate) manifest: Option<Manifest>,
}

/// Whether applications in Atlassian's cloud are let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloudSites {
    /// They are refused, and it is said what is possible there.
    Refused,
    /// A Jira or Confluence site may be the far side of a one-way link.
    FarSide,
}

/// Finds the applications that were typed. New ones are looked up all at once.
pub(crate) async fn resolve(
    context: &Context,
    args: &[&AppArg],
    sites: CloudSites,
) -> Result<Vec<Resolved>> {
    resolve_beside(context, &[], args, sites).await
}

/// The same, where the first applications of the command are found already. Only what was asked
/// for is given back.
pub(crate) async fn resolve_beside(
    context: &Context,
    before: &[Resolved],
    args: &[&AppArg],
    sites: CloudSites,
) -> Result<Vec<Resolved>> {
    let mut found: Vec<Option<Resolved>> = before.iter().cloned().map(Some).collect();
    let mut searches = Vec::new();
    for (at, arg) in (before.len()..).zip(args) {
        let known = find_known(context, arg)?;
        if known.is_none() {
            let (wanted, url) = match arg {
                AppArg::Alias(alias) => return Err(unknown_alias(context, alias)),
                AppArg::Url(url) => (None, url),
                AppArg::Named(alias, url) => (Some(alias), url),
            };
            // Only the far side, which is typed second, may be a site.
            refuse_cloud(url, sites, at)?;
            searches.push((at, wanted.cloned(), url.clone()));
        }
        found.push(known.map(|target| Resolved {
            target,
            manifest: None,
        }));
    }
    if !searches.is_empty() {
        let label = searches
            .iter()
            .map(|(.., url)| host_of(&url.to_string()))
            .collect::<Vec<_>>()
            .join(" and ");
        let _wait = context.ui.waiting(&format!("asking {label} who it is"));
        let tls = TlsFiles::default();
        let located =
            fleet::each(&searches, |(.., url)| locate(url, &tls, &context.transport)).await;
        let mut fresh = Vec::new();
        for ((at, wanted, typed), outcome) in searches.into_iter().zip(located) {
            let located = match outcome {
                Ok(located) => located,
                Err(error) => return Err(not_found(context, error, &typed).await),
            };
            match displayed(context, wanted.as_ref(), &located).await {
                Some(resolved) => {
                    if let Some(slot) = found.get_mut(at) {
                        *slot = Some(resolved);
                    }
                }
                None => fresh.push((at, wanted, located)),
            }
        }
        name_all(context, fresh, &mut found)?;
    }
    let mut resolved: Vec<Resolved> = found.into_iter().flatten().collect();
    crate::credentials::check_prefixes(resolved.iter().map(|one| &one.target.alias))?;
    Ok(resolved.split_off(before.len()))
}

/// The known application whose address for browsers was typed: it answers at its own address, too,
/// and names the one that was typed as its base URL.
async fn displayed(
    context: &Context,
    wanted: Option<&Alias>,
    located: &LocatedApplication,
) -> Option<Resolved> {
    let (alias, entry) = context.state.state().by_id(located.manifest.id)?;
    if entry.url == located.url || wanted.is_some_and(|wanted| wanted != alias) {
        return None;
    }
    let target = context.app(alias)?;
    let session = context.anonymous_session(&target);
    let manifest = session.manifest().await.ok()?;
    let base_url = manifest.url.as_deref().map(BaseUrl::parse)?.ok()?;
    if manifest.id != located.manifest.id || base_url != located.url {
        return None;
    }
    context.ui.note(&format!(
        "{} is where browsers find {alias}; its own address is {}",
        located.url, entry.url
    ));
    Some(Resolved {
        manifest: Some(manifest.clone()),
        target,
    })
}

/// The known application that an argument means, if it means one.
fn find_known(context: &Context, arg: &AppArg) -> Result<Option<Target>> {
    let state = context.state.state();
    let by_url = |url: &BaseUrl| {
        url.candidates()
            .iter()
            .find_map(|candidate| state.by_url(candidate))
            .map(|(alias, _)| alias.clone())
    };
    match arg {
        AppArg::Alias(alias) => Ok(context.app(alias)),
        AppArg::Url(url) => Ok(by_url(url).and_then(|alias| context.app(&alias))),
        AppArg::Named(alias, url) => {
            if let Some(entry) = state.application(alias) {
                return if url.candidates().contains(&entry.url) {
                    Ok(context.app(alias))
                } else {
                    Err(Error::usage(format!("{alias} is known as {}", entry.url))
                        .hint(format!("if it moved: applink relocate {alias} {url}"))
                        .hint("if it is another application, give it another alias"))
                };
            }
            match by_url(url) {
                Some(other) => Err(Error::usage(format!("{url} is known as {other}"))
                    .hint(format!("write {other} for it"))),
                None => Ok(None),
            }
        }
    }
}

/// Gives the located applications their aliases.
fn name_all(
    context: &Context,
    fresh: Vec<(usize, Option<Alias>, LocatedApplication)>,
    found: &mut [Option<Resolved>],
) -> Result<()> {
    let state = context.state.state();
    let before: Vec<Target> = found
        .iter()
        .flatten()
        .map(|resolved| resolved.target.clone())
        .filter(|target| !target.known)
        .collect();
    let alone = only_of_their_type(context, &fresh, &before);
    let mut taken: Vec<Alias> = fresh
        .iter()
        .filter_map(|(_, wanted, _)| wanted.clone())
        .chain(before.into_iter().map(|target| target.alias))
        .collect();
    for ((at, wanted, located), alone) in fresh.into_iter().zip(alone) {
        for note in &located.notes {
            context.ui.note(note);
        }
        let named = already_named(context, wanted.as_ref(), &located, found)?;
        let resolved = if let Some(named) = named {
            named
        } else {
            let (alias, naming) = match wanted {
                Some(alias) => (alias, AliasOrigin::Given),
                None => (
                    state
                        .next_alias(&located.manifest.type_id, &taken)
                        .map_err(|error| Error::internal(error.to_string()))?,
                    AliasOrigin::Automatic { alone },
                ),
            };
            taken.push(alias.clone());
            new_application(alias, naming, located)
        };
        if let Some(slot) = found.get_mut(at) {
            *slot = Some(resolved);
        }
    }
    Ok(())
}

/// For each located application whether it is the only one of its type, in the state and in this
/// command. One address typed twice is one application.
fn only_of_their_type(
    context: &Context,
    fresh: &[(usize, Option<Alias>, LocatedApplication)],
    before: &[Target],
) -> Vec<bool> {
    let state = context.state.state();
    let is_alone = |located: &LocatedApplication| {
        let type_id = &located.manifest.type_id;
        let known = state.of_type(type_id).count();
        let in_command: BTreeSet<&BaseUrl> = fresh
            .iter()
            .filter(|(.., other)| other.manifest.type_id == *type_id)
            .map(|(.., other)| &other.url)
            .chain(
                before
                    .iter()
                    .filter(|target| target.entry.type_id == *type_id)
                    .map(|target| &target.entry.url),
            )
            .collect();
        known + in_command.len() == 1
    };
    fresh
        .iter()
        .map(|(.., located)| is_alone(located))
        .collect()
}

/// The application under the name that it has already: in this command, or in the state. One that
/// answers with the id of a known application at another address is refused, unless it is named.
fn already_named(
    context: &Context,
    wanted: Option<&Alias>,
    located: &LocatedApplication,
    found: &[Option<Resolved>],
) -> Result<Option<Resolved>> {
    let twin = found.iter().flatten().find(|other| {
        other.target.entry.url == located.url && other.target.entry.id == located.manifest.id
    });
    if let (None, Some(twin)) = (wanted, twin) {
        return Ok(Some(twin.clone()));
    }
    let state = context.state.state();
    let Some((alias, entry)) = state.by_id(located.manifest.id) else {
        return Ok(None);
    };
    if entry.url == located.url {
        return Ok(context.app(alias).map(|target| Resolved {
            target,
            manifest: Some(located.manifest.clone()),
        }));
    }
    if wanted.is_some() {
        return Ok(None);
    }
    Err(Error::conflict(format!(
        "{} answers with the application id of {alias}, which is known at {}",
        located.url, entry.url
    ))
    .hint(format!(
        "if {alias} moved: applink relocate {alias} {}",
        located.url
    ))
    .hint("if it is a copy, give it an alias of its own: ALIAS=URL"))
}

/// An application that the state does not know.
fn new_application(alias: Alias, naming: AliasOrigin, located: LocatedApplication) -> Resolved {
    let manifest = located.manifest;
    Resolved {
        target: Target {
            entry: AppEntry::new(located.url, manifest.id, manifest.type_id.clone()),
            alias,
            known: false,
            naming,
        },
        manifest: Some(manifest),
    }
}

/// Context paths that applications usually have.
pub(crate) const USUAL_CONTEXTS: &[&str] = &[
    "/jira",
    "/confluence",
    "/wiki",
    "/bitbucket",
    "/stash",
    "/bamboo",
    "/crowd",
    "/fisheye",
];

/// What an address that leads to no application means. Where one answers under a usual context
/// path of that host, it is named.
pub(crate) async fn not_found(context: &Context, error: CallError, typed: &BaseUrl) -> Error {
    if !matches!(error.failure, Failure::NotFound { .. }) {
        return error.into();
    }
    let refused = Error::refused(format!(
        "no application answers at {typed}: it is no Atlassian application, or the context path is missing or wrong"
    ));
    let tls = TlsFiles::default();
    let others: Vec<BaseUrl> = USUAL_CONTEXTS
        .iter()
        .filter_map(|path| typed.at(path))
        .collect();
    let found = fleet::each(&others, |url| {
        let session =
            Session::without_alias(url.clone(), tls.clone(), Arc::clone(&context.transport));
        async move { session.manifest().await.is_ok() }
    })
    .await;
    let there: Vec<String> = others
        .iter()
        .zip(found)
        .filter(|(_, answers)| *answers)
        .map(|(url, _)| url.to_string())
        .collect();
    if there.is_empty() {
        return refused
            .hint("give the base URL as it stands in the application's general configuration")
            .hint("a program that is no Atlassian application is registered with: applink create LOCAL --consumer NAME");
    }
    refused.hint(format!("did you mean {}?", there.join(" or ")))
}

pub(crate) fn unknown_alias(context: &Context, alias: &Alias) -> Error {
    let state = context.state.state();
    let mut error = Error::usage(format!("no application is known as {alias}"));
    let known = state.applications.keys().map(Alias::as_str);
    if let Some(known) = nearest(alias.as_str(), known) {
        error = error.hint(format!("did you mean {known}?"));
    }
    error.hint(format!("add it with: applink app add {alias} URL"))
}

/// What cannot be linked from outside, and where it can be.
fn refuse_cloud(url: &BaseUrl, sites: CloudSites, at: usize) -> Result<()> {
    match cloud(url) {
        None => Ok(()),
        Some(Cloud::Bitbucket) => Err(Error::refused(
            "Bitbucket Cloud has no application links",
        )
        .hint("connect it in Jira with the DVCS connector: Administration, Applications, DVCS accounts")),
        Some(Cloud::Site) if sites == CloudSites::FarSide && at == 1 => Ok(()),
        Some(Cloud::Site) => Err(Error::refused(format!(
            "{} is a Cloud site, which has no public interface for application links",
            url.host()
        ))
        .hint("make the link in the site's administration, under Products, Application links; it makes both ends")
        .hint("the Data Center side alone can be made with --one-way")),
    }
}

/// The application behind an id, among those that are known.
pub(crate) fn by_id(context: &Context, id: ApplicationId) -> Option<Target> {
    let (alias, _) = context.state.state().by_id(id)?;
    context.app(alias)
}

/// The two applications of a command, which must not be one.
pub(crate) fn pair(resolved: Vec<Resolved>) -> Result<[Resolved; 2]> {
    let [local, remote]: [Resolved; 2] = resolved
        .try_into()
        .map_err(|_| Error::internal("two applications were due"))?;
    if local.target.alias == remote.target.alias {
        return Err(
            Error::refused(format!("{} cannot be linked to itself", local.target.alias))
                .hint("a link is between two applications: name another one"),
        );
    }
    Ok([local, remote])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_typed() {
        let kind = |text: &str| match text.parse::<AppArg>() {
            Ok(AppArg::Alias(alias)) => format!("alias {alias}"),
            Ok(AppArg::Url(url)) => format!("url {url}"),
            Ok(AppArg::Named(alias, url)) => format!("{alias} at {url}"),
            Err(_) => "no".to_owned(),
        };
        assert_eq!(kind("jira"), "alias jira");
        assert_eq!(
            kind("https://j.example/jira/"),
            "url https://j.example/jira"
        );
        assert_eq!(kind("j=https://j.example"), "j at https://j.example");
        assert_eq!(
            kind("https://j.example/?a=https://x"),
            "url https://j.example"
        );
        assert_eq!(kind("Jira"), "no");
        assert_eq!(kind("https://u:p@j.example"), "no");
    }
}
