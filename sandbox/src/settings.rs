//! The settings of one simulated application, which can change while it runs.

use std::time::Duration;

use crate::product::Generation;

/// Which certificate authorities an application trusts when it calls its peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The authority of its world.
    WorldCa,
    /// No authority, as after a lost trust store.
    Nothing,
}

/// Two nodes behind one address. The nodes alternate, and a write to one of them shows on the other
/// only later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cluster {
    /// Time until a node learns of a change on the other node.
    pub lag: Duration,
    /// Whether the balancer sets a cookie, and keeps requests that return it on one node.
    pub affinity: bool,
}

/// Behaviour of one application, changed with `AppHandle::configure`.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one switch of an administrator's page"
)]
pub struct Settings {
    /// Title of the instance: the manifest's `name`.
    pub display_name: String,
    /// Configured base URL without a trailing slash. `None` for the URL where it listens. `{port}`
    /// stands for its port.
    pub base_url: Option<String>,
    /// How old the application is.
    pub generation: Generation,
    /// Product version instead of the generation's.
    pub version: Option<String>,
    /// Version of the application-links plugin instead of the generation's.
    pub applinks_version: Option<String>,
    /// Secure administrator sessions.
    pub websudo: bool,
    /// Whether a request with a personal access token passes the secure session.
    pub bearer_bypasses_websudo: bool,
    /// "Allow basic authentication on API calls".
    pub basic_allowed: bool,
    /// Paths on which Basic authentication stays allowed when it is off. A `*` stands for any text.
    pub basic_allowed_paths: Vec<String>,
    /// Users who may use Basic authentication when it is off. A `*` stands for any text.
    pub basic_allowed_users: Vec<String>,
    /// Whether personal access tokens are accepted, if the product has them.
    pub tokens_allowed: bool,
    /// Failed logins of one user after which the application demands a CAPTCHA. `None` for never.
    pub captcha_after: Option<u32>,
    /// Seconds by which the application's clock is ahead (negative: behind).
    pub clock_offset: i64,
    /// Time that every request takes at least.
    pub latency: Duration,
    /// The trust store used for calls to peers.
    pub trust: Trust,
    /// Corresponds to the system property `applinks.allow.all.hosts`. When off, the wizard refuses
    /// loopback and link-local addresses.
    pub allow_all_hosts: bool,
    /// Whether `MIGRATION_API` is among the capabilities.
    pub migration_api: bool,
    /// Scheme, host and port that the servlet container sees (`http://internal:8080`), as behind a
    /// proxy with a wrongly configured connector. `None` for those of the request.
    pub seen_origin: Option<String>,
    /// Context path that the servlet container sees, as behind a proxy that strips it. `None` for
    /// that of the request. Takes effect with `seen_origin` and without it.
    pub seen_context: Option<String>,
    /// Two nodes in place of one.
    pub cluster: Option<Cluster>,
    /// Time for which the capabilities of a peer are stored.
    pub capabilities_age: Duration,
    /// Connect and read time-out of calls to peers.
    pub peer_timeout: Duration,
    /// Application types that plugins add.
    pub extra_types: Vec<String>,
    /// The manifest's `publicSignup`.
    pub public_signup: bool,
    /// Whether the OAuth 2.0 client resource requires an HTTPS base URL. Off corresponds to the
    /// system property that skips this requirement.
    pub oauth2_https_only: bool,
    /// Whether a refusal of the OAuth 2.0 client resource lists its errors as
    /// `{"errors":[…],"fieldErrors":{…}}`, with 400 for a base URL that is not HTTPS and 401 for a
    /// user who is no system administrator. Off gives a `message`, and 403 for both.
    pub oauth2_error_lists: bool,
    /// Whether OAuth 2.0 clients and outgoing connections are rows of `3.0/applinks`, as with the
    /// feature `V4_UI`. The modern generation tells their kind by the property
    /// `oauth2ConnectionType`, the classic one answers `null`.
    pub oauth2_rows: bool,
    /// Whether reading an OAuth 2.0 client returns its secret again.
    pub oauth2_returns_secret: bool,
    /// Whether deleting a link also removes its consumer. The real products are not known to do so.
    pub delete_removes_consumer: bool,
}

impl Settings {
    pub(crate) fn new(display_name: &str) -> Self {
        Self {
            display_name: display_name.to_owned(),
            base_url: None,
            generation: Generation::Classic,
            version: None,
            applinks_version: None,
            websudo: false,
            bearer_bypasses_websudo: false,
            basic_allowed: true,
            basic_allowed_paths: Vec::new(),
            basic_allowed_users: Vec::new(),
            tokens_allowed: true,
            captcha_after: None,
            clock_offset: 0,
            latency: Duration::ZERO,
            trust: Trust::WorldCa,
            allow_all_hosts: true,
            migration_api: true,
            seen_origin: None,
            seen_context: None,
            cluster: None,
            capabilities_age: Duration::from_secs(3600),
            peer_timeout: Duration::from_secs(10),
            extra_types: Vec::new(),
            public_signup: false,
            oauth2_https_only: false,
            oauth2_error_lists: false,
            oauth2_rows: false,
            oauth2_returns_secret: true,
            delete_removes_consumer: false,
        }
    }
}
