//! Which remedies a link needs, by the codes that were found.

use super::kind::Mend;
use super::trusted_address::is_near;
use crate::diagnose::check;
use crate::diagnose::seen::{AppSeen, EndSeen, LeftoverSeen, LinkSeen, StatusSeen};
use crate::domain::{Alias, BaseUrl, Check, CheckStatus, Code, Directions, Health, Level, Record};

/// What fixes a link, the likeliest first: for the code that set its status, then for the other
/// findings that are warnings or worse.
pub fn mends(
    health: Health,
    code: Option<Code>,
    checks: &[Check],
    link: &LinkSeen,
    apps: &[AppSeen],
) -> Vec<Mend> {
    if health == Health::Ok {
        return Vec::new();
    }
    let found = checks
        .iter()
        .filter(|check| matches!(check.status, CheckStatus::Warn | CheckStatus::Fail))
        .filter_map(|check| check.code);
    let mut mends: Vec<Mend> = Vec::new();
    for code in code.into_iter().chain(found) {
        for mend in for_code(code, link, apps) {
            // What leads a record to its peer is one thing, whatever it was found by.
            if !mends.iter().any(|known| known.fix() == mend.fix()) {
                mends.push(mend);
            }
        }
    }
    // Creating an end sets everything about it.
    if mends
        .iter()
        .any(|mend| matches!(mend, Mend::Complete { .. }))
    {
        mends.retain(|mend| !matches!(mend, Mend::Level { .. }));
    }
    mends
}

fn for_code(code: Code, link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
    match code {
        Code::NoRemoteApplink | Code::OneWay => complete(link, apps),
        Code::AuthLevelMismatch | Code::AuthLevelUnsupported | Code::Disabled => {
            let mut mends = lead_back(link, apps);
            mends.extend(level(link));
            mends
        }
        Code::ConsumerKeyMismatch => refetch(link, apps),
        Code::IdMismatch | Code::TypeMismatch | Code::LoopbackUrl | Code::BaseUrlMismatch => {
            let mut follows = follow(link, apps, code);
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
            .map(|remote| Mend::Migrate {
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

fn leftovers(link: &LinkSeen) -> Vec<Mend> {
    let mend = |one: &LeftoverSeen| {
        let (on, program) = (link.local.app.clone(), one.program.clone());
        if one.link_gone {
            Mend::Unregister { on, program }
        } else {
            Mend::Retire { on, program }
        }
    };
    link.leftovers.iter().map(mend).collect()
}

fn complete(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
    let Some(remote) = &link.remote else {
        return Vec::new();
    };
    let is_replaced = |end: &EndSeen| {
        apps.iter()
            .any(|app| app.alias == end.app && app.replaced().is_some())
    };
    if link.ends().all(|end| end.record.is_some()) || link.ends().any(is_replaced) {
        // Both are there and one of them leads elsewhere, or it is not the application that was
        // meant.
        return Vec::new();
    }
    vec![Mend::Complete {
        local: link.local.app.clone(),
        remote: remote.app.clone(),
    }]
}

fn level(link: &LinkSeen) -> Vec<Mend> {
    let Some(remote) = &link.remote else {
        return Vec::new();
    };
    let wanted = match link.wanted {
        // Off is what was asked for.
        Some(Level::None) => return Vec::new(),
        Some(level) if level.flags().is_some() => level,
        _ => common_level(link),
    };
    vec![Mend::Level {
        local: link.local.app.clone(),
        remote: remote.app.clone(),
        level: wanted,
    }]
}

/// Records that are off and lead elsewhere than to the application that is known as their peer.
fn lead_back(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
    if link.wanted == Some(Level::None) {
        return Vec::new();
    }
    let is_off = |end: &&EndSeen| {
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
            let given = link.given.application_urls.get(&end.app);
            let is_given =
                given.is_some_and(|given| BaseUrl::parse(given).ok().as_ref() == Some(&now));
            (now != other.url && !is_given).then(|| Mend::LeadBack {
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
fn common_level(link: &LinkSeen) -> Level {
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

fn refetch(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
    let mut checks = Vec::new();
    check::consumers(link, apps, &mut checks);
    checks
        .iter()
        .filter(|check| check.code == Some(Code::ConsumerKeyMismatch))
        .filter_map(|check| {
            let on = check.end.clone()?;
            let of = link.other(&on)?.app.clone();
            Some(Mend::Refetch { on, of })
        })
        .collect()
}

/// Records that should lead to where the other application is known to be.
fn follow(link: &LinkSeen, apps: &[AppSeen], code: Code) -> Vec<Mend> {
    let mut mends = Vec::new();
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
            (Code::BaseUrlMismatch, Some(own)) if own == other.url || is_near(&other.url, &own) => {
                own
            }
            (Code::BaseUrlMismatch, _) => continue,
            // Where the user said that it is.
            _ => other.url.clone(),
        };
        if to != now && !(code == Code::LoopbackUrl && to.is_loopback()) {
            mends.push(Mend::Follow {
                app: other.alias.clone(),
                to,
                on: end.app.clone(),
            });
        }
    }
    mends
}

/// Records that send users to another address than the one that the application names.
fn show(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
    let mends = link.ends().filter_map(|end| {
        let (_, other) = record_and_other(end, link, apps)?;
        let own = check::astray_for_users(end, link, apps)?;
        (own == other.url || is_near(&other.url, &own)).then(|| Mend::Show {
            app: other.alias.clone(),
            to: own,
            on: end.app.clone(),
        })
    });
    mends.collect()
}

/// Records whose address leads nowhere, neither for their own server nor from here, while the
/// application is known to answer elsewhere.
fn astray(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
    let nowhere = |on: &Alias| {
        link.ends().any(|end| {
            let works = matches!(&end.status, StatusSeen::Said(said) if said.working);
            end.app == *on && !works && matches!(end.at_url, Some(Err(_)))
        })
    };
    let mut mends = follow(link, apps, Code::UnexpectedResponse);
    mends.retain(|mend| matches!(mend, Mend::Follow { on, .. } if nowhere(on)));
    mends
}

/// Records of an application that redirects to another address.
fn moved(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
    let mut mends = Vec::new();
    for end in link.ends() {
        let Some((record, other)) = record_and_other(end, link, apps) else {
            continue;
        };
        let Some(moved) = end.moved.as_ref().or(other.moved.as_ref()) else {
            continue;
        };
        let same = moved.permanent
            && moved
                .manifest
                .as_ref()
                .is_some_and(|manifest| manifest.id == record.id);
        // Where the user said that it is, or what may be believed.
        let believed = moved.to == other.url || is_near(&other.url, &moved.to);
        if same && believed && record.application_url().as_ref() != Some(&moved.to) {
            mends.push(Mend::Follow {
                app: other.alias.clone(),
                to: moved.to.clone(),
                on: end.app.clone(),
            });
        }
    }
    mends
}

/// Records that lead to something else, of an unknown application.
fn orphans(link: &LinkSeen, apps: &[AppSeen]) -> Vec<Mend> {
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
            Some(Mend::RemoveOrphan {
                on: end.app.clone(),
                about,
            })
        })
        .collect()
}

fn record_and_other<'a>(
    end: &'a EndSeen,
    link: &'a LinkSeen,
    apps: &'a [AppSeen],
) -> Option<(&'a Record, &'a AppSeen)> {
    let record = end.record.as_ref()?;
    let other = link.other(&end.app)?;
    let seen = apps.iter().find(|app| app.alias == other.app)?;
    Some((record, seen))
}
