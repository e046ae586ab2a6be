//! Progress on standard error: a spinner on a terminal, lines everywhere else.
//!
//! A spinner shows only what takes longer than half a second, and says what is waited for and
//! on whom. Step results are lines, with or without a terminal.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::style::{Sign, fit};
use super::{Ui, lock};
use crate::domain::text::clean;

/// A wait that is shorter than this is not shown.
const PATIENCE: Duration = Duration::from_millis(500);
/// Between two frames.
const TICK: Duration = Duration::from_millis(120);

/// What is being waited for, and the one line that shows it.
pub(super) struct Board {
    live: bool,
    utf8: bool,
    waits: Arc<Mutex<Waits>>,
    bar: Mutex<Option<ProgressBar>>,
}

#[derive(Default)]
struct Waits {
    next: u64,
    list: Vec<Waiting>,
    paused: bool,
}

struct Waiting {
    id: u64,
    since: Instant,
    text: String,
}

impl Board {
    pub(super) fn new(live: bool, utf8: bool) -> Self {
        Self {
            live,
            utf8,
            waits: Arc::default(),
            bar: Mutex::new(None),
        }
    }

    /// Runs `write` while the line is away.
    pub(super) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        let bar = lock(&self.bar).clone();
        match bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the line away until [`Board::resume`].
    pub(super) fn pause(&self) {
        lock(&self.waits).paused = true;
        self.take_down();
    }

    pub(super) fn resume(&self) {
        lock(&self.waits).paused = false;
        self.put_up();
    }

    fn add(&self, text: String) -> u64 {
        let id = {
            let mut waits = lock(&self.waits);
            waits.next += 1;
            let id = waits.next;
            waits.list.push(Waiting {
                id,
                since: Instant::now(),
                text,
            });
            id
        };
        self.put_up();
        id
    }

    fn change(&self, id: u64, text: String) {
        if let Some(waiting) = lock(&self.waits).list.iter_mut().find(|w| w.id == id) {
            waiting.text = text;
        }
    }

    fn remove(&self, id: u64) {
        let empty = {
            let mut waits = lock(&self.waits);
            waits.list.retain(|waiting| waiting.id != id);
            waits.list.is_empty()
        };
        if empty {
            self.take_down();
        }
    }

    fn put_up(&self) {
        if !self.live {
            return;
        }
        let mut bar = lock(&self.bar);
        let wanted = {
            let waits = lock(&self.waits);
            !waits.paused && !waits.list.is_empty()
        };
        if bar.is_some() || !wanted {
            return;
        }
        let Ok(style) = ProgressStyle::with_template("{line}") else {
            return;
        };
        let waits = Arc::clone(&self.waits);
        let utf8 = self.utf8;
        let style = style.with_key(
            "line",
            move |_: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
                let (_, columns) = Term::stderr().size();
                let now = Instant::now();
                let line = lock(&waits).line(now, usize::from(columns), utf8);
                let _ = out.write_str(&line);
            },
        );
        let target = ProgressDrawTarget::term_like(Box::new(Screen(Term::buffered_stderr())));
        let spinner = ProgressBar::with_draw_target(None, target).with_style(style);
        spinner.enable_steady_tick(TICK);
        *bar = Some(spinner);
    }

    fn take_down(&self) {
        let bar = lock(&self.bar).take();
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
    }
}

impl Waits {
    /// What the line says now: the latest wait, once it takes long.
    fn line(&self, now: Instant, columns: usize, utf8: bool) -> String {
        let Some(waiting) = self.list.last() else {
            return String::new();
        };
        let waited = now.saturating_duration_since(waiting.since);
        if waited < PATIENCE || self.paused {
            return String::new();
        }
        let frames: &[&str] = if utf8 {
            &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
        } else {
            &["-", "\\", "|", "/"]
        };
        let count = waited.as_millis() / TICK.as_millis();
        let at = usize::try_from(count).unwrap_or(0) % frames.len();
        let frame = frames.get(at).copied().unwrap_or_default();
        let text = format!("{frame} {} ({}s)", waiting.text, waited.as_secs());
        // The last column stays free: some terminals break the line there.
        fit(&text, columns.saturating_sub(1), utf8)
    }
}

/// A terminal whose failures are nobody's: one that was closed must not end a run.
#[derive(Debug)]
struct Screen(Term);

impl TermLike for Screen {
    fn width(&self) -> u16 {
        self.0.size().1
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n).or(Ok(()))
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n).or(Ok(()))
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n).or(Ok(()))
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n).or(Ok(()))
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text).or(Ok(()))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text).or(Ok(()))
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line().or(Ok(()))
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush().or(Ok(()))
    }
}

/// Something that is being waited for, until it is dropped.
#[must_use = "the wait is over when this is dropped"]
pub struct Wait {
    ui: Ui,
    id: u64,
}

