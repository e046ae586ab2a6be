//! A mistake of applink's own: said like any other error, with what became of the run.
//!
//! The text of a panic may hold anything, secrets among it: it is kept, and said through the
//! streams, which mask what is known to be secret. Nothing is printed by itself.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Kind};

/// What the first panic said, and where it was.
static SAID: Mutex<Option<String>> = Mutex::new(None);

/// Keeps what panics say from now on, instead of printing it.
pub(super) fn capture() {
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = match payload.downcast_ref::<&str>() {
            Some(text) => text,
            None => payload
                .downcast_ref::<String>()
                .map_or("something that is not text", String::as_str),
        };
        let said = match info.location() {
            Some(at) => format!("{text} ({}:{})", at.file(), at.line()),
            None => text.to_owned(),
        };
        let mut kept = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert(said);
    }));
}

/// Runs `work`; a panic in it becomes an error. `changing` says whether the run has begun to
/// change something.
pub(super) fn caught<T>(
    work: impl FnOnce() -> T,
    changing: impl FnOnce() -> bool,
) -> Result<T, Error> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let mut kept = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        let said = kept.take().unwrap_or_default();
        let text = format!("applink itself has a mistake, and cannot go on: {said}");
        if changing() {
            Error::new(Kind::Partial, text)
                .hint("what was changed so far is in the journal: applink resume")
        } else {
            Error::new(Kind::Internal, text).hint("nothing was changed by this run")
        }
    })
}

#[cfg(test)]
#[expect(clippy::panic, reason = "that is what is looked at")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::credentials::{Redactor, Secret};
    use crate::ui::{TerminalInfo, Ui, UiOptions};

    #[test]
    fn a_panic_is_an_error_without_secrets() {
        let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::piped());
        let redactor = Redactor::new();
        if let Ok(secret) = Secret::new("c4nary-in-a-panic") {
            redactor.add(&secret);
        }
        ui.set_redactor(Arc::new(move |text: &str| redactor.mask(text).into_owned()));
        let before = panic::take_hook();
        super::capture();
        let secret = "c4nary-in-a-panic";
        let outcome = caught(|| panic!("no such \u{1b}[31m{secret}"), || true);
        panic::set_hook(before);
        let error: Error = match outcome {
            Err(error) => error,
            Ok(()) => return,
        };
        assert_eq!(error.kind, Kind::Partial);
        ui.error(&error);
        let shown = capture.stderr();
        assert!(
            !shown.contains("c4nary") && !shown.contains('\u{1b}'),
            "{shown}"
        );
        assert!(
            shown.contains("[secret]") && shown.contains("panics.rs"),
            "{shown}"
        );
        assert!(shown.contains("applink resume"), "{shown}");
    }
}
