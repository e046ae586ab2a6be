//! The pages of an application that is not ready.

use crate::http::encoding::encode;
use crate::http::{Reply, Request};
use crate::product::Product;

/// A page of an application that is not ready, to which it redirects every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnreadyPage {
    Startup,
    Error,
    Setup(Product),
}

impl UnreadyPage {
    fn path(self) -> &'static str {
        match self {
            Self::Startup => "/system/startup",
            Self::Error => "/johnson/page/errors",
            Self::Setup(Product::Jira) => "/secure/SetupMode!default.jspa",
            Self::Setup(Product::Confluence) => "/bootstrap/selectsetupstep.action",
            Self::Setup(_) => "/setup",
        }
    }

    /// The redirect to the page, or the page itself.
    pub(super) fn answer(self, request: &Request) -> Reply {
        let page = self.path();
        let path = request.local_path().unwrap_or_default();
        if path == page {
            return Reply::html(200, "Not ready", "The application is not ready.");
        }
        let next = match self {
            Self::Startup if request.query.is_empty() => format!("?next={}", encode(path)),
            Self::Startup => {
                let target = format!("{path}?{}", request.query);
                format!("?next={}", encode(&target))
            }
            Self::Error => "?next=/".to_owned(),
            Self::Setup(_) => String::new(),
        };
        let to = format!("{}{page}{next}", request.base());
        Reply::new(302).header("Location", to)
    }
}
