//! A certificate authority, and servers that use its certificates.

use std::net::SocketAddr;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig};

use crate::support::env::Env;
use crate::support::proxy::{Proxy, tls_terminator};

/// An authority, and what it issues.
pub(crate) struct Authority(pub(crate) CertifiedIssuer<'static, KeyPair>);

pub(crate) fn ca_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

impl Authority {
    pub(crate) fn root() -> Self {
        Self::named("Test Root")
    }

    pub(crate) fn named(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(ca_params(name), key).unwrap())
    }

    pub(crate) fn below(&self, name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::signed_by(ca_params(name), key, &self.0).unwrap())
    }

    pub(crate) fn issue(
        &self,
        usage: ExtendedKeyUsagePurpose,
        expired: bool,
    ) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "somebody");
        params.extended_key_usages = vec![usage];
        if expired {
            params.not_before = date_time_ymd(2019, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// A server's configuration; the chain has `between` authorities between root and server.
    pub(crate) fn server(&self, between: usize, clients: bool) -> ServerConfig {
        let mut chain = Vec::new();
        let mut last: Option<Self> = None;
        for n in 0..between {
            let next = last.as_ref().unwrap_or(self).below(&format!("Between {n}"));
            chain.insert(0, next.0.der().clone());
            last = Some(next);
        }
        let (leaf, key) = last
            .as_ref()
            .unwrap_or(self)
            .issue(ExtendedKeyUsagePurpose::ServerAuth, false);
        chain.insert(0, leaf.der().clone());
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if clients {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::clone(self.0.der())).unwrap();
            let verifier =
                rustls::server::WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        builder.with_single_cert(chain, key).unwrap()
    }
}

/// Puts TLS in front of an application.
pub(crate) fn add_tls_terminator(env: &Env, alias: &str, config: ServerConfig) -> Proxy {
    let to = SocketAddr::from(([127, 0, 0, 1], env.world.app(alias).port()));
    let middle = tls_terminator(config, to);
    let url = format!("https://{}", middle.address);
    env.world
        .app(alias)
        .configure(|settings| settings.base_url = Some(url));
    middle
}
