//! Every request of a command, with every fault.

use std::time::Duration;

use applink_sandbox::{Fault, TERMINAL_POISON};

use crate::support::sweep::requests::RecordedRequest;
use crate::support::sweep::runner::ScenarioRunner;
use crate::support::sweep::scenarios::SCENARIOS;
use crate::support::sweep::{Dice, SweepResult, for_each_scenario, number, print, seed};

/// One kind of fault.
struct Mode {
    name: &'static str,
    fault: fn() -> Fault,
    /// Whether it ends with a timeout.
    slow: bool,
}

const fn mode(name: &'static str, fault: fn() -> Fault) -> Mode {
    Mode {
        name,
        fault,
        slow: false,
    }
}

const fn slow(name: &'static str, fault: fn() -> Fault) -> Mode {
    Mode {
        name,
        fault,
        slow: true,
    }
}

const HTML: &str = "text/html;charset=UTF-8";

const MODES: &[Mode] = &[
    mode("closed before", Fault::refuse),
    mode("reset before", || Fault::refuse().abruptly()),
    mode("closed after", Fault::reset_after),
    mode("reset after", || Fault::reset_after().abruptly()),
    mode("cut in the status line", || Fault::cut_after(9)),
    mode("cut in the head", || Fault::cut_after(40).abruptly()),
    mode("cut in the body", || Fault::cut_body_after(7)),
    mode("hung up", Fault::hang_up),
    mode("400", || Fault::status(400)),
    mode("401", || Fault::status(401)),
    mode("403", || Fault::status(403)),
    mode("404", || Fault::status(404)),
    mode("409", || Fault::status(409)),
    mode("500 before", || Fault::status(500)),
    mode("500 after", || Fault::status_after(500)),
    mode("502 with a page", || Fault::gateway(502)),
    mode("504 after", || {
        Fault::status_after(504).body(HTML, "<html><title>Gateway Timeout")
    }),
    mode("503 and at once", || {
        Fault::status(503).header("Retry-After", "0")
    }),
    mode("503 and before now", || Fault::retry_at(503, -60)),
    slow("503 and never", || {
        Fault::status(503).header("Retry-After", "1000000000")
    }),
    mode("429 and at once", || {
        Fault::status(429).header("Retry-After", "0")
    }),
    slow("429 and much later", || Fault::retry_at(429, 3600)),
    mode("200 and nothing", || Fault::status(200)),
    mode("204", || Fault::status(204)),
    mode("204 after", || Fault::status_after(204)),
    mode("a log-in page", Fault::login_page),
    mode("a page", || Fault::html("Maintenance")),
    mode("websudo", Fault::websudo),
    mode("sent on", || {
        Fault::redirect("http://127.0.0.1:9/elsewhere")
    }),
    mode("moved", || Fault::moved_to("http://127.0.0.1:9/elsewhere")),
    mode("no HTTP", || Fault::raw("SSH-2.0-OpenSSH_9.9\r\n")),
    mode("a bad chunk", || {
        Fault::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
    }),
    mode("another media type", || Fault::media_type("image/png")),
    mode("broken JSON", Fault::broken_json),
    mode("broken UTF-8", Fault::broken_utf8),
    mode("a byte-order mark", Fault::byte_order_mark),
    mode("deep", || Fault::deep(100_000)),
    mode("keys twice", Fault::keys_twice),
    mode("poisoned", || Fault::poison(TERMINAL_POISON)),
    mode("poisoned names", || Fault::poison_names(TERMINAL_POISON)),
    mode("other ids", Fault::other_ids),
    mode("shuffled", Fault::shuffled),
    mode("too big", || Fault::big(20 * 1024 * 1024)),
    mode("a bomb", || Fault::gzip_bomb(64 * 1024 * 1024)),
    slow("stalled", || Fault::stall_after(0)),
    slow("stalled in the body", || Fault::stall_after(200)),
    slow("dripping", || Fault::drip(1, Duration::from_millis(300))),
];

