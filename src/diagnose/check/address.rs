//! Are the addresses of a link the ones under which the applications know themselves?

use super::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::seen::{AppSeen, LinkSeen};
use crate::domain::{BaseUrl, Check, CheckStatus, Code};

/// Compares the link's application URL with the base URL that the peer names.
pub(super) fn base_urls(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(record) = &end.record else { continue };
        let Some(rpc) = record.application_url() else {
            continue;
        };
        let manifest = match &end.at_url {
            Some(at_url) => at_url.as_ref().ok(),
            None => link
                .other(&end.app)
                .and_then(|other| app(apps, &other.app))
                .and_then(|seen| seen.manifest.as_ref().ok()),
        };
        let Some(own) = manifest
            .filter(|manifest| manifest.id == record.id)
            .and_then(|manifest| manifest.url.as_deref())
            .and_then(|url| BaseUrl::parse(url).ok())
        else {
            continue;
        };
        checks.push(if own == rpc {
            plain(
                "base-url",
                Some(&end.app),
                CheckStatus::Pass,
                format!("the link on {} uses the address that the other names: {own}", end.app),
            )
        } else {
            found(
                "base-url",
                Some(&end.app),
                Code::BaseUrlMismatch,
                Case::Usual,
                format!(
                    "the link on {} uses {rpc}, and the application there names {own} as its base URL",
                    end.app
                ),
            )
        });
    }
}

/// Addresses that only work on one machine, or in clear.
pub(super) fn reach(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(record) = &end.record else { continue };
        let Some(rpc) = record.application_url() else {
            continue;
        };
        if rpc.is_loopback() {
            let here = app(apps, &end.app).is_some_and(|seen| seen.url.is_loopback());
            let (case, more) = if here {
                (Case::SameHost, "which works while both are on one machine")
            } else {
                (Case::Usual, "which leads that server to itself")
            };
            checks.push(found(
                "loopback",
                Some(&end.app),
                Code::LoopbackUrl,
                case,
                format!("the link on {} uses {rpc}, {more}", end.app),
            ));
        } else if !rpc.is_https() {
            checks.push(found(
                "encryption",
                Some(&end.app),
                Code::PlainHttp,
                Case::Usual,
                format!("the link on {} uses {rpc}, which is not encrypted", end.app),
            ));
        }
    }
}
