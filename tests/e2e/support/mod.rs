//! What the tests share: the program in its own environment, simulated applications, a browser, a
//! terminal and proxies. No tests are here.

pub(crate) mod browser;
pub(crate) mod canaries;
pub(crate) mod certificates;
pub(crate) mod clones;
pub(crate) mod code_cases;
pub(crate) mod completions;
pub(crate) mod consumers;
pub(crate) mod env;
pub(crate) mod foreign_state;
pub(crate) mod hostile_names;
pub(crate) mod key_rotation;
pub(crate) mod keys;
pub(crate) mod legacy;
pub(crate) mod many_links;
pub(crate) mod oauth2_clients;
pub(crate) mod output;
pub(crate) mod plan_file_samples;
pub(crate) mod plan_files;
pub(crate) mod prompts;
pub(crate) mod proxy;
pub(crate) mod relocation;
pub(crate) mod secret_encodings;
pub(crate) mod sweep;
pub(crate) mod terminal;
pub(crate) mod torn_state;
pub(crate) mod worlds;
