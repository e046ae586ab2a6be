//! The certificate that is presented to an application, and its key.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use zeroize::Zeroizing;

use super::{authorities, tls};
use crate::error::{Error, Kind};
use crate::oauth::{KeyFault, any_key, files};

/// Finds the passphrase of a key file.
pub type Passphrase = dyn Fn(&Path) -> Result<Zeroizing<String>, Error> + Send + Sync;

/// The certificate chain of one file and the key of another, or of the same.
pub(super) fn identity(
    certificate: &Path,
    key: &Path,
    passphrase: &Passphrase,
) -> Result<reqwest::Identity, Error> {
    let chain = tls::read(certificate, "the client certificate")?;
    let chain = authorities::certificates(certificate, &chain)?;
    check_dates(certificate, &chain)?;
    let mut pem = private_key(key, passphrase)?;
    for one in &chain {
        pem.push_str(&armoured(one));
    }
    reqwest::Identity::from_pem(pem.as_bytes()).map_err(|_| {
        Error::usage(format!(
            "{} holds no private key that TLS can use",
            key.display()
        ))
    })
}

fn private_key(path: &Path, passphrase: &Passphrase) -> Result<Zeroizing<String>, Error> {
    let at = |fault: KeyFault| match fault {
        fault @ KeyFault::Io { .. } => {
            Error::usage(format!("the client key {}: {fault}", path.display()))
        }
        KeyFault::NotAKey => Error::usage(format!(
            "{} holds no private key in PEM form",
            path.display()
        ))
        .hint("name its file with --client-key FILE"),
        fault => {
            let fault = fault.at(path);
            if fault.kind == Kind::Auth {
                fault
            } else {
                Error {
                    kind: Kind::Usage,
                    ..fault
                }
            }
        }
    };
    let file = files::read(path).map_err(at)?;
    // A certificate alone is public: what is missing is said then, and not who may read it.
    if any_key::is_there(&file.bytes) {
        file.check_private(path).map_err(at)?;
    }
    any_key::open(&file.bytes, || passphrase(path).map_err(Refused::Unknown)).map_err(|refused| {
        match refused {
            Refused::Unknown(error) => error,
            Refused::Fault(fault) => at(fault),
        }
    })
}

enum Refused {
    Unknown(Error),
    Fault(KeyFault),
}

impl From<KeyFault> for Refused {
    fn from(fault: KeyFault) -> Self {
        Self::Fault(fault)
    }
}

/// One that has expired is refused by every application, mostly without saying why.
fn check_dates(path: &Path, chain: &[CertificateDer<'static>]) -> Result<(), Error> {
    let Some((_, first)) = chain
        .first()
        .and_then(|der| x509_parser::parse_x509_certificate(der).ok())
    else {
        return Ok(());
    };
    let now = jiff::Timestamp::now().as_second();
    let day = |seconds: i64| {
        jiff::Timestamp::from_second(seconds)
            .map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d").to_string())
    };
    let (from, until) = (
        first.validity().not_before.timestamp(),
        first.validity().not_after.timestamp(),
    );
    let wrong = |what: String| {
        Err(
            Error::usage(format!("the client certificate {} {what}", path.display()))
                .hint("applications refuse such a certificate: have a new one issued"),
        )
    };
    if until < now {
        wrong(format!("has expired: it was valid until {}", day(until)))
    } else if now < from {
        wrong(format!("is not valid before {}", day(from)))
    } else {
        Ok(())
    }
}

fn armoured(der: &[u8]) -> String {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
}
