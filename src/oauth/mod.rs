//! OAuth 1.0a as the applications use it: who presents which key, how a request is signed, and
//! how a user lets a program act in his name. Nothing in here asks an application; `remote` does.

pub mod any_key;
mod armour;
pub mod base_string;
pub mod callback;
pub mod dance;
mod der;
pub mod difference;
mod fault;
pub mod files;
pub mod formats;
pub mod keys;
mod openssh;
pub mod public_key;
pub mod sign;
pub mod tokens;

pub use fault::KeyFault;
pub use keys::PrivateKey;
