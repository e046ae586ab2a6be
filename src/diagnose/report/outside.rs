//! Facts outside of the records, in words: consumers, redirects, the network path to an application.

use crate::diagnose::observation::Redirect;
use crate::domain::{Consumer, Reachability};

/// A consumer by what is public of it.
pub(super) fn consumer(consumer: &Consumer) -> String {
    match &consumer.public_key {
        Some(key) => format!(
            "{}, RSA {} bits, SHA-256 {}",
            consumer.key,
            key.bits,
            key.fingerprint()
        ),
        None => format!("{}, without a public key", consumer.key),
    }
}

/// The target of a redirect.
pub(super) fn moved(moved: &Redirect) -> String {
    let how = if moved.permanent {
        "for good"
    } else {
        "for now"
    };
    format!("to {}, {how}", moved.to)
}

/// The network path to an application from this machine, below HTTP.
pub(super) fn way(reach: &Result<Reachability, String>) -> String {
    let way = match reach {
        Err(why) => return format!("not looked at: {why}"),
        Ok(way) => way,
    };
    let mut parts = vec![match &way.addresses {
        Ok(addresses) => {
            let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            format!("{} is {}", way.endpoint, all.join(" and "))
        }
        Err(why) => format!("{}: {why}", way.endpoint),
    }];
    match &way.connection {
        Some(Ok(address)) => parts.push(format!("{address} takes connections")),
        Some(Err(fault)) => parts.push(fault.why.clone()),
        None => {}
    }
    if let Some(tls) = &way.tls {
        let protocol = tls.protocol.as_deref().unwrap_or("no TLS handshake");
        parts.push(protocol.to_owned());
        for certificate in &tls.chain {
            parts.push(format!(
                "certificate of {} by {}, until {:.0}",
                certificate.subject, certificate.issuer, certificate.not_after
            ));
        }
    }
    parts.join("; ")
}
