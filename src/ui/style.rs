//! Colours and signs. A colour never stands alone: there is always a word or a sign with it.

use crate::domain::{CheckStatus, Health};

use super::options::ColorChoice;
use super::terminal::TerminalInfo;
use super::width;

/// The role of a piece of text, shown by a colour where colours are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// As it is.
    #[default]
    Plain,
    /// All is well.
    Good,
    /// A person should look at it.
    Caution,
    /// Broken.
    Bad,
    /// Less important.
    Dim,
    /// More important.
    Strong,
    /// Something to type.
    Command,
}

/// Whether and how one stream is styled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    color: bool,
    utf8: bool,
}

impl Style {
    /// No colour.
    pub fn plain(utf8: bool) -> Self {
        Self { color: false, utf8 }
    }

    /// The style of a stream: `--color` first, then `NO_COLOR`, `CLICOLOR_FORCE`, and last
    /// whether the stream is a terminal that can do it.
    pub fn of(choice: ColorChoice, tty: bool, terminal: &TerminalInfo) -> Self {
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if terminal.no_color => false,
            ColorChoice::Auto if terminal.clicolor_force => true,
            ColorChoice::Auto => tty && !terminal.term_dumb && !terminal.clicolor_off,
        };
        Self {
            color,
            utf8: terminal.utf8,
        }
    }

    /// Shows the role of a text that is already clean.
    pub fn paint(self, role: Role, text: &str) -> String {
        let style = console::Style::new();
        let style = match role {
            Role::Plain => return text.to_owned(),
            Role::Good => style.green(),
            Role::Caution => style.yellow(),
            Role::Bad => style.red(),
            Role::Dim => style.dim(),
            Role::Strong => style.bold(),
            Role::Command => style.cyan(),
        };
        if self.color && !text.is_empty() {
            style.force_styling(true).apply_to(text).to_string()
        } else {
            text.to_owned()
        }
    }

    /// One line of pieces, each cleaned by `clean` before it is painted.
    pub(super) fn paint_line(
        self,
        pieces: &[(Role, &str)],
        clean: impl Fn(&str) -> String,
    ) -> String {
        let mut line: String = pieces
            .iter()
            .map(|(role, text)| self.paint(*role, &clean(text)))
            .collect();
        line.push('\n');
        line
    }

    /// The sign of a status.
    pub fn symbol(self, sign: Symbol) -> &'static str {
        match (sign, self.utf8) {
            (Symbol::Good, true) => "✓",
            (Symbol::Good, false) => "+",
            (Symbol::Caution, _) => "!",
            (Symbol::Bad, true) => "✗",
            (Symbol::Bad, false) => "x",
            (Symbol::Unknown, _) => "?",
            (Symbol::Note, true) => "·",
            (Symbol::Note, false) => "*",
            (Symbol::Skip, _) => "-",
        }
    }

    /// Whether colours are on.
    pub fn is_colored(self) -> bool {
        self.color
    }

    /// Whether signs and frames may be more than ASCII.
    pub fn utf8(self) -> bool {
        self.utf8
    }
}

/// The shape that goes with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// As it should be.
    Good,
    /// A person should look at it.
    Caution,
    /// Broken, failed.
    Bad,
    /// Cannot be judged.
    Unknown,
    /// Worth knowing.
    Note,
    /// Not done.
    Skip,
}

impl Symbol {
    /// The colour that goes with the shape.
    pub fn role(self) -> Role {
        match self {
            Self::Good => Role::Good,
            Self::Caution => Role::Caution,
            Self::Bad => Role::Bad,
            Self::Unknown | Self::Note | Self::Skip => Role::Dim,
        }
    }
}

impl From<Health> for Symbol {
    fn from(health: Health) -> Self {
        match health {
            Health::Ok => Self::Good,
            Health::Warning => Self::Caution,
            Health::Unverifiable => Self::Unknown,
            Health::Broken => Self::Bad,
        }
    }
}

impl From<CheckStatus> for Symbol {
    fn from(status: CheckStatus) -> Self {
        match status {
            CheckStatus::Pass => Self::Good,
            CheckStatus::Note => Self::Note,
            CheckStatus::Skip => Self::Skip,
            CheckStatus::Warn => Self::Caution,
            CheckStatus::Fail => Self::Bad,
        }
    }
}

/// The word of a check's status.
pub(super) fn check_word(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Pass => "pass",
        CheckStatus::Note => "note",
        CheckStatus::Skip => "skip",
        CheckStatus::Warn => "warn",
        CheckStatus::Fail => "fail",
    }
}

/// Cuts a passing line, such as progress, to a width, and shows that it was cut.
pub(super) fn fit(text: &str, columns: usize, utf8: bool) -> String {
    if width::of(text) <= columns {
        return text.to_owned();
    }
    let end = if utf8 { "…" } else { "..." };
    let mut out = String::new();
    let mut used = width::of(end);
    for c in text.chars() {
        used += width::of_char(c);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push_str(end);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decides_on_colour() {
        let tty = TerminalInfo {
            no_color: false,
            ..TerminalInfo::terminal(80)
        };
        let on =
            |choice, stream, terminal: &TerminalInfo| Style::of(choice, stream, terminal).color;
        assert!(on(ColorChoice::Auto, true, &tty));
        assert!(!on(ColorChoice::Auto, false, &tty));
        assert!(on(ColorChoice::Always, false, &tty));
        assert!(!on(ColorChoice::Never, true, &tty));
        let set = |change: fn(&mut TerminalInfo)| {
            let mut terminal = tty.clone();
            change(&mut terminal);
            terminal
        };
        assert!(!on(ColorChoice::Auto, true, &set(|f| f.no_color = true)));
        assert!(!on(ColorChoice::Auto, true, &set(|f| f.term_dumb = true)));
        assert!(!on(
            ColorChoice::Auto,
            true,
            &set(|f| f.clicolor_off = true)
        ));
        assert!(on(
            ColorChoice::Auto,
            false,
            &set(|f| f.clicolor_force = true)
        ));
        assert!(!on(
            ColorChoice::Auto,
            false,
            &set(|f| {
                f.clicolor_force = true;
                f.no_color = true;
            })
        ));
        assert!(on(ColorChoice::Always, true, &set(|f| f.no_color = true)));
    }

    #[test]
    fn a_sign_has_an_ascii_form() {
        for sign in [
            Symbol::Good,
            Symbol::Caution,
            Symbol::Bad,
            Symbol::Unknown,
            Symbol::Note,
            Symbol::Skip,
        ] {
            assert!(Style::plain(false).symbol(sign).is_ascii());
            assert_eq!(width::of(Style::plain(true).symbol(sign)), 1);
        }
    }

    #[test]
    fn a_passing_line_shows_that_it_was_cut() {
        assert_eq!(fit("waiting", 7, true), "waiting");
        assert_eq!(fit("waiting", 5, true), "wait…");
        assert_eq!(fit("waiting", 5, false), "wa...");
        assert_eq!(fit("東京東京", 5, true), "東京…");
    }
}
