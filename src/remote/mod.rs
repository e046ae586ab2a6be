//! The applications over HTTP: requests, sessions, and the admin calls in domain terms.
//!
//! From the bottom up: `transport` sends one request and bounds the answer. `answer` decides what
//! kind of answer it was. `session` is one application with one account. `applinks` has the admin
//! calls, which `wire` spells. `product` is the table of what differs between products.
//!
//! No user interface, no plan and no state may enter.

mod affinity;
pub(crate) mod answer;
pub mod applinks;
mod bounded_json;
pub mod call;
mod certificate;
mod certificate_files;
mod client_key;
mod clients;
mod failure;
mod failure_text;
pub mod fleet;
pub mod handshake;
mod identity;
mod in_flight;
pub mod limits;
pub mod locate;
pub mod network;
pub mod oauth;
pub mod oauth2;
pub mod options;
mod passive;
pub mod product;
pub mod proxies;
pub mod recorder;
pub mod redact;
mod resolver;
pub mod retry;
mod rights;
pub mod session;
pub mod tls;
pub mod transport;
pub(crate) mod wire;
mod xml;

pub use failure::{CallError, Failure};
pub use identity::ConsumerPayload;
pub use options::Options;
pub use passive::PassiveSwitches;
pub use session::{Capabilities, Session};
pub use transport::Transport;
pub use wire::ListedRecord;
