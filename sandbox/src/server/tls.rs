//! The TLS acceptor of an application.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

use crate::app::Tls;
use crate::certificate::{leaf, provider};
use crate::instance::Instance;
use crate::sync::lock;

/// The acceptor of an application; `None` when it speaks plain HTTP.
pub(crate) fn server(app: &Instance) -> io::Result<Option<TlsAcceptor>> {
    let (mode, hosts) = {
        let address = lock(&app.address);
        (address.tls, address.hosts.clone())
    };
    if mode == Tls::Off {
        return Ok(None);
    }
    let mut names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    names.extend(hosts);
    let authority = &app.environment.authority;
    let (certificate, key) = leaf(authority, mode, names)?;
    // Only before TLS 1.3 does a missing client certificate fail the handshake itself.
    let versions: &[&rustls::SupportedProtocolVersion] = if mode == Tls::ClientCertificate {
        &[&rustls::version::TLS12]
    } else {
        rustls::ALL_VERSIONS
    };
    let builder = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(versions)
        .map_err(io::Error::other)?;
    let builder = if mode == Tls::ClientCertificate {
        let roots = Arc::new(authority.roots());
        let verifier =
            rustls::server::WebPkiClientVerifier::builder_with_provider(roots, provider())
                .build()
                .map_err(io::Error::other)?;
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    let config = builder
        .with_single_cert(vec![certificate], key)
        .map_err(io::Error::other)?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}
