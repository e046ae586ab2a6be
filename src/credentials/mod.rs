//! Where a secret may come from, and in what order it is looked for.
//!
//! A secret is a [`Secret`] from the moment it is read: it has no textual form but `[secret]`,
//! and the memory is wiped when it goes. What is *recorded* is only its [`Source`]. Nothing in
//! here sends anything; who holds a [`Credential`] decides where it may go.

mod command;
mod descendants;
mod keyring;
mod resolve;
mod secret;
mod source;
#[cfg(test)]
mod tests;

pub use command::end_programs;
pub use keyring::{Bounded, Keyring, KeyringError, Place};
pub use resolve::{
    Asker, COMMAND_LIMIT, Environment, Naming, ProcessEnvironment, Request, Resolver,
    check_prefixes, variable,
};
pub use secret::{Credential, Redactor, Secret, SecretError, no_core_dumps};
pub use source::{Source, SourceError};
