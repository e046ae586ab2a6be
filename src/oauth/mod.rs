//! OAuth as the applications use it between each other: public keys and who presents them; and
//! the private keys of third-party programs.

mod armour;
mod der;
mod fault;
pub mod files;
pub mod formats;
pub mod keys;
mod openssh;
pub mod public_key;

pub use fault::KeyFault;
pub use keys::PrivateKey;
