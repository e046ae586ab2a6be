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
//!
//! # Floors
//!
//! The files stand on floors. A file imports only from lower floors, or from files on its own floor
//! that do not lead back to it. So no file reaches itself by following its imports. A `mod.rs` file
//! only declares and re-exports. From the lowest floor to the highest:
//!
//! 1. **Values.** `product`, `program` and `users` describe products, programs of other makers and
//!    accounts. `settings` and `app` describe one application, and `spec` reads its short form. `id` derives ids, `seed` draws
//!    random values, `sync` locks, and `exchange` is an entry of the request log.
//! 2. **HTTP.** `http` has requests, replies and their representations. `certificate` has the
//!    certificate authority.
//! 3. **Faults.** `fault` makes requests and replies go wrong.
//! 4. **Store.** `store` has the links, consumers and tokens of an application.
//! 5. **OAuth 1.0a.** `oauth` signs and verifies requests, and issues tokens.
//! 6. **Application.** `environment` has the parts that applications share, `serving` an open port,
//!    `nodes` the changes that a node of a cluster does not know yet, and `instance` one application with its state.
//! 7. **Authentication.** `auth` finds the user of a request.
//! 8. **Peers.** `peer` calls other applications and checks the status of links.
//! 9. **Resources.** `rest` answers requests.
//! 10. **Server.** `server` listens, reads requests and writes answers.
//! 11. **Handles.** `handle` starts, stops, configures and inspects one application.
//! 12. **World.** `world` holds running applications. `builder` starts them and `describe` lists
//!     them.

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
mod nodes;
mod oauth;
mod peer;
mod product;
mod program;
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
pub use fault::rate_limit::RetryAfter;
pub use fault::rule::Fault;
pub use handle::{AppHandle, Checkpoint, OAUTH_PROVIDERS};
pub use id::url_derived_id;
pub use product::{Generation, Product};
pub use program::Program;
pub use settings::{Cluster, Settings, Trust};
pub use spec::{SpecError, parse_specs};
pub use store::{Consumer, LegacyAuth, Link, OAuthFlags};
pub use users::{PersonalToken, Role, User};
pub use world::{World, WorldError};
