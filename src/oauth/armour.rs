//! The text around a key: PEM with all that happens to it on its way, and bare base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::fault::KeyFault;

const FENCE: &str = "-----";
const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// What stands between two fences.
pub(super) struct Block {
    /// The words after BEGIN.
    pub(super) label: String,
    /// Whether it has headers, as the old way of encrypting writes them.
    pub(super) has_headers: bool,
    /// What the base64 says.
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// The blocks of a PEM file; none where there is no fence. What stands outside of them is let
/// be, as openssl does: it writes the names of a certificate there. All of it may be one line.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, KeyFault> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, block)) = rest.split_once(BEGIN) {
        let damaged = |label: &str| KeyFault::Damaged(name(label));
        let (label, body) = block.split_once(FENCE).ok_or_else(|| damaged(""))?;
        let (body, end) = body.split_once(END).ok_or_else(|| damaged(label))?;
        rest = end
            .strip_prefix(label)
            .and_then(|end| end.strip_prefix(FENCE))
            .ok_or_else(|| damaged(label))?;
        let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
        let mut has_headers = false;
        for line in body.lines() {
            // A header is no base64: it has a colon.
            if line.contains(':') {
                has_headers = true;
            } else {
                base64.push_str(line);
            }
        }
        blocks.push(Block {
            label: label.to_owned(),
            has_headers,
            bytes: decode(&base64).ok_or_else(|| damaged(label))?,
        });
    }
    Ok(blocks)
}

/// A label as a person says it. It may be anything, and is shown.
fn name(label: &str) -> String {
    let is_label = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ' || c == '#';
    if !label.is_empty() && label.len() <= 40 && label.chars().all(is_label) {
        label.to_ascii_lowercase()
    } else {
        "block".to_owned()
    }
}

/// Base64 in either alphabet, with or without padding, with white space anywhere.
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

/// Text in lines of 64 columns between fences.
pub(super) fn pem(label: &str, base64: &str) -> String {
    let mut out = format!("{BEGIN}{label}{FENCE}\n");
    let mut rest = base64;
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(END);
    out.push_str(label);
    out.push_str(FENCE);
    out.push('\n');
    out
}
