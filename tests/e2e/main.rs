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
mod forms;
mod generated;
mod graph;
mod middle;
mod out;
mod presets;
mod provider;
mod terminal;

mod apply;
mod apply_kept;
mod asked;
mod asked_others;
mod authorize;
mod authorize_refused;
mod authorize_terminal;
mod codes_own;
mod codes_product;
mod consumers;
mod consumers_again;
mod consumers_undo;
mod copies;
mod create;
mod create_refused;
mod create_undo;
mod credentials;
mod delete;
mod documented;
mod drift;
mod edit;
mod examples;
mod export;
mod export_any;
mod hanging;
mod interrupted;
mod json;
mod keyring;
mod keys;
mod list;
mod manual;
mod mends;
mod mends_origins;
mod migrate;
mod moves;
mod names;
mod oauth2;
mod oauth2_undo;
mod oauthlib;
mod piped;
mod plan_file;
mod promise;
mod proxies;
mod recording;
mod relocate;
mod resume;
mod rotate;

mod retries;
mod sandbox;
mod scan;
mod secrets;
mod secrets_around;
mod secrets_kept;
mod seeming;
mod shells;
mod state;
mod state_faults;
mod stranger;
mod streams;
mod sweep;
mod tls;
mod told;
mod typed;

mod unasked;
mod untrusted;
mod verify;
mod verify_runs;
mod way;
mod witness_java;
mod witness_keys;
