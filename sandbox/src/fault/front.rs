//! The faults of layers in front of an application, and of an application that is not ready.

use super::rate_limit::{RateLimit, RetryAfter};
use super::rule::{Fault, FaultAction};
use super::unready::UnreadyPage;
use crate::http::Reply;
use crate::product::Product;

impl Fault {
    /// Answers as an ingress that knows no backend for the host: 404 and a line of plain text.
    pub fn default_backend() -> Self {
        Self::status(404).body("text/plain; charset=utf-8", "default backend - 404")
    }

    /// Refuses the methods that change something with 405 and an HTML page. Reads pass.
    pub fn writes_refused() -> Self {
        let page = Reply::html(405, "405 Not Allowed", "nginx");
        Self::new(FaultAction::Answer(page)).only_writes()
    }

    /// Redirects (302) to a SAML identity provider on another host.
    pub fn saml_redirect(provider: &str) -> Self {
        Self::redirect(&format!(
            "{provider}?SAMLRequest=fZFPT8MwDMW%2FSpR7&RelayState=c2Vzc2lvbg%3D%3D"
        ))
    }

    /// Answers with status 200 and the block page of a web application firewall, which names a
    /// support id.
    pub fn block_page(support_id: &str) -> Self {
        let text = format!("A policy blocked this request. Your support ID is: {support_id}");
        let page = Reply::html(200, "Request Rejected", &text);
        Self::new(FaultAction::Answer(page))
    }

    /// Runs the request without this header, as behind a proxy that drops it.
    pub fn drop_header(name: &str) -> Self {
        Self::new(FaultAction::DropHeader(name.to_owned()))
    }

    /// Answers with 429 from the given number of requests per second on. All answers carry
    /// `X-RateLimit-` headers.
    pub fn rate_limit(per_second: u32, retry: RetryAfter) -> Self {
        Self::new(FaultAction::RateLimit(RateLimit::new(per_second, retry)))
    }

    /// Redirects (302) to the start-up page, with the requested path as `next`.
    pub fn starting_up() -> Self {
        Self::new(FaultAction::Unready(UnreadyPage::Startup))
    }

    /// Redirects (302) to the page of start-up errors.
    pub fn error_page() -> Self {
        Self::new(FaultAction::Unready(UnreadyPage::Error))
    }

    /// Redirects (302) to the first page of a product that is not set up.
    pub fn not_set_up(product: Product) -> Self {
        Self::new(FaultAction::Unready(UnreadyPage::Setup(product)))
    }

    /// Answers with a login page, except below `/rest/`, as a single sign-on that exempts only the
    /// REST resources.
    pub fn login_page_outside_rest() -> Self {
        Self::login_page().except_path("/rest/")
    }
}
