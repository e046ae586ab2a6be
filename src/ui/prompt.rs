//! Questions to a person, and the terminal put right again when one is interrupted.
//!
//! A prompt switches the terminal's echo or cursor off. Whoever handles signals calls
//! [`leave_if_open`] before anything else: while a prompt is open it restores the terminal and
//! leaves; otherwise it returns, and the signal is only a wish to stop. No prompt is open while
//! a request that changes something is on its way.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use dialoguer::Select;
use dialoguer::theme::Theme;
use secrecy::SecretString;
use zeroize::Zeroize;

use super::{Ui, lock, width};
use crate::domain::text::clean;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;

/// How often an answer that makes no sense is asked for again.
const ATTEMPTS: usize = 3;

/// One prompt at a time.
static TURN: Mutex<()> = Mutex::new(());

/// The terminal as it was before the prompt that is open.
static OPEN: Mutex<Option<Saved>> = Mutex::new(None);

struct Saved {
    #[cfg(unix)]
    modes: Option<rustix::termios::Termios>,
    cursor: bool,
}

/// A prompt is open as long as this lives; afterwards the terminal is as it was.
#[must_use = "the prompt is over when this is dropped"]
pub struct Open {
    _turn: MutexGuard<'static, ()>,
}

/// Remembers the terminal's modes before a prompt changes them. `cursor`: the prompt hides the
/// cursor. Waits while another prompt is open.
pub fn open(cursor: bool) -> Open {
    let turn = lock(&TURN);
    *lock(&OPEN) = Some(Saved {
        #[cfg(unix)]
        modes: rustix::termios::tcgetattr(io::stdin()).ok(),
        cursor,
    });
    Open { _turn: turn }
}

/// Puts the terminal right; false where a signal has done so, and ends the run.
fn close(open: Open) -> bool {
    let is_mine = lock(&OPEN).take().inspect(Saved::restore).is_some();
    drop(open);
    is_mine
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(saved) = lock(&OPEN).take() {
            saved.restore();
        }
    }
}

impl Saved {
    fn restore(&self) {
        #[cfg(unix)]
        if let Some(modes) = &self.modes {
            let _ = rustix::termios::tcsetattr(
                io::stdin(),
                rustix::termios::OptionalActions::Now,
                modes,
            );
        }
        if self.cursor && io::stderr().is_terminal() {
            let _ = io::stderr().write_all(b"\x1b[?25h");
        }
    }
}

/// Whether a prompt is open.
pub fn is_open() -> bool {
    lock(&OPEN).is_some()
}

/// Puts the terminal right when a prompt is open, and says whether one was.
pub fn restore_terminal() -> bool {
    let open = lock(&OPEN);
    if let Some(saved) = &*open {
        saved.restore();
        // The shell's prompt begins on a line of its own.
        let _ = io::stderr().write_all(b"\n");
    }
    open.is_some()
}

/// For the handler of signals: ends the process with `exit` when a prompt is open, with the
/// terminal put right and after `say`; otherwise returns at once.
pub fn leave_if_open(exit: Exit, say: impl FnOnce()) {
    let Some(saved) = lock(&OPEN).take() else {
        return;
    };
    saved.restore();
    // A list has left the cursor on a line of its own.
    if !saved.cursor {
        let _ = io::stderr().write_all(b"\n");
    }
    say();
    std::process::exit(i32::from(exit.code()));
}

/// What was typed before a list was shown is no answer to it.
fn forget_typed() {
    #[cfg(unix)]
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
}

/// Lets the other tasks of a runtime go on while a person thinks, the handler of signals among
/// them.
fn aside<T>(ask: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(ask),
        _ => ask(),
    }
}

/// Yes or no, where the answer is one.
fn yes_or_no(answer: &str) -> Option<bool> {
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Some(true),
        "" | "n" | "no" => Some(false),
        _ => None,
    }
}

