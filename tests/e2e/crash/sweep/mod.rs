//! The two-sided promise, command by command: whatever goes wrong, and wherever it does, afterwards
//! the applications are as before, or as wished, or the report and the journal say what is left;
//! then `resume` reaches the goal, and `resume --undo` the start where nothing was lost.
//!
//! The suite runs a sample that a seed chooses; everything is run, for minutes, by
//! `cargo test --test e2e -- --ignored sweep`. `APPLINK_SWEEP_SEED` chooses another sample,
//! `APPLINK_SWEEP_REQUESTS` how many requests of each command every fault meets,
//! `APPLINK_SWEEP_KILLS` at how many points each is killed, `APPLINK_SWEEP_RUNS` how many runs
//! meet applications that misbehave by chance, `APPLINK_SWEEP_THREADS` how many commands are
//! swept at once, `APPLINK_SWEEP_ONLY` which scenes, by their names, `APPLINK_SWEEP_PROGRAM` which
//! program, for runs of hours beside other builds.

mod asked;
mod chance;
mod compare;
mod faults;
mod kills;
mod local;
mod scenes;
mod stage;

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use scenes::Scene;
use stage::Stage;

/// The seed of this run's sample.
fn seed() -> u64 {
    number("APPLINK_SWEEP_SEED").unwrap_or(1)
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A small generator: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn new(seed: u64, label: &str) -> Self {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
        for byte in label.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(state)
    }

    fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

/// What a sweep found.
#[derive(Default)]
struct Tally {
    cases: usize,
    failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.failures.extend(other.failures);
    }

    fn count(&mut self, outcome: Result<(), String>) {
        self.cases += 1;
        if let Err(failure) = &outcome {
            report(failure);
        }
        self.failures.extend(outcome.err());
    }

    /// All failures at once: one alone would hide the others.
    #[track_caller]
    fn settle(self, what: &str) {
        if self.failures.is_empty() {
            return;
        }
        let mut text = format!("{what}: {} of {} cases\n", self.failures.len(), self.cases);
        for failure in self.failures.iter().take(12) {
            let _ = writeln!(text, "----\n{failure}");
        }
        panic!("{text}");
    }
}

/// Sweeps several commands at once: most of the time is spent waiting.
fn all(scenes: &'static [Scene], sweep: impl Fn(&Stage) -> Tally + Sync) -> Tally {
    let next = AtomicUsize::new(0);
    let only = std::env::var("APPLINK_SWEEP_ONLY").ok();
    let meant = |scene: &Scene| {
        only.as_ref()
            .is_none_or(|names| names.split(',').any(|name| name == scene.name))
    };
    let sum = Mutex::new(Tally::default());
    std::thread::scope(|threads| {
        for _ in 0..number("APPLINK_SWEEP_THREADS").unwrap_or(4) {
            threads.spawn(|| {
                while let Some(scene) = scenes.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if meant(scene) {
                        let tally = sweep(&Stage::new(scene));
                        sum.lock().unwrap().add(tally);
                    }
                }
            });
        }
    });
    sum.into_inner().unwrap()
}

/// Says how much was run, past the capture of test output.
fn report(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
