//! Progress: waits, the steps of a change, and the count of a fleet.
//!
//! Step results are lines, with or without a terminal; a wait shows on the status line.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::lock::lock;
use super::status_line::PendingCallSource;
use super::streams::Ui;
use super::style::Symbol;
use crate::domain::text::clean;

/// Something that is being waited for, until it is dropped.
#[must_use = "the wait is over when this is dropped"]
pub struct Wait {
    ui: Ui,
    id: u64,
}

impl Wait {
    /// Changes the text of the wait; the time keeps counting.
    pub fn say(&self, text: &str) {
        self.ui
            .inner
            .status_line
            .change(self.id, self.ui.passing(text));
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.ui.inner.status_line.remove(self.id);
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepResult {
    /// Done.
    Done,
    /// Not needed.
    Skipped,
    /// Did not work.
    Failed,
    /// Taken back.
    Undone,
    /// Could not be rolled back, or its end is unknown.
    Stuck,
}

impl StepResult {
    fn sign(self) -> Symbol {
        match self {
            Self::Done => Symbol::Good,
            Self::Skipped | Self::Undone => Symbol::Skip,
            Self::Failed => Symbol::Bad,
            Self::Stuck => Symbol::Caution,
        }
    }

    /// The word used in JSON and in lines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Undone => "undone",
            Self::Stuck => "stuck",
        }
    }
}

/// The steps of a change, one after the other.
pub struct Steps {
    ui: Ui,
    current: Option<(String, Wait)>,
}

impl Steps {
    /// Begins a step; `label` says on which application what is done.
    pub fn start(&mut self, label: &str) {
        self.current = Some((label.to_owned(), self.ui.waiting(label)));
    }

    /// Ends the step that was begun, with a reason or a remark.
    pub fn end(&mut self, outcome: StepResult, detail: &str) {
        if let Some((label, wait)) = self.current.take() {
            drop(wait);
            self.ui.step(&label, outcome, detail);
        }
    }

    /// Ends the step that was begun.
    pub fn done(&mut self) {
        self.end(StepResult::Done, "");
    }

    /// The step that was begun was not needed.
    pub fn skipped(&mut self, why: &str) {
        self.end(StepResult::Skipped, why);
    }

    /// The step that was begun did not work.
    pub fn failed(&mut self, why: &str) {
        self.end(StepResult::Failed, why);
    }
}

/// A count of applications that are asked at the same time. Clones share it.
#[derive(Clone)]
pub struct FleetProgress {
    inner: Arc<FleetState>,
}

struct FleetState {
    what: String,
    count: Mutex<FleetCount>,
    wait: Wait,
}

#[derive(Debug, Clone, Default)]
struct FleetCount {
    total: usize,
    done: usize,
    failed: usize,
    running: Vec<String>,
}

/// One application's turn; dropped without [`AppProgress::done`] it counts as failed.
#[must_use = "a turn that is dropped counts as failed"]
pub struct AppProgress {
    fleet: FleetProgress,
    name: String,
    done: bool,
}

impl FleetProgress {
    /// Begins with one of them.
    pub fn begin(&self, name: &str) -> AppProgress {
        self.update(|count| count.running.push(name.to_owned()));
        AppProgress {
            fleet: self.clone(),
            name: name.to_owned(),
            done: false,
        }
    }

    /// How many are done, have failed, and are still to come or running.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = lock(&self.inner.count);
        (count.done, count.failed, count.waiting())
    }

    fn update(&self, change: impl FnOnce(&mut FleetCount)) {
        let line = {
            let mut count = lock(&self.inner.count);
            change(&mut count);
            count.line(&self.inner.what)
        };
        self.inner.wait.say(&line);
    }
}

impl AppProgress {
    /// It answered.
    pub fn done(mut self) {
        self.done = true;
    }
}

impl Drop for AppProgress {
    fn drop(&mut self) {
        let (name, done) = (std::mem::take(&mut self.name), self.done);
        self.fleet.update(|count| {
            if let Some(at) = count.running.iter().position(|running| *running == name) {
                count.running.remove(at);
            }
            if done {
                count.done += 1;
            } else {
                count.failed += 1;
            }
        });
    }
}

impl FleetCount {
    fn waiting(&self) -> usize {
        self.total.saturating_sub(self.done + self.failed)
    }

    fn line(&self, what: &str) -> String {
        let mut line = format!("{what}: {} of {} done", self.done, self.total);
        if self.failed > 0 {
            let _ = write!(line, ", {} failed", self.failed);
        }
        if let Some(first) = self.running.first() {
            let _ = write!(line, ", waiting for {first}");
            if self.running.len() > 1 {
                let _ = write!(line, " and {} more", self.running.len() - 1);
            }
        }
        line
    }
}

