//! What a key pair and a signature cost, against OpenSSL in the same run where it is installed.
//!
//! `cargo bench --bench keys` prints means. The time to a key is a matter of luck (how many
//! numbers are tried until one is prime), so a mean is of many.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program that prints a table and may fail"
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use applink::oauth::PrivateKey;

const KEYS: u32 = 50;
const SIGNATURES: u32 = 200;

fn main() {
    // `cargo test` runs benches too, with an argument that says so.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let version = Command::new("openssl").arg("version").output();
    let has_openssl = version.is_ok_and(|version| version.status.success());
    // By turns, so that both have the same neighbours on the machine.
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    let mut key = None;
    for _ in 0..KEYS {
        let start = Instant::now();
        key = Some(PrivateKey::generate(2048).unwrap());
        ours += start.elapsed();
        if has_openssl {
            theirs += openssl(&["genrsa", "2048"]);
        }
    }
    println!(
        "a key of 2048 bits, mean of {KEYS}: {:.1} ms",
        mean(ours, KEYS)
    );
    if has_openssl {
        let start = (0..KEYS).map(|_| openssl(&["version"])).sum();
        println!(
            "openssl genrsa 2048, mean of {KEYS}: {:.1} ms",
            mean(theirs, KEYS)
        );
        println!("  of which it takes to start: {:.1} ms", mean(start, KEYS));
        println!(
            "ratio, its start not counted: {:.2}",
            ours.as_secs_f64() / theirs.saturating_sub(start).as_secs_f64()
        );
    } else {
        println!("openssl is not installed: no ratio");
    }
    let key = key.unwrap();
    let start = Instant::now();
    for n in 0..SIGNATURES {
        key.sign_sha1(&n.to_be_bytes()).unwrap();
    }
    println!(
        "an RSA-SHA1 signature with it, mean of {SIGNATURES}: {:.2} ms",
        mean(start.elapsed(), SIGNATURES)
    );
}

fn openssl(arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let status = Command::new("openssl")
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success());
    start.elapsed()
}

fn mean(all: Duration, count: u32) -> f64 {
    (all / count).as_secs_f64() * 1000.0
}
