//! Direct access to one application of a world, past its HTTP interface.

mod application;
mod links;
mod snapshot;

pub use application::{AppHandle, Checkpoint, OAUTH_PROVIDERS};
