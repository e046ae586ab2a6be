//! OAuth 1.0a with RSA-SHA1, for both the provider and the consumer (RFC 5849).

pub(crate) mod base_string;
pub(crate) mod keys;
pub(crate) mod problem;
pub(crate) mod sign;
pub(crate) mod tokens;
pub(crate) mod verify;
