//! Checks that each end stores the consumer that the other presents, and the length of its key.

use super::result::{app, found, plain};
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{AppObservation, EndObservation, LinkObservation};
use crate::domain::{Check, CheckStatus, Code, Consumer};

/// A key below this many bits is short today.
const SHORT: u32 = 2048;

/// What each end keeps for the other, against what the other presents. Keys are compared as DER.
pub(in crate::diagnose) fn consumers(
    link: &LinkObservation,
    apps: &[AppObservation],
    checks: &mut Vec<Check>,
) {
    checks.extend(link.ends().filter_map(|end| consumer_at(end, link, apps)));
}

fn consumer_at(
    end: &EndObservation,
    link: &LinkObservation,
    apps: &[AppObservation],
) -> Option<Check> {
    let (on, peer) = (&end.app, &link.other(&end.app)?.app);
    let unnamed = |status, summary: String| plain("consumer", Some(on), status, summary);
    if !end.accepts_oauth() {
        return None;
    }
    let kept = match &end.stored_consumers {
        None if link.is_signature_accepted(end) => {
            let summary = format!("{on} takes a call that {peer} has signed");
            return Some(unnamed(CheckStatus::Pass, summary));
        }
        None => return None,
        Some(Ok(kept)) => kept,
        Some(Err(error)) => {
            // A secure session, as a rule: it says nothing about the link.
            let summary = format!("what {on} keeps for {peer} could not be read: {error}");
            return Some(Check {
                code: error.code,
                ..unnamed(CheckStatus::Skip, summary)
            });
        }
    };
    Some(match app(apps, peer)?.consumer.as_ref()? {
        // The servers meet the same page when they fetch the key: the next change fails.
        Err(error) if error.code == Some(Code::LoginPage) => Check {
            code: error.code,
            ..unnamed(
                CheckStatus::Warn,
                format!("the public key of {peer} is behind a login page: {error}"),
            )
        },
        Err(error) => unnamed(
            CheckStatus::Skip,
            format!("what {peer} presents could not be read: {error}"),
        ),
        Ok(presented) => match difference(kept, presented) {
            None => unnamed(
                CheckStatus::Pass,
                format!("{on} keeps the key that {peer} signs with"),
            ),
            Some(what) => found(
                "consumer",
                Some(on),
                Code::ConsumerKeyMismatch,
                Case::Usual,
                format!("{on} keeps {what} than {peer} presents"),
            ),
        },
    })
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
pub(super) fn key_size(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
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
