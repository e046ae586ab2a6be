//! The corpora are replayed, and a loop of mutations for machines without a nightly compiler.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on ends here"
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::*;

/// Everything in the corpus of a target.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut all: Vec<_> = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    all.sort();
    all
}

#[test]
fn the_corpora_are_replayed() {
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        assert!(corpus.len() >= 3, "{name}");
        for bytes in corpus {
            if let Err(what) = target(&bytes) {
                panic!("{name}: {what}\n{}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn every_target_has_a_program_of_its_own() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let source = format!("fuzz_targets/{name}.rs");
        assert!(manifest.contains(&source), "{name}");
        let text = fs::read_to_string(fuzz.join(source)).unwrap();
        assert!(text.contains(&format!("run(\"{name}\"")), "{name}");
    }
}

/// A loop of mutations without coverage, for machines that have no nightly compiler:
/// `APPLINK_FUZZ_SECONDS=600 cargo test --lib -- --ignored mutations`.
#[test]
#[ignore = "runs as long as it is told"]
fn mutations() {
    let seconds = std::env::var("APPLINK_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10);
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        let mut dice = 0x9e37_79b9_u64;
        let mut next = move |bound: usize| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            usize::try_from(dice % bound.max(1) as u64).unwrap()
        };
        let until = Instant::now() + Duration::from_secs(seconds);
        let mut runs = 0_u64;
        while Instant::now() < until {
            let mut bytes = corpus[next(corpus.len())].clone();
            for _ in 0..=next(6) {
                let at = next(bytes.len() + 1);
                match next(6) {
                    0 => bytes.insert(at, u8::try_from(next(256)).unwrap()),
                    1 if at < bytes.len() => {
                        bytes.remove(at);
                    }
                    2 if at < bytes.len() => bytes[at] ^= 1 << next(8),
                    3 => bytes.truncate(at),
                    4 => {
                        let other = &corpus[next(corpus.len())];
                        let from = next(other.len() + 1);
                        bytes.truncate(at);
                        bytes.extend_from_slice(&other[from..]);
                    }
                    _ => {
                        const WORDS: [&str; 14] = [
                            "\"", "{", "[", "null", "true", "1e400", "\\u0000", "\\ud800",
                            "\u{202e}", "%00", "[::1]", ":", "=", "\n",
                        ];
                        let word = WORDS[next(WORDS.len())].bytes();
                        bytes.splice(at..at, word);
                    }
                }
            }
            runs += 1;
            if let Err(what) = target(&bytes) {
                panic!("{name} after {runs}: {what}\n{bytes:?}");
            }
        }
        let _ = writeln!(std::io::stderr(), "{name}: {runs} runs without a finding");
    }
}
