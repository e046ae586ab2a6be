//! Runs that are killed before each change of a file. Only `strace` can aim that precisely.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::need::Need;
use crate::support::sweep::runner::ScenarioRunner;
use crate::support::sweep::scenarios::SCENARIOS;
use crate::support::sweep::{Dice, SweepResult, for_each_scenario, print, seed};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(sampled_kills_before_file_changes_end_as_promised, needs: [Need::Strace]),
        witness_test!(all_kills_before_file_changes_end_as_promised, needs: [Need::Strace], long_run: "takes an hour"),
    ]
}

/// The calls that change files.
const CALLS: &[&str] = &[
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "ftruncate",
    "fchmod",
    "openat",
];

/// The `nth` call of a kind in the first thread that gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct KillPoint {
    call: &'static str,
    nth: usize,
}

/// Every kill point of an undisturbed run.
fn kill_points(runner: &ScenarioRunner) -> Vec<KillPoint> {
    runner.reset();
    let trace = runner.env.path("tmp/trace");
    let calls = format!("trace={}", CALLS.join(","));
    let with = [
        "strace",
        "-f",
        "-y",
        "-o",
        trace.to_str().unwrap(),
        "-e",
        &calls,
    ];
    let line = format!("{} -o json", runner.scenario.line);
    let traced = runner.env.command_under(&with, &line).output().unwrap();
    assert!(traced.status.success());
    let log = fs::read_to_string(&trace).unwrap();
    let home = runner.env.path("");
    let home = home.to_str().unwrap();
    let mut counts: BTreeMap<(&str, &'static str), usize> = BTreeMap::new();
    let mut points = BTreeSet::new();
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        let is_it = |call: &&&str| {
            rest.strip_prefix(**call)
                .is_some_and(|r| r.starts_with('('))
        };
        let Some(call) = CALLS.iter().find(is_it).copied() else {
            continue;
        };
        let nth = counts.entry((thread, call)).or_default();
        *nth += 1;
        let makes = call != "openat" || rest.contains("O_CREAT");
        if makes && rest.contains(home) && !rest.contains("/tmp/trace") {
            points.insert(KillPoint { call, nth: *nth });
        }
    }
    points.into_iter().collect()
}

fn run_once(runner: &ScenarioRunner, point: KillPoint) -> Result<(), String> {
    runner.reset();
    let inject = format!("inject={}:signal=SIGKILL:when={}", point.call, point.nth);
    let with = ["strace", "-f", "-o", "/dev/null", "-e", &inject];
    let line = format!("{} -o json", runner.scenario.line);
    let output = runner.env.command_under(&with, &line).output().unwrap();
    let out = runner.env.check_output(output);
    runner.clear_faults();
    runner.judge(&out).map_err(|error| {
        let KillPoint { call, nth } = point;
        format!(
            "{}: killed before {call} {nth}: {error}",
            runner.scenario.name
        )
    })
}

/// One kill point of every scenario.
fn sampled_kills_before_file_changes_end_as_promised() {
    let result = for_each_scenario(SCENARIOS, |runner| {
        let mut result = SweepResult::default();
        let points = kill_points(runner);
        assert!(points.len() > 5, "{}: {points:?}", runner.scenario.name);
        let mut dice = Dice::new(seed(), &format!("files of {}", runner.scenario.name));
        result.count(run_once(runner, points[dice.below(points.len())]));
        result
    });
    result.assert_no_failures(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

fn all_kills_before_file_changes_end_as_promised() {
    let result = for_each_scenario(SCENARIOS, |runner| {
        let mut result = SweepResult::default();
        for point in kill_points(runner) {
            result.count(run_once(runner, point));
        }
        print(&format!(
            "sweep of files: {}: {} points, {} situations, {} failures",
            runner.scenario.name,
            result.cases,
            runner.situations(),
            result.failures.len()
        ));
        result
    });
    print(&format!("sweep of files: {} points", result.cases));
    result.assert_no_failures("all files");
}
