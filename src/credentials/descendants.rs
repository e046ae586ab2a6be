//! The processes that a program has started, and an end to all of them.
//!
//! Not by a process group: a program that asks for something on the terminal must stay in ours,
//! or the terminal stops it. What has made itself independent, as a key agent does that the
//! program started, is no descendant any more and goes on.

use std::collections::BTreeSet;
use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// As often as new descendants are looked for; each time all that are known are stopped.
const ROUNDS: usize = 8;

/// Ends a child of this process and all that it has started. The child itself is left to be
/// waited for.
pub(super) fn end(child: u32) {
    let mut stopped = BTreeSet::new();
    for _ in 0..ROUNDS {
        let family = with_descendants(child);
        let before = stopped.len();
        for pid in family {
            // One that is stopped starts nothing while the others are looked for.
            if stopped.insert(pid) {
                signal(pid, Signal::STOP);
            }
        }
        if stopped.len() == before {
            break;
        }
    }
    for pid in stopped {
        signal(pid, Signal::KILL);
    }
}

/// One process, told from a later one that gets its number.
#[derive(Debug)]
pub(super) struct Process {
    pid: u32,
    started: u64,
}

impl Process {
    fn of(pid: u32) -> Option<Self> {
        let started = fields(pid)?.nth(STARTED)?.parse().ok()?;
        Some(Self { pid, started })
    }

    /// Whether it still does something.
    pub(super) fn runs(&self) -> bool {
        fields(self.pid).is_some_and(|mut fields| fields.next().is_some_and(|state| state != "Z"))
            && Self::of(self.pid).is_some_and(|now| now.started == self.started)
    }

    pub(super) fn kill(&self) {
        signal(self.pid, Signal::KILL);
    }
}

/// Asks a child of this process and all that it has started to end, and tells who that was.
pub(super) fn ask(child: u32) -> Vec<Process> {
    let family: Vec<Process> = with_descendants(child)
        .into_iter()
        .filter_map(Process::of)
        .collect();
    for one in &family {
        signal(one.pid, Signal::TERM);
        // One that is stopped hears nothing.
        signal(one.pid, Signal::CONT);
    }
    family
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // It may have ended meanwhile.
        let _ = kill_process(pid, signal);
    }
}

/// A process and those below it, as far as the system lists them.
fn with_descendants(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, parent_of(pid)?)))
        .collect();
    let mut family = vec![root];
    let mut at = 0;
    while let Some(&above) = family.get(at) {
        at += 1;
        for (pid, parent) in &parents {
            if *parent == above && !family.contains(pid) {
                family.push(*pid);
            }
        }
    }
    family
}

fn parent_of(pid: u32) -> Option<u32> {
    fields(pid)?.nth(PARENT)?.parse().ok()
}

/// Where the parent and the time of its start are among the fields.
const PARENT: usize = 1;
const STARTED: usize = 19;

/// What the system says of a process, from its state on; its name before that, in parentheses,
/// may hold anything.
fn fields(pid: u32) -> Option<impl Iterator<Item = String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
    Some(fields.into_iter())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::credentials::command::{CommandError, first_line};

    #[test]
    fn this_process_has_a_parent() {
        let me = std::process::id();
        assert!(parent_of(me).is_some());
        assert_eq!(with_descendants(me).first(), Some(&me));
        assert!(parent_of(u32::MAX).is_none());
    }

    #[test]
    fn nothing_is_left_running_of_a_program_that_takes_too_long() {
        let home = tempfile::tempdir().unwrap();
        let pids = home.path().join("pids");
        let inner =
            "sleep 4711 & echo $! >> \"$0\"; sh -c \"sleep 4712 & echo \\$! >> '$0'; wait\"";
        let line = format!(
            "sh -c {} {}",
            shlex::try_quote(inner).unwrap(),
            pids.display()
        );
        let outcome = first_line(&line, Duration::from_millis(700));
        assert!(
            matches!(outcome, Err(CommandError::Timeout(_))),
            "{outcome:?}"
        );
        let started = fs::read_to_string(&pids).unwrap();
        assert_eq!(started.lines().count(), 2, "{started}");
        let until = Instant::now() + Duration::from_secs(5);
        for pid in started.lines() {
            while Path::new("/proc").join(pid).join("exe").read_link().is_ok() {
                assert!(Instant::now() < until, "{pid} is still running");
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}
