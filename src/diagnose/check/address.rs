//! Checks that a link uses the addresses that the applications call their own.

use super::result::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{
    AppObservation, EndObservation, LinkObservation, StatusObservation, is_under,
};
use crate::domain::{BaseUrl, Check, CheckStatus, Code};

/// Compares the addresses under which an application is known, pairwise: the link's application
/// URL, the address that applink asked, the base URL of the manifest, and the one that the
/// application names when it refuses a call.
pub(super) fn base_urls(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(record) = &end.record else { continue };
        let Some(rpc) = record.application_url() else {
            continue;
        };
        let Some(own) = own_base(end, link, apps) else {
            continue;
        };
        let case = if signed_in_vain(link) {
            Case::Signed
        } else {
            Case::Usual
        };
        let realm = link
            .other(&end.app)
            .and_then(|other| other.realm.as_deref())
            .and_then(|realm| BaseUrl::parse(realm).ok());
        checks.push(if own != rpc {
            found(
                "base-url",
                Some(&end.app),
                Code::BaseUrlMismatch,
                case,
                format!(
                    "the link on {} uses {rpc}, and the application there names {own} as its base URL",
                    end.app
                ),
            )
        } else if let Some(realm) = realm.filter(|realm| *realm != own) {
            found(
                "base-url",
                Some(&end.app),
                Code::BaseUrlMismatch,
                case,
                format!(
                    "the application at {rpc} names {own} in its manifest and {realm} when it refuses a call: a cache, or two nodes set up differently"
                ),
            )
        } else {
            plain(
                "base-url",
                Some(&end.app),
                CheckStatus::Pass,
                format!("the link on {} uses the address that the other names: {own}", end.app),
            )
        });
    }
}

/// The base URL that the application at a record's address names, where it is the one meant.
fn own_base(
    end: &EndObservation,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Option<BaseUrl> {
    let record = end.record.as_ref()?;
    let manifest = if let Some(at_url) = &end.at_url {
        at_url.as_ref().ok()?
    } else {
        let other = link.other(&end.app)?;
        app(apps, &other.app)?.manifest.as_ref().ok()?
    };
    let own = manifest
        .url
        .as_deref()
        .filter(|_| is_under(manifest, record));
    own.and_then(|url| BaseUrl::parse(url).ok())
}

/// Compares the address that users get with the base URL of the application: no signature hangs on
/// that, but users, who are sent there to consent and to read.
pub(super) fn display_urls(
    link: &LinkObservation,
    apps: &[AppObservation],
    checks: &mut Vec<Check>,
) {
    for end in link.ends() {
        let Some(own) = misplaced_display_url(end, link, apps) else {
            continue;
        };
        let shown = end.record.as_ref().map_or("", |record| &record.display_url);
        checks.push(found(
            "display-url",
            Some(&end.app),
            Code::BaseUrlMismatch,
            Case::Usual,
            format!(
                "the link on {} sends users to {shown}, and the application names {own} as its base URL",
                end.app
            ),
        ));
    }
}

/// The base URL of the application that a record is about, where the record sends users elsewhere
/// though no file asked for that, and that does not follow from its application URL, which is another finding.
pub(in crate::diagnose) fn misplaced_display_url(
    end: &EndObservation,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Option<BaseUrl> {
    let record = end.record.as_ref()?;
    if record.system || record.type_id.is_generic() {
        return None;
    }
    let shown = BaseUrl::parse(&record.display_url).ok()?;
    let given = link.last_applied.display_urls.get(&end.app);
    if given.is_some_and(|given| BaseUrl::parse(given).ok().as_ref() == Some(&shown)) {
        return None;
    }
    let own = own_base(end, link, apps)?;
    (shown != own && Some(&shown) != record.application_url().as_ref()).then_some(own)
}

/// Whether a signature of this link was refused: then an address that differs is the reason.
fn signed_in_vain(link: &LinkObservation) -> bool {
    link.ends().any(|end| {
        matches!(&end.status, StatusObservation::Said(said) if said.code == Some(Code::OauthSignatureInvalid))
    })
}

/// Addresses that only work on one machine, or in clear.
pub(super) fn reach(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(record) = &end.record else { continue };
        let Some(rpc) = record.application_url() else {
            continue;
        };
        if rpc.is_loopback() {
            let here = app(apps, &end.app).is_some_and(|seen| seen.url.is_loopback());
            let works = matches!(&end.status, StatusObservation::Said(said) if said.working);
            // A server that gets through has the other one beside it.
            let (case, more) = if here || works {
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
