//! Where a secret is, in one line that may be recorded.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CredentialSource {
    /// `env:VAR`: an environment variable.
    Env(String),
    /// `file:PATH`: the first line of a file; relative to the state file.
    File(PathBuf),
    /// `command:PROGRAM ARGS`: the first line that a program prints.
    Command(String),
    /// `keyring`: the store of the operating system.
    Keyring,
    /// `prompt`: asked each time.
    Prompt,
}

/// Why a text names no source. The text is not repeated: what is not a source may well be the
/// secret itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// None of the known forms.
    #[error(
        "not a credential source: it is env:VAR, file:PATH, command:PROGRAM ARGS, keyring or prompt, and never the secret itself"
    )]
    Unknown,
    /// What follows `env:` is not the name of a variable.
    #[error("env: takes the name of an environment variable (A-Z, a-z, 0-9 and _)")]
    Variable,
    /// Nothing follows `file:`, or something that no path has.
    #[error("file: takes a path")]
    Path,
    /// Nothing follows `command:`, or a quote is not closed.
    #[error("command: takes a program and its arguments, with every quote closed")]
    Command,
}

impl CredentialSource {
    /// The word before the colon, for messages that must not say more.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Env(_) => "env",
            Self::File(_) => "file",
            Self::Command(_) => "command",
            Self::Keyring => "keyring",
            Self::Prompt => "prompt",
        }
    }
}

impl FromStr for CredentialSource {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        match text {
            "keyring" => return Ok(Self::Keyring),
            "prompt" => return Ok(Self::Prompt),
            _ => {}
        }
        let (kind, rest) = text.split_once(':').ok_or(SourceError::Unknown)?;
        match kind {
            "env" if is_variable(rest) => Ok(Self::Env(rest.to_owned())),
            "env" => Err(SourceError::Variable),
            "file" if rest.is_empty() || rest.contains('\0') => Err(SourceError::Path),
            "file" => Ok(Self::File(PathBuf::from(rest))),
            "command" => match shlex::split(rest) {
                Some(words) if !words.is_empty() && !rest.contains('\0') => {
                    Ok(Self::Command(rest.to_owned()))
                }
                _ => Err(SourceError::Command),
            },
            _ => Err(SourceError::Unknown),
        }
    }
}

fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

impl fmt::Display for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Command(line) => write!(f, "command:{line}"),
            Self::Keyring => f.write_str("keyring"),
            Self::Prompt => f.write_str("prompt"),
        }
    }
}

impl Serialize for CredentialSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

// By hand, because serde's own complaint about a wrong type repeats the value.
impl<'de> Deserialize<'de> for CredentialSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SourceVisitor;

        impl Visitor<'_> for SourceVisitor {
            type Value = CredentialSource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a credential source")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<CredentialSource, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_bool<E: de::Error>(self, _: bool) -> Result<CredentialSource, E> {
                Err(E::custom(SourceError::Unknown))
            }

            fn visit_i64<E: de::Error>(self, _: i64) -> Result<CredentialSource, E> {
                Err(E::custom(SourceError::Unknown))
            }

            fn visit_u64<E: de::Error>(self, _: u64) -> Result<CredentialSource, E> {
                Err(E::custom(SourceError::Unknown))
            }

            fn visit_f64<E: de::Error>(self, _: f64) -> Result<CredentialSource, E> {
                Err(E::custom(SourceError::Unknown))
            }
        }

        deserializer.deserialize_any(SourceVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_forms_come_back() {
        for text in [
            "env:JIRA_PW",
            "file:../secrets/jira pw",
            "file:C:x",
            "command:pass show 'ops/jira admin'",
            "keyring",
            "prompt",
        ] {
            let source = text.parse::<CredentialSource>();
            assert_eq!(source.map(|s| s.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_refused_is_not_repeated() {
        for text in [
            "canary",
            "",
            "canary:x",
            "env:",
            "env:canary-7",
            "env:7canary",
            "file:",
            "file:canary\0",
            "command:",
            "command:  ",
            "command:echo 'canary",
            "Keyring canary",
        ] {
            let error = text
                .parse::<CredentialSource>()
                .map_err(|e| format!("{e} {e:?}"));
            assert!(
                error.as_ref().is_err_and(|e| !e.contains("canary")),
                "{text}: {error:?}"
            );
        }
    }

    #[test]
    fn a_value_of_another_type_is_not_repeated_either() {
        #[derive(Debug, Deserialize)]
        struct Entry {
            #[expect(dead_code, reason = "never read")]
            credential: CredentialSource,
        }
        for value in [
            "77003311",
            "7700.5",
            "\"77003311\"",
            "[\"77003311\"]",
            "true",
        ] {
            let error = toml::from_str::<Entry>(&format!("credential = {value}"))
                .map_err(|e| e.message().to_owned());
            assert!(
                error.as_ref().is_err_and(|e| !e.contains("7700")),
                "{error:?}"
            );
        }
    }
}
