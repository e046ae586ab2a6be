//! The promise of every changing command, whatever goes wrong and wherever it does: afterwards the
//! applications are as before or as requested, or the report and the journal say what is left. Then
//! `resume` reaches the goal, and `resume --undo` the start where nothing was lost.
//!
//! The suite runs a sample that a seed chooses. These run everything, for hours:
//! `cargo test --test e2e -- --ignored sweep` and
//! `cargo test --test witnesses -- --ignored file_operations`. Variables narrow or widen a run:
//! - `APPLINK_SWEEP_SEED`: another sample
//! - `APPLINK_SWEEP_REQUESTS`: how many requests of each command every fault meets
//! - `APPLINK_SWEEP_KILLS`: at how many points each command is killed
//! - `APPLINK_SWEEP_RUNS`: how many runs meet random faults
//! - `APPLINK_SWEEP_THREADS`: how many commands run at once
//! - `APPLINK_SWEEP_ONLY`: the names of the scenarios to run
//! - `APPLINK_SWEEP_PROGRAM`: the program, so that a run of hours is not disturbed by other builds

pub(crate) mod comparison;
pub(crate) mod requests;
pub(crate) mod runner;
pub(crate) mod scenarios;

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use runner::ScenarioRunner;
use scenarios::Scenario;

/// The seed of this run's sample.
pub(crate) fn seed() -> u64 {
    number("APPLINK_SWEEP_SEED").unwrap_or(1)
}

pub(crate) fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A small generator: the same numbers for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
        for byte in label.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(state)
    }

    pub(crate) fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

/// How many cases a sweep ran, and the failures.
#[derive(Default)]
pub(crate) struct SweepResult {
    pub(crate) cases: usize,
    pub(crate) failures: Vec<String>,
}

impl SweepResult {
    pub(crate) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.failures.extend(other.failures);
    }

    pub(crate) fn count(&mut self, outcome: Result<(), String>) {
        self.cases += 1;
        if let Err(failure) = &outcome {
            print(failure);
        }
        self.failures.extend(outcome.err());
    }

    /// All failures at once: one alone would hide the others.
    #[track_caller]
    pub(crate) fn assert_no_failures(self, what: &str) {
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

/// Runs several scenarios at once: most of the time is spent waiting.
pub(crate) fn for_each_scenario(
    scenarios: &'static [Scenario],
    sweep: impl Fn(&ScenarioRunner) -> SweepResult + Sync,
) -> SweepResult {
    let next = AtomicUsize::new(0);
    let only = std::env::var("APPLINK_SWEEP_ONLY").ok();
    let meant = |scenario: &Scenario| {
        only.as_ref()
            .is_none_or(|names| names.split(',').any(|name| name == scenario.name))
    };
    let sum = Mutex::new(SweepResult::default());
    std::thread::scope(|threads| {
        for _ in 0..number("APPLINK_SWEEP_THREADS").unwrap_or(4) {
            threads.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if meant(scenario) {
                        let result = sweep(&ScenarioRunner::new(scenario));
                        sum.lock().unwrap().add(result);
                    }
                }
            });
        }
    });
    sum.into_inner().unwrap()
}

/// Prints past the capture of test output.
pub(crate) fn print(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}
