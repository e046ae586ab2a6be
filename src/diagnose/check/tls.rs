//! Checks the TLS handshake of an application: protocol, trust, name and expiry.

use jiff::Timestamp;

use super::result::{SHOWN, found, listed, plain};
use crate::diagnose::codes::Case;
use crate::domain::{
    Alias, CertificateFacts, Check, CheckStatus, Code, Reachability, TlsFacts, TlsFault,
};

/// From here on a certificate that runs out is a warning.
const EXPIRY_WARNING_DAYS: i64 = 30;

const NAMES: [&str; 4] = ["tls-protocol", "tls-trust", "tls-name", "certificate"];

/// A handshake that was not made.
pub(super) fn skipped(end: &Alias, why: &str, checks: &mut Vec<Check>) {
    checks.extend(NAMES.map(|name| plain(name, Some(end), CheckStatus::Skip, why)));
}

/// A handshake that was made, or tried.
pub(super) fn tls(end: &Alias, way: &Reachability, seen: &TlsFacts, checks: &mut Vec<Check>) {
    checks.push(protocol(end, &way.endpoint, seen));
    let Some(leaf) = seen.chain.first() else {
        let refused = seen.faults.iter().find_map(|fault| match fault {
            TlsFault::Refused(why) => Some(why),
            _ => None,
        });
        let why = match refused {
            Some(why) => format!("from here {} is not trusted: {why}", way.endpoint),
            None => format!("{} showed no certificate from here", way.endpoint),
        };
        for name in &NAMES[1..] {
            checks.push(if refused.is_some() && *name == "tls-trust" {
                found(name, Some(end), Code::SslUntrusted, Case::Usual, &why)
            } else {
                plain(name, Some(end), CheckStatus::Skip, &why)
            });
        }
        return;
    };
    checks.push(trust(end, &way.endpoint, seen));
    checks.push(name(end, &way.endpoint, seen, leaf));
    checks.push(validity(end, way, seen, leaf));
}

fn protocol(end: &Alias, place: &str, seen: &TlsFacts) -> Check {
    let asked = if seen.asks_client {
        match (
            seen.faults.contains(&TlsFault::ClientCertificateRequired),
            seen.has_client,
        ) {
            (_, true) => " and asks for a client certificate, which applink has",
            (false, false) => " and asks for a client certificate, and does without",
            (true, false) => "",
        }
    } else {
        ""
    };
    let failed = seen.faults.iter().find_map(|fault| match fault {
        TlsFault::Protocol(why) => Some(format!(
            "from here {place} and applink have no protocol or cipher in common: applink offers TLS 1.2 and 1.3, and {why}"
        )),
        TlsFault::NotTls => Some(format!(
            "from here {place} does not speak TLS; is it http?"
        )),
        TlsFault::ClientCertificateRequired if !seen.has_client => Some(format!(
            "from here {place} lets nobody in without a client certificate, and applink has none for {end}; the other server needs one too"
        )),
        TlsFault::Failed(why) => Some(format!(
            "from here the TLS handshake with {place} fails: {why}"
        )),
        _ => None,
    });
    match (failed, &seen.protocol) {
        (Some(summary), _) => found(
            "tls-protocol",
            Some(end),
            Code::SslUnmatched,
            Case::Usual,
            summary,
        ),
        (None, protocol) => {
            let protocol = protocol.as_deref().unwrap_or("TLS");
            plain(
                "tls-protocol",
                Some(end),
                CheckStatus::Pass,
                format!("from here {place} speaks {protocol}{asked}"),
            )
        }
    }
}

