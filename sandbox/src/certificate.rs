//! The certificate authority of a world, and the certificates that it signs.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::app::Tls;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes `ring` the cryptography provider of this process, unless one is installed already.
pub fn install_crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A certificate authority, generated on first use.
#[derive(Debug, Default)]
pub(crate) struct CertificateAuthority(OnceLock<Option<CertifiedIssuer<'static, KeyPair>>>);

impl CertificateAuthority {
    fn issuer(&self) -> io::Result<&CertifiedIssuer<'static, KeyPair>> {
        let issuer = self.0.get_or_init(|| authority().ok());
        issuer
            .as_ref()
            .ok_or_else(|| io::Error::other("the certificate authority could not be made"))
    }

    /// The authority's certificate as PEM.
    pub(crate) fn pem(&self) -> io::Result<String> {
        self.issuer().map(CertifiedIssuer::pem)
    }

    /// A trust store with nothing but this authority.
    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        if let Ok(issuer) = self.issuer() {
            let _ = roots.add(issuer.der().clone());
        }
        roots
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Sandbox Test Authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

/// The certificate of an application under `names`, and its private key.
pub(crate) fn leaf(
    authority: &CertificateAuthority,
    mode: Tls,
    names: Vec<String>,
) -> io::Result<(CertificateDer<'static>, PrivateKeyDer<'static>)> {
    let failed = |error: rcgen::Error| io::Error::other(error);
    let names = if mode == Tls::WrongHost {
        vec!["elsewhere.example.test".to_owned()]
    } else {
        names
    };
    let mut params = CertificateParams::new(names).map_err(failed)?;
    params
        .distinguished_name
        .push(DnType::CommonName, "sandbox application");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    if mode == Tls::Expired {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    }
    if mode == Tls::ExpiresSoon {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let epoch = date_time_ymd(1970, 1, 1);
        params.not_before = epoch + now.saturating_sub(80 * DAY);
        // The extra hour keeps ten whole days left while a test runs.
        params.not_after = epoch + now + 10 * DAY + Duration::from_secs(3600);
    }
    let key = KeyPair::generate().map_err(failed)?;
    let certificate = if mode == Tls::SelfSigned {
        params.self_signed(&key).map_err(failed)?
    } else {
        params
            .signed_by(&key, authority.issuer()?)
            .map_err(failed)?
    };
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
    Ok((certificate.der().clone(), key))
}