impl Ui {
    /// Why nothing may be asked here, if so.
    fn mute(&self) -> Option<&'static str> {
        let facts = self.facts();
        if self.options().no_input {
            Some("--no-input is set")
        } else if facts.ci {
            Some("CI is set")
        } else if !facts.stdin_tty {
            Some("standard input is not a terminal")
        } else if !facts.stderr_tty {
            Some("standard error is not a terminal")
        } else {
            None
        }
    }

    /// Whether a person can be asked.
    pub fn can_ask(&self) -> bool {
        self.mute().is_none()
    }

    /// A yes or a no; an empty answer is no, `--yes` is yes. `answered_by` is the flag or
    /// variable that makes the question unnecessary.
    ///
    /// # Errors
    ///
    /// Wrong usage where nobody can be asked; interrupted.
    pub fn confirm(&self, question: &str, answered_by: &str) -> Result<bool> {
        if self.options().yes {
            return Ok(true);
        }
        self.may_ask(question, answered_by)?;
        let shown = format!("{question} [y/N]");
        for _ in 0..ATTEMPTS {
            let answer = self.ask(&shown, false, || line(&self.broken(&shown)))?;
            match yes_or_no(&answer) {
                Some(answer) => return Ok(answer),
                None => self.warn("answer yes or no"),
            }
        }
        Ok(false)
    }

    /// The name of what is at stake, typed to show that it is meant; `--yes` stands for it.
    ///
    /// # Errors
    ///
    /// Wrong usage where nobody can be asked; interrupted.
    pub fn type_to_confirm(&self, question: &str, name: &str, answered_by: &str) -> Result<bool> {
        if self.options().yes {
            return Ok(true);
        }
        self.may_ask(question, answered_by)?;
        let shown = format!("{question} Type {name} to go on");
        let answer = self.ask(&shown, false, || line(&self.broken(&shown)))?;
        Ok(answer.trim() == name)
    }

    /// A line of text; `default` is what an empty answer means, without it none is taken.
    ///
    /// # Errors
    ///
    /// Wrong usage where nobody can be asked or nothing is answered; interrupted.
    pub fn ask_text(
        &self,
        question: &str,
        default: Option<&str>,
        answered_by: &str,
    ) -> Result<String> {
        self.may_ask(question, answered_by)?;
        let shown = match default {
            Some(default) if !default.is_empty() => format!("{question} [{default}]"),
            _ => question.to_owned(),
        };
        for _ in 0..ATTEMPTS {
            let answer = self.ask(&shown, false, || line(&self.broken(&shown)))?;
            match (answer.trim(), default) {
                ("", Some(default)) => return Ok(default.to_owned()),
                ("", None) => {}
                (answer, _) => return Ok(answer.to_owned()),
            }
        }
        Err(no_answer(question, answered_by))
    }

    /// A secret, typed without echo.
    ///
    /// # Errors
    ///
    /// Wrong usage where nobody can be asked or nothing is answered; interrupted.
    pub fn secret(&self, question: &str, answered_by: &str) -> Result<SecretString> {
        self.may_ask(question, answered_by)?;
        let mut answer = self.ask(question, false, || hidden_line(&self.broken(question)))?;
        if answer.is_empty() {
            return Err(no_answer(question, answered_by));
        }
        // Copied once, so that no piece of it is left in memory that was given back.
        let secret = SecretString::from(answer.as_str());
        answer.zeroize();
        Ok(secret)
    }

    /// One of several; the index of the choice.
    ///
    /// # Errors
    ///
    /// Wrong usage where nobody can be asked or nothing is chosen; interrupted.
    pub fn choose(&self, question: &str, items: &[String], answered_by: &str) -> Result<usize> {
        self.may_ask(question, answered_by)?;
        if items.is_empty() {
            return Err(no_answer(question, answered_by));
        }
        let polished: Vec<String> = items.iter().map(|item| self.polished(item)).collect();
        // A list that moves must not be broken into more lines by the terminal.
        let columns = self.facts().width.saturating_sub(3);
        let is_narrow = polished.iter().any(|item| width::of(item) > columns);
        let plain = self.facts().term_dumb || is_narrow || self.inner.script.is_some();
        if !plain {
            // Not `interact_opt`: there a letter leaves, and what is typed next goes to the shell.
            let theme = Plain(self.facts().width);
            return self.ask(question, true, || {
                forget_typed();
                Select::with_theme(&theme)
                    .with_prompt(self.polished(question))
                    .items(&polished)
                    .report(true)
                    .default(0)
                    .interact()
            });
        }
        for (n, item) in items.iter().enumerate() {
            self.say(super::Look::Plain, &format!("{})", n + 1), item);
        }
        let shown = format!("{question} [1-{}, 1]", items.len());
        for _ in 0..ATTEMPTS {
            let answer = self.ask(&shown, false, || line(&self.broken(&shown)))?;
            let number = match answer.trim() {
                "" => Ok(1),
                typed => typed.parse::<usize>(),
            };
            let at = number.ok().and_then(|n| n.checked_sub(1));
            if let Some(at) = at.filter(|at| *at < items.len()) {
                return Ok(at);
            }
        }
        Err(no_answer(question, answered_by))
    }

    /// The last word of a run that ends while a question is open.
    pub fn part(&self, error: &Error) {
        let held = lock(&self.inner.err).held.take();
        self.write_err(&held.unwrap_or_default());
        self.error(error);
    }

    /// What follows the echo of a key begins on a line of its own.
    pub fn end_line(&self) {
        if self.facts().stderr_tty {
            self.write_err("\n");
        }
    }

    /// An error where nobody can be asked.
    fn may_ask(&self, question: &str, answered_by: &str) -> Result<()> {
        self.mute().map_or(Ok(()), |why| {
            Err(Error::usage(format!(
                "{why}, so nobody can be asked: {}",
                self.polished(question)
            ))
            .hint(format!("answer it with {answered_by}")))
        })
    }

    /// A question in lines that fit, with room for the answer.
    fn broken(&self, text: &str) -> String {
        let columns = self.facts().width.saturating_sub(1).max(10);
        width::wrap(&self.polished(text), columns).join("\n")
    }

    /// A question or a choice as the terminal gets it.
    fn polished(&self, text: &str) -> String {
        clean(&self.redact(text)).into_owned()
    }

    /// Asks on the terminal, or takes the next prepared answer.
    fn ask<T: FromAnswer>(
        &self,
        question: &str,
        hides_cursor: bool,
        ask: impl FnOnce() -> dialoguer::Result<T>,
    ) -> Result<T> {
        if let Some(script) = &self.inner.script {
            self.say(super::Look::Strong, "?", question);
            return lock(script)
                .pop_front()
                .and_then(T::from_answer)
                .ok_or_else(|| Error::internal("no answer was prepared for this prompt"));
        }
        let answer = aside(|| {
            let open = open(hides_cursor);
            let answer = self.with_terminal(ask);
            if hides_cursor && answer.is_err() {
                // Ctrl-C in a list is a key and a signal: the handler of signals has the word.
                std::thread::sleep(Duration::from_millis(100));
            }
            if !close(open) {
                // The process is about to end.
                loop {
                    std::thread::park();
                }
            }
            answer
        });
        answer.map_err(|dialoguer::Error::IO(error)| {
            if error.kind() == io::ErrorKind::Interrupted {
                let mut error = Error::new(Kind::Refused, "interrupted; nothing was changed");
                error.signal = Some(Exit::Interrupt);
                error
            } else {
                Error::usage(format!("the terminal cannot be asked: {error}"))
            }
        })
    }
}