fn trust(end: &Alias, place: &str, seen: &TlsFacts) -> Check {
    let chain = chain(&seen.chain);
    let why = seen.faults.iter().find_map(|fault| match fault {
        TlsFault::Untrusted(authority) => {
            Some(format!("the authority \"{authority}\" is not known here"))
        }
        TlsFault::MissingIntermediate(issuer) => Some(format!(
            "the intermediate certificate \"{issuer}\" is missing: the server does not send it"
        )),
        TlsFault::SelfSigned => Some("its certificate is signed by itself".to_owned()),
        TlsFault::Refused(why) => Some(why.clone()),
        _ => None,
    });
    match why {
        Some(why) => found(
            "tls-trust",
            Some(end),
            Code::SslUntrusted,
            Case::Usual,
            format!("from here {place} is not trusted: {why}; it shows {chain}"),
        ),
        None => plain(
            "tls-trust",
            Some(end),
            CheckStatus::Pass,
            format!("from here {place} is trusted: it shows {chain}"),
        ),
    }
}

/// The presented chain, from the server's certificate upwards.
fn chain(certificates: &[CertificateFacts]) -> String {
    let mut parts = Vec::new();
    let mut expected: Option<&str> = None;
    for certificate in certificates.iter().take(SHOWN) {
        let (subject, issuer) = (&certificate.subject, &certificate.issuer);
        parts.push(match expected {
            // As a rule each is the issuer of the one before, and said already.
            Some(expected) if expected == subject && subject == issuer => continue,
            Some(expected) if expected == subject => format!(" issued by \"{issuer}\""),
            Some(_) => format!(", then \"{subject}\" issued by \"{issuer}\""),
            None if subject == issuer => format!("\"{subject}\""),
            None => format!("\"{subject}\" issued by \"{issuer}\""),
        });
        expected = Some(issuer);
    }
    let more = certificates.len().saturating_sub(SHOWN);
    if more > 0 {
        parts.push(format!(" and {more} more"));
    }
    parts.concat()
}

fn name(end: &Alias, place: &str, seen: &TlsFacts, leaf: &CertificateFacts) -> Check {
    if !seen.faults.contains(&TlsFault::WrongName) {
        return plain(
            "tls-name",
            Some(end),
            CheckStatus::Pass,
            format!("the certificate that {place} shows from here is for that name"),
        );
    }
    let names = if leaf.names.is_empty() {
        "no host at all".to_owned()
    } else {
        listed(&leaf.names)
    };
    found(
        "tls-name",
        Some(end),
        Code::SslHostnameUnmatched,
        Case::Usual,
        format!("the certificate that {place} shows from here is for {names}"),
    )
}

fn validity(end: &Alias, way: &Reachability, seen: &TlsFacts, leaf: &CertificateFacts) -> Check {
    let place = &way.endpoint;
    let first = seen.first_to_end.as_ref().unwrap_or(leaf);
    let whose = format!(
        "the certificate \"{}\" that {place} shows from here",
        first.subject
    );
    let until = day(first.not_after);
    if seen.faults.contains(&TlsFault::NotYetValid) && first.not_after > way.at {
        return found(
            "certificate",
            Some(end),
            Code::SslUntrusted,
            Case::Usual,
            format!(
                "the certificate \"{}\" that {place} shows from here is only valid from {}; is the clock of this machine right?",
                leaf.subject,
                day(leaf.not_before)
            ),
        );
    }
    let left = first.not_after.as_second() - way.at.as_second();
    let days = left.div_euclid(24 * 60 * 60);
    let (status, summary) = if left < 0 || seen.faults.contains(&TlsFault::Expired) {
        (CheckStatus::Fail, format!("{whose} expired on {until}"))
    } else if days < EXPIRY_WARNING_DAYS {
        let when = match days {
            0 => "within a day".to_owned(),
            1 => "in 1 day".to_owned(),
            days => format!("in {days} days"),
        };
        (
            CheckStatus::Warn,
            format!("{whose} runs out {when}, on {until}"),
        )
    } else {
        return plain(
            "certificate",
            Some(end),
            CheckStatus::Pass,
            format!("{whose} is valid until {until}"),
        );
    };
    Check {
        status,
        ..found(
            "certificate",
            Some(end),
            Code::CertExpires,
            Case::Usual,
            summary,
        )
    }
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
