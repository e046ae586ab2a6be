//! Ctrl-C and its relatives: the first asks to stop, the second leaves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::credentials::end_programs;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::plan::execute::Stop;
use crate::ui::{Ui, prompt};

/// Listens for signals for the rest of the process. Only what changes something is waited for, and
/// only then that is said.
pub(crate) fn listen(ui: &Ui, changing: &Arc<AtomicBool>) -> Stop {
    let (wish, stop) = watch::channel(None);
    let kinds = [
        (SignalKind::interrupt(), Exit::Interrupt),
        (SignalKind::terminate(), Exit::Terminate),
        (SignalKind::hangup(), Exit::Hangup),
    ];
    for (kind, exit) in kinds {
        let Ok(mut signals) = signal(kind) else {
            continue;
        };
        let (ui, wish, changing) = (ui.clone(), wish.clone(), Arc::clone(changing));
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if prompt::is_open() || wish.borrow().is_some() {
                    end_programs();
                }
                // While a question is open nothing is under way: put the terminal right and go.
                prompt::leave_if_open(exit, || ui.part(&error(exit)));
                if wish.borrow().is_some() {
                    prompt::restore_terminal();
                    if changing.load(Ordering::SeqCst) {
                        ui.error(&half_done());
                    }
                    std::process::exit(i32::from(exit.code()));
                }
                if exit == Exit::Interrupt {
                    ui.end_line();
                }
                if changing.load(Ordering::SeqCst) {
                    ui.status(
                        "stopping; if a change is under way it is waited for (again to leave now)",
                    );
                }
                wish.send_replace(Some(exit));
                // What waits for a secret hears of the wish first, and then gets none.
                end_programs();
            }
        });
    }
    // The senders live in the tasks; this one keeps the channel open without them.
    tokio::spawn(async move { wish.closed().await });
    stop
}

/// Waits for the wish to stop.
pub(crate) async fn wished(stop: &Stop) -> Exit {
    let mut stop = stop.clone();
    let wish = stop
        .wait_for(Option::is_some)
        .await
        .ok()
        .and_then(|exit| *exit);
    match wish {
        Some(exit) => exit,
        None => std::future::pending().await,
    }
}

/// How a run ends that came to its end although it was to stop: a failure is told as what it came
/// from.
pub(crate) fn or_stopped(outcome: Result<Exit>, stop: &Stop) -> Result<Exit> {
    match (&outcome, *stop.borrow()) {
        (Err(_) | Ok(Exit::Auth | Exit::Unreachable), Some(exit)) => Err(error(exit)),
        _ => outcome,
    }
}

/// The error of a run that leaves in the middle of a change.
fn half_done() -> Error {
    Error::new(
        Kind::Partial,
        "left before it was done; what was under way may be half made",
    )
    .hint("continue it with: applink resume")
}

/// The error of a run whose last look, after all was changed, was dropped.
pub(crate) fn unverified(exit: Exit) -> Error {
    let mut error = Error::new(
        Kind::Refused,
        "interrupted while looking back: all is done, and not verified",
    )
    .hint("look at it with: applink verify");
    error.signal = Some(exit);
    error
}

/// The error of a run that was ended by a signal with nothing changed.
pub(crate) fn error(exit: Exit) -> Error {
    let mut error = Error::new(Kind::Refused, "interrupted; nothing was changed");
    error.signal = Some(exit);
    error
}
