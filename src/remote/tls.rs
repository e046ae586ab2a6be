//! The crypto provider of TLS, and the certificate files of one application.

use std::path::PathBuf;
use std::sync::{Arc, Once};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;

use super::{certificate_files, client_key};
use crate::error::Error;

pub use client_key::PassphraseSource;

static PROVIDER: Once = Once::new();

/// Installs the process's crypto provider, once. Every TLS client or server needs it.
pub fn install_provider() {
    PROVIDER.call_once(|| {
        // An error only says that another provider was installed before: then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The crypto provider itself, for a TLS configuration of one's own.
pub(super) fn provider() -> Arc<CryptoProvider> {
    install_provider();
    CryptoProvider::get_default().map_or_else(
        || Arc::new(rustls::crypto::ring::default_provider()),
        Arc::clone,
    )
}

/// The certificate files of one application: what it must present, and what is presented to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TlsFiles {
    /// Further certificate authorities, PEM files.
    pub authorities: Vec<PathBuf>,
    /// The client certificate chain, a PEM file.
    pub client_certificate: Option<PathBuf>,
    /// The key of the client certificate, a PEM file; may be in the same file.
    pub client_key: Option<PathBuf>,
}

impl TlsFiles {
    /// The further authorities.
    pub(super) fn authority_certificates(&self) -> Result<Vec<CertificateDer<'static>>, Error> {
        let mut all = Vec::new();
        for path in &self.authorities {
            all.extend(certificate_files::read(path, "the certificate authority")?);
        }
        Ok(all)
    }

    /// The client certificate with its key.
    pub(super) fn identity(
        &self,
        passphrase: &PassphraseSource,
    ) -> Result<Option<reqwest::Identity>, Error> {
        match &self.client_certificate {
            Some(certificate) => {
                let key = self.client_key.as_ref().unwrap_or(certificate);
                client_key::identity(certificate, key, passphrase).map(Some)
            }
            None => Ok(None),
        }
    }
}
