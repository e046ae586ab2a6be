//! The REST framework's guard against cross-site request forgery.

use crate::http::{Reply, Request};

const BROWSERS: [&str; 3] = ["Mozilla", "Opera", "AppleWebKit"];

/// Refuses a POST that another site could make a browser send, and a protected GET without the
/// token header. The products only log such PUT and DELETE requests.
pub(crate) fn check(request: &Request, protected_get: bool) -> Result<(), Reply> {
    let token = request
        .header("x-atlassian-token")
        .is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "no-check" | "nocheck"));
    let passes = match request.method.as_str() {
        "GET" | "HEAD" => !protected_get || token,
        "POST" => {
            let agent = request.header("user-agent").unwrap_or_default();
            let browser = BROWSERS.iter().any(|name| agent.contains(name));
            (!browser || same_origin(request)) && (token || !forgeable(request))
        }
        _ => true,
    };
    if passes {
        return Ok(());
    }
    Err(Reply::new(403).body("text/html;charset=UTF-8", "XSRF check failed"))
}

/// Whether an HTML form can send this content type. A missing type counts as one.
fn forgeable(request: &Request) -> bool {
    request.media_type().is_none_or(|media| {
        matches!(
            media.as_str(),
            "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain"
        )
    })
}

fn same_origin(request: &Request) -> bool {
    let own = format!("{}://{}", request.scheme, request.host);
    let from = request
        .header("origin")
        .or_else(|| request.header("referer"));
    from.is_some_and(|from| from == own || from.starts_with(&format!("{own}/")))
}
