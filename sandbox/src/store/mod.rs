//! The data that an application stores, and the rules that keep it consistent.

mod capabilities;
pub(crate) mod class;
mod consumer;
mod link;
mod link_error;
mod oauth_flags;
mod tables;
mod token;

pub(crate) use capabilities::PeerCapabilities;
pub use consumer::Consumer;
pub(crate) use consumer::{OAuth2Client, OAuth2Connection, stored_redirects};
pub use link::{LegacyAuth, Link};
pub(crate) use link_error::LinkError;
pub(crate) use oauth_flags::AuthConfig;
pub use oauth_flags::OAuthFlags;
pub(crate) use tables::Store;
pub(crate) use token::{AccessToken, Approval, RequestToken};
