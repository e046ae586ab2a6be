//! Deletes links, on request also at the peer.

use super::call::{Call, ResourceResult};
use crate::http::Reply;
use crate::peer::client;
use crate::peer::message::PeerRequest;
use crate::peer::signed::{self, UserAccess};
use crate::store::Link;

/// DELETE `{id}`, at the peer first with `reciprocate=true`.
pub(crate) async fn delete(call: &Call<'_>, id: &str) -> ResourceResult {
    let id = call.id_v1(id)?;
    let Some(link) = call.store(|store| store.link(&id).cloned()) else {
        return Ok(call
            .style
            .status(404, &format!("No application with id '{id}'")));
    };
    if link.system && !call.caller.is_sysadmin() {
        let text = "Only a system administrator may delete a system application link";
        return Ok(call.style.status(403, text));
    }
    if call.request.flag("reciprocate") {
        delete_at_peer(call, &link).await?;
    }
    remove(call, &id);
    Ok(call
        .style
        .status(200, &format!("Deleted application with id '{id}'")))
}

/// Removes a link, and its consumer if the settings say so.
pub(crate) fn remove(call: &Call<'_>, id: &str) -> Option<Link> {
    call.store(|store| {
        if call.settings.delete_removes_consumer {
            store.remove_consumer(id);
        }
        store.remove(id)
    })
}

async fn delete_at_peer(call: &Call<'_>, link: &Link) -> Result<(), Reply> {
    let user = call.user();
    let path = format!("/rest/applinks/1.0/applicationlink/{}", call.app.id());
    let sent = match signed::user_access(link, &user) {
        UserAccess::TokenMissing => {
            let url = signed::authorisation_url(call.app, link);
            return Err(call
                .style
                .status(401, &format!("Credentials are required: {url}")));
        }
        UserAccess::Available(auth) => signed::send(call.app, link, "DELETE", &path, auth).await,
        UserAccess::NotConfigured => {
            let url = format!("{}{path}", link.rpc_url.trim_end_matches('/'));
            let request = PeerRequest::new("DELETE", url);
            client::send(call.app, request).await
        }
    };
    match sent {
        Ok(answer) if answer.status == 200 => Ok(()),
        Ok(answer) => {
            let text = format!(
                "Failed to delete the reciprocal link: Received {} - {}",
                answer.status,
                answer.reason()
            );
            Err(call.style.status(500, &text))
        }
        Err(failure) => Err(call.style.status(
            500,
            &format!("Failed to delete the reciprocal link: {failure}"),
        )),
    }
}
