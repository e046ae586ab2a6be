//! TLS: the crypto provider, and how certificate files are read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::error::{Error, Kind};

static PROVIDER: Once = Once::new();

const NO_CERTIFICATE: &str = "holds no certificate in PEM form";

/// Installs the process's crypto provider, once. Every TLS client or server needs it.
pub fn install_provider() {
    PROVIDER.call_once(|| {
        // An error only says that another provider was installed before: then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// The crypto provider itself, for those who make their own configuration.
pub(super) fn provider() -> Arc<CryptoProvider> {
    install_provider();
    CryptoProvider::get_default().map_or_else(
        || Arc::new(rustls::crypto::ring::default_provider()),
        Arc::clone,
    )
}

/// The TLS choices of one application: what it must present, and what is presented to it.
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
    /// The further authorities as certificates.
    pub fn read_authorities(&self) -> Result<Vec<reqwest::Certificate>, Error> {
        let mut all = Vec::new();
        for path in &self.authorities {
            let pem = read(path, "the certificate authority")?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|_| unusable(path, NO_CERTIFICATE))?;
            if certificates.is_empty() {
                return Err(unusable(path, NO_CERTIFICATE));
            }
            all.extend(certificates);
        }
        Ok(all)
    }

    /// The further authorities for a configuration of one's own.
    pub(super) fn authority_certificates(&self) -> Result<Vec<CertificateDer<'static>>, Error> {
        let mut all = Vec::new();
        for path in &self.authorities {
            let pem = read(path, "the certificate authority")?;
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                all.push(certificate.map_err(|_| unusable(path, NO_CERTIFICATE))?);
            }
        }
        Ok(all)
    }

    /// The client certificate with its key.
    pub fn read_identity(&self) -> Result<Option<reqwest::Identity>, Error> {
        let Some(certificate) = &self.client_certificate else {
            return Ok(None);
        };
        let mut pem = zeroize::Zeroizing::new(read(certificate, "the client certificate")?);
        if let Some(key) = &self.client_key {
            pem.push(b'\n');
            pem.extend_from_slice(&zeroize::Zeroizing::new(read(key, "the client key")?));
        }
        if contains(&pem, b"ENCRYPTED") {
            return Err(unusable(
                self.client_key.as_deref().unwrap_or(certificate),
                "is encrypted, and applink cannot ask for its passphrase yet",
            )
            .hint(
                "write an unencrypted copy that only you can read: openssl pkey -in KEY -out PLAIN",
            ));
        }
        reqwest::Identity::from_pem(&pem).map(Some).map_err(|_| {
            unusable(
                certificate,
                "and its key are not a certificate chain and a private key in PEM form",
            )
        })
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| {
        Error::new(
            Kind::Usage,
            format!("{what} {} cannot be read: {error}", path.display()),
        )
    })
}

fn unusable(path: &Path, why: &str) -> Error {
    Error::new(Kind::Usage, format!("{} {why}", path.display()))
}
