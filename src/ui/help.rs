//! Help, versions and wrong usage, as the command line parser has styled them.

use super::{Role, Style, Ui};
use crate::domain::text::clean;

impl Ui {
    /// Text that is styled with ANSI sequences already: help and versions.
    pub fn block_styled(&self, text: &str) {
        self.write_out(&rendered(text, self.style()));
    }

    /// A command that shows more.
    pub fn see(&self, command: &str) {
        self.say(Role::Command, "see:", command);
    }

    /// The usage where a command was left out, styled with ANSI sequences already.
    pub fn usage(&self, text: &str) {
        let text = rendered(text, self.err_style());
        self.write_err(&self.redact(&text));
    }
}

/// The text with its own styling or without. It also holds what was typed on the command line, so
/// only control sequences that set a style are let through.
fn rendered(text: &str, style: Style) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for line in text.lines() {
        let mut rest = line;
        while let Some(at) = rest.find("\u{1b}[") {
            let (before, sequence) = rest.split_at(at);
            out.push_str(&clean(before));
            let body = sequence.strip_prefix("\u{1b}[").unwrap_or_default();
            let end = body.find(|c: char| !c.is_ascii_digit() && c != ';');
            let Some((parameters, after)) = end
                .and_then(|end| body.split_at_checked(end))
                .and_then(|(parameters, after)| Some((parameters, after.strip_prefix('m')?)))
            else {
                rest = sequence;
                break;
            };
            if style.is_colored() {
                out.push_str("\u{1b}[");
                out.push_str(parameters);
                out.push('m');
            }
            rest = after;
        }
        out.push_str(&clean(rest));
        out.push('\n');
    }
    out
}
