//! OAuth 1.0a as an Atlassian provider and consumer speak it: RSA-SHA1 only. The words are those of
//! RFC 5849 (OAuth Core 1.0).

pub(crate) mod base_string;
pub(crate) mod dance;
pub(crate) mod keys;
pub(crate) mod problem;
pub(crate) mod sign;
pub(crate) mod verify;
