//! Reads the client certificate that is presented to an application, and its key.

use std::path::Path;

use rsa::pkcs8::der::pem::{LineEnding, encode_string};
use rustls::pki_types::CertificateDer;
use zeroize::Zeroizing;

use super::{certificate, certificate_files};
use crate::error::{Error, Kind};
use crate::oauth::{KeyError, files, private_key_pem};

/// Finds the passphrase of a key file.
pub type PassphraseSource = dyn Fn(&Path) -> Result<Zeroizing<String>, Error> + Send + Sync;

/// The certificate chain of one file and the key of another, or of the same.
pub(super) fn identity(
    certificate: &Path,
    key: &Path,
    passphrase: &PassphraseSource,
) -> Result<reqwest::Identity, Error> {
    let chain = certificate_files::read(certificate, "the client certificate")?;
    check_dates(certificate, &chain)?;
    let mut pem = private_key(key, passphrase)?;
    for der in &chain {
        pem.push_str(&encode_string("CERTIFICATE", LineEnding::LF, der).unwrap_or_default());
    }
    reqwest::Identity::from_pem(pem.as_bytes()).map_err(|_| {
        Error::usage(format!(
            "{} holds no private key that TLS can use",
            key.display()
        ))
    })
}

fn private_key(path: &Path, passphrase: &PassphraseSource) -> Result<Zeroizing<String>, Error> {
    let at = |fault: KeyError| match fault {
        fault @ KeyError::Io { .. } => {
            Error::usage(format!("the client key {}: {fault}", path.display()))
        }
        KeyError::NotAKey => Error::usage(format!(
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
    if private_key_pem::has_private_key(&file.bytes) {
        file.check_private(path).map_err(at)?;
    }
    private_key_pem::open(&file.bytes, || {
        passphrase(path).map_err(OpenError::Passphrase)
    })
    .map_err(|refused| match refused {
        OpenError::Passphrase(error) => error,
        OpenError::Key(fault) => at(fault),
    })
}

enum OpenError {
    Passphrase(Error),
    Key(KeyError),
}

impl From<KeyError> for OpenError {
    fn from(fault: KeyError) -> Self {
        Self::Key(fault)
    }
}

/// Refuses an expired certificate: applications do so too, mostly without saying why.
fn check_dates(path: &Path, chain: &[CertificateDer<'static>]) -> Result<(), Error> {
    let Some(first) = chain.first().and_then(|der| certificate::read(der)) else {
        return Ok(());
    };
    let (from, until) = (first.facts.not_before, first.facts.not_after);
    let now = jiff::Timestamp::now();
    let day = |time: jiff::Timestamp| time.strftime("%Y-%m-%d").to_string();
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
