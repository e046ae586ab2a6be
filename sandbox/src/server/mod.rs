//! Sockets: listening, TLS, one connection after another, and the gate that every answer passes.

pub(crate) mod connection;
pub(crate) mod crew;
pub(crate) mod flood;
pub(crate) mod gate;
pub(crate) mod listener;
pub(crate) mod tls;
pub(crate) mod wire;

pub(crate) use listener::Serving;
