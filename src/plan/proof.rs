//! A signed request as a step, and the answer that it must get.

use serde::{Deserialize, Serialize};

/// How an application has to take a request that a consumer signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The consumer key.
    pub consumer: String,
    /// Where the private key is. A refusal of the consumer can be seen without it.
    pub key_file: Option<String>,
    /// What the answer has to be.
    pub expected: Expected,
    /// Whether a two-legged request has to be taken, too.
    #[serde(default)]
    pub two_legged: bool,
}

/// What the answer to a signed request has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// It is taken.
    Accepted,
    /// Nobody is known under that key.
    Refused,
}

impl Proof {
    /// One line for a person.
    pub fn describe(&self) -> String {
        match self.expected {
            Expected::Accepted => format!(
                "prove by a signed request that {:?} is accepted",
                self.consumer
            ),
            Expected::Refused => format!(
                "prove by a signed request that {:?} is refused",
                self.consumer
            ),
        }
    }
}
