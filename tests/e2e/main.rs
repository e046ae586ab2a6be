//! The real program in a cleared environment, against simulated applications over real HTTP.
//!
//! After every run the harness itself checks what must always hold: no secret in the output or in
//! a file, no credential at another application than its own, and the headers of every request.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on ends here"
)]

mod commands;
mod contracts;
mod crash;
mod network;
mod security;
mod support;
