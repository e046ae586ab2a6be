//! A mask for every form in which a secret might be printed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::secret::{Credential, MASK, Secret};
use crate::domain::hex;

/// A shorter text than this is not masked by itself: the mask would be all that is left of a
/// log. Together with its user name, as it is sent, it still is.
const SHORTEST: usize = 4;
/// What a form or a path component leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
/// What JavaScript's `encodeURIComponent` leaves as it is.
const COMPONENT: &AsciiSet = &UNRESERVED
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Knows every secret that was loaded, and masks them in any text. Clones share what they know.
#[derive(Clone, Default)]
pub struct Redactor {
    forms: Arc<RwLock<Forms>>,
}

/// The forms of all secrets by their first byte.
#[derive(Default)]
struct Forms {
    by_byte: BTreeMap<u8, Vec<Zeroizing<String>>>,
}

impl Forms {
    fn add(&mut self, form: Zeroizing<String>) {
        if form.len() < SHORTEST {
            return;
        }
        let Some(first) = form.as_bytes().first() else {
            return;
        };
        let forms = self.by_byte.entry(*first).or_default();
        if !forms.contains(&form) {
            forms.push(form);
        }
    }

    /// The longest form that stands at the start of this text.
    fn longest_at(&self, text: &[u8]) -> Option<usize> {
        let forms = self.by_byte.get(text.first()?)?;
        forms
            .iter()
            .filter(|form| text.starts_with(form.as_bytes()))
            .map(|form| form.len())
            .max()
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl Redactor {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns a secret.
    pub fn add(&self, secret: &Secret) {
        self.learn(secret.expose());
    }

    /// Learns a credential: its secret, and what is sent of it.
    pub fn add_credential(&self, credential: &Credential) {
        self.add(credential.secret());
        if let Credential::Basic { user, password } = credential {
            let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
            self.learn(&pair);
        }
    }

    fn learn(&self, text: &str) {
        let mut forms = self.forms.write().unwrap_or_else(PoisonError::into_inner);
        let mut add = |form: String| forms.add(Zeroizing::new(form));
        add(text.to_owned());
        // A secret with quotes or backslashes looks different inside JSON and Rust's own quotes.
        add(text.replace('\\', "\\\\").replace('"', "\\\""));
        // What is too short to be masked itself is too short in these forms as well: three
        // digits in hex are six characters that may be anything.
        if text.len() < SHORTEST {
            return;
        }
        for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD] {
            add(engine.encode(text));
        }
        for set in [NON_ALPHANUMERIC, UNRESERVED, COMPONENT] {
            let encoded = Zeroizing::new(utf8_percent_encode(text, set).to_string());
            add(lower_escapes(&encoded));
            add(encoded.replace("%20", "+"));
            add(lower_escapes(&encoded).replace("%20", "+"));
            add(encoded.to_string());
        }
        let hex: Zeroizing<String> = Zeroizing::new(hex(text.as_bytes()));
        add(hex.to_ascii_uppercase());
        add(hex.to_string());
    }

    /// The text with every known secret masked, in whatever form it stands there.
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let forms = self.forms.read().unwrap_or_else(PoisonError::into_inner);
        if forms.by_byte.is_empty() {
            return Cow::Borrowed(text);
        }
        let bytes = text.as_bytes();
        let mut out = String::new();
        let mut copied = 0;
        for at in 0..bytes.len() {
            let Some(length) = forms.longest_at(bytes.get(at..).unwrap_or_default()) else {
                continue;
            };
            // Secrets may overlap: one mask then covers all of them.
            if at >= copied {
                out.push_str(text.get(copied..at).unwrap_or_default());
                out.push_str(MASK);
            }
            copied = copied.max(at + length);
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(out)
    }
}

/// The same with `%2f` for `%2F`.
fn lower_escapes(encoded: &str) -> String {
    let mut left = 0;
    encoded
        .chars()
        .map(|c| {
            if c == '%' {
                left = 2;
                return c;
            }
            if left > 0 {
                left -= 1;
                return c.to_ascii_lowercase();
            }
            c
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail that way")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MARKER: &str = "Canary/7%& \\\"ü";

    #[test]
    fn every_form_is_masked() {
        let redactor = Redactor::new();
        assert_eq!(redactor.mask("nothing known"), "nothing known");
        let secret = Secret::new(MARKER).unwrap();
        redactor.add_credential(&Credential::basic("jane", secret).unwrap());
        let pair = format!("jane:{MARKER}");
        let forms = [
            MARKER.to_owned(),
            serde_json::to_string(MARKER).unwrap(),
            format!("{MARKER:?}"),
            STANDARD.encode(MARKER),
            STANDARD_NO_PAD.encode(&pair),
            URL_SAFE.encode(&pair),
            utf8_percent_encode(MARKER, NON_ALPHANUMERIC).to_string(),
            "Canary%2f7%25%26%20%5c%22%c3%bc".to_owned(),
            "Canary%2F7%25%26+%5C%22%C3%BC".to_owned(),
            hex(MARKER.as_bytes()),
            hex(MARKER.as_bytes()).to_uppercase(),
        ];
        for form in forms {
            let text = format!("before {form} after");
            let masked = redactor.mask(&text);
            assert!(masked.starts_with("before "), "{masked}");
            assert!(masked.ends_with(" after"), "{masked}");
            assert!(masked.contains(MASK), "{masked}");
            assert!(!masked.contains("anary"), "{masked}");
            assert!(
                masked.len() <= "before \"[secret]\" after".len(),
                "{masked}"
            );
        }
        assert_eq!(format!("{redactor:?}"), "Redactor");
    }

    #[test]
    fn clones_share_and_overlaps_go_whole() {
        let redactor = Redactor::new();
        let other = redactor.clone();
        for secret in ["abcdef", "defghi", "secret", "pw"] {
            redactor.add(&Secret::new(secret).unwrap());
        }
        assert_eq!(other.mask("xabcdefghiy"), "x[secret]y");
        assert_eq!(other.mask("abcdefabcdef"), "[secret][secret]");
        assert_eq!(other.mask("a secret"), "a [secret]");
        assert_eq!(other.mask("pw"), "pw", "too short to mask alone");
        let short = Credential::basic("al", Secret::new("pw").unwrap()).unwrap();
        redactor.add_credential(&short);
        let header = short.authorization();
        assert_eq!(other.mask(&header), "Basic [secret]");
    }

    proptest! {
        #[test]
        fn no_text_around_it_lets_it_through(
            before in ".*", secret in "[a-zA-Z0-9ü%+/ ]{4,20}", after in ".*",
        ) {
            let redactor = Redactor::new();
            redactor.add(&Secret::new(secret.clone()).unwrap());
            let text = format!("{before}{secret}{after}");
            let masked = redactor.mask(&text).replace(MASK, "\0");
            prop_assert!(!masked.contains(&secret));
        }
    }
}
