//! Simulated Atlassian applications with application links.
//!
//! A [`World`] holds any number of applications ([`Product`]: Jira, Confluence, Bitbucket, Bamboo,
//! Crowd, Fisheye/Crucible) that listen on loopback and answer the administrative REST interface of
//! application links as the products do. They keep state, call each other over real HTTP, sign and
//! verify OAuth 1.0a requests, and can be made to misbehave. They are simulations: nothing in here
//! is Atlassian's software, and nothing leaves the machine.
//!
//! ```
//! use applink_sandbox::{App, Product, World};
//!
//! # fn main() -> Result<(), applink_sandbox::WorldError> {
//! let world = World::builder()
//!     .seed(7)
//!     .app(App::new(Product::Jira, "jira").context("/jira"))
//!     .app(App::new(Product::Confluence, "wiki"))
//!     .start()?;
//! assert!(world.app("jira").url().ends_with("/jira"));
//! # Ok(())
//! # }
//! ```

mod app;
mod auth;
mod builder;
mod certificate;
mod describe;
mod environment;
mod exchange;
mod fault;
mod handle;
mod http;
mod id;
mod instance;
mod oauth;
mod peer;
mod product;
mod rest;
mod seed;
mod server;
mod serving;
mod settings;
mod spec;
mod store;
mod sync;
mod users;
mod world;

pub use app::{App, Tls};
pub use builder::WorldBuilder;
pub use certificate::install_crypto;
pub use exchange::Exchange;
pub use fault::misbehaviour::TERMINAL_POISON;
pub use fault::rule::Fault;
pub use handle::{AppHandle, Checkpoint, OAUTH_PROVIDERS};
pub use product::{Generation, Product};
pub use settings::{Settings, Trust};
pub use spec::{SpecError, parse_specs};
pub use store::{Consumer, Legacy, Link, OAuthFlags};
pub use users::{Role, Token, User};
pub use world::{World, WorldError};

/// The id that applications derive from a URL, for links whose other end has no manifest: a
/// name-based UUID (version 3, no namespace) of the URL without trailing slashes.
pub fn url_derived_id(url: &str) -> String {
    id::url_id(url)
}
