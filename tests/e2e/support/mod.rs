//! What the tests share: the program in its own environment, simulated applications, a browser, a
//! terminal and proxies. No tests are here.

pub(crate) mod browser;
pub(crate) mod env;
pub(crate) mod faulty_links;
pub(crate) mod output;
pub(crate) mod proxy;
pub(crate) mod secret_encodings;
pub(crate) mod terminal;
pub(crate) mod worlds;
