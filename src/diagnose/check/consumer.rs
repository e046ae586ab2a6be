//! Does each end keep the consumer that the other presents, and is its key long enough?

use super::result::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::seen::{AppSeen, LinkSeen};
use crate::domain::{Check, CheckStatus, Code, Consumer};

/// A key below this many bits is short today.
const SHORT: u32 = 2048;

/// What each end keeps for the other, against what the other presents. Keys are compared as DER.
pub(in crate::diagnose) fn consumers(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let Some(other) = link.other(&end.app) else {
            continue;
        };
        let kept = match (end.lets_in(), &end.kept) {
            (true, None) if link.is_proven(end) => {
                checks.push(plain(
                    "consumer",
                    Some(&end.app),
                    CheckStatus::Pass,
                    format!("{} takes a call that {} has signed", end.app, other.app),
                ));
                continue;
            }
            (true, Some(Ok(kept))) => kept,
            (true, Some(Err(error))) => {
                // A secure session, as a rule: it says nothing about the link.
                checks.push(Check {
                    code: error.code,
                    ..plain(
                        "consumer",
                        Some(&end.app),
                        CheckStatus::Skip,
                        format!(
                            "what {} keeps for {} could not be read: {error}",
                            end.app, other.app
                        ),
                    )
                });
                continue;
            }
            _ => continue,
        };
        let presented = app(apps, &other.app).and_then(|seen| seen.consumer.as_ref());
        let presented = match presented {
            Some(Ok(presented)) => presented,
            Some(Err(error)) => {
                checks.push(plain(
                    "consumer",
                    Some(&end.app),
                    CheckStatus::Skip,
                    format!("what {} presents could not be read: {error}", other.app),
                ));
                continue;
            }
            None => continue,
        };
        checks.push(match difference(kept, presented) {
            None => plain(
                "consumer",
                Some(&end.app),
                CheckStatus::Pass,
                format!("{} keeps the key that {} signs with", end.app, other.app),
            ),
            Some(what) => found(
                "consumer",
                Some(&end.app),
                Code::ConsumerKeyMismatch,
                Case::Usual,
                format!("{} keeps {what} than {} presents", end.app, other.app),
            ),
        });
    }
}

fn difference(kept: &[Consumer], presented: &Consumer) -> Option<&'static str> {
    let Some(same) = kept.iter().find(|one| one.key == presented.key) else {
        return Some("another consumer key");
    };
    match (&same.public_key, &presented.public_key) {
        (Some(kept), Some(presented)) if kept.der != presented.der => Some("another public key"),
        _ => None,
    }
}

/// The length of the key that each end signs with.
pub(super) fn key_size(link: &LinkSeen, apps: &[AppSeen], checks: &mut Vec<Check>) {
    for end in link.ends() {
        let bits = app(apps, &end.app)
            .and_then(|seen| seen.consumer.as_ref())
            .and_then(|consumer| consumer.as_ref().ok())
            .and_then(|consumer| consumer.public_key.as_ref())
            .map(|key| key.bits);
        let Some(bits) = bits else { continue };
        checks.push(if bits < SHORT {
            found(
                "key-size",
                Some(&end.app),
                Code::WeakKey,
                Case::Usual,
                format!("{} signs with a key of {bits} bits", end.app),
            )
        } else {
            plain(
                "key-size",
                Some(&end.app),
                CheckStatus::Pass,
                format!("{} signs with a key of {bits} bits", end.app),
            )
        });
    }
}
