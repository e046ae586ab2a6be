//! Reads what a certificate says of itself. All of it is untrusted text.

use std::net::IpAddr;

use jiff::Timestamp;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::BmpString;
use x509_cert::der::oid::db::{DB, rfc5280::ID_AD_CA_ISSUERS};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, SubjectAltName};
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::domain::{CertificateFacts, text};

/// The most names of one certificate that are kept. Some real ones hold a hundred.
const MOST_NAMES: usize = 100;

/// The most characters of one name that are kept.
const LONGEST_NAME: usize = 255;

/// A certificate with what links it to others.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) facts: CertificateFacts,
    pub(super) subject: Name,
    pub(super) issuer: Name,
    /// Whether it says where its issuer's certificate can be fetched.
    pub(super) issuer_is_published: bool,
}

impl Certificate {
    /// Whether it names itself as its issuer.
    pub(super) fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

/// Reads a certificate; `None` where the bytes are none.
pub(super) fn read(der: &[u8]) -> Option<Certificate> {
    let certificate = x509_cert::Certificate::from_der(der).ok()?;
    let body = certificate.tbs_certificate();
    let (subject, issuer) = (body.subject(), body.issuer());
    let names = body.get_extension::<SubjectAltName>();
    let access = body.get_extension::<AuthorityInfoAccessSyntax>();
    Some(Certificate {
        facts: CertificateFacts {
            subject: shown_name(subject),
            issuer: shown_name(issuer),
            names: names
                .ok()
                .flatten()
                .map_or_else(Vec::new, |(_, names)| host_names(&names)),
            not_before: timestamp(body.validity().not_before)?,
            not_after: timestamp(body.validity().not_after)?,
        },
        subject: subject.clone(),
        issuer: issuer.clone(),
        issuer_is_published: access.ok().flatten().is_some_and(|(_, access)| {
            access
                .0
                .iter()
                .any(|one| one.access_method == ID_AD_CA_ISSUERS)
        }),
    })
}

fn timestamp(time: Time) -> Option<Timestamp> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Timestamp::from_second(seconds).ok()
}

fn shown_name(name: &Name) -> String {
    let parts: Vec<String> = name
        .iter_rdn()
        .map(|part| part.iter().map(attribute).collect::<Vec<_>>().join(" + "))
        .collect();
    let shown = text::excerpt(&parts.join(", "), LONGEST_NAME);
    if shown.is_empty() {
        "nobody".to_owned()
    } else {
        shown
    }
}

/// One part of a name, such as `CN=jira.example.com`.
fn attribute(attribute: &AttributeTypeAndValue) -> String {
    let oid = attribute.oid;
    let kind = match DB.find_names_for_oid(oid).min_by_key(|name| name.len()) {
        Some("emailAddress") => "Email".to_owned(),
        Some(short) if short.len() <= 2 => short.to_ascii_uppercase(),
        Some(name) => name.to_owned(),
        None => oid.to_string(),
    };
    match attribute.value.decode_as::<BmpString>() {
        Ok(value) => format!("{kind}={value}"),
        Err(_) => format!(
            "{kind}={}",
            String::from_utf8_lossy(attribute.value.value())
        ),
    }
}

fn host_names(names: &SubjectAltName) -> Vec<String> {
    names
        .0
        .iter()
        .filter_map(|name| match name {
            GeneralName::DnsName(name) => Some(text::excerpt(name.as_str(), LONGEST_NAME)),
            GeneralName::IpAddress(address) => {
                let bytes = address.as_bytes();
                let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
                let v6 = || <[u8; 16]>::try_from(bytes).map(IpAddr::from);
                v4.or_else(|_| v6()).ok().map(|address| address.to_string())
            }
            _ => None,
        })
        .take(MOST_NAMES)
        .collect()
}
