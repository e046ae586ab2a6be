//! The sockets of an application: ports, TLS, connections, and the steps from a request to its
//! answer.

pub(crate) mod balancer;
mod connection;
pub(crate) mod listener;
pub(crate) mod pipeline;
pub(crate) mod tasks;
pub(crate) mod tls;
