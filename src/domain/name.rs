//! Names and consumer keys that a user chooses.

use std::str::FromStr;

/// A name of a record or a consumer that applications take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// Why a text cannot be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("a name cannot be empty")]
    Empty,
    /// White space before or after it.
    #[error("a name has no blank at an end")]
    Blank,
    /// More than [`Name::MAX`] characters.
    #[error("a name has at most {} characters", Name::MAX)]
    TooLong,
    /// A character that steers a terminal.
    #[error("a name has no control characters")]
    Control,
}

impl Name {
    /// The longest name, in characters.
    pub const MAX: usize = 255;
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.trim().is_empty() {
            Err(NameError::Empty)
        } else if text.trim() != text {
            Err(NameError::Blank)
        } else if text.chars().count() > Self::MAX {
            Err(NameError::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(NameError::Control)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// A consumer key. It is opaque, but a blank at its end is a mistake that nobody finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerKey(String);

/// A text cannot be a consumer key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a consumer key is not empty and has no blank at an end")]
pub struct ConsumerKeyError;

impl FromStr for ConsumerKey {
    type Err = ConsumerKeyError;

    fn from_str(text: &str) -> Result<Self, ConsumerKeyError> {
        if text.is_empty() || text.trim() != text || text.chars().any(char::is_control) {
            Err(ConsumerKeyError)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl From<ConsumerKey> for String {
    fn from(key: ConsumerKey) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_a_name_says_why() {
        for (text, why) in [
            ("", Some(NameError::Empty)),
            ("  ", Some(NameError::Empty)),
            ("Wiki ", Some(NameError::Blank)),
            ("a\u{7}b", Some(NameError::Control)),
            (&"ä".repeat(256), Some(NameError::TooLong)),
            (&"ä".repeat(255), None),
        ] {
            assert_eq!(text.parse::<Name>().err(), why, "{text:?}");
        }
        assert_eq!(
            NameError::TooLong.to_string(),
            "a name has at most 255 characters"
        );
    }

    #[test]
    fn a_consumer_key_has_no_blank_at_an_end() {
        for (text, good) in [("ci", true), ("", false), (" ci", false), ("c\ni", false)] {
            assert_eq!(text.parse::<ConsumerKey>().is_ok(), good, "{text:?}");
        }
    }
}
