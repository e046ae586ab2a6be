//! Processes that are killed, or asked to end, anywhere on their way.

use std::time::Duration;

use applink_sandbox::Fault;
use rustix::process::{Pid, Signal, kill_process};

use super::scenes::SCENES;
use super::stage::{Stage, Way};
use super::{Dice, Tally, all, number, report, seed};

/// One end of a process: at a request, or at any time of the run.
fn play(stage: &Stage, dice: &mut Dice, signal: Signal) -> Result<(), String> {
    stage.reset();
    let env = &stage.env;
    // Answers take a moment, so that there is a time between a write and its answer.
    for app in env.world.apps() {
        app.fault(Fault::delay_up_to(Duration::from_millis(8)));
    }
    env.world.reseed(dice.next());
    let at = dice.below(stage.requests.len() + 1);
    let after = Duration::from_micros(dice.below(12_000) as u64);
    let mut child = env.start(&format!("{} -o json", stage.scene.line));
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
    stage.clear_faults();
    // A process that is gone before its output is out has said nothing.
    stage.judge(&out).map_err(|error| {
        format!(
            "{}: {signal:?} {after:?} after request {at} of {}: {error}",
            stage.scene.name,
            stage.requests.len()
        )
    })
}

fn sweep(stage: &Stage, kills: usize, signals: usize) -> Tally {
    let mut tally = Tally::default();
    let mut dice = Dice::new(seed(), &format!("kills of {}", stage.scene.name));
    for _ in 0..kills {
        tally.count(play(stage, &mut dice, Signal::KILL));
    }
    for _ in 0..signals {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
            tally.count(play(stage, &mut dice, signal));
        }
    }
    tally
}

/// What falls to one scene of so many points for its command.
fn share(stage: &Stage, each: usize) -> usize {
    let command = stage.scene.command();
    let same = SCENES.iter().filter(|scene| scene.command() == command);
    each.div_ceil(same.count())
}

/// Thirty points a command, dealt out to the scenes that it is in; from each one way of going on.
#[test]
fn sweep_kill_sample() {
    const EACH: usize = 30;
    let tally = all(SCENES, |stage| {
        let mut tally = Tally::default();
        let mut dice = Dice::new(seed(), &format!("kills of {}", stage.scene.name));
        for _ in 0..share(stage, EACH) {
            let ways = [Way::Undo, Way::Resume, Way::Again];
            stage.try_only(Some(ways[dice.below(ways.len())]));
            tally.count(play(stage, &mut dice, Signal::KILL));
        }
        tally
    });
    tally.settle(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

#[test]
#[ignore = "takes an hour"]
fn sweep_kill_complete() {
    let each = usize::try_from(number("APPLINK_SWEEP_KILLS").unwrap_or(500)).unwrap();
    let tally = all(SCENES, |stage| {
        let kills = share(stage, each);
        let tally = sweep(stage, kills, kills.div_ceil(10));
        report(&format!(
            "sweep of kills: {}: {} points, {} situations, {} failures",
            stage.scene.name,
            tally.cases,
            stage.situations(),
            tally.failures.len()
        ));
        tally
    });
    report(&format!("sweep of kills: {} points", tally.cases));
    tally.settle("all kills");
}