/// What stands between a question and its answer.
fn colon(question: &str) -> &'static str {
    if question.ends_with(['?', '…', ']', ':']) {
        ""
    } else {
        ":"
    }
}

/// Prompts that look like the lines typed here, of at most so many columns.
struct Plain(usize);

impl Theme for Plain {
    fn format_prompt(&self, f: &mut dyn std::fmt::Write, prompt: &str) -> std::fmt::Result {
        write!(f, "{prompt}{}", colon(prompt))
    }

    fn format_input_prompt_selection(
        &self,
        f: &mut dyn std::fmt::Write,
        prompt: &str,
        chosen: &str,
    ) -> std::fmt::Result {
        let line = format!("{prompt}{} {chosen}", colon(prompt));
        let columns = self.0.saturating_sub(1).max(10);
        f.write_str(&width::wrap(&line, columns).join("\n"))
    }
}

/// A line typed with the terminal's own editing; the end of input leaves as Ctrl-C does.
///
/// Not `dialoguer::Input`, which takes the keys one by one: there Ctrl-D is a letter.
fn line(question: &str) -> dialoguer::Result<String> {
    // The stream is not kept locked: an interruption has something to write, too.
    io::stderr().write_all(format!("{}{} ", question, colon(question)).as_bytes())?;
    // Room enough that no piece of a secret is left where a string was before it grew.
    let mut answer = String::with_capacity(1024);
    if io::stdin().read_line(&mut answer)? == 0 {
        io::stderr().write_all(b"\n")?;
        return Err(io::Error::from(io::ErrorKind::Interrupted).into());
    }
    Ok(answer)
}

/// A line that is not shown: no control sequence is written.
fn hidden_line(question: &str) -> dialoguer::Result<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    // The guard of the prompt puts the echo back.
    let mut modes = tcgetattr(io::stdin()).map_err(io::Error::from)?;
    modes.local_modes.remove(LocalModes::ECHO);
    tcsetattr(io::stdin(), OptionalActions::Now, &modes).map_err(io::Error::from)?;
    let mut answer = line(question)?;
    io::stderr().write_all(b"\n")?;
    answer.truncate(answer.trim_end_matches(['\r', '\n']).len());
    Ok(answer)
}

fn no_answer(question: &str, answered_by: &str) -> Error {
    Error::usage(format!("no answer to \"{}\"", clean(question)))
        .hint(format!("answer it with {answered_by}"))
}

/// What a prepared answer becomes.
trait FromAnswer: Sized {
    fn from_answer(text: String) -> Option<Self>;
}

impl FromAnswer for String {
    fn from_answer(text: String) -> Option<Self> {
        Some(text)
    }
}

impl FromAnswer for usize {
    fn from_answer(text: String) -> Option<Self> {
        text.parse().ok()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
