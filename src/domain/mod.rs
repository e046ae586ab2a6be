//! What applink talks about: applications, links, ends, levels.
//!
//! Input, output and the wire shapes of other programs may not enter: other modules translate into
//! these types at their border.

mod alias;
mod application;
mod base_url;
mod callback_url;
mod client;
mod code;
mod consumer;
mod finding;
mod hex;
mod id;
mod last_applied;
mod level;
mod link;
mod local_time;
mod name;
mod nearest;
mod pattern;
mod reachability;
mod source;
mod status;
pub mod text;
mod tls;
mod type_id;

pub use alias::{Alias, AliasError};
pub use application::{Application, Manifest, Version};
pub use base_url::{BaseUrl, BaseUrlError, Origin, same_url};
pub use callback_url::{CallbackUrl, CallbackUrlError};
pub use client::{Client, ClientTerms, ClientView, SecretFile};
pub use code::{Category, Code};
pub use consumer::{Consumer, ConsumerIdentity, PublicKey};
pub use finding::{Check, CheckStatus, Health, SuggestedCommand, chmod};
pub use hex::hex;
pub use id::ApplicationId;
pub use last_applied::LastApplied;
pub use level::{Directions, Flags, Level};
pub use link::{Record, RecordState, View, pair_key};
pub use local_time::local_time;
pub use name::{ConsumerKey, ConsumerKeyError, Name, NameError};
pub use nearest::{did_you_mean, nearest};
pub use pattern::{Destination, Pattern, PatternError};
pub use reachability::{ConnectFault, Reachability};
pub use source::{Position, nested_deeper};
pub use status::ProductStatus;
pub use tls::{CertificateFacts, TlsFacts, TlsFault};
pub use type_id::TypeId;
