//! Requests and replies, and the representations in which the products write them.

pub(crate) mod encoding;
pub(crate) mod errors;
mod negotiation;
mod reply;
mod request;
pub(crate) mod xml;

pub(crate) use negotiation::Format;
pub(crate) use reply::Reply;
pub(crate) use request::Request;
