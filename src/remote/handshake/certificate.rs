//! What a certificate says of itself. All of it is a stranger's text.

use std::net::IpAddr;

use jiff::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::{
    OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS, OID_PKIX_AUTHORITY_INFO_ACCESS,
};
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::X509Name;

use crate::domain::text;

/// Names of one certificate that are kept; some hold a hundred, none that is meant well more.
const MOST_NAMES: usize = 100;

/// Characters of one name that are kept.
const LONGEST_NAME: usize = 255;

/// A presented certificate. Its texts are safe to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateLook {
    /// Whose it is.
    pub subject: String,
    /// Who signed it, by its own word.
    pub issuer: String,
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
    /// Whether it names itself as its issuer.
    pub self_signed: bool,
}

/// A certificate with what links it to others.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) look: CertificateLook,
    pub(super) raw_subject: Vec<u8>,
    pub(super) raw_issuer: Vec<u8>,
    /// Whether it says where its issuer's certificate can be fetched.
    pub(super) issuer_is_published: bool,
}

/// Reads a certificate; `None` where it is none.
pub(super) fn read(der: &[u8]) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let (subject, issuer) = (certificate.subject(), certificate.issuer());
    let validity = certificate.validity();
    Some(Certificate {
        look: CertificateLook {
            subject: name(subject),
            issuer: name(issuer),
            names: names(&certificate),
            not_before: Timestamp::from_second(validity.not_before.timestamp()).ok()?,
            not_after: Timestamp::from_second(validity.not_after.timestamp()).ok()?,
            self_signed: subject.as_raw() == issuer.as_raw(),
        },
        raw_subject: subject.as_raw().to_vec(),
        raw_issuer: issuer.as_raw().to_vec(),
        issuer_is_published: issuer_is_published(&certificate),
    })
}

fn name(name: &X509Name<'_>) -> String {
    let shown = text::excerpt(&name.to_string(), LONGEST_NAME);
    if shown.is_empty() {
        "nobody".to_owned()
    } else {
        shown
    }
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    extension
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(text::excerpt(name, LONGEST_NAME)),
            GeneralName::IPAddress(bytes) => {
                let address = match bytes.len() {
                    4 => <[u8; 4]>::try_from(*bytes).ok().map(IpAddr::from),
                    16 => <[u8; 16]>::try_from(*bytes).ok().map(IpAddr::from),
                    _ => None,
                };
                address.map(|address| address.to_string())
            }
            _ => None,
        })
        .take(MOST_NAMES)
        .collect()
}

fn issuer_is_published(certificate: &X509Certificate<'_>) -> bool {
    let Ok(Some(extension)) = certificate.get_extension_unique(&OID_PKIX_AUTHORITY_INFO_ACCESS)
    else {
        return false;
    };
    match extension.parsed_extension() {
        ParsedExtension::AuthorityInfoAccess(access) => access
            .accessdescs
            .iter()
            .any(|one| one.access_method == OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS),
        _ => false,
    }
}
