//! Applications that misbehave by chance: a part of all requests is refused unseen, lists and
//! fields stand in any order, answers come late. Whatever the seed, the end is the same.

use super::scenes::SCENES;
use super::stage::Stage;
use super::{Tally, all, number, report, seed};

/// So often may a command be run again before its end is none.
const PATIENCE: usize = 40;

fn play(stage: &Stage, seed: u64) -> Result<(), String> {
    stage.reset();
    stage.env.world.reseed(seed);
    for app in stage.env.world.apps() {
        app.misbehave(0.05);
    }
    let mut last = String::new();
    for _ in 0..PATIENCE {
        let line = if stage.is_left() {
            "resume -o json".to_owned()
        } else {
            format!("{} -o json", stage.scene.line)
        };
        let out = stage.env.applink(&line);
        if out.code == 0 && !stage.is_left() {
            let fired: Vec<String> = stage
                .env
                .world
                .apps()
                .iter()
                .flat_map(applink_sandbox::AppHandle::fired)
                .collect();
            stage.clear_faults();
            return stage.check_goal().map_err(|error| {
                format!(
                    "{} with the seed {seed}: {error}\n{}\n{fired:?}",
                    stage.scene.name,
                    out.shown()
                )
            });
        }
        last = out.shown();
    }
    Err(format!(
        "{} with the seed {seed} does not come to an end: {last}",
        stage.scene.name
    ))
}

fn sweep(stage: &Stage, runs: u64) -> Tally {
    let mut tally = Tally::default();
    for run in 0..runs {
        tally.count(play(stage, seed() * 1_000_000 + run));
    }
    tally
}

#[test]
fn sweep_chance_sample() {
    let tally = all(SCENES, |stage| sweep(stage, 1));
    tally.settle(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

#[test]
#[ignore = "takes minutes"]
fn sweep_chance_complete() {
    let runs = number("APPLINK_SWEEP_RUNS").unwrap_or(1000);
    let each = runs.div_ceil(SCENES.len() as u64);
    let tally = all(SCENES, |stage| sweep(stage, each));
    report(&format!(
        "sweep of chance: {} runs, {} failures",
        tally.cases,
        tally.failures.len()
    ));
    tally.settle("all seeds");
}
