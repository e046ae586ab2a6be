//! Checks whether an application redirects to another address.

use super::result::{app, coded_skip, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{AppObservation, LinkObservation, Redirect};
use crate::domain::{Alias, ApplicationId, Check, CheckStatus, Code};

/// Redirects, of the applications' own addresses and of the records'.
pub(super) fn moved(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
    for end in link.ends() {
        if let Some(seen) = app(apps, &end.app)
            && let Some(moved) = &seen.redirect
        {
            let from = seen.url.to_string();
            checks.push(check_redirect(&end.app, &from, moved, seen.id()));
        }
        if let (Some(record), Some(moved)) = (&end.record, &end.moved) {
            let from = record.rpc_url.clone().unwrap_or_default();
            checks.push(check_redirect(&end.app, &from, moved, Some(record.id)));
        }
    }
}

fn check_redirect(end: &Alias, from: &str, moved: &Redirect, id: Option<ApplicationId>) -> Check {
    let same = moved
        .manifest
        .as_ref()
        .map(|manifest| Some(manifest.id) == id);
    match same {
        // A maintenance page or a balancer may send away for a while: nothing is to follow that.
        Some(true) if !moved.permanent => plain(
            "redirect",
            Some(end),
            CheckStatus::Note,
            format!(
                "{from} redirects to {} for the time being, where the same application answers",
                moved.to
            ),
        ),
        Some(true) => found(
            "redirect",
            Some(end),
            Code::Moved,
            Case::Usual,
            format!(
                "{from} redirects to {}, where the same application answers",
                moved.to
            ),
        ),
        Some(false) => coded_skip(
            "redirect",
            end,
            Code::UnexpectedResponseStatus,
            format!(
                "{from} redirects to {}, where another application answers",
                moved.to
            ),
        ),
        None => coded_skip(
            "redirect",
            end,
            Code::UnexpectedResponseStatus,
            format!(
                "{from} redirects to {}, where no application answers from here",
                moved.to
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BaseUrl, Manifest, TypeId, Version};

    #[test]
    fn only_a_permanent_redirect_is_a_move() {
        let id: Option<ApplicationId> = "688890b2-02b5-3eb4-a5f0-79f8067998b3".parse().ok();
        let alias: Option<Alias> = "wiki".parse().ok();
        let to = BaseUrl::parse("https://wiki.example.com").ok();
        let (Some(id), Some(alias), Some(to)) = (id, alias, to) else {
            unreachable!("literals");
        };
        let code = |permanent| {
            let moved = Redirect {
                to: to.clone(),
                permanent,
                manifest: Some(Manifest {
                    id,
                    name: "Wiki".to_owned(),
                    type_id: TypeId::from_wire("confluence"),
                    version: Version::default(),
                    applinks_version: Version::default(),
                    url: None,
                    inbound_authentication: Vec::new(),
                }),
            };
            check_redirect(&alias, "https://old.example.com", &moved, Some(id)).code
        };
        assert_eq!(code(true), Some(Code::Moved));
        assert_eq!(code(false), None);
    }
}
