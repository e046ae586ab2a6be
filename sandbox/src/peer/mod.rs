//! Calls from one application to another, and the link status that is made from them. Everything
//! here is real HTTP: a peer that is down, slow or misconfigured shows.

pub(crate) mod client;
pub(crate) mod consumer_info;
pub(crate) mod failure;
pub(crate) mod manifest;
pub(crate) mod problem;
pub(crate) mod remote;
pub(crate) mod signed;
pub(crate) mod status;

pub(crate) use problem::Problem;
