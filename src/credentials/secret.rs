//! A secret that never prints.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustix::process::{Resource, Rlimit, setrlimit};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// What stands in the place of a secret.
pub(super) const MASK: &str = "[secret]";
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
}
