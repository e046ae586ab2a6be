//! Wall time, processor time and memory of a program.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What one run took.
pub(crate) struct Run {
    pub(crate) wall: Duration,
    pub(crate) user: Duration,
    pub(crate) system: Duration,
    /// The most memory it had, as far as it was seen.
    pub(crate) peak_mib: f64,
}

/// The shortest of several.
pub(crate) fn best(runs: usize, mut work: impl FnMut()) -> Duration {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap()
}

/// The one in the middle.
pub(crate) fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}

/// Runs a program that has to end with one of these codes.
pub(crate) fn run(mut command: Command, codes: &[i32]) -> Run {
    let (user, system) = children();
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        peak = peak.max(high_water(&status).unwrap_or(0.0));
        sleep(Duration::from_millis(2));
    }
    let wall = start.elapsed();
    let (user_after, system_after) = children();
    let output = child.wait_with_output().unwrap();
    let code = output.status.code().unwrap_or(-1);
    assert!(
        codes.contains(&code),
        "exit {code}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Run {
        wall,
        user: user_after.saturating_sub(user),
        system: system_after.saturating_sub(system),
        peak_mib: peak,
    }
}

fn high_water(status: &str) -> Option<f64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}

/// The processor time of all children that were waited for, in hundredths of a second.
fn children() -> (Duration, Duration) {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text
        .rsplit_once(')')
        .map_or(Vec::new(), |(_, rest)| rest.split_whitespace().collect());
    let ticks = |at: usize| {
        let ticks: u64 = fields
            .get(at)
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        Duration::from_millis(ticks * 10)
    };
    // State is field 3 of proc(5); cutime and cstime are 16 and 17.
    (ticks(13), ticks(14))
}
