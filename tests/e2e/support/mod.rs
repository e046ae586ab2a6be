//! What the tests share: the program in its own environment, simulated applications, a browser, a
//! terminal and proxies. No tests are here.

pub(crate) mod browser;
pub(crate) mod certificates;
pub(crate) mod clones;
pub(crate) mod code_cases;
pub(crate) mod consumers;
pub(crate) mod env;
pub(crate) mod legacy;
pub(crate) mod oauth2_clients;
pub(crate) mod output;
pub(crate) mod own_codes;
pub(crate) mod plan_files;
pub(crate) mod product_codes;
pub(crate) mod proxy;
pub(crate) mod secret_encodings;
pub(crate) mod terminal;
pub(crate) mod worlds;
