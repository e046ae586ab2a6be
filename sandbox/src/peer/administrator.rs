//! Configures a peer with the name and password of an administrator there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::capabilities::at_least;
use super::client;
use super::failure::NetFailure;
use super::message::{PeerAnswer, PeerRequest};
use crate::instance::Instance;
use crate::store::{AuthConfig, PeerCapabilities, class};

/// The peer and the credentials of its administrator.
pub(crate) struct PeerAdministrator<'a> {
    pub(crate) app: &'a Instance,
    pub(crate) base: &'a str,
    pub(crate) user: &'a str,
    pub(crate) password: &'a str,
}

impl PeerAdministrator<'_> {
    /// Sends one request with the credentials.
    pub(crate) async fn send(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<PeerAnswer, NetFailure> {
        let url = format!("{}{path}", self.base.trim_end_matches('/'));
        let credentials = STANDARD.encode(format!("{}:{}", self.user, self.password));
        let mut request = PeerRequest::new(method, url)
            .header("Authorization", format!("Basic {credentials}"))
            .header("X-Atlassian-Token", "no-check")
            .header("Accept", "application/json");
        if let Some(body) = body {
            request = request.json(body);
        }
        client::send(self.app, request).await
    }

    /// Configures the peer's end to match `local`, which is this end. Returns whether that worked.
    /// A peer that is too old counts as configured.
    pub(crate) async fn configure(
        &self,
        capabilities: &PeerCapabilities,
        local: AuthConfig,
    ) -> bool {
        let own = self.app.id();
        if capabilities.names.contains("STATUS_API") {
            let body = local.mirrored().json();
            let path = format!("/rest/applinks/3.0/status/{own}/oauth");
            return self
                .send("PUT", &path, Some(&body))
                .await
                .is_ok_and(|answer| answer.status == 204);
        }
        let version = capabilities.applinks_version.as_deref();
        if !at_least(version, [4, 0, 0]) {
            return true;
        }
        self.consumer(at_least(version, [5, 0, 0]), local).await && self.providers(local).await
    }

    async fn consumer(&self, own_module: bool, local: AuthConfig) -> bool {
        let flags = local.outgoing;
        if !flags.enabled {
            return true;
        }
        let module = if own_module {
            "applinks-oauth/latest"
        } else {
            "applinks/2.0"
        };
        let path = format!(
            "/rest/{module}/applicationlink/{}/authentication/consumer?autoConfigure=true",
            self.app.id()
        );
        let body =
            json!({"twoLOAllowed": flags.two_lo, "twoLOImpersonationAllowed": flags.two_loi});
        self.send("PUT", &path, Some(&body))
            .await
            .is_ok_and(|answer| answer.status == 201)
    }

    async fn providers(&self, local: AuthConfig) -> bool {
        let flags = local.incoming;
        let path = format!(
            "/rest/applinks/2.0/applicationlink/{}/authentication/provider",
            self.app.id()
        );
        let providers = [
            (flags.enabled, class::OAUTH),
            (flags.two_lo, class::TWO_LO),
            (flags.two_loi, class::TWO_LOI),
        ];
        for (_, provider) in providers.into_iter().filter(|(on, _)| *on) {
            let body = json!({"provider": provider, "config": {}});
            let sent = self.send("PUT", &path, Some(&body)).await;
            if !sent.is_ok_and(|answer| answer.status == 201) {
                return false;
            }
        }
        true
    }
}
