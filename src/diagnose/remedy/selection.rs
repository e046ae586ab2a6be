//! Which remedies a link needs, by the codes that were found.

use super::kind::Remedy;
use super::trusted_address::is_trusted;
use crate::diagnose::check;
use crate::diagnose::observation::{
    AppObservation, EndObservation, LinkObservation, StaleConsumer, StatusObservation,
};
use crate::domain::{Alias, BaseUrl, Check, CheckStatus, Code, Directions, Health, Level, Record};

/// What fixes a link, the likeliest first: for the code that set its status, then for the other
/// findings that are warnings or worse.
pub fn remedies(
    health: Health,
    code: Option<Code>,
    checks: &[Check],
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Vec<Remedy> {
    if health == Health::Ok {
        return Vec::new();
    }
    let found = checks
        .iter()
        .filter(|check| matches!(check.status, CheckStatus::Warn | CheckStatus::Fail))
        .filter_map(|check| check.code);
    let mut remedies: Vec<Remedy> = Vec::new();
    for code in code.into_iter().chain(found) {
        for remedy in for_code(code, link, apps) {
            // What leads a record to its peer is one thing, whatever it was found by.
            if !remedies
                .iter()
                .any(|known| known.command() == remedy.command())
            {
                remedies.push(remedy);
            }
        }
    }
    // Creating an end sets everything about it.
    if remedies
        .iter()
        .any(|remedy| matches!(remedy, Remedy::Complete { .. }))
    {
        remedies.retain(|remedy| !matches!(remedy, Remedy::SetLevel { .. }));
    }
    remedies
}

fn for_code(code: Code, link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    match code {
        Code::NoRemoteApplink | Code::OneWay => complete(link, apps),
        Code::AuthLevelMismatch | Code::AuthLevelUnsupported | Code::Disabled => {
            let mut remedies = lead_back(link, apps);
            remedies.extend(level(link));
            remedies
        }
        Code::ConsumerKeyMismatch => refetch(link, apps),
        Code::IdMismatch | Code::TypeMismatch | Code::LoopbackUrl | Code::BaseUrlMismatch => {
            let mut follows = relocate_remedies(link, apps, code);
            if code == Code::BaseUrlMismatch {
                follows.extend(show(link, apps));
            }
            if follows.is_empty() && matches!(code, Code::IdMismatch | Code::TypeMismatch) {
                orphans(link, apps)
            } else {
                follows
            }
        }
        Code::Moved => moved(link, apps),
        Code::ConsumerStillAccepted => leftovers(link),
        Code::LegacyUpdate | Code::LegacyRemoval => link
            .remote
            .iter()
            .map(|remote| Remedy::Migrate {
                local: link.local.app.clone(),
                remote: remote.app.clone(),
            })
            .collect(),
        Code::ConnectionRefused
        | Code::UnknownHost
        | Code::SslHostnameUnmatched
        | Code::UnexpectedResponse
        | Code::LoginPage
        | Code::UnexpectedResponseStatus
        | Code::Unknown => astray(link, apps),
        _ => Vec::new(),
    }
}

fn leftovers(link: &LinkObservation) -> Vec<Remedy> {
    let remedy = |one: &StaleConsumer| {
        let (on, program) = (link.local.app.clone(), one.program.clone());
        if one.link_gone {
            Remedy::DeleteConsumer { on, program }
        } else {
            Remedy::RetireConsumers { on, program }
        }
    };
    link.stale_consumers.iter().map(remedy).collect()
}

fn complete(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    let Some(remote) = &link.remote else {
        return Vec::new();
    };
    let is_replaced = |end: &EndObservation| {
        apps.iter()
            .any(|app| app.alias == end.app && app.replaced().is_some())
    };
    if link.ends().all(|end| end.record.is_some()) || link.ends().any(is_replaced) {
        // Both are there and one of them leads elsewhere, or it is not the application that was
        // meant.
        return Vec::new();
    }
    vec![Remedy::Complete {
        local: link.local.app.clone(),
        remote: remote.app.clone(),
    }]
}

fn level(link: &LinkObservation) -> Vec<Remedy> {
    let Some(remote) = &link.remote else {
        return Vec::new();
    };
    let wanted = match link.wanted_level {
        // Off is what was asked for.
        Some(Level::None) => return Vec::new(),
        Some(level) if level.flags().is_some() => level,
        _ => common_level(link),
    };
    vec![Remedy::SetLevel {
        local: link.local.app.clone(),
        remote: remote.app.clone(),
        level: wanted,
    }]
}

/// Records that are off and lead elsewhere than to the application that is known as their peer.
fn lead_back(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    if link.wanted_level == Some(Level::None) {
        return Vec::new();
    }
    let is_off = |end: &&EndObservation| {
        let off = Directions {
            incoming: Level::None,
            outgoing: Level::None,
        };
        end.levels == Some(off)
    };
    link.ends()
        .filter(is_off)
        .filter_map(|end| {
            let (record, other) = record_and_other(end, link, apps)?;
            let now = record.application_url()?;
            let given = link.last_applied.application_urls.get(&end.app);
            let is_given =
                given.is_some_and(|given| BaseUrl::parse(given).ok().as_ref() == Some(&now));
            (now != other.url && !is_given).then(|| Remedy::RelocateDisabled {
                app: other.alias.clone(),
                to: other.url.clone(),
                on: end.app.clone(),
                now,
            })
        })
        .collect()
}

/// The level to make both ends equal with, where none is on record: the highest that both already
/// have everywhere, so that nothing is given away that was not given.
fn common_level(link: &LinkObservation) -> Level {
    let mut levels = link
        .ends()
        .filter_map(|end| end.levels)
        .flat_map(|levels| [levels.incoming, levels.outgoing]);
    if levels.all(|level| level == Level::Impersonation) {
        Level::Impersonation
    } else {
        Level::OAuth
    }
}

fn refetch(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    let mut checks = Vec::new();
    check::consumers(link, apps, &mut checks);
    checks
        .iter()
        .filter(|check| check.code == Some(Code::ConsumerKeyMismatch))
        .filter_map(|check| {
            let on = check.end.clone()?;
            let of = link.other(&on)?.app.clone();
            Some(Remedy::RefetchConsumer { on, of })
        })
        .collect()
}

/// Records that should lead to where the other application is known to be.
fn relocate_remedies(link: &LinkObservation, apps: &[AppObservation], code: Code) -> Vec<Remedy> {
    let mut remedies = Vec::new();
    for end in link.ends() {
        let Some((record, other)) = record_and_other(end, link, apps) else {
            continue;
        };
        let Ok(manifest) = &other.manifest else {
            continue;
        };
        let Some(now) = record.application_url() else {
            continue;
        };
        if manifest.id != record.id || manifest.type_id != record.type_id {
            continue;
        }
        let own = manifest
            .url
            .as_deref()
            .and_then(|url| BaseUrl::parse(url).ok());
        let to = match (code, own) {
            // The base URL that the application itself names, where it may be trusted to.
            (Code::BaseUrlMismatch, Some(own))
                if own == other.url || is_trusted(&other.url, &own) =>
            {
                own
            }
            (Code::BaseUrlMismatch, _) => continue,
            // Where the user said that it is.
            _ => other.url.clone(),
        };
        if to != now && !(code == Code::LoopbackUrl && to.is_loopback()) {
            remedies.push(Remedy::Relocate {
                app: other.alias.clone(),
                to,
                on: end.app.clone(),
            });
        }
    }
    remedies
}

/// Records that send users to another address than the one that the application names.
fn show(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    let remedies = link.ends().filter_map(|end| {
        let (_, other) = record_and_other(end, link, apps)?;
        let own = check::misplaced_display_url(end, link, apps)?;
        (own == other.url || is_trusted(&other.url, &own)).then(|| Remedy::SetDisplayUrl {
            app: other.alias.clone(),
            to: own,
            on: end.app.clone(),
        })
    });
    remedies.collect()
}

/// Records whose address leads nowhere, neither for their own server nor from here, while the
/// application is known to answer elsewhere.
fn astray(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    let nowhere = |on: &Alias| {
        link.ends().any(|end| {
            let works = matches!(&end.status, StatusObservation::Said(said) if said.working);
            end.app == *on && !works && matches!(end.at_url, Some(Err(_)))
        })
    };
    let mut remedies = relocate_remedies(link, apps, Code::UnexpectedResponse);
    remedies.retain(|remedy| matches!(remedy, Remedy::Relocate { on, .. } if nowhere(on)));
    remedies
}

/// Records of an application that redirects to another address.
fn moved(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    let mut remedies = Vec::new();
    for end in link.ends() {
        let Some((record, other)) = record_and_other(end, link, apps) else {
            continue;
        };
        let Some(moved) = end.moved.as_ref().or(other.redirect.as_ref()) else {
            continue;
        };
        let same = moved.permanent
            && moved
                .manifest
                .as_ref()
                .is_some_and(|manifest| manifest.id == record.id);
        // Where the user said that it is, or what may be believed.
        let believed = moved.to == other.url || is_trusted(&other.url, &moved.to);
        if same && believed && record.application_url().as_ref() != Some(&moved.to) {
            remedies.push(Remedy::Relocate {
                app: other.alias.clone(),
                to: moved.to.clone(),
                on: end.app.clone(),
            });
        }
    }
    remedies
}

/// Records that lead to something else, of an unknown application.
fn orphans(link: &LinkObservation, apps: &[AppObservation]) -> Vec<Remedy> {
    link.ends()
        .filter(|end| {
            link.other(&end.app).is_none_or(|other| {
                apps.iter()
                    .all(|app| app.alias != other.app || app.manifest.is_err())
            })
        })
        .filter_map(|end| {
            let record = end.record.as_ref()?;
            let about = match link.other(&end.app) {
                Some(other) => other.app.to_string(),
                None => record.application_url()?.to_string(),
            };
            Some(Remedy::DeleteOrphan {
                on: end.app.clone(),
                about,
            })
        })
        .collect()
}

fn record_and_other<'a>(
    end: &'a EndObservation,
    link: &'a LinkObservation,
    apps: &'a [AppObservation],
) -> Option<(&'a Record, &'a AppObservation)> {
    let record = end.record.as_ref()?;
    let other = link.other(&end.app)?;
    let seen = apps.iter().find(|app| app.alias == other.app)?;
    Some((record, seen))
}
