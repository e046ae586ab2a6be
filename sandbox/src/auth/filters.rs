//! The servlet filters, in their order.

use super::caller::Caller;
use super::{basic, bearer, oauth, trusted};
use crate::http::{Reply, Request};
use crate::instance::Instance;

/// Runs the filters: finds the caller, or the refusal that ends the request.
pub(crate) fn identify(app: &Instance, request: &Request) -> Result<Caller, Reply> {
    if let Some(outcome) = oauth::identify(app, request) {
        return outcome;
    }
    if let Some(caller) = trusted::identify(app, request) {
        return Ok(caller);
    }
    let Some(header) = request.header("authorization") else {
        return Ok(Caller::anonymous());
    };
    match header.split_once(' ') {
        Some((scheme, credentials)) if scheme.eq_ignore_ascii_case("basic") => {
            basic::identify(app, request, credentials)
        }
        Some(("Bearer", token)) if !token.contains(' ') => Ok(bearer::identify(app, token)),
        _ => Ok(Caller::anonymous()),
    }
}
