//! The plan file, which says which links shall exist: reading it, writing it, its JSON schema.
//!
//! Applications and what exists on them may not enter: a planner compares a [`DesiredState`] with that.
//! The caller of [`read`] looks up environment variables.

mod model;
mod raw;
mod read;
#[cfg(test)]
mod schema;
mod write;

pub use model::{
    DesiredApplication, DesiredConsumer, DesiredLink, DesiredState, PublicKeySource, VERSION,
};
pub use read::{MAX_SIZE, read};
pub use write::{Comment, FileEntry, write};
