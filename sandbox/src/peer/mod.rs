//! Calls from one application to another over real HTTP, and the link status that follows from
//! them.

pub(crate) mod administrator;
pub(crate) mod capabilities;
pub(crate) mod client;
pub(crate) mod consumer_info;
pub(crate) mod failure;
pub(crate) mod link_error;
pub(crate) mod manifest;
pub(crate) mod message;
mod remote_config;
pub(crate) mod signed;
pub(crate) mod status;
