//! One line that a person types, and how a list of choices looks.

use std::io::{self, Write};

use dialoguer::theme::Theme;

use crate::ui::width;

/// Drops what was typed before a list was shown: it is no answer to the list.
pub(super) fn forget_typed() {
    #[cfg(unix)]
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
}

/// The punctuation between a question and its answer.
fn colon(question: &str) -> &'static str {
    if question.ends_with(['?', '…', ']', ':']) {
        ""
    } else {
        ":"
    }
}

/// Prompts that look like the lines typed here, of at most so many columns.
pub(super) struct PlainTheme(pub(super) usize);

impl Theme for PlainTheme {
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
pub(super) fn line(question: &str) -> dialoguer::Result<String> {
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
pub(super) fn hidden_line(question: &str) -> dialoguer::Result<String> {
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
