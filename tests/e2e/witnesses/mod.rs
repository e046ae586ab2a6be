//! Other implementations that judge what applink writes.

pub(crate) mod java;
pub(crate) mod oauthlib;
pub(crate) mod openssl;
