//! Sets the OAuth flags of a link, one direction at a time.

use super::call::Call;
use crate::peer::consumer_info;
use crate::store::{Link, OAuthFlags};

/// Sets the incoming direction. It keeps a stored consumer, and otherwise fetches the peer's own.
/// Disabling the direction removes the consumer.
pub(crate) async fn set_incoming(
    call: &Call<'_>,
    link: &Link,
    flags: OAuthFlags,
) -> Result<(), String> {
    if !flags.enabled {
        call.store(|store| store.remove_consumer(&link.id));
        return Ok(());
    }
    let stored = call.store(|store| store.consumer_of(link).cloned());
    let mut consumer = match stored {
        Some(consumer) => consumer,
        None => consumer_info::fetch(call.app, &link.rpc_url).await?,
    };
    consumer.two_lo = flags.two_lo;
    consumer.two_loi = flags.two_loi;
    call.store(|store| store.set_consumer(&link.id, consumer));
    Ok(())
}

/// Sets the outgoing direction.
pub(crate) fn set_outgoing(call: &Call<'_>, id: &str, flags: OAuthFlags) {
    call.store(|store| {
        if let Some(link) = store.link_mut(id) {
            link.set_outgoing(flags);
        }
    });
}
