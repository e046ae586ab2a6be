//! The plan that makes a link.

use super::step::{is_numbered, same_url};
use super::{Goal, NewLink, Plan, Policy, Step, View, names};
use crate::domain::{Alias, BaseUrl, Code, Directions, Fix, Flags, Level, Manifest, Record};
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
    pub primary: Option<crate::domain::ApplicationId>,
    /// Its records of others, as far as their names are to be minded.
    pub others: Vec<Record>,
}

/// What was asked for one end; what was not given is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// The name of the record.
    pub name: Option<String>,
    /// The application URL of the *other* application, as this one shall use it.
    pub application_url: Option<BaseUrl>,
    /// The display URL of the other application.
    pub display_url: Option<BaseUrl>,
    /// Whether it shall be the first choice of its type.
    pub primary: bool,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The level, if one was given.
    pub level: Option<Level>,
    /// Only the record on the local side.
    pub one_way: bool,
    /// For the record on the local side.
    pub local: Wish,
    /// For the record on the remote side.
    pub remote: Wish,
}

/// Plans a link between two sides.
pub fn plan(local: &Side, remote: &Side, request: &Request) -> Result<Plan> {
    refuse_impossible(local, remote, request)?;
    let level = request.level.unwrap_or(Level::OAuth);
    let flags = level.flags().unwrap_or(Flags::OAUTH);
    let wanted = Directions::both(flags);

    let mut steps = Vec::new();
    let mut differences = Vec::new();
    let mut levels = None;
    let ends = [
        (local, remote, &request.local),
        (remote, local, &request.remote),
    ];
    let ends = ends
        .get(..if request.one_way { 1 } else { 2 })
        .unwrap_or_default();
    let completing = ends.iter().any(|(here, ..)| here.existing.is_none());
    for (here, there, wish) in ends {
        match &here.existing {
            None => steps.push(create(here, there, wish)),
            Some(view) => differences.extend(differing(here, view, wish)),
        }
    }
    for (here, there, wish) in ends {
        let now = here
            .existing
            .as_ref()
            .map_or(Directions::both(Flags::NONE), |view| view.flags);
        let id = there.manifest.id;
        let mut then = now;
        let fresh_or_off = here.existing.is_none() || now == Directions::both(Flags::NONE);
        if request.one_way {
            // The outgoing record only; authentication needs the other side, and shows it.
            if now != Directions::both(Flags::NONE) {
                return Err(Error::conflict(format!(
                    "the link exists and differs: on {} the level is {}, which takes a record on {} too",
                    here.alias,
                    super::plain_words(now),
                    there.alias
                ))
                .hint(format!(
                    "complete it with: applink create {} {}",
                    here.alias, there.alias
                ))
                .hint(format!(
                    "or delete it first: applink delete {} {}",
                    here.alias, there.alias
                )));
            }
        } else if completing && fresh_or_off {
            let to = match other_end(ends, here) {
                // An end that exists and is on decides for the new one, unless a level was given.
                Some(other)
                    if request.level.is_none() && other != Directions::both(Flags::NONE) =>
                {
                    other.mirrored()
                }
                _ => wanted,
            };
            then = to;
            if now != to {
                steps.push(Step::SetFlags {
                    on: here.alias.clone(),
                    id,
                    from: now,
                    to,
                });
            }
        } else if request.level.is_some() && now != wanted {
            differences.push(format!(
                "on {} the level is {}, not {level}",
                here.alias,
                super::plain_words(now)
            ));
        }
        levels.get_or_insert(then);
        let is_primary = here
            .existing
            .as_ref()
            .map_or(here.primary.is_none(), |view| view.record.primary);
        if wish.primary && !is_primary && here.existing.is_some() {
            differences.push(format!("on {} the link is not the primary one", here.alias));
        } else if wish.primary && !is_primary {
            steps.push(Step::MakePrimary {
                on: here.alias.clone(),
                id,
                was: here.primary,
            });
        }
    }
    if !differences.is_empty() {
        let mut error = Error::conflict(format!(
            "the link exists and differs: {}",
            differences.join("; ")
        ));
        if let Some(fix) = edited(local, remote, request) {
            error = error.hint(format!("change it with: {}", fix.command()));
        }
        for (here, there, wish) in ends {
            if let Some(view) = &here.existing
                && let Some(hint) = elsewhere(here, there, view, wish)
            {
                error = error.hint(hint);
            }
        }
        return Err(error);
    }
    Ok(Plan {
        goal: Goal::Link {
            local: local.alias.clone(),
            remote: remote.alias.clone(),
            local_link_id: remote.manifest.id,
            remote_link_id: (!request.one_way || remote.existing.is_some())
                .then_some(local.manifest.id),
            level: levels.map_or(Level::None, |both| Level::from(both.outgoing)),
            back: levels.map_or(Level::None, |both| Level::from(both.incoming)),
            made: None,
        },
        steps,
        policy: Policy::Undo,
    })
}

