//! OAuth problems, with their status, header and body, as in the problem reporting extension.

use std::fmt::Write as _;

use crate::http::Reply;
use crate::http::encoding::{encode, form};

/// The refusal of an OAuth request. Without a `code` the signature is valid, but the consumer may
/// not use two-legged OAuth or impersonation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OAuthProblem {
    pub(crate) code: Option<&'static str>,
    pub(crate) extra: Vec<(String, String)>,
}

impl OAuthProblem {
    pub(crate) fn new(code: &'static str) -> Self {
        Self {
            code: Some(code),
            extra: Vec::new(),
        }
    }

    pub(crate) fn silent() -> Self {
        Self {
            code: None,
            extra: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.extra.push((name.to_owned(), value.into()));
        self
    }

    /// HTTP status of the code. Codes that are not listed give 403.
    pub(crate) fn status(&self) -> u16 {
        match self.code {
            Some(
                "signature_method_rejected"
                | "timestamp_refused"
                | "version_rejected"
                | "parameter_absent"
                | "parameter_rejected",
            ) => 400,
            None
            | Some(
                "consumer_key_unknown"
                | "signature_invalid"
                | "nonce_used"
                | "token_rejected"
                | "token_expired"
                | "token_used"
                | "token_revoked"
                | "permission_unknown"
                | "permission_denied"
                | "consumer_key_rejected"
                | "token_not_authorized"
                | "additional_authorization_required",
            ) => 401,
            Some("user_refused" | "consumer_key_refused") => 503,
            Some(_) => 403,
        }
    }

    /// The answer, for an application whose configured base URL is `realm`.
    pub(crate) fn reply(&self, realm: &str) -> Reply {
        let mut header = challenge(realm);
        let Some(code) = self.code else {
            return Reply::new(401).header("WWW-Authenticate", header);
        };
        let mut fields = vec![("oauth_problem".to_owned(), code.to_owned())];
        fields.extend(self.extra.iter().cloned());
        for (name, value) in &fields {
            let _ = write!(header, ", {}=\"{}\"", encode(name), encode(value));
        }
        Reply::new(self.status())
            .header("WWW-Authenticate", header)
            .body(
                "application/x-www-form-urlencoded;charset=UTF-8",
                form(&fields),
            )
    }
}

/// The challenge that every refusal carries.
pub(crate) fn challenge(realm: &str) -> String {
    format!("OAuth realm=\"{}\"", encode(realm))
}
