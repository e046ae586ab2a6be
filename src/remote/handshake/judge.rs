//! Finds every fault of a presented chain, where the real client stops at the first.

use jiff::{Timestamp, ToSpan as _};
use rustls::CertificateError;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;

use crate::domain::{TlsFault, text};
use crate::remote::certificate::Certificate;
use crate::remote::network::tls_text;

/// The verdict on a presented chain.
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Everything that is wrong with it.
    pub(super) faults: Vec<TlsFault>,
    /// Which certificate ends the chain's validity first.
    pub(super) first_to_end: Option<usize>,
}

/// A verifier's refusal, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Expired,
    NotYetValid,
    Name,
    Issuer,
    Other,
}

/// Judges a chain as `verifier` does. `certificates` are those of `chain`, read; never empty.
pub(super) fn judge(
    verifier: &dyn ServerCertVerifier,
    chain: &[CertificateDer<'_>],
    certificates: &[Certificate],
    name: &ServerName<'_>,
    now: Timestamp,
) -> Judgement {
    let (Some((leaf, others)), Some(first)) = (chain.split_first(), certificates.first()) else {
        return Judgement::default();
    };
    let at = |time: Timestamp| {
        let seconds = u64::try_from(time.as_second()).unwrap_or_default();
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        verifier
            .verify_server_cert(leaf, others, name, &[], time)
            .map(drop)
    };
    let path = path(certificates);
    let Err(error) = at(now) else {
        return Judgement {
            faults: Vec::new(),
            first_to_end: Some(first_to_end(certificates, &path, |time| {
                at(time).is_err_and(|error| refusal(&error) == Refusal::Expired)
            })),
        };
    };
    let mut faults = Vec::new();
    let refused = refusal(&error);
    if refused == Refusal::Expired || first.facts.not_after < now {
        faults.push(TlsFault::Expired);
    } else if refused == Refusal::NotYetValid || first.facts.not_before > now {
        faults.push(TlsFault::NotYetValid);
    }
    let right_name = ParsedCertificate::try_from(leaf)
        .and_then(|leaf| verify_server_name(&leaf, name))
        .is_ok();
    if !right_name {
        faults.push(TlsFault::WrongName);
    }
    // Whether it is trusted is asked at a time when it is valid: an expired certificate hides it.
    if let Err(error) = at(valid_time(certificates, &path, now)) {
        match refusal(&error) {
            Refusal::Issuer => faults.push(untrusted(certificates, &path)),
            Refusal::Other if first.is_self_signed() => faults.push(TlsFault::SelfSigned),
            Refusal::Other => faults.push(refused_for(&error)),
            Refusal::Expired | Refusal::NotYetValid | Refusal::Name => {}
        }
    }
    if faults.is_empty() {
        faults.push(refused_for(&error));
    }
    Judgement {
        faults,
        first_to_end: path
            .into_iter()
            .min_by_key(|index| certificates[*index].facts.not_after),
    }
}

fn refusal(error: &rustls::Error) -> Refusal {
    use CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            C::Expired | C::ExpiredContext { .. } => Refusal::Expired,
            C::NotValidYet | C::NotValidYetContext { .. } => Refusal::NotYetValid,
            C::NotValidForName | C::NotValidForNameContext { .. } => Refusal::Name,
            C::UnknownIssuer => Refusal::Issuer,
            _ => Refusal::Other,
        },
        _ => Refusal::Other,
    }
}

fn refused_for(error: &rustls::Error) -> TlsFault {
    TlsFault::Refused(text::excerpt(&tls_text(error), 300))
}

/// From the server's certificate upwards, as far as what was sent goes; by place.
fn path(certificates: &[Certificate]) -> Vec<usize> {
    let mut path = vec![0];
    let mut current = &certificates[0];
    while current.subject != current.issuer {
        let next = certificates
            .iter()
            .enumerate()
            .find(|(index, one)| one.subject == current.issuer && !path.contains(index));
        let Some((index, one)) = next else { break };
        path.push(index);
        current = one;
    }
    path
}

/// The certificate whose end ends the chain's validity. One above the server's own only counts
/// when there is no other way to an authority: cross-signed ones are sent along long expired.
fn first_to_end(
    certificates: &[Certificate],
    path: &[usize],
    is_end: impl Fn(Timestamp) -> bool,
) -> usize {
    let end = |index: usize| certificates[index].facts.not_after;
    let mut earlier: Vec<usize> = path
        .iter()
        .copied()
        .filter(|index| end(*index) < end(0))
        .collect();
    earlier.sort_by_key(|index| end(*index));
    earlier
        .into_iter()
        .find(|index| end(*index).checked_add(1.second()).is_ok_and(&is_end))
        .unwrap_or(0)
}

/// A time at which nothing in the path is too old or too young; the nearest to now.
fn valid_time(certificates: &[Certificate], path: &[usize], now: Timestamp) -> Timestamp {
    let leaf = &certificates[0].facts;
    let facts = || path.iter().map(|index| &certificates[*index].facts);
    let from = facts().map(|facts| facts.not_before).max();
    let until = facts().map(|facts| facts.not_after).min();
    let (from, until) = match (from, until) {
        (Some(from), Some(until)) if from <= until => (from, until),
        _ => (leaf.not_before, leaf.not_after),
    };
    now.min(until).max(from)
}

/// Why there is no way to an authority.
fn untrusted(certificates: &[Certificate], path: &[usize]) -> TlsFault {
    let Some(top) = path.last().map(|index| &certificates[*index]) else {
        return TlsFault::SelfSigned;
    };
    if top.is_self_signed() {
        return if path.len() == 1 {
            TlsFault::SelfSigned
        } else {
            TlsFault::Untrusted(top.facts.subject.clone())
        };
    }
    let issuer = top.facts.issuer.clone();
    // Others were sent, and none of them is the next one; or it is alone, and says itself where
    // the next one can be had. A private authority that signs by itself does neither.
    let gap = path.len() < certificates.len();
    let alone = path.len() == 1 && top.issuer_is_published;
    if gap || alone {
        TlsFault::MissingIntermediate(issuer)
    } else {
        TlsFault::Untrusted(issuer)
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
