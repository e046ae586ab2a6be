//! The other side: how applications are asked and told things over HTTP.
//!
//! From the bottom up: `transport` sends one request and bounds the answer; `answer` decides what
//! kind of answer it was; `session` is one application with one account; `applinks` are the admin
//! calls in domain terms, spelled on the wire by `wire`. What differs between products is a table
//! in `product`. No user-interface, no plan, no state in here.

pub(crate) mod answer;
pub mod applinks;
mod authorities;
mod client_key;
mod clients;
mod failure;
pub mod fleet;
mod flight;
pub mod handshake;
mod identity;
pub mod locate;
mod network;
pub mod oauth;
pub mod oauth2;
pub mod product;
pub mod proxies;
mod quiet;
pub mod recorder;
pub mod redact;
mod resolver;
pub mod retry;
pub mod session;
mod strict;
pub mod tls;
pub mod transport;
pub(crate) mod wire;

pub use applinks::Capabilities;
pub use failure::{CallError, Failure};
pub use identity::NewConsumer;
pub use quiet::Quiet;
pub use session::Session;
pub use transport::{Options, Transport};
pub use wire::Listed;
