//! The columns and the values of a table.

use std::borrow::Cow;

use super::style::{Role, Style, Symbol, check_word};
use crate::domain::text::clean;
use crate::domain::{CheckStatus, Health};

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub(super) header: String,
    pub(super) rank: u8,
    pub(super) wraps: bool,
    pub(super) right: bool,
    pub(super) is_extra: bool,
}

impl Column {
    /// A column that is always shown.
    pub fn new(header: impl Into<String>) -> Self {
        Self {
            header: header.into(),
            rank: 0,
            wraps: false,
            right: false,
            is_extra: false,
        }
    }

    /// May be left out where the terminal is too narrow: the highest rank goes first.
    #[must_use]
    pub fn optional(mut self, rank: u8) -> Self {
        self.rank = rank;
        self
    }

    /// The same, without a note: other columns tell the rows apart.
    #[must_use]
    pub fn extra(self, rank: u8) -> Self {
        Self {
            is_extra: true,
            ..self.optional(rank)
        }
    }

    /// Its values may take several lines.
    #[must_use]
    pub fn wraps(mut self) -> Self {
        self.wraps = true;
        self
    }

    /// Numbers.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.right = true;
        self
    }
}

/// One value. The text may be anything that a server sent: it is cleaned when it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    pub(super) text: String,
    pub(super) role: Role,
    pub(super) sign: Option<Symbol>,
    /// The text for a person, if it differs.
    pub(super) seen: Option<String>,
    /// The text for a person where there is little room.
    pub(super) brief: Option<String>,
}

impl Cell {
    /// A value.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A value that is not known: `-` for a person, empty for a program.
    pub fn missing() -> Self {
        Self::default()
    }

    /// A status with its sign. The sign is for people and stays on the terminal.
    pub fn signed(sign: Symbol, word: impl Into<String>) -> Self {
        Self {
            text: word.into(),
            role: sign.role(),
            sign: Some(sign),
            ..Self::default()
        }
    }

    /// Gives the value another text for people; programs get the value.
    #[must_use]
    pub fn seen_as(mut self, text: impl Into<String>) -> Self {
        self.seen = Some(text.into());
        self
    }

    /// Gives the value a shorter text for narrow terminals.
    #[must_use]
    pub fn brief(mut self, text: impl Into<String>) -> Self {
        self.brief = Some(text.into());
        self
    }

    /// Gives the value a role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// The text as a program gets it: one line without tabs.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        clean(&self.text)
    }

    /// The text as a person gets it, without colour.
    pub(super) fn shown(&self, style: Style) -> String {
        let text = clean(self.seen.as_deref().unwrap_or(&self.text));
        match self.sign {
            Some(sign) => format!("{} {text}", style.symbol(sign)),
            None if text.is_empty() => "-".to_owned(),
            None => text.into_owned(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Self::missing, Into::into)
    }
}

impl From<Health> for Cell {
    fn from(health: Health) -> Self {
        Self::signed(health.into(), health.as_str())
    }
}

impl From<CheckStatus> for Cell {
    fn from(status: CheckStatus) -> Self {
        Self::signed(status.into(), check_word(status))
    }
}
