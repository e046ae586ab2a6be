//! The filter for Trusted Applications, between applications of one world.

use super::caller::{Caller, Scheme};
use crate::http::Request;
use crate::instance::Instance;
use crate::sync::lock;

/// Header by which an application proves, within its world, that it speaks for a user of a peer
/// with Trusted Applications. It counts only on connections that a peer really opened.
pub(crate) const TRUSTED_HEADER: &str = "X-Seraph-Trusted-App-User";

/// The user that a peer speaks for; `None` when this is no request of a trusted peer.
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
