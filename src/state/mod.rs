//! The state: one TOML file with what no server can tell again, that a person may read and edit.
//!
//! It holds the applications, the links and consumers that applink made or was told of, and the
//! deletes that could not be done yet. Comments, the order of entries and unknown keys survive a
//! change. Anything that a server can tell belongs in the [`cache`], which may be deleted at any
//! time. A secret never enters, only its *source*.

pub mod cache;
pub(crate) mod consistency;
mod consumers;
pub(crate) mod document;
mod error;
mod file;
mod holder;
mod link;
mod local_file;
mod lock;
pub mod model;
pub mod paths;
pub mod store;
#[cfg(test)]
mod tests;
mod unknown_keys;
mod version;

pub use crate::domain::Position;
pub use cache::{Cache, CachedApp, CachedConsumer, CachedRecord};
pub use consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
pub use error::StateError;
pub use holder::LockHolder;
pub use link::{Auth, LinkEntry};
pub use local_file::LocalFile;
pub use lock::Guard;
pub use model::{AbandonedChange, AppEntry, PendingDelete, State};
pub use paths::Paths;
pub use store::{LoadedState, StateStore};
pub use unknown_keys::UnknownKey;
