//! Applications that misbehave at random: they refuse some requests, reorder lists and fields, and
//! respond late. With every seed the run ends at the goal.

use crate::support::sweep::runner::ScenarioRunner;
use crate::support::sweep::scenarios::SCENARIOS;
use crate::support::sweep::{SweepResult, for_each_scenario, number, print, seed};

/// How often a command is run again before the test gives up.
const MAX_RUNS: usize = 40;

fn run_once(runner: &ScenarioRunner, seed: u64) -> Result<(), String> {
    runner.reset();
    runner.env.world.reseed(seed);
    for app in runner.env.world.apps() {
        app.misbehave(0.05);
    }
    let mut last = String::new();
    for _ in 0..MAX_RUNS {
        let line = if runner.is_unfinished() {
            "resume -o json".to_owned()
        } else {
            format!("{} -o json", runner.scenario.line)
        };
        let out = runner.env.applink(&line);
        if out.code == 0 && !runner.is_unfinished() {
            let fired: Vec<String> = runner
                .env
                .world
                .apps()
                .iter()
                .flat_map(applink_sandbox::AppHandle::fired)
                .collect();
            runner.clear_faults();
            return runner.check_goal().map_err(|error| {
                format!(
                    "{} with the seed {seed}: {error}\n{}\n{fired:?}",
                    runner.scenario.name,
                    out.transcript()
                )
            });
        }
        last = out.transcript();
    }
    Err(format!(
        "{} with the seed {seed} does not come to an end: {last}",
        runner.scenario.name
    ))
}

fn sweep(runner: &ScenarioRunner, runs: u64) -> SweepResult {
    let mut result = SweepResult::default();
    for run in 0..runs {
        result.count(run_once(runner, seed() * 1_000_000 + run));
    }
    result
}

#[test]
fn sampled_seeds_reach_the_goal() {
    let result = for_each_scenario(SCENARIOS, |runner| sweep(runner, 1));
    result.assert_no_failures(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

#[test]
#[ignore = "takes minutes; run with `--ignored sweep`"]
fn all_seeds_reach_the_goal() {
    let runs = number("APPLINK_SWEEP_RUNS").unwrap_or(1000);
    let each = runs.div_ceil(SCENARIOS.len() as u64);
    let result = for_each_scenario(SCENARIOS, |runner| sweep(runner, each));
    print(&format!(
        "sweep of chance: {} runs, {} failures",
        result.cases,
        result.failures.len()
    ));
    result.assert_no_failures("all seeds");
}
