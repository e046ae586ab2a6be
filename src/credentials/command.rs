//! A program that prints a secret.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::descendants::{self, Process};

/// Variables with secrets for applink itself begin and end so.
const OURS: &str = "APPLINK_";
const SECRETS: [&str; 3] = ["_TOKEN", "_PASSWORD", "_PASSPHRASE"];

/// A longer first line is no secret.
const LONGEST: u64 = 64 * 1024;
/// How often it is looked whether the program has ended.
const POLL: Duration = Duration::from_millis(10);
/// So long a program that is asked to end may put the terminal right.
const GRACE: Duration = Duration::from_millis(250);
/// So long whoever leaves waits for programs to be gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// The programs that run.
static RUNNING: Mutex<Programs> = Mutex::new(Programs {
    programs: 0,
    ended: false,
});
/// One of them is gone.
static GONE: Condvar = Condvar::new();

struct Programs {
    programs: usize,
    /// This process is leaving: what runs ends, and nothing is started any more.
    ended: bool,
}

fn running() -> MutexGuard<'static, Programs> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One program is counted as long as this lives.
struct RunningProgram;

impl RunningProgram {
    fn take() -> Result<Self, CommandError> {
        let mut running = running();
        if running.ended {
            return Err(CommandError::Ended);
        }
        running.programs += 1;
        Ok(Self)
    }
}

impl Drop for RunningProgram {
    fn drop(&mut self) {
        running().programs -= 1;
        GONE.notify_all();
    }
}

/// Ends every program that was asked for a secret, with all that it has started, and starts no
/// more: for a process that is about to leave. None of them is to ask on a terminal, or to hold a
/// lock, for nobody.
pub fn end_programs() {
    let mut running = running();
    running.ended = true;
    let _ = GONE.wait_timeout_while(running, PATIENCE, |running| running.programs > 0);
}

/// Why a program gave no secret.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    #[error("it cannot be split into a program and arguments")]
    Words,
    #[error("it could not be started: {0}")]
    Start(io::Error),
    #[error("it did not end within {0:?}")]
    Timeout(Duration),
    #[error("it was ended with this run")]
    Ended,
    #[error("it failed ({0}); what it said is above")]
    Failed(std::process::ExitStatus),
    #[error("what it printed could not be read")]
    Output,
}

fn is_secret(name: &str) -> bool {
    name.starts_with(OURS) && SECRETS.iter().any(|ending| name.ends_with(ending))
}

/// Runs a program without a shell and takes the first line that it prints. It has no input, and
/// says what it has to say on our standard error. It stays in our process group, so that one that
/// asks on the terminal can, and Ctrl-C ends it too; on a signal to this process alone
/// [`end_programs`] does. Of the environment it gets all but the secrets that are named after
/// applications: they are none of its business.
pub(super) fn first_line(line: &str, limit: Duration) -> Result<Zeroizing<String>, CommandError> {
    let words = shlex::split(line).ok_or(CommandError::Words)?;
    let (program, arguments) = words.split_first().ok_or(CommandError::Words)?;
    let deadline = Instant::now() + limit;
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_secret) {
            command.env_remove(&name);
        }
    }
    let _turn = RunningProgram::take()?;
    let mut child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(CommandError::Start)?;
    let (send, receive) = mpsc::sync_channel(1);
    if let Some(stdout) = child.stdout.take() {
        // Not joined: something that the program left running may keep the pipe open for ever.
        thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut first = Zeroizing::new(Vec::with_capacity(1024));
            let read = (&mut reader).take(LONGEST).read_until(b'\n', &mut first);
            let _ = send.send(read.ok().map(|_| first));
            // A program whose pipe breaks after its first line may call that a failure.
            let _ = io::copy(&mut reader, &mut io::sink());
        });
    }
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if running().ended => {
                ask_to_end(&child);
                end(&mut child);
                return Err(CommandError::Ended);
            }
            Ok(None) if Instant::now() < deadline => thread::sleep(POLL),
            _ => {
                end(&mut child);
                return Err(CommandError::Timeout(limit));
            }
        }
    };
    if !status.success() {
        return Err(CommandError::Failed(status));
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = match receive.recv_timeout(left) {
        Ok(bytes) => bytes.ok_or(CommandError::Output)?,
        Err(RecvTimeoutError::Timeout) => return Err(CommandError::Timeout(limit)),
        Err(RecvTimeoutError::Disconnected) => return Err(CommandError::Output),
    };
    if bytes.len() as u64 >= LONGEST {
        return Err(CommandError::Output);
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| CommandError::Output)?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Asks a program and all that it has started to end, and gives it a moment. It is not waited for
/// yet: its number stays its own until nothing of it is left.
fn ask_to_end(child: &Child) {
    let family = descendants::ask(child.id());
    let until = Instant::now() + GRACE;
    while Instant::now() < until && family.iter().any(Process::runs) {
        thread::sleep(POLL);
    }
    // Those whose parent is gone are not found below the child any more.
    for one in family.iter().filter(|one| one.runs()) {
        one.kill();
    }
}

/// Ends a program and all that it has started.
fn end(child: &mut Child) {
    descendants::end(child.id());
    let _ = child.kill();
    let _ = child.wait();
}
