//! The test's access to one application: its configuration, its data, its faults.

mod application;
mod links;
mod snapshot;

pub use application::{AppHandle, Checkpoint, OAUTH_PROVIDERS};
