//! Looks up host names, and orders their addresses as they are tried.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Looks names up as the operating system does, and puts the IPv4 addresses first.
///
/// A name with addresses of both families is tried with the first one, and 300 ms later with the
/// other one, for every connection anew. In the networks where applications live it is IPv6 that
/// is announced and leads nowhere; the other way round costs those 300 ms and nothing else.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses = in_order(found);
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The IPv4 addresses, then the others; otherwise as they came, each once.
pub(super) fn in_order(addresses: impl IntoIterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let mut all: Vec<SocketAddr> = Vec::new();
    for address in addresses {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    // Stable: the order within a family is the resolver's.
    all.sort_by_key(SocketAddr::is_ipv6);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_goes_before_six() {
        let parse = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().filter_map(|text| text.parse().ok()).collect()
        };
        assert_eq!(
            in_order(parse(&[
                "[::2]:1",
                "10.0.0.2:1",
                "[::1]:1",
                "10.0.0.1:1",
                "10.0.0.2:1"
            ])),
            parse(&["10.0.0.2:1", "10.0.0.1:1", "[::2]:1", "[::1]:1"])
        );
    }
}
