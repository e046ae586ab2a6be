//! Checks that each application answers, and is the one that the link was made for.

use super::result::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{
    AppObservation, EndObservation, LinkObservation, StatusObservation, is_under,
};
use crate::domain::{Check, CheckStatus, Code};

/// Each application's manifest, as applink gets it.
pub(super) fn manifest(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
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
pub(super) fn sameness(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
    checks.extend(link.ends().filter_map(|end| sameness_at(end, link, apps)));
}

fn sameness_at(
    end: &EndObservation,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Option<Check> {
    let record = end.record.as_ref()?;
    if record.system || record.type_id.is_generic() {
        return None;
    }
    let on = &end.app;
    let known = link
        .other(on)
        .and_then(|other| app(apps, &other.app))
        .filter(|seen| end.at_url.is_none() && record.application_url().as_ref() == Some(&seen.url))
        .map(|seen| &seen.manifest);
    let named = |code, summary| found("identity", Some(on), code, Case::Usual, summary);
    let unnamed = |status, summary| plain("identity", Some(on), status, summary);
    let works = matches!(&end.status, StatusObservation::Said(said) if said.working);
    let answers = match end.at_url.as_ref().or(known)? {
        Ok(manifest) => manifest,
        // What stands in front for applink need not do so for the other server.
        Err(error) if error.code == Some(Code::LoginPage) && !works => {
            let summary = format!("at the address of the link on {on}: {error}");
            return Some(named(Code::LoginPage, summary));
        }
        Err(error) => {
            let summary =
                format!("what answers at the link's address could not be asked from here: {error}");
            return Some(unnamed(CheckStatus::Skip, summary));
        }
    };
    Some(if !is_under(answers, record) {
        let summary = format!(
            "the link on {on} was made for application {}, and {} answers at its address",
            record.id, answers.id
        );
        named(Code::IdMismatch, summary)
    } else if answers.type_id != record.type_id {
        let summary = format!(
            "the link on {on} is of type {:?}, and an application of type {:?} answers at its address",
            record.type_id.as_str(),
            answers.type_id.as_str()
        );
        named(Code::TypeMismatch, summary)
    } else {
        let summary = format!("the link on {on} leads to the application it was made for");
        unnamed(CheckStatus::Pass, summary)
    })
}

/// Whether another known application carries the id of one of the ends.
pub(super) fn clones(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
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
            if seen.is_same_instance(other) {
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
