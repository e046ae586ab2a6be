//! What cannot be asked again: applications, the links that applink made or was told of, and
//! deletes that are still due.
//!
//! The state is one TOML file that a person may read and edit: comments, order and unknown keys
//! survive. Nothing that a server can tell belongs here (that is the [`cache`]), and no secret
//! ever does, only the *source* of one.
//!
//! - [`model`] is the schema, [`migrate`] the place where older ones are raised to it;
//! - [`store`] loads, locks and saves; [`paths`] names what lies beside the file;
//! - [`cache`] is what was seen last, and may be deleted.

pub mod cache;
mod consumers;
mod document;
mod error;
mod file;
mod holder;
mod lock;
pub mod migrate;
pub mod model;
pub mod paths;
pub mod store;
mod stray;
#[cfg(test)]
mod tests;
#[doc(hidden)]
pub mod tried;

pub use crate::domain::Position;
pub use cache::{Cache, CachedConsumer, CachedRecord, Seen};
pub use consumers::{ClientEntry, ConsumerEntry, FormerConsumer};
pub use error::StateError;
pub use holder::Holder;
pub use lock::Guard;
pub use model::{AppEntry, Auth, LinkEntry, PendingDelete, State};
pub use paths::Paths;
pub use store::{Loaded, LocalFile, StateStore};
pub use stray::Stray;
