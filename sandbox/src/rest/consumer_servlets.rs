//! The servlets that describe the application's own consumer, and disable OAuth on old versions.

use crate::auth::Caller;
use crate::http::{Reply, Request, xml};
use crate::instance::Instance;
use crate::product::Product;
use crate::store::OAuthFlags;
use crate::sync::lock;

/// GET `/plugins/servlet/oauth/consumer-info`
pub(crate) fn consumer_info(app: &Instance) -> Reply {
    let Some((key, pair)) = app.own_key() else {
        return Reply::html(500, "HTTP Status 500", "No key pair");
    };
    let settings = app.settings();
    let description = match app.product {
        Product::Jira => format!("Atlassian Jira at {}", app.base_url()),
        product => format!("Atlassian {} at {}", product.name(), app.base_url()),
    };
    let value = serde_json::json!({
        "key": key,
        "name": settings.display_name,
        "publicKey": pair.public,
        "description": description,
    });
    Reply::new(200).body(
        "application/xml;charset=UTF-8",
        xml::document("consumer", &value),
    )
}

/// DELETE `/plugins/servlet/applinks/auth/conf/oauth/autoconfig/{id}`
pub(crate) fn remove_autoconfig(
    app: &Instance,
    request: &Request,
    caller: &Caller,
    id: &str,
) -> Reply {
    if !caller.is_admin() {
        return Reply::html(401, "Unauthorized (401)", "You must be an administrator.");
    }
    let settings = app.settings();
    if settings.websudo && caller.scheme != crate::auth::Scheme::Basic {
        let page = match app.product {
            Product::Confluence => "/authenticate.action",
            _ => "/secure/admin/WebSudoAuthenticate!default.jspa",
        };
        let to = format!(
            "{}{page}?webSudoDestination={}",
            request.base(),
            request.path
        );
        return Reply::new(302).header("Location", to);
    }
    let mut state = lock(&app.state);
    let Some(id) = crate::id::parse(id).filter(|id| state.store.link(id).is_some()) else {
        return Reply::html(404, "HTTP Status 404", "No such application link.");
    };
    state.store.remove_consumer(&id);
    if let Some(link) = state.store.link_mut(&id) {
        link.set_outgoing(OAuthFlags::NONE);
    }
    Reply::new(200)
}
