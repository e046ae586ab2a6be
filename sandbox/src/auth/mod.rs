//! Authentication: the user behind a request, and the checks that can refuse it before any
//! resource.

mod basic;
mod bearer;
mod caller;
mod filters;
pub(crate) mod oauth;
mod trusted;
pub(crate) mod websudo;
pub(crate) mod xsrf;

pub(crate) use basic::query_credentials;
pub(crate) use caller::{Caller, Scheme};
pub(crate) use filters::identify;
pub(crate) use trusted::TRUSTED_HEADER;
