//! A secret in every form in which it might turn up.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A secret as it might be written down: plain, base64, alone or behind a user, percent-encoded,
/// in hexadecimal digits, inside a JSON string.
pub(crate) fn encodings(secret: &str) -> Vec<String> {
    let unpadded = |text: &str| {
        let encoded = STANDARD.encode(text);
        // The last group depends on what follows.
        let whole = text.len() / 3 * 4;
        encoded[..whole].to_owned()
    };
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let percent: String =
        percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
            .to_string();
    let json = serde_json::to_string(secret).unwrap();
    let mut forms = vec![
        secret.to_owned(),
        unpadded(secret),
        percent,
        hex.to_ascii_uppercase(),
        hex,
        json.trim_matches('"').to_owned(),
    ];
    for before in ["admin:", "manager:", "jane:"] {
        // Where the secret starts inside the encoded pair.
        let start = before.len().div_ceil(3) * 4;
        let encoded = unpadded(&format!("{before}{secret}"));
        forms.extend(encoded.get(start..).map(ToOwned::to_owned));
    }
    forms.sort();
    forms.dedup();
    forms.retain(|form| form.len() >= 8);
    forms
}
