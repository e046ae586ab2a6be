//! The one line on a terminal that moves: what is waited for and on whom, once it takes longer
//! than half a second.

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::lock::lock;
use super::style::fit;

/// A wait that is shorter than this is not shown.
const PATIENCE: Duration = Duration::from_millis(500);
/// The same for a terminal on which it could not be taken away again.
const PLAIN_PATIENCE: Duration = Duration::from_secs(2);
/// From here on it is said when a call is given up.
const LONG: Duration = Duration::from_secs(5);
/// Between two frames.
const TICK: Duration = Duration::from_millis(120);

/// The waits of a run, and the one line that shows the latest.
pub(super) struct StatusLine {
    live: bool,
    /// A terminal on which no line can move.
    plain: bool,
    utf8: bool,
    waits: Arc<Mutex<WaitList>>,
    bar: Mutex<Option<ProgressBar>>,
}

#[derive(Default)]
struct WaitList {
    next: u64,
    list: Vec<WaitEntry>,
    paused: bool,
    calls: Option<PendingCallSource>,
}

/// The call that is waited for at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCall {
    /// The application that has to answer.
    pub who: String,
    /// Since when.
    pub since: Instant,
    /// When it is given up.
    pub until: Instant,
}

/// Tells which call is waited for.
pub type PendingCallSource = Arc<dyn Fn() -> Option<PendingCall> + Send + Sync>;

struct WaitEntry {
    id: u64,
    since: Instant,
    text: String,
    until: Option<Instant>,
}