/// The command that makes an existing link as it was asked for, as far as `edit` can.
fn edited(local: &Side, remote: &Side, request: &Request) -> Option<Fix> {
    let text = |url: &Option<BaseUrl>| url.as_ref().map(ToString::to_string);
    let options = [
        (
            "--auth",
            request.level.map(|level| level.as_str().to_owned()),
        ),
        ("--name", request.local.name.clone()),
        ("--remote-name", request.remote.name.clone()),
        ("--display-url", text(&request.local.display_url)),
        ("--local-display-url", text(&request.remote.display_url)),
    ];
    let mut words = vec![
        "edit".to_owned(),
        local.alias.to_string(),
        remote.alias.to_string(),
    ];
    for (option, value) in options {
        if let Some(value) = value {
            words.extend([option.to_owned(), value]);
        }
    }
    if request.local.primary {
        words.push("--primary".to_owned());
    }
    // Nothing of it is for `edit`.
    if words.len() == 3 {
        return None;
    }
    Fix::applink(words)
}

/// What no wish can change.
fn refuse_impossible(local: &Side, remote: &Side, request: &Request) -> Result<()> {
    if local.manifest.id == remote.manifest.id {
        return Err(if local.url == remote.url {
            Error::refused(format!("{} cannot be linked to itself", local.alias))
        } else {
            Error::refused(format!(
                "{} ({}) and {} ({}) carry one application id: it is the same application under two addresses, or one is a clone of the other",
                local.alias, local.url, remote.alias, remote.url
            ))
            .code(Code::ClonedApplication)
            .hint("give the copy a server id of its own before linking it")
        });
    }
    refuse_impersonation("create", local, remote, request.level)?;
    for side in [local, remote] {
        if side
            .existing
            .as_ref()
            .is_some_and(|view| view.record.system)
        {
            return Err(Error::refused(format!(
                "the link on {} is a system link, which the product manages by itself",
                side.alias
            ))
            .code(Code::SystemLink));
        }
    }
    Ok(())
}

