//! The `relocateApplicationlink` resource, which gives a link another URL.

use super::call::{Call, ResourceResult};
use crate::http::Reply;
use crate::peer::manifest::{self, ManifestError};

/// POST `relocateApplicationlink/{id}?newUrl=…&nowarning=…`
pub(crate) async fn relocate(call: &mut Call<'_>, id: &str) -> ResourceResult {
    call.admin()?;
    if !call.caller.is_sysadmin() {
        let text = "Only a system administrator may relocate an application link";
        return Ok(call.style.status(403, text));
    }
    let new_url = call.request.parameter("newUrl").unwrap_or_default();
    if !url::Url::parse(&new_url).is_ok_and(|url| url.has_host()) {
        return Ok(call.style.status(500, &format!("Illegal URL: {new_url}")));
    }
    let id = call.id_v1(id)?;
    let Some(link) = call.store(|store| store.link(&id).cloned()) else {
        return Ok(call
            .style
            .status(404, &format!("No application with id '{id}'")));
    };
    let display_url = match manifest::fetch(call.app, &new_url).await {
        Ok(manifest) if manifest.type_id() != link.type_id => {
            let text = format!(
                "The application at {new_url} is of type {}, but the link is of type {}",
                manifest.type_id(),
                link.type_id
            );
            return Ok(Reply::new(400).body("application/json;charset=UTF-8", text));
        }
        Ok(manifest) => manifest.text("url").unwrap_or(&new_url).to_owned(),
        Err(ManifestError::Unreachable(_)) if !call.request.flag("nowarning") => {
            return Ok(Reply::new(409));
        }
        Err(_) => new_url.clone(),
    };
    call.store(|store| {
        if let Some(link) = store.link_mut(&id) {
            link.rpc_url = new_url;
            link.display_url = display_url;
        }
    });
    Ok(Reply::new(204))
}
