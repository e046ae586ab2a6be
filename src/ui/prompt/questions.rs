//! The questions that can be asked, on a terminal or with prepared answers.

use std::io;
use std::time::Duration;

use dialoguer::Select;
use secrecy::SecretString;
use zeroize::Zeroize;

use super::line::{PlainTheme, forget_typed, hidden_line, line};
use super::saved_terminal::{close, open};
use crate::domain::text::clean;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::ui::lock::lock;
use crate::ui::streams::Ui;
use crate::ui::style::Role;
use crate::ui::width;

/// How often an answer that makes no sense is asked for again.
const ATTEMPTS: usize = 3;

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
        let terminal = self.terminal();
        if self.options().no_input {
            Some("--no-input is set")
        } else if terminal.ci {
            Some("CI is set")
        } else if !terminal.stdin_tty {
            Some("standard input is not a terminal")
        } else if !terminal.stderr_tty {
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
    /// Wrong usage where prompts are impossible; interrupted.
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
    /// Wrong usage where prompts are impossible; interrupted.
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
    /// Wrong usage where prompts are impossible or the answer is empty; interrupted.
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
    /// Wrong usage where prompts are impossible or the answer is empty; interrupted.
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
    /// Wrong usage where prompts are impossible or nothing is chosen; interrupted.
    pub fn choose(&self, question: &str, items: &[String], answered_by: &str) -> Result<usize> {
        self.may_ask(question, answered_by)?;
        if items.is_empty() {
            return Err(no_answer(question, answered_by));
        }
        let polished: Vec<String> = items.iter().map(|item| self.polished(item)).collect();
        // A list that moves must not be broken into more lines by the terminal.
        let columns = self.terminal().width.saturating_sub(3);
        let is_narrow = polished.iter().any(|item| width::of(item) > columns);
        let plain = self.terminal().term_dumb || is_narrow || self.inner.script.is_some();
        if !plain {
            // Not `interact_opt`: there a letter leaves, and what is typed next goes to the shell.
            let theme = PlainTheme(self.terminal().width);
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
            self.say(Role::Plain, &format!("{})", n + 1), item);
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

    /// Ends the line that the echo of a key has begun.
    pub fn end_line(&self) {
        if self.terminal().stderr_tty {
            self.write_err("\n");
        }
    }

    /// An error where prompts are impossible.
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
        let columns = self.terminal().width.saturating_sub(1).max(10);
        width::wrap(&self.polished(text), columns).join("\n")
    }

    /// A question or a choice as the terminal gets it.
    fn polished(&self, text: &str) -> String {
        clean(&self.redact(text)).into_owned()
    }

    /// Asks on the terminal, or takes the next prepared answer.
    fn ask<T: PreparedAnswer>(
        &self,
        question: &str,
        hides_cursor: bool,
        ask: impl FnOnce() -> dialoguer::Result<T>,
    ) -> Result<T> {
        if let Some(script) = &self.inner.script {
            self.say(Role::Strong, "?", question);
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

fn no_answer(question: &str, answered_by: &str) -> Error {
    Error::usage(format!("no answer to \"{}\"", clean(question)))
        .hint(format!("answer it with {answered_by}"))
}

/// The type that a prepared answer is turned into.
trait PreparedAnswer: Sized {
    fn from_answer(text: String) -> Option<Self>;
}

impl PreparedAnswer for String {
    fn from_answer(text: String) -> Option<Self> {
        Some(text)
    }
}

impl PreparedAnswer for usize {
    fn from_answer(text: String) -> Option<Self> {
        text.parse().ok()
    }
}
