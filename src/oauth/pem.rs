//! Reads and writes PEM, leniently: with comments, CRLF, either base64 alphabet, or all on one line.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rsa::pkcs8::der::pem;
use zeroize::Zeroizing;

use super::error::KeyError;

const FENCE: &str = "-----";
const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// One PEM block.
pub(super) struct PemBlock {
    /// The words after BEGIN.
    pub(super) label: String,
    /// Whether it has headers, which only the old PEM encryption writes.
    pub(super) has_headers: bool,
    /// The decoded base64.
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// The blocks of a PEM file. Text outside of them is ignored: openssl writes the names of a
/// certificate there. The whole file may be one line.
pub(super) fn blocks(text: &str) -> Result<Vec<PemBlock>, KeyError> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let damaged = |label: &str| KeyError::Damaged(shown_label(label));
        let (label, body) = block.split_once(FENCE).ok_or_else(|| damaged(""))?;
        let (body, end) = body.split_once(END).ok_or_else(|| damaged(label))?;
        rest = end
            .strip_prefix(label)
            .and_then(|end| end.strip_prefix(FENCE))
            .ok_or_else(|| damaged(label))?;
        let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
        let mut has_headers = false;
        for line in body.lines() {
            // Only a header has a colon.
            if line.contains(':') {
                has_headers = true;
            } else {
                base64.push_str(line);
            }
        }
        blocks.push(PemBlock {
            label: label.to_owned(),
            has_headers,
            bytes: decode(&base64).ok_or_else(|| damaged(label))?,
        });
    }
    Ok(blocks)
}

/// The label as it may be shown in a message: the file decides what it is.
fn shown_label(label: &str) -> String {
    let is_plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ' || c == '#';
    if !label.is_empty() && label.len() <= 40 && label.chars().all(is_plain) {
        label.to_ascii_lowercase()
    } else {
        "block".to_owned()
    }
}

/// Decodes base64 in either alphabet, with or without padding, with white space anywhere.
pub(super) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut body = Zeroizing::new(String::with_capacity(text.len()));
    body.extend(
        text.chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
            .map(|c| match c {
                '-' => '+',
                '_' => '/',
                c => c,
            }),
    );
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(body.as_bytes())
        .ok()
        .map(Zeroizing::new)
}

/// PEM in lines of 64 columns; empty if the label is none that PEM allows.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    pem::encode_string(label, pem::LineEnding::LF, der).unwrap_or_default()
}
