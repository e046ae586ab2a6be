//! The new address of an application, looked at before anything follows it there.

use crate::context::{Context, Target};
use crate::domain::{Alias, ApplicationId, BaseUrl, Code, Manifest, TypeId};
use crate::error::{Error, Kind, Result};
use crate::plan::RelocationMethod;
use crate::remote::Session;
use crate::remote::session::SystemRights;
use crate::resolve::{AppArg, CloudSites, resolve};

/// Refuses holders that nobody knows.
pub(crate) fn known_holders(context: &Context, on: &[Alias]) -> Result<()> {
    match on.iter().find(|alias| context.app(alias).is_none()) {
        Some(alias) => Err(
            Error::usage(format!("--on names {alias}, which is not known"))
                .hint("see: applink app list"),
        ),
        None => Ok(()),
    }
}

/// Calls that were encrypted stay so, unless that is not wanted.
pub(crate) fn keeps_https(moved: &Target, new_url: &BaseUrl, force: bool) -> Result<()> {
    if moved.entry.url.is_https() && !new_url.is_https() && !force {
        return Err(Error::refused(format!(
            "{} is reached over https, and {new_url} is not: every call and log-in would be in clear",
            moved.alias
        ))
        .hint("if that is what you want: --force"));
    }
    Ok(())
}

/// The application that moved. It must be known: its records are found by its id.
pub(crate) async fn moved(context: &Context, app: &AppArg) -> Result<Target> {
    if let AppArg::Url(url) = app
        && context.state.state().by_url(url).is_none()
    {
        return Err(Error::usage(format!("no application is known at {url}"))
            .hint("name the application that moved by its alias: applink app list"));
    }
    let mut resolved = resolve(context, &[app], CloudSites::Refused).await?;
    resolved
        .pop()
        .map(|one| one.target)
        .filter(|target| target.known)
        .ok_or_else(|| {
            Error::usage("the application that moved has to be known")
                .hint("see: applink app list")
                .hint("or add it: applink app add ALIAS URL")
        })
}

/// What follows from an address of another origin.
pub(crate) fn new_origin(app: &Alias, url: &BaseUrl) -> String {
    format!(
        "From now on applink sends the administrator's secret for {app} to {}",
        url.origin()
    )
}

/// Asks the new address who it is, without any account.
pub(crate) async fn new_address(
    context: &Context,
    moved: &Target,
    new_url: &BaseUrl,
    force: bool,
) -> Result<Option<Manifest>> {
    let _wait = context.ui.waiting(&format!("asking {new_url} who it is"));
    let session = context.session_as(moved, new_url, None);
    let manifest = match session.manifest().await {
        Ok(manifest) => manifest.clone(),
        Err(error) => {
            let error = Error::from(error);
            if force && error.kind == Kind::Unreachable {
                context
                    .ui
                    .warn(&format!("{error}; relocated all the same, as --force says"));
                return Ok(None);
            }
            let error = if error.kind == Kind::Refused {
                Error::new(
                    Kind::Unreachable,
                    format!("no application answers at {new_url}: {}", error.message),
                )
            } else {
                error
            };
            return Err(error.hint("to relocate although nobody answers there now: --force"));
        }
    };
    same(
        moved.alias.as_str(),
        moved.entry.id,
        &moved.entry.type_id,
        &manifest,
        new_url,
    )?;
    Ok(Some(manifest))
}

/// Refuses another application than the one that moved.
pub(crate) fn same(
    who: &str,
    id: ApplicationId,
    type_id: &TypeId,
    found: &Manifest,
    at: &BaseUrl,
) -> Result<()> {
    if found.type_id != *type_id {
        return Err(Error::refused(format!(
            "{who} is a {}, and a {} answers at {at}",
            type_id.name(),
            found.type_id.name()
        ))
        .code(Code::TypeMismatch)
        .hint("check the address: each application has its own, often with a context path"));
    }
    if found.id != id {
        return Err(Error::refused(format!(
            "{who} is application {id}, and {} answers at {at}: it is another one",
            found.id
        ))
        .code(Code::IdMismatch)
        .hint(
            "if it was set up anew, its links have to be made anew: applink delete, applink create",
        ));
    }
    Ok(())
}

/// How an application lets the account change an address.
pub(crate) async fn way(session: &Session, force: bool) -> Result<RelocationMethod> {
    Ok(match session.system_administrator().await {
        SystemRights::No if session.capabilities().await?.status => RelocationMethod::Rewritten,
        _ if force => RelocationMethod::Forced,
        _ => RelocationMethod::Checked,
    })
}
