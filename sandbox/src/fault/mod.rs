//! Scripted faults: rules that say what goes wrong, and the code that makes it go wrong.

pub(crate) mod alteration;
pub(crate) mod body;
mod front;
pub(crate) mod injector;
pub(crate) mod misbehaviour;
pub(crate) mod rate_limit;
pub(crate) mod rule;
pub(crate) mod stream;
mod unready;
