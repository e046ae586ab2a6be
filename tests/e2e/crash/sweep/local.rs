//! Processes that are killed before each thing that they do to a file. Between two of them lie
//! microseconds, which no clock meets; `strace` does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::scenes::SCENES;
use super::stage::Stage;
use super::{Dice, Tally, all, report, seed};

/// What changes files.
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

/// One point: the `nth` call of a kind, of whatever thread comes to it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Point {
    call: &'static str,
    nth: usize,
}

/// Every point of an undisturbed run; `None` where nothing can be traced.
fn points(stage: &Stage) -> Option<Vec<Point>> {
    stage.reset();
    let trace = stage.env.path("tmp/trace");
    let calls = format!("trace={}", CALLS.join(","));
    let with = ["strace", "-f", "-y", "-o", trace.to_str()?, "-e", &calls];
    let line = format!("{} -o json", stage.scene.line);
    let traced = stage.env.under(&with, &line).output().ok()?;
    if !traced.status.success() {
        return None;
    }
    let log = fs::read_to_string(&trace).ok()?;
    let home = stage.env.path("");
    let home = home.to_str()?;
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
            points.insert(Point { call, nth: *nth });
        }
    }
    Some(points.into_iter().collect())
}

fn play(stage: &Stage, point: Point) -> Result<(), String> {
    stage.reset();
    let inject = format!("inject={}:signal=SIGKILL:when={}", point.call, point.nth);
    let with = ["strace", "-f", "-o", "/dev/null", "-e", &inject];
    let line = format!("{} -o json", stage.scene.line);
    let output = stage.env.under(&with, &line).output().unwrap();
    let out = stage.env.out(output);
    stage.clear_faults();
    stage.judge(&out).map_err(|error| {
        let Point { call, nth } = point;
        format!("{}: killed before {call} {nth}: {error}", stage.scene.name)
    })
}

/// One point of every scene.
#[test]
fn sweep_local_sample() {
    let tally = all(SCENES, |stage| {
        let mut tally = Tally::default();
        let Some(points) = points(stage) else {
            report("not tried here: a kill before each change of a file: strace cannot be used");
            return tally;
        };
        assert!(points.len() > 5, "{}: {points:?}", stage.scene.name);
        let mut dice = Dice::new(seed(), &format!("files of {}", stage.scene.name));
        tally.count(play(stage, points[dice.below(points.len())]));
        tally
    });
    tally.settle(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

#[test]
#[ignore = "takes an hour"]
fn sweep_local_complete() {
    let tally = all(SCENES, |stage| {
        let mut tally = Tally::default();
        for point in points(stage).unwrap_or_default() {
            tally.count(play(stage, point));
        }
        report(&format!(
            "sweep of files: {}: {} points, {} situations, {} failures",
            stage.scene.name,
            tally.cases,
            stage.situations(),
            tally.failures.len()
        ));
        tally
    });
    report(&format!("sweep of files: {} points", tally.cases));
    tally.settle("all files");
}
