//! Looks up a name and connects to one of its addresses.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{sleep, timeout_at};

use crate::domain::text;
use crate::remote::network::{NetworkProblem, io_problem};
use crate::remote::options::ResolveEntry;

/// How long one address may keep the next one waiting (RFC 8305, section 5).
const HEAD_START: Duration = Duration::from_millis(250);

/// A name with more addresses than this is not tried any further.
const MOST_ADDRESSES: usize = 16;

/// The addresses of a host: itself where it is one, those of the command line, else a look-up.
pub(super) async fn addresses(
    host: &str,
    port: u16,
    resolve: &[ResolveEntry],
    deadline: Instant,
) -> Result<Vec<IpAddr>, String> {
    if let Ok(address) = host.parse() {
        return Ok(vec![address]);
    }
    let given = resolve
        .iter()
        .rfind(|entry| entry.port == port && entry.host.eq_ignore_ascii_case(host));
    if let Some(entry) = given {
        return Ok(vec![entry.address]);
    }
    let found = timeout_at(deadline.into(), lookup_host((host, port)))
        .await
        .map_err(|_| "the look-up takes too long".to_owned())?
        .map_err(|error| text::excerpt(&error.to_string(), 200))?;
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address.ip()) && addresses.len() < MOST_ADDRESSES {
            addresses.push(address.ip());
        }
    }
    if addresses.is_empty() {
        return Err("the name has no address".to_owned());
    }
    Ok(interleaved(addresses))
}

/// The two families by turns, in the order of the resolver, so that a dead family costs one head
/// start and not one for each of its addresses.
fn interleaved(addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    let first_is_v6 = addresses.first().is_some_and(IpAddr::is_ipv6);
    let (mut some, mut others) = addresses
        .into_iter()
        .partition::<Vec<_>, _>(|address| address.is_ipv6() == first_is_v6);
    let mut out = Vec::with_capacity(some.len() + others.len());
    some.reverse();
    others.reverse();
    while let Some(address) = some.pop() {
        out.push(address);
        out.extend(others.pop());
    }
    others.reverse();
    out.extend(others);
    out
}

/// The first connection that comes about. The next address is tried when the one before has
/// failed, or has had its head start.
pub(super) async fn connect(
    addresses: &[IpAddr],
    port: u16,
    deadline: Instant,
    limit: Duration,
) -> Result<(TcpStream, SocketAddr), NetworkProblem> {
    match timeout_at(deadline.into(), race(addresses, port)).await {
        Ok(Ok(connected)) => Ok(connected),
        Ok(Err(error)) => Err(io_problem(&error, limit)),
        Err(_) => Err(NetworkProblem::ConnectTimeout(limit)),
    }
}

async fn race(addresses: &[IpAddr], port: u16) -> io::Result<(TcpStream, SocketAddr)> {
    let mut waiting = addresses
        .iter()
        .map(|address| SocketAddr::new(*address, port));
    let dial = async |address| {
        TcpStream::connect(address)
            .await
            .map(|stream| (stream, address))
    };
    let mut running = FuturesUnordered::new();
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    let mut all = false;
    loop {
        match waiting.next() {
            Some(address) => running.push(dial(address)),
            None => all = true,
        }
        tokio::select! {
            ended = running.next() => match ended {
                Some(Ok(connected)) => return Ok(connected),
                Some(Err(error)) => failure = error,
                None if all => return Err(failure),
                None => {}
            },
            () = sleep(HEAD_START), if !all => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns() {
        let parse = |texts: &[&str]| -> Vec<IpAddr> {
            texts.iter().filter_map(|text| text.parse().ok()).collect()
        };
        for (given, expected) in [
            (
                &["::1", "::2", "10.0.0.1"][..],
                &["::1", "10.0.0.1", "::2"][..],
            ),
            (
                &["10.0.0.1", "::1", "::2", "::3"],
                &["10.0.0.1", "::1", "::2", "::3"],
            ),
            (&["10.0.0.1", "10.0.0.2"], &["10.0.0.1", "10.0.0.2"]),
        ] {
            assert_eq!(interleaved(parse(given)), parse(expected));
        }
    }
}
