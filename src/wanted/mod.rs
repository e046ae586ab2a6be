//! The plan file, which says which links shall exist: reading it, writing it, its JSON schema.
//!
//! Applications and what exists on them may not enter: a planner compares a [`Wanted`] with that.
//! The caller of [`read`] looks up environment variables.

mod model;
mod raw;
mod read;
#[cfg(test)]
mod schema;
mod write;

pub use model::{KeyText, VERSION, Wanted, WantedApplication, WantedConsumer, WantedLink};
pub use read::{LARGEST, read};
pub use write::{Entry, Remark, write};
