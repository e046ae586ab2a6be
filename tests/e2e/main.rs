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

mod arrows;
mod causes;
mod env;
mod estate;
mod generated;
mod out;
mod provider;

mod authorize;
mod authorize_refused;
mod authorize_terminal;
mod codes_own;
mod codes_product;
mod consumers;
mod consumers_again;
mod consumers_undo;
mod create;
mod create_refused;
mod create_undo;
mod credentials;
mod delete;
mod edit;
mod examples;
mod keys;
mod list;
mod mends;
mod mends_origins;
mod moves;
mod oauthlib;
mod presets;
mod recording;
mod relocate;
mod resume;
mod rotate;

mod sandbox;
mod secrets;
mod state;
mod streams;
mod tls;

mod unasked;
mod verify;
mod verify_runs;
mod witness_java;
mod witness_keys;
