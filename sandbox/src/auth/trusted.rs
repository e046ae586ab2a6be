//! The filter for Trusted Applications, between applications of one world.

use super::caller::{Caller, Scheme};
use crate::http::Request;
use crate::instance::Instance;
use crate::sync::lock;

/// Header with the id of the application and the user that it acts as. It counts only on a
/// connection that an application of the same world opened.
pub(crate) const TRUSTED_HEADER: &str = "X-Seraph-Trusted-App-User";

/// The user that a trusted peer acts as. `None` when this is no request of a trusted peer.
pub(super) fn identify(app: &Instance, request: &Request) -> Option<Caller> {
    let sender = request.sender.as_ref()?;
    let (id, name) = request.header(TRUSTED_HEADER)?.split_once(' ')?;
    let accepted = lock(&app.state)
        .store
        .link(id)
        .is_some_and(|link| link.legacy.trusted_incoming && !sender.is_empty());
    let user = app.user(name).filter(|_| accepted)?;
    Some(Caller {
        user: Some(user.name.clone()),
        role: user.role,
        scheme: Scheme::Trusted,
    })
}
