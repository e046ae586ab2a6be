//! Checks name, connection and TLS from this machine to each application.
//!
//! The other server may resolve the name differently, stand behind another firewall, or trust other
//! authorities. So every sentence says that it is about this machine.

use std::net::SocketAddr;

use super::result::{app, found, listed, plain};
use super::tls;
use crate::diagnose::codes::Case;
use crate::diagnose::observation::{AppObservation, LinkObservation};
use crate::domain::{Alias, Check, CheckStatus, Code, ConnectFault, Reachability};

/// The way to each end.
pub(super) fn routes(link: &LinkObservation, apps: &[AppObservation], checks: &mut Vec<Check>) {
    for end in link.ends() {
        if let Some(seen) = app(apps, &end.app) {
            checks.extend(reachability(seen));
        }
    }
}

/// The way to one application.
pub fn reachability(app: &AppObservation) -> Vec<Check> {
    let mut checks = Vec::new();
    let https = app.url.is_https();
    match &app.reach {
        None => {}
        Some(Err(why)) => {
            let why = format!("not looked at from here: {why}");
            checks.push(plain("dns", Some(&app.alias), CheckStatus::Skip, &why));
            checks.push(plain("tcp", Some(&app.alias), CheckStatus::Skip, &why));
            if https {
                tls::skipped(&app.alias, &why, &mut checks);
            }
        }
        Some(Ok(way)) => {
            checks.push(name(&app.alias, way));
            checks.push(connection(&app.alias, way));
            match &way.tls {
                Some(seen) => tls::tls(&app.alias, way, seen, &mut checks),
                None if https => {
                    let why = format!("no connection to {} from here", way.endpoint);
                    tls::skipped(&app.alias, &why, &mut checks);
                }
                None => {}
            }
        }
    }
    checks
}

fn name(end: &Alias, way: &Reachability) -> Check {
    let place = &way.endpoint;
    match &way.addresses {
        Ok(_) if place.parse::<SocketAddr>().is_ok() => plain(
            "dns",
            Some(end),
            CheckStatus::Pass,
            format!("from here {place} is reached without a name"),
        ),
        Ok(addresses) => plain(
            "dns",
            Some(end),
            CheckStatus::Pass,
            format!("from here {place} is {}", listed(addresses)),
        ),
        Err(why) => found(
            "dns",
            Some(end),
            Code::UnknownHost,
            Case::Usual,
            format!(
                "from here {place} does not resolve ({why}); the other server may use another name service"
            ),
        ),
    }
}

fn connection(end: &Alias, way: &Reachability) -> Check {
    let place = &way.endpoint;
    let tried = match &way.connection {
        Some(Ok(address)) => Ok(address),
        Some(Err(fault)) => Err(fault),
        None => {
            return plain(
                "tcp",
                Some(end),
                CheckStatus::Skip,
                format!("without an address there is no connection to {place} from here"),
            );
        }
    };
    match tried {
        Ok(address) => plain(
            "tcp",
            Some(end),
            CheckStatus::Pass,
            connected(place, *address),
        ),
        Err(ConnectFault { refused, why }) => {
            let summary = format!(
                "from here {place} takes no connection ({why}); the other server may have another way"
            );
            if *refused {
                found(
                    "tcp",
                    Some(end),
                    Code::ConnectionRefused,
                    Case::Usual,
                    summary,
                )
            } else {
                plain("tcp", Some(end), CheckStatus::Fail, summary)
            }
        }
    }
}

fn connected(place: &str, address: SocketAddr) -> String {
    let address = address.to_string();
    if address == place {
        format!("from here {place} takes connections")
    } else {
        format!("from here {place} takes connections at {address}")
    }
}

#[cfg(test)]
#[path = "reach_tests.rs"]
mod tests;