/// Whether a fault happens once or at every request from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repetition {
    Once,
    Always,
}

fn run_once(
    runner: &ScenarioRunner,
    request: &RecordedRequest,
    mode: &Mode,
    repetition: Repetition,
) -> Result<(), String> {
    runner.reset();
    let fault = (mode.fault)().from_outside();
    let fault = match repetition {
        Repetition::Once => fault.nth(request.nth),
        Repetition::Always => fault.skip(request.nth - 1),
    };
    runner.env.world.app(&request.app).fault(fault);
    let time = if mode.slow { " --timeout 1" } else { "" };
    let out = runner
        .env
        .applink(&format!("{} -o json{time}", runner.scenario.line));
    runner.clear_faults();
    if mode.name.starts_with("poisoned") {
        runner.ignore_names();
    }
    runner.judge(&out).map_err(|error| {
        format!(
            "{}: {} {repetition:?} at {} {} ({}): {error}",
            runner.scenario.name, mode.name, request.app, request.nth, request.line
        )
    })
}

fn both() -> [Repetition; 2] {
    [Repetition::Once, Repetition::Always]
}

/// A few cases of every command and every kind of fault.
#[test]
fn sampled_faults_end_as_promised() {
    const CASES: usize = 2;
    let result = for_each_scenario(SCENARIOS, |runner| {
        let mut result = SweepResult::default();
        let mut dice = Dice::new(seed(), runner.scenario.name);
        let writes: Vec<&RecordedRequest> = runner
            .requests
            .iter()
            .filter(|request| request.write)
            .collect();
        for case in 0..CASES {
            // One at least is about a write.
            let request = if case < CASES - 1 {
                writes[dice.below(writes.len())].clone()
            } else {
                runner.requests[dice.below(runner.requests.len())].clone()
            };
            let mode = &MODES[dice.below(MODES.len())];
            result.count(run_once(runner, &request, mode, both()[dice.below(2)]));
        }
        result
    });
    result.assert_no_failures(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

/// This many random requests, writes first, or all of them.
fn some_of<'a>(
    requests: &'a [RecordedRequest],
    most: Option<usize>,
    dice: &mut Dice,
) -> Vec<&'a RecordedRequest> {
    let Some(most) = most else {
        return requests.iter().collect();
    };
    let (mut writes, mut reads): (Vec<_>, Vec<_>) =
        requests.iter().partition(|request| request.write);
    let mut chosen = Vec::new();
    while chosen.len() < most && writes.len() + reads.len() > 0 {
        let from = if reads.is_empty() || (!writes.is_empty() && chosen.len() % 2 == 0) {
            &mut writes
        } else {
            &mut reads
        };
        chosen.push(from.swap_remove(dice.below(from.len())));
    }
    chosen
}

/// All requests, all faults, once and repeated.
#[test]
#[ignore = "takes an hour; run with `--ignored sweep`"]
fn all_faults_end_as_promised() {
    let result = for_each_scenario(SCENARIOS, |runner| {
        let mut result = SweepResult::default();
        let whole = runner.requests.len() * MODES.len() * both().len();
        let most = number("APPLINK_SWEEP_REQUESTS").and_then(|most| usize::try_from(most).ok());
        let mut dice = Dice::new(seed(), runner.scenario.name);
        let mut cases = Vec::new();
        for mode in MODES {
            for repetition in both() {
                for request in some_of(&runner.requests, most, &mut dice) {
                    cases.push((request, mode, repetition));
                }
            }
        }
        for (request, mode, repetition) in cases {
            result.count(run_once(runner, request, mode, repetition));
        }
        print(&format!(
            "sweep of faults: {}: {} requests, {} of {whole} cases, {} situations, {} failures",
            runner.scenario.name,
            runner.requests.len(),
            result.cases,
            runner.situations(),
            result.failures.len()
        ));
        result
    });
    print(&format!("sweep of faults: {} cases", result.cases));
    result.assert_no_failures("all faults");
}
