//! What fixes a link: as something that can be planned, and as a command.
//!
//! A remedy never relies on an address only because a server named it: see
//! [`is_trusted`]. Carrying a remedy out may not enter.

mod kind;
mod selection;
mod trusted_address;

pub use kind::Remedy;
pub use selection::remedies;
pub use trusted_address::is_trusted;
