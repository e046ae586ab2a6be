//! OAuth 1.0a as the applications use it: keys, signatures, and the dance in which a user
//! authorizes a consumer.
//!
//! Nothing in here sends a request (`remote` does) or knows a command.

pub mod base_string;
pub mod base_string_diff;
pub mod callback;
pub mod dance;
mod error;
pub mod files;
pub mod formats;
pub mod keys;
mod openssh;
mod pem;
mod private_key;
pub mod private_key_pem;
pub mod public_key;
mod rsa_numbers;
pub mod sign;
pub mod tokens;

pub use error::KeyError;
pub use private_key::PrivateKey;
