//! Requests and answers, and the shapes in which the REST frameworks of the products write them.

pub(crate) mod errors;
pub(crate) mod negotiation;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod xml;

pub(crate) use negotiation::Format;
pub(crate) use reply::Reply;
pub(crate) use request::Request;
