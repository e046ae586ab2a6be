//! Reads certificates from PEM files, as people put them together: with comments, with several
//! certificates, now and then with a line missing. Errors name the line.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;

use super::certificate;
use crate::error::Error;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const FENCE: &str = "-----";

/// Reads the certificates of a file that the command line or the state names; `role` says in
/// errors what the file is for.
pub(super) fn read(path: &Path, role: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = std::fs::read(path).map_err(|error| {
        Error::usage(format!("{role} {} cannot be read: {error}", path.display()))
    })?;
    certificates(path, &pem)
}

/// The certificates in the bytes of a file, at least one. Text outside of PEM blocks is ignored, and
/// so are other blocks, such as keys.
fn certificates(path: &Path, bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = String::from_utf8_lossy(bytes);
    let wrong = |line: usize, what: &str| {
        Error::usage(format!("{}:{line}: {what}", path.display()))
            .hint("openssl storeutl -noout -text -certs FILE shows what is in such a file")
    };
    let mut found = Vec::new();
    let mut open: Option<OpenBlock> = None;
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let text = text.trim();
        match (&mut open, text.strip_prefix(BEGIN)) {
            (Some(block), Some(_)) => {
                return Err(wrong(
                    line,
                    &format!("the {} of line {} has not ended", block.label, block.line),
                ));
            }
            (None, Some(label)) => open = Some(OpenBlock::new(line, label)),
            (Some(block), None) if text.starts_with(END) => {
                if block.is_certificate() {
                    let der = block.certificate().ok_or_else(|| {
                        wrong(
                            block.line,
                            "what begins here is no certificate: it is cut off or damaged",
                        )
                    })?;
                    found.push(der);
                }
                open = None;
            }
            (Some(block), None) => {
                if block.is_certificate() && !is_base64(text) {
                    return Err(wrong(line, "this line does not belong into a certificate"));
                }
                block.base64.push_str(text);
            }
            (None, None) => {}
        }
    }
    if let Some(block) = open {
        return Err(wrong(
            block.line,
            &format!("the {} that begins here does not end", block.label),
        ));
    }
    if found.is_empty() {
        let error = Error::usage(format!(
            "{} holds no certificate in PEM form",
            path.display()
        ));
        return Err(if certificate::read(bytes).is_some() {
            error.hint(
                "it is one in DER form; write it anew: openssl x509 -inform der -in FILE -out NEW",
            )
        } else {
            error
        });
    }
    Ok(found)
}

/// A block that has begun.
struct OpenBlock {
    line: usize,
    label: String,
    base64: String,
}

impl OpenBlock {
    fn new(line: usize, label: &str) -> Self {
        let label = label.trim_end_matches(FENCE).to_ascii_lowercase();
        let plain =
            label.len() <= 40 && label.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
        Self {
            line,
            label: if plain { label } else { "block".to_owned() },
            base64: String::new(),
        }
    }

    fn is_certificate(&self) -> bool {
        matches!(self.label.as_str(), "certificate" | "x509 certificate")
    }

    fn certificate(&self) -> Option<CertificateDer<'static>> {
        let der = STANDARD.decode(&self.base64).ok()?;
        certificate::read(&der)?;
        Some(CertificateDer::from(der))
    }
}

fn is_base64(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use super::*;

    fn one() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        rcgen::CertificateParams::new(vec!["a.example".to_owned()])
            .unwrap()
            .self_signed(&key)
            .unwrap()
            .pem()
    }

    fn read(text: &str) -> Result<usize, String> {
        certificates(Path::new("ca.pem"), text.as_bytes())
            .map(|found| found.len())
            .map_err(|error| error.message)
    }

    #[test]
    fn comments_and_several() {
        let one = one();
        assert_eq!(read(&one), Ok(1));
        let text = format!(
            "\u{feff}# ours\nsubject=CN = \u{e9}\r\n{one}\n\n{}\ntail",
            one.replace('\n', "\r\n")
        );
        assert_eq!(read(&text), Ok(2));
        let key = "-----BEGIN PRIVATE KEY-----\nxx: not looked at\n-----END PRIVATE KEY-----\n";
        assert_eq!(read(&format!("{key}{one}")), Ok(1));
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        let one = one();
        let mut lines: Vec<&str> = one.lines().collect();
        lines.insert(3, "# a comment in the middle");
        assert_eq!(
            read(&lines.join("\n")).unwrap_err(),
            "ca.pem:4: this line does not belong into a certificate"
        );
        lines.remove(3);
        lines.remove(2);
        assert!(
            read(&lines.join("\n"))
                .unwrap_err()
                .starts_with("ca.pem:1: what begins here")
        );
        lines.pop();
        assert!(
            read(&lines.join("\n"))
                .unwrap_err()
                .ends_with("does not end")
        );
        let twice = format!("{}\n{one}", lines.join("\n"));
        assert_eq!(
            read(&twice).unwrap_err(),
            format!(
                "ca.pem:{}: the certificate of line 1 has not ended",
                lines.len() + 1
            )
        );
        assert!(read("hello").unwrap_err().contains("no certificate"));
        assert!(read("").is_err());
    }
}
