//! Does each application answer, and is it the one that the link was made for?

use super::result::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::seen::{AppSeen, LinkSeen, StatusSeen, is_under};
use crate::domain::{Check, CheckStatus, Code};

/// Each application's manifest, as applink gets it.
pub(super) fn manifest(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(seen) = app(apps, &end.app) else {
            continue;
        };
        checks.push(match &seen.manifest {
            Ok(manifest) => plain(
                "manifest",
                Some(&end.app),
                CheckStatus::Pass,
                format!(
                    "{} {} answers here, with application links {}",
                    manifest.type_id.name(),
                    manifest.version,
                    manifest.applinks_version
                ),
            ),
            Err(error) => Check {
                name: "manifest",
                end: Some(end.app.clone()),
                status: CheckStatus::Fail,
                code: error.code,
                summary: error.to_string(),
            },
        });
        if let Some((known, now)) = seen.replaced() {
            checks.push(found(
                "identity",
                Some(&end.app),
                Code::IdMismatch,
                Case::Usual,
                format!(
                    "{} is known as application {known}, and {now} answers there: if it was set up anew, remove it with applink app remove and add it again",
                    end.app
                ),
            ));
        }
        if let (Ok(_), Err(error)) = (&seen.manifest, &seen.records) {
            checks.push(Check {
                name: "permission",
                end: Some(end.app.clone()),
                status: CheckStatus::Skip,
                code: error.code,
                summary: error.to_string(),
            });
        }
    }
}

/// Whether what answers at a record's address has the record's id and type.
pub(super) fn sameness(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(record) = &end.record else { continue };
        if record.system || record.type_id.is_generic() {
            continue;
        }
        let known = link
            .other(&end.app)
            .and_then(|other| app(apps, &other.app))
            .filter(|seen| {
                end.at_url.is_none() && record.application_url().as_ref() == Some(&seen.url)
            })
            .map(|seen| &seen.manifest);
        let works = matches!(&end.status, StatusSeen::Said(said) if said.working);
        let there = match end.at_url.as_ref().or(known) {
            Some(Ok(manifest)) => manifest,
            // What stands in front for applink need not do so for the other server.
            Some(Err(error)) if error.code == Some(Code::LoginPage) && !works => {
                checks.push(found(
                    "identity",
                    Some(&end.app),
                    Code::LoginPage,
                    Case::Usual,
                    format!("at the address of the link on {}: {error}", end.app),
                ));
                continue;
            }
            Some(Err(error)) => {
                checks.push(plain(
                    "identity",
                    Some(&end.app),
                    CheckStatus::Skip,
                    format!(
                        "what answers at the link's address could not be asked from here: {error}"
                    ),
                ));
                continue;
            }
            None => continue,
        };
        if !is_under(there, record) {
            checks.push(found(
                "identity",
                Some(&end.app),
                Code::IdMismatch,
                Case::Usual,
                format!(
                    "the link on {} was made for application {}, and {} answers at its address",
                    end.app, record.id, there.id
                ),
            ));
        } else if there.type_id != record.type_id {
            checks.push(found(
                "identity",
                Some(&end.app),
                Code::TypeMismatch,
                Case::Usual,
                format!(
                    "the link on {} is of type {:?}, and an application of type {:?} answers at its address",
                    end.app,
                    record.type_id.as_str(),
                    there.type_id.as_str()
                ),
            ));
        } else {
            checks.push(plain(
                "identity",
                Some(&end.app),
                CheckStatus::Pass,
                format!(
                    "the link on {} leads to the application it was made for",
                    end.app
                ),
            ));
        }
    }
}

/// Whether another known application carries the id of one of the ends.
pub(super) fn clones(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(seen) = app(apps, &end.app) else {
            continue;
        };
        let Ok(manifest) = &seen.manifest else {
            continue;
        };
        for other in apps {
            let same = other.manifest.as_ref().is_ok_and(|m| m.id == manifest.id);
            if !same || other.alias == seen.alias {
                continue;
            }
            if seen.is_also(other) {
                checks.push(plain(
                    "clone",
                    Some(&end.app),
                    CheckStatus::Note,
                    format!(
                        "{} and {} carry one application id and name one base URL: they are one application under two addresses, or a copy has not got its own yet",
                        seen.alias, other.alias
                    ),
                ));
            } else {
                checks.push(found(
                    "clone",
                    Some(&end.app),
                    Code::ClonedApplication,
                    Case::Usual,
                    format!(
                        "{} and {} carry one application id: one of them is a copy, and holds the other's keys and links",
                        seen.alias, other.alias
                    ),
                ));
            }
        }
    }
}
