//! Diagnosis: what is wrong with a link, why, and what to do about it.

pub mod codes;