impl StatusLine {
    pub(super) fn new(live: bool, plain: bool, utf8: bool) -> Self {
        Self {
            live,
            plain,
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

    /// Takes the line away until [`StatusLine::resume`].
    pub(super) fn pause(&self) {
        lock(&self.waits).paused = true;
        self.take_down();
    }

    pub(super) fn resume(&self) {
        lock(&self.waits).paused = false;
        self.put_up();
    }

    /// Tells from now on whose answers are waited for.
    pub(super) fn watch(&self, calls: PendingCallSource) {
        lock(&self.waits).calls = Some(calls);
    }

    pub(super) fn add(&self, text: String, limit: Option<Duration>) -> u64 {
        let id = {
            let now = Instant::now();
            let mut waits = lock(&self.waits);
            waits.next += 1;
            let id = waits.next;
            waits.list.push(WaitEntry {
                id,
                since: now,
                text,
                until: limit.map(|limit| now + limit),
            });
            id
        };
        self.put_up();
        if self.plain {
            self.tell_later(id);
        }
        id
    }

    /// On a terminal without moving lines, a long wait gets a line that stays.
    fn tell_later(&self, id: u64) {
        let waits = Arc::clone(&self.waits);
        std::thread::spawn(move || {
            std::thread::sleep(PLAIN_PATIENCE);
            let text = lock(&waits).current_text(id);
            if let Some(text) = text {
                let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
            }
        });
    }

    pub(super) fn change(&self, id: u64, text: String) {
        if let Some(waiting) = lock(&self.waits).list.iter_mut().find(|w| w.id == id) {
            waiting.text = text;
        }
    }

    pub(super) fn remove(&self, id: u64) {
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
        let target =
            ProgressDrawTarget::term_like(Box::new(QuietTerminal(Term::buffered_stderr())));
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

impl WaitList {
    /// The text of a wait, if it still lasts and is the latest.
    fn current_text(&self, id: u64) -> Option<String> {
        let waiting = self.list.last().filter(|waiting| waiting.id == id)?;
        if self.paused {
            None
        } else if waiting.text.is_empty() {
            let call = self.calls.as_ref().and_then(|calls| calls())?;
            Some(format!("waiting for {}", call.who))
        } else {
            Some(waiting.text.clone())
        }
    }

    /// The text of the line now: the latest wait, once it takes long; a wait without words is for
    /// whichever call is in flight.
    fn line(&self, now: Instant, columns: usize, utf8: bool) -> String {
        let (Some(waiting), false) = (self.list.last(), self.paused) else {
            return String::new();
        };
        let call = self.calls.as_ref().and_then(|calls| calls());
        let (text, since) = match &call {
            Some(call) if waiting.text.is_empty() => {
                (format!("waiting for {}", call.who), call.since)
            }
            None if waiting.text.is_empty() => return String::new(),
            _ => (waiting.text.clone(), waiting.since),
        };
        let waited = now.saturating_duration_since(since);
        if waited < PATIENCE {
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
        let times = times(waiting.until, call.as_ref(), now, waited);
        // The last column stays free: some terminals break the line there.
        let room = columns.saturating_sub(1);
        let left = room.saturating_sub(times.len() + 1);
        if left < 12 {
            return fit(&format!("{frame} {text}"), room, utf8);
        }
        format!("{} {times}", fit(&format!("{frame} {text}"), left, utf8))
    }
}

/// How long it has taken, and when whom is given up.
fn times(
    until: Option<Instant>,
    call: Option<&PendingCall>,
    now: Instant,
    waited: Duration,
) -> String {
    let seconds = waited.as_secs();
    let left = |until: Instant| until.saturating_duration_since(now).as_secs();
    match (until, call) {
        (Some(until), _) => format!("({seconds}s, up to {}s more)", left(until)),
        // The first seconds of a call need no countdown.
        (None, Some(call)) if now.saturating_duration_since(call.since) >= LONG => format!(
            "({seconds}s, gives up on {} in {}s)",
            call.who,
            left(call.until)
        ),
        _ => format!("({seconds}s)"),
    }
}

/// A terminal whose failures are ignored: a closed one must not end a run.
#[derive(Debug)]
struct QuietTerminal(Term);

impl TermLike for QuietTerminal {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_wait_is_shown_and_it_fits() {
        let status_line = StatusLine::new(false, false, true);
        let id = status_line.add("wiki: reading the manifest".to_owned(), None);
        let since = lock(&status_line.waits).list[0].since;
        let line = |ms, columns, utf8| {
            lock(&status_line.waits).line(since + Duration::from_millis(ms), columns, utf8)
        };
        assert_eq!(line(499, 80, true), "");
        assert!(line(500, 80, true).ends_with(" wiki: reading the manifest (0s)"));
        assert!(line(2_100, 80, false).ends_with("manifest (2s)"));
        assert!(line(600, 80, false).is_ascii());
        assert!(line(600, 20, true).ends_with("… (0s)"));
        for columns in [1, 8, 20] {
            assert!(crate::ui::width::of(&line(600, columns, true)) < columns.max(2));
        }
        status_line.pause();
        assert_eq!(line(600, 80, true), "");
        status_line.resume();
        status_line.remove(id);
        assert_eq!(line(600, 80, true), "");
    }

    #[test]
    fn a_bound_is_counted_down() {
        let status_line = StatusLine::new(false, false, false);
        let since = Instant::now();
        status_line.watch(Arc::new(move || {
            Some(PendingCall {
                who: "wiki".to_owned(),
                since,
                until: since + Duration::from_secs(30),
            })
        }));
        let line = |ms| lock(&status_line.waits).line(since + Duration::from_millis(ms), 80, false);
        let base = status_line.add(String::new(), None);
        assert!(
            line(700).ends_with(" waiting for wiki (0s)"),
            "{}",
            line(700)
        );
        assert!(line(6_000).ends_with("waiting for wiki (6s, gives up on wiki in 24s)"));
        let bound = status_line.add("the browser".to_owned(), Some(Duration::from_secs(300)));
        assert!(
            line(10_000).contains("the browser (9s, up to 29")
                || line(10_000).contains("(10s, up to 290s more)")
        );
        status_line.remove(bound);
        status_line.remove(base);
    }
}
