//! A secret that never prints, and a mask for every form in which one might.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustix::process::{Resource, Rlimit, setrlimit};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::domain::hex;

/// What stands in the place of a secret.
const MASK: &str = "[secret]";
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

/// A password or token. Its memory is wiped when it is dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

/// Why a text cannot be a secret. It never says what the text was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing is left of it without the end of the line.
    #[error("it is empty")]
    Empty,
    /// A line break or another control character, which would end or split a header.
    #[error("it holds a control character")]
    Control,
    /// A token with characters that a header cannot carry.
    #[error("it holds characters that no token has")]
    NotAToken,
    /// A user name with a colon or a control character.
    #[error("the user name holds a colon or a control character")]
    User,
}

impl Secret {
    /// Takes a secret as it was read; the end of its line is left out.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretError> {
        let text = Zeroizing::new(text.into());
        let kept = text.trim_end_matches(['\r', '\n']);
        if kept.is_empty() {
            return Err(SecretError::Empty);
        }
        if kept.chars().any(char::is_control) {
            return Err(SecretError::Control);
        }
        Ok(Self(SecretString::from(kept)))
    }

    /// The secret itself, for the one header that carries it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// What is shown to one application, and to no other.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A user name, and a password or Cloud API token.
    Basic {
        /// The user name.
        user: String,
        /// Its password.
        password: Secret,
    },
    /// A personal access token.
    Bearer {
        /// The token.
        token: Secret,
    },
}

impl Credential {
    /// A user name and its password.
    pub fn basic(user: impl Into<String>, password: Secret) -> Result<Self, SecretError> {
        let user = user.into();
        if user.is_empty() || user.contains(':') || user.chars().any(char::is_control) {
            return Err(SecretError::User);
        }
        Ok(Self::Basic { user, password })
    }

    /// A personal access token.
    pub fn bearer(token: Secret) -> Result<Self, SecretError> {
        if token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self::Bearer { token })
        } else {
            Err(SecretError::NotAToken)
        }
    }

    /// With a user it is a password, without one a token.
    pub fn new(user: Option<&str>, secret: Secret) -> Result<Self, SecretError> {
        match user {
            Some(user) => Self::basic(user, secret),
            None => Self::bearer(secret),
        }
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> Zeroizing<String> {
        match self {
            Self::Basic { user, password } => {
                let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
                let pair = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
                Zeroizing::new(format!("Basic {}", pair.as_str()))
            }
            Self::Bearer { token } => Zeroizing::new(format!("Bearer {}", token.expose())),
        }
    }

    /// The account, where it is named.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Basic { user, .. } => Some(user),
            Self::Bearer { .. } => None,
        }
    }

    /// The password or token.
    pub fn secret(&self) -> &Secret {
        match self {
            Self::Basic { password, .. } => password,
            Self::Bearer { token } => token,
        }
    }
}

/// Knows every secret that was loaded, and masks them in any text. Clones share what they know.
#[derive(Clone, Default)]
pub struct Redactor {
    forms: Arc<RwLock<Forms>>,
}

/// The forms of all secrets by their first byte.
#[derive(Default)]
struct Forms {
    by_byte: std::collections::BTreeMap<u8, Vec<Zeroizing<String>>>,
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

/// Keeps secrets out of core dumps, for this process and those that it starts. Called once,
/// before any secret is read; `false` when the machine does not allow it.
pub fn no_core_dumps() -> bool {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    setrlimit(Resource::Core, none).is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail that way")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MARKER: &str = "Canary/7%& \\\"ü";

    #[test]
    fn it_never_prints() {
        let secret = Secret::new(format!("{MARKER}\r\n")).unwrap();
        assert_eq!(secret.expose(), MARKER);
        let credential = Credential::basic("admin", secret.clone()).unwrap();
        for shown in [
            format!("{secret:?}"),
            format!("{secret:#?}"),
            format!("{credential:?}"),
            format!("{:?}", Credential::bearer(Secret::new("Canary7").unwrap())),
        ] {
            assert!(!shown.contains("Canary"), "{shown}");
        }
    }

    #[test]
    fn what_is_no_secret() {
        let error = |text: &str| Secret::new(text).err();
        assert_eq!(error(""), Some(SecretError::Empty));
        assert_eq!(error("\r\n"), Some(SecretError::Empty));
        assert_eq!(error("a\nX-Evil: 1"), Some(SecretError::Control));
        assert_eq!(error("a\0"), Some(SecretError::Control));
        assert_eq!(error("a\u{85}b"), Some(SecretError::Control));
        assert_eq!(error(" "), None);
        let secret = || Secret::new("a b").unwrap();
        assert_eq!(
            Credential::bearer(secret()).err(),
            Some(SecretError::NotAToken)
        );
        for user in ["", "a:b", "a\nb"] {
            assert_eq!(
                Credential::basic(user, secret()).err(),
                Some(SecretError::User)
            );
        }
    }

    #[test]
    fn the_header_of_rfc_7617_and_rfc_6750() {
        let basic = Credential::basic("Aladdin", Secret::new("open sesame").unwrap()).unwrap();
        assert_eq!(
            basic.authorization().as_str(),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        let bearer = Credential::bearer(Secret::new("mF_9.B5f-4.1JqM").unwrap()).unwrap();
        assert_eq!(bearer.authorization().as_str(), "Bearer mF_9.B5f-4.1JqM");
    }

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