impl Wait {
    /// Says what is waited for now; the time goes on.
    pub fn say(&self, text: &str) {
        self.ui.inner.board.change(self.id, self.ui.passing(text));
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.ui.inner.board.remove(self.id);
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Done.
    Done,
    /// Not needed.
    Skipped,
    /// Did not work.
    Failed,
    /// Taken back.
    Undone,
    /// Could not be taken back, or nobody knows how it ended.
    Stuck,
}

impl Outcome {
    fn sign(self) -> Sign {
        match self {
            Self::Done => Sign::Good,
            Self::Skipped | Self::Undone => Sign::Skip,
            Self::Failed => Sign::Bad,
            Self::Stuck => Sign::Caution,
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
    pub fn end(&mut self, outcome: Outcome, detail: &str) {
        if let Some((label, wait)) = self.current.take() {
            drop(wait);
            self.ui.step(&label, outcome, detail);
        }
    }

    /// Ends the step that was begun.
    pub fn done(&mut self) {
        self.end(Outcome::Done, "");
    }

    /// The step that was begun was not needed.
    pub fn skipped(&mut self, why: &str) {
        self.end(Outcome::Skipped, why);
    }

    /// The step that was begun did not work.
    pub fn failed(&mut self, why: &str) {
        self.end(Outcome::Failed, why);
    }
}

/// A count of applications that are asked at the same time. Clones share it.
#[derive(Clone)]
pub struct Fleet {
    inner: Arc<FleetInner>,
}

struct FleetInner {
    what: String,
    count: Mutex<Count>,
    wait: Wait,
}

#[derive(Debug, Clone, Default)]
struct Count {
    total: usize,
    done: usize,
    failed: usize,
    running: Vec<String>,
}

/// One application's turn; dropped without [`Turn::done`] it counts as failed.
#[must_use = "a turn that is dropped counts as failed"]
pub struct Turn {
    fleet: Fleet,
    name: String,
    done: bool,
}

impl Fleet {
    /// Begins with one of them.
    pub fn begin(&self, name: &str) -> Turn {
        self.update(|count| count.running.push(name.to_owned()));
        Turn {
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

    fn update(&self, change: impl FnOnce(&mut Count)) {
        let line = {
            let mut count = lock(&self.inner.count);
            change(&mut count);
            count.line(&self.inner.what)
        };
        self.inner.wait.say(&line);
    }
}

impl Turn {
    /// It answered.
    pub fn done(mut self) {
        self.done = true;
    }
}

impl Drop for Turn {
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

impl Count {
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
            id: self.inner.board.add(self.passing(text)),
            ui: self.clone(),
        }
    }

    /// The steps of a change.
    pub fn steps(&self) -> Steps {
        Steps {
            ui: self.clone(),
            current: None,
        }
    }

    /// A count of `total` applications; `what` is done with each.
    pub fn fleet(&self, what: &str, total: usize) -> Fleet {
        let count = Count {
            total,
            ..Count::default()
        };
        Fleet {
            inner: Arc::new(FleetInner {
                wait: self.waiting(&count.line(what)),
                what: what.to_owned(),
                count: Mutex::new(count),
            }),
        }
    }

    /// The line of a step that ended. With `--quiet` only what went wrong is said.
    pub fn step(&self, label: &str, outcome: Outcome, detail: &str) {
        let wrong = matches!(outcome, Outcome::Failed | Outcome::Stuck);
        if self.inner.options.quiet && !wrong {
            return;
        }
        let mut text = label.to_owned();
        if outcome != Outcome::Done {
            text.push_str(": ");
            text.push_str(outcome.as_str());
        }
        if !detail.is_empty() {
            text.push_str(": ");
            text.push_str(detail);
        }
        let sign = outcome.sign();
        self.say(sign.look(), self.err_style().sign(sign), &text);
    }

    fn passing(&self, text: &str) -> String {
        clean(&self.redact(text)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Facts, UiOptions};
    use super::*;

    #[test]
    fn only_a_long_wait_is_shown_and_it_fits() {
        let board = Board::new(false, true);
        let id = board.add("wiki: reading the manifest".to_owned());
        let since = lock(&board.waits).list[0].since;
        let line = |ms, columns, utf8| {
            lock(&board.waits).line(since + Duration::from_millis(ms), columns, utf8)
        };
        assert_eq!(line(499, 80, true), "");
        assert!(line(500, 80, true).ends_with(" wiki: reading the manifest (0s)"));
        assert!(line(2_100, 80, false).ends_with("manifest (2s)"));
        assert!(line(600, 80, false).is_ascii());
        assert!(super::super::width::of(&line(600, 20, true)) < 20);
        board.pause();
        assert_eq!(line(600, 80, true), "");
        board.resume();
        board.remove(id);
        assert_eq!(line(600, 80, true), "");
    }

    #[test]
    fn steps_are_lines_and_nothing_else() {
        let (ui, capture) = Ui::captured(UiOptions::default(), Facts::piped());
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
        let (ui, capture) = Ui::captured(options, Facts::terminal(80));
        ui.step("a", Outcome::Done, "");
        ui.step("b", Outcome::Undone, "");
        ui.step("c", Outcome::Failed, "refused");
        ui.step("d", Outcome::Stuck, "no answer");
        assert_eq!(
            capture.stderr(),
            "✗ c: failed: refused\n! d: stuck: no answer\n"
        );
    }

    #[test]
    fn a_fleet_counts_and_names_whom_it_waits_for() {
        let (ui, _capture) = Ui::captured(UiOptions::default(), Facts::piped());
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
        shared::<Fleet>();
        shared::<Wait>();
    }
}
