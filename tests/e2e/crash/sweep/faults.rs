//! Every request of a command, in every way in which it can go wrong.

use std::time::Duration;

use applink_sandbox::{Fault, TERMINAL_POISON};

use super::asked::Asked;
use super::scenes::SCENES;
use super::stage::Stage;
use super::{Dice, Tally, all, number, report, seed};

/// One way to go wrong.
struct Mode {
    name: &'static str,
    fault: fn() -> Fault,
    /// Whether it ends by a time-out.
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

/// Whether it happens once, or from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lasting {
    Once,
    OnAndOn,
}

fn play(stage: &Stage, asked: &Asked, mode: &Mode, lasting: Lasting) -> Result<(), String> {
    stage.reset();
    let fault = (mode.fault)().from_outside();
    let fault = match lasting {
        Lasting::Once => fault.nth(asked.nth),
        Lasting::OnAndOn => fault.skip(asked.nth - 1),
    };
    stage.env.world.app(&asked.app).fault(fault);
    let time = if mode.slow { " --timeout 1" } else { "" };
    let out = stage
        .env
        .applink(&format!("{} -o json{time}", stage.scene.line));
    stage.clear_faults();
    if mode.name.starts_with("poisoned") {
        stage.names_were_lies();
    }
    stage.judge(&out).map_err(|error| {
        format!(
            "{}: {} {lasting:?} at {} {} ({}): {error}",
            stage.scene.name, mode.name, asked.app, asked.nth, asked.line
        )
    })
}

fn both() -> [Lasting; 2] {
    [Lasting::Once, Lasting::OnAndOn]
}

/// A few cases of every command, and of every mode.
#[test]
fn sweep_sample() {
    const CASES: usize = 2;
    let tally = all(SCENES, |stage| {
        let mut tally = Tally::default();
        let mut dice = Dice::new(seed(), stage.scene.name);
        let writes: Vec<&Asked> = stage.requests.iter().filter(|asked| asked.write).collect();
        for case in 0..CASES {
            // One at least is about a write.
            let asked = if case < CASES - 1 {
                writes[dice.below(writes.len())].clone()
            } else {
                stage.requests[dice.below(stage.requests.len())].clone()
            };
            let mode = &MODES[dice.below(MODES.len())];
            tally.count(play(stage, &asked, mode, both()[dice.below(2)]));
        }
        tally
    });
    tally.settle(&format!("with APPLINK_SWEEP_SEED={}", seed()));
}

/// So many requests, chosen by chance, and the writes rather than the reads; or all of them.
fn some_of<'a>(requests: &'a [Asked], most: Option<usize>, dice: &mut Dice) -> Vec<&'a Asked> {
    let Some(most) = most else {
        return requests.iter().collect();
    };
    let (mut writes, mut reads): (Vec<_>, Vec<_>) = requests.iter().partition(|asked| asked.write);
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

/// All requests, all modes, once and on and on.
#[test]
#[ignore = "takes an hour"]
fn sweep_complete() {
    let tally = all(SCENES, |stage| {
        let mut tally = Tally::default();
        let whole = stage.requests.len() * MODES.len() * both().len();
        let most = number("APPLINK_SWEEP_REQUESTS").and_then(|most| usize::try_from(most).ok());
        let mut dice = Dice::new(seed(), stage.scene.name);
        let mut cases = Vec::new();
        for mode in MODES {
            for lasting in both() {
                for asked in some_of(&stage.requests, most, &mut dice) {
                    cases.push((asked, mode, lasting));
                }
            }
        }
        for (asked, mode, lasting) in cases {
            tally.count(play(stage, asked, mode, lasting));
        }
        report(&format!(
            "sweep of faults: {}: {} requests, {} of {whole} cases, {} situations, {} failures",
            stage.scene.name,
            stage.requests.len(),
            tally.cases,
            stage.situations(),
            tally.failures.len()
        ));
        tally
    });
    report(&format!("sweep of faults: {} cases", tally.cases));
    tally.settle("all faults");
}
