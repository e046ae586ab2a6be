//! diagnose

pub mod codes;
