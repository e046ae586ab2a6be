//! Credentials: where a secret may come from, and in what order it is looked for.
//!
//! A secret is a [`Secret`] from the moment it is read: it has no textual form but `[secret]`, and
//! its memory is wiped when it is dropped. Only its [`CredentialSource`] is ever recorded. Nothing in here
//! sends anything: the holder of a [`Credential`] decides where it may go.

mod command;
mod descendants;
mod environment;
mod keyring;
mod reader;
mod redactor;
mod refusal;
mod request;
mod resolve;
mod secret;
mod source;
#[cfg(test)]
mod tests;

pub use command::end_programs;
pub use environment::{Asker, Environment, ProcessEnvironment};
pub use keyring::{BoundedKeyring, Keyring, KeyringEntry, KeyringError};
pub use reader::COMMAND_LIMIT;
pub use redactor::Redactor;
pub use request::{AliasOrigin, CredentialRequest, check_prefixes, variable};
pub use resolve::Resolver;
pub use secret::{Credential, Secret, SecretError, no_core_dumps};
pub use source::{CredentialSource, SourceError};
