//! What is known about the terminal, the locale and the environment, gathered once.

use std::env;
use std::io::IsTerminal;

use console::Term;

/// The capabilities that decide on tables, colours, prompts and progress.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
pub struct TerminalInfo {
    /// Standard input is a terminal.
    pub stdin_tty: bool,
    /// Standard output is a terminal.
    pub stdout_tty: bool,
    /// Standard error is a terminal.
    pub stderr_tty: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// `TERM=dumb`: no cursor movement, no colour.
    pub term_dumb: bool,
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `CLICOLOR=0`.
    pub clicolor_off: bool,
    /// `CLICOLOR_FORCE` is set and neither empty nor `0`.
    pub clicolor_force: bool,
    /// `CI` is set.
    pub ci: bool,
    /// The locale writes UTF-8.
    pub utf8: bool,
}

/// The width of a terminal that does not report one.
const WIDTH: usize = 80;

impl TerminalInfo {
    /// Asks the process's streams and environment.
    pub fn gather() -> Self {
        let mut info = Self::from_env(|name| env::var(name).ok());
        info.stdin_tty = std::io::stdin().is_terminal();
        info.stdout_tty = std::io::stdout().is_terminal();
        info.stderr_tty = std::io::stderr().is_terminal();
        let term = if info.stdout_tty {
            Term::stdout()
        } else {
            Term::stderr()
        };
        if let Some((_, columns)) = term.size_checked() {
            info.width = usize::from(columns);
        }
        info
    }

    /// The capabilities that the environment names; no stream is a terminal.
    pub fn from_env(var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| var(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| set(name))
            .unwrap_or_default()
            .to_ascii_lowercase();
        Self {
            stdin_tty: false,
            stdout_tty: false,
            stderr_tty: false,
            width: set("COLUMNS")
                .and_then(|columns| columns.parse().ok())
                .filter(|columns| (1..=10_000).contains(columns))
                .unwrap_or(WIDTH),
            term_dumb: set("TERM").is_some_and(|term| term == "dumb"),
            no_color: set("NO_COLOR").is_some(),
            clicolor_off: set("CLICOLOR").is_some_and(|value| value == "0"),
            clicolor_force: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            ci: set("CI").is_some_and(|value| value != "0" && !value.eq_ignore_ascii_case("false")),
            utf8: cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8"),
        }
    }

    /// Nothing is a terminal: a script, a pipe, a test.
    pub fn piped() -> Self {
        Self::from_env(|_| None)
    }

    /// Everything is a terminal of this width, with UTF-8 and without colour: for tests.
    pub fn terminal(width: usize) -> Self {
        Self {
            stdin_tty: true,
            stdout_tty: true,
            stderr_tty: true,
            width,
            no_color: true,
            utf8: true,
            ..Self::piped()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> TerminalInfo {
        TerminalInfo::from_env(|name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_is_read_as_others_read_it() {
        assert_eq!(with(&[]).width, 80);
        assert_eq!(with(&[("COLUMNS", "20")]).width, 20);
        assert_eq!(with(&[("COLUMNS", "0")]).width, 80);
        assert!(!with(&[("NO_COLOR", "")]).no_color);
        assert!(with(&[("NO_COLOR", "0")]).no_color);
        assert!(with(&[("CLICOLOR", "0")]).clicolor_off);
        assert!(!with(&[("CLICOLOR_FORCE", "0")]).clicolor_force);
        assert!(with(&[("CI", "true")]).ci && !with(&[("CI", "false")]).ci && !with(&[]).ci);
        assert!(with(&[("TERM", "dumb")]).term_dumb);
    }

    #[test]
    fn the_first_locale_variable_that_says_something_decides() {
        assert!(with(&[("LANG", "de_CH.UTF-8")]).utf8);
        assert!(with(&[("LC_ALL", ""), ("LANG", "C.utf8")]).utf8);
        assert!(!with(&[("LC_ALL", "C"), ("LANG", "de_CH.UTF-8")]).utf8);
        assert_eq!(with(&[]).utf8, cfg!(windows));
    }
}