/// Calls as any user are for applications that share their users.
pub(super) fn refuse_impersonation(
    command: &str,
    local: &Side,
    remote: &Side,
    level: Option<Level>,
) -> Result<()> {
    let stranger = [local, remote]
        .into_iter()
        .find(|side| !side.manifest.type_id.is_atlassian());
    match stranger {
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

fn other_end(ends: &[(&Side, &Side, &Wish)], here: &Side) -> Option<Directions<Flags>> {
    ends.iter()
        .find(|(side, ..)| side.alias != here.alias)
        .and_then(|(side, ..)| side.existing.as_ref())
        .map(|view| view.flags)
}

pub(super) fn create(here: &Side, there: &Side, wish: &Wish) -> Step {
    let rpc_url = wish
        .application_url
        .as_ref()
        .unwrap_or(&there.url)
        .to_string();
    let own_base = there
        .manifest
        .url
        .as_deref()
        .and_then(|url| BaseUrl::parse(url).ok());
    let display_url = wish
        .display_url
        .as_ref()
        .or(own_base.as_ref())
        .map_or_else(|| rpc_url.clone(), ToString::to_string);
    Step::Create {
        on: here.alias.clone(),
        id: there.manifest.id,
        link: NewLink {
            name: name_of(here, there, wish),
            type_id: there.manifest.type_id.clone(),
            rpc_url,
            display_url,
            // Where another link has that place, a step of its own takes it, and gives it back.
            primary: wish.primary && here.primary.is_none(),
        },
    }
}

/// The name that the record gets: what was asked for, or what the other application calls itself,
/// with the number that the application would give it where that is taken.
fn name_of(here: &Side, there: &Side, wish: &Wish) -> String {
    let wished = wish.name.clone().unwrap_or_else(|| default_name(there));
    names::given(&wished, |name| {
        names::holder(&here.others, there.manifest.id, name).is_some()
    })
}

/// Which records a plan makes under a number, since others have their names; a sentence for each.
pub fn numbered(plan: &Plan, sides: [&Side; 2], request: &Request) -> Vec<(Alias, String)> {
    let [local, remote] = sides;
    let ends = [
        (local, remote, &request.local),
        (remote, local, &request.remote),
    ];
    let taken = ends.into_iter().filter_map(|(here, there, wish)| {
        let name = plan.steps.iter().find_map(|step| match step {
            Step::Create { on, link, .. } if *on == here.alias => Some(&link.name),
            _ => None,
        })?;
        let wished = wish.name.clone().unwrap_or_else(|| default_name(there));
        let by = names::holder(&here.others, there.manifest.id, &wished)?;
        let taken = names::taken(&here.alias, &wished, &names::described(by));
        let text = format!(
            "{taken}: the link to {} will be {name:?} there",
            there.alias
        );
        Some((here.alias.clone(), text))
    });
    taken.collect()
}

/// What an application calls itself, as another one may be told: what steers a terminal is not
/// carried from one to the other.
fn default_name(there: &Side) -> String {
    let manifest = &there.manifest;
    let name: String = crate::domain::text::plain(&manifest.name)
        .chars()
        .take(200)
        .collect();
    if name.is_empty() {
        manifest.type_id.name().to_owned()
    } else {
        name
    }
}

/// The command for another application URL, which an edit cannot set.
pub(super) fn elsewhere(here: &Side, there: &Side, view: &View, wish: &Wish) -> Option<String> {
    let url = wish.application_url.as_ref()?;
    let now = view.record.rpc_url.as_deref()?;
    (!same_url(now, &url.to_string())).then(|| {
        format!(
            "change its application URL with: applink relocate {} {url} --on {}",
            there.alias, here.alias
        )
    })
}

/// What was given and is not so.
fn differing(here: &Side, view: &View, wish: &Wish) -> Vec<String> {
    let mut differences = Vec::new();
    if let Some(name) = &wish.name
        && !is_numbered(&view.record.name, name)
    {
        differences.push(format!(
            "on {} the name is {:?}, not {name:?}",
            here.alias, view.record.name
        ));
    }
    if let Some(url) = &wish.application_url
        && let Some(now) = view.record.rpc_url.as_deref()
        && !same_url(now, &url.to_string())
    {
        differences.push(format!(
            "on {} the application URL is {now}, not {url}",
            here.alias
        ));
    }
    if let Some(url) = &wish.display_url
        && !same_url(&view.record.display_url, &url.to_string())
    {
        differences.push(format!(
            "on {} the display URL is {}, not {url}",
            here.alias, view.record.display_url
        ));
    }
    differences
}

#[cfg(test)]
#[path = "create_tests.rs"]
mod tests;