impl Ui {
    /// Says what is waited for and on whom, where it takes longer than half a second.
    pub fn waiting(&self, text: &str) -> Wait {
        Wait {
            id: self.inner.status_line.add(self.passing(text), None),
            ui: self.clone(),
        }
    }

    /// The same for a wait that has a bound of its own, which is counted down.
    pub fn waiting_at_most(&self, text: &str, limit: Duration) -> Wait {
        Wait {
            id: self.inner.status_line.add(self.passing(text), Some(limit)),
            ui: self.clone(),
        }
    }

    /// Tells from now on whose answers are waited for, and when they are given up.
    pub fn watch(&self, calls: PendingCallSource) {
        self.inner.status_line.watch(calls);
    }

    /// The steps of a change.
    pub fn steps(&self) -> Steps {
        Steps {
            ui: self.clone(),
            current: None,
        }
    }

    /// A count of `total` applications; `what` is done with each.
    pub fn fleet(&self, what: &str, total: usize) -> FleetProgress {
        let count = FleetCount {
            total,
            ..FleetCount::default()
        };
        FleetProgress {
            inner: Arc::new(FleetState {
                wait: self.waiting(&count.line(what)),
                what: what.to_owned(),
                count: Mutex::new(count),
            }),
        }
    }

    /// The line of a step that ended. With `--quiet` only what went wrong is said.
    pub fn step(&self, label: &str, outcome: StepResult, detail: &str) {
        let wrong = matches!(outcome, StepResult::Failed | StepResult::Stuck);
        if self.inner.options.quiet && !wrong {
            return;
        }
        let mut text = label.to_owned();
        if outcome != StepResult::Done {
            text.push_str(": ");
            text.push_str(outcome.as_str());
        }
        if !detail.is_empty() {
            text.push_str(": ");
            text.push_str(detail);
        }
        let sign = outcome.sign();
        self.say(sign.role(), self.err_style().symbol(sign), &text);
    }

    fn passing(&self, text: &str) -> String {
        clean(&self.redact(text)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TerminalInfo, UiOptions};
    use super::*;

    #[test]
    fn steps_are_lines_and_nothing_else() {
        let (ui, capture) = Ui::captured(UiOptions::default(), TerminalInfo::piped());
        let mut steps = ui.steps();
        steps.start("jira: make the record of wiki");
        steps.done();
        steps.start("wiki: make the record of jira");
        steps.failed("duplicate\nname");
        steps.start("jira: take the record back");
        steps.skipped("");
        steps.done();
        assert_eq!(
            capture.stderr(),
            "+ jira: make the record of wiki\n\
             x wiki: make the record of jira: failed: duplicate\\x0aname\n\
             - jira: take the record back: skipped\n"
        );
        assert_eq!(capture.stdout(), "");
    }

    #[test]
    fn quiet_steps_say_only_what_went_wrong() {
        let options = UiOptions {
            quiet: true,
            ..UiOptions::default()
        };
        let (ui, capture) = Ui::captured(options, TerminalInfo::terminal(80));
        ui.step("a", StepResult::Done, "");
        ui.step("b", StepResult::Undone, "");
        ui.step("c", StepResult::Failed, "refused");
        ui.step("d", StepResult::Stuck, "no answer");
        assert_eq!(
            capture.stderr(),
            "✗ c: failed: refused\n! d: stuck: no answer\n"
        );
    }

    #[test]
    fn a_fleet_counts_and_names_whom_it_waits_for() {
        let (ui, _capture) = Ui::captured(UiOptions::default(), TerminalInfo::piped());
        let fleet = ui.fleet("reading links", 4);
        let (a, b, c) = (fleet.begin("a"), fleet.begin("b"), fleet.begin("c"));
        let line = || lock(&fleet.inner.count).line("reading links");
        assert_eq!(
            line(),
            "reading links: 0 of 4 done, waiting for a and 2 more"
        );
        a.done();
        drop(b);
        assert_eq!(
            line(),
            "reading links: 1 of 4 done, 1 failed, waiting for c"
        );
        assert_eq!(fleet.counts(), (1, 1, 2));
        c.done();
    }

    #[test]
    fn many_tasks_may_share_it() {
        fn shared<T: Send + Sync>() {}
        shared::<Ui>();
        shared::<FleetProgress>();
        shared::<Wait>();
    }
}
