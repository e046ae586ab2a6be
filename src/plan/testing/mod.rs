//! Doubles for the tests of the planners: applications in memory, plans of every kind, runs.

pub(crate) mod file;
mod random_tests;
pub(crate) mod run;
pub(crate) mod scenes;
pub(crate) mod world;
