//! Value parsers that several commands share.

use crate::domain::{ConsumerKey, Level, Name};
use crate::error::Error;

/// A level that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LevelArg {
    /// Users' consent, and calls as the application (3LO + 2LO)
    #[value(name = "oauth")]
    OAuth,
    /// Also as any user: both must share one user base (3LO + 2LO + impersonation)
    Impersonation,
    /// No calls
    None,
}

impl From<LevelArg> for Level {
    fn from(arg: LevelArg) -> Self {
        match arg {
            LevelArg::OAuth => Self::OAuth,
            LevelArg::Impersonation => Self::Impersonation,
            LevelArg::None => Self::None,
        }
    }
}

/// A name that applications take.
pub(crate) fn name(text: &str) -> std::result::Result<String, String> {
    let name = text.trim().parse::<Name>();
    name.map(Into::into).map_err(|error| error.to_string())
}

/// The names of those that were not given, in the order of the command line.
pub(crate) fn missing<const N: usize>(all: [(bool, &'static str); N]) -> Vec<&'static str> {
    all.into_iter()
        .filter_map(|(given, name)| (!given).then_some(name))
        .collect()
}

/// The error of an argument that should have been asked for.
pub(crate) fn nothing() -> Error {
    Error::internal("an argument was neither given nor asked for")
}

/// The lengths that are made.
pub(crate) fn bits(text: &str) -> std::result::Result<u32, String> {
    match text {
        "2048" => Ok(2048),
        "3072" => Ok(3072),
        "4096" => Ok(4096),
        _ => Err("one of 2048, 3072, 4096".to_owned()),
    }
}

/// A consumer key is opaque, but a blank at its end is a mistake that nobody finds.
pub(crate) fn consumer_key(text: &str) -> std::result::Result<String, String> {
    let key = text.parse::<ConsumerKey>();
    key.map(Into::into).map_err(|error| error.to_string())
}
