//! Runs that are killed or interrupted at any time.

use std::time::Duration;

use applink_sandbox::Fault;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::sweep::runner::{NextCommand, ScenarioRunner};
use crate::support::sweep::scenarios::SCENARIOS;
use crate::support::sweep::{Dice, SweepResult, for_each_scenario, number, print, seed};

/// Ends one process at a request or at any time of the run.
fn run_once(runner: &ScenarioRunner, dice: &mut Dice, signal: Signal) -> Result<(), String> {
    runner.reset();
    let env = &runner.env;
    // Answers take a moment, so that there is a time between a write and its answer.
    for app in env.world.apps() {
        app.fault(Fault::delay_up_to(Duration::from_millis(8)));
    }
    env.world.reseed(dice.next());
    let at = dice.below(runner.requests.len() + 1);
    let after = Duration::from_micros(dice.below(12_000) as u64);
    let mut child = env.start(&format!("{} -o json", runner.scenario.line));
    // A run that ends before is killed at its end.
    let mut gone = false;
    while !gone
        && !env
            .world
            .wait_for_requests(Duration::from_millis(5), |requests| {
                requests.iter().filter(|one| one.sender.is_none()).count() >= at
            })
    {
        gone = child.try_wait().unwrap().is_some();
    }
    let until = std::time::Instant::now() + after;
    while std::time::Instant::now() < until {
        std::thread::yield_now();
    }
    let _ = kill_process(Pid::from_child(&child), signal);
    let out = env.wait(child);
    runner.clear_faults();
    // A process that is gone before its output is out has said nothing.
    runner.judge(&out).map_err(|error| {
        format!(
            "{}: {signal:?} {after:?} after request {at} of {}: {error}",
            runner.scenario.name,
            runner.requests.len()
        )
    })
}

fn sweep(runner: &ScenarioRunner, kills: usize, signals: usize) -> SweepResult {
    let mut result = SweepResult::default();
    let mut dice = Dice::new(seed(), &format!("kills of {}", runner.scenario.name));
    for _ in 0..kills {
        result.count(run_once(runner, &mut dice, Signal::KILL));
    }
    for _ in 0..signals {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            result.count(run_once(runner, &mut dice, signal));
        }
    }
    result
}

/// The share of one scenario in the kills of its command.
fn share(runner: &ScenarioRunner, each: usize) -> usize {
    let command = runner.scenario.command();
    let same = SCENARIOS
        .iter()
        .filter(|scenario| scenario.command() == command);
    each.div_ceil(same.count())
}

/// Thirty kills for each command, shared by its scenarios, each followed by one next command.
#[test]
fn sampled_kills_end_as_promised() {
    const EACH: usize = 30;
    let result = for_each_scenario(SCENARIOS, |runner| {
        let mut result = SweepResult::default();
        let mut dice = Dice::new(seed(), &format!("kills of {}", runner.scenario.name));
        for _ in 0..share(runner, EACH) {
            let choices = [NextCommand::Undo, NextCommand::Resume, NextCommand::Again];
            runner.try_only(Some(choices[dice.below(choices.len())]));
            result.count(run_once(runner, &mut dice, Signal::KILL));
        }
        result
    });
    result.assert_no_failures(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

#[test]
#[ignore = "takes an hour; run with `--ignored sweep`"]
fn all_kills_end_as_promised() {
    let each = usize::try_from(number("APPLINK_SWEEP_KILLS").unwrap_or(500)).unwrap();
    let result = for_each_scenario(SCENARIOS, |runner| {
        let kills = share(runner, each);
        let result = sweep(runner, kills, kills.div_ceil(10));
        print(&format!(
            "sweep of kills: {}: {} points, {} situations, {} failures",
            runner.scenario.name,
            result.cases,
            runner.situations(),
            result.failures.len()
        ));
        result
    });
    print(&format!("sweep of kills: {} points", result.cases));
    result.assert_no_failures("all kills");
}
