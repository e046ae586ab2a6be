//! The messages of the three-legged dance (RFC 5849 section 2): tokens, approval page, refusals.

use secrecy::SecretString;

use super::base_string::{Parameter, decode_strict, encode, parse_form};

/// Where a request token is asked for, below the base URL.
pub const REQUEST_TOKEN: &str = "/plugins/servlet/oauth/request-token";
/// Where an access token is asked for, and renewed.
pub const ACCESS_TOKEN: &str = "/plugins/servlet/oauth/access-token";
/// The page on which a user approves or denies.
const AUTHORIZE: &str = "/plugins/servlet/oauth/authorize";
/// The page on which a user takes tokens back.
pub const OWN_TOKENS: &str = "/plugins/servlet/oauth/users/access-tokens";

/// No callback: the verifier is shown on a page, and typed.
pub const OUT_OF_BAND: &str = "oob";
/// What comes in the verifier's place when the user says no.
pub const DENIED: &str = "denied";

/// A request token. It is part of an address that is shown, and worth nothing without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestToken {
    /// The token.
    pub token: String,
}

/// An access token, as an application gives it.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub token: SecretString,
    /// What it is renewed with.
    pub session_handle: Option<SecretString>,
    /// Seconds that it lives.
    pub expires_in: Option<u64>,
    /// Seconds during which it can be renewed.
    pub authorization_expires_in: Option<u64>,
}

impl RequestToken {
    /// Reads the answer. The word that the callback was heard is demanded: without it the token
    /// is one of OAuth 1.0, which needs no verifier and can be approved by the wrong person.
    pub fn read(text: &str) -> Result<Self, String> {
        let fields = parse_form(text.trim());
        if value(&fields, "oauth_callback_confirmed") != Some("true") {
            return Err("the answer does not confirm the callback (OAuth 1.0a)".to_owned());
        }
        let token = value(&fields, "oauth_token").ok_or("the answer holds no token")?;
        if token.chars().any(char::is_control) {
            return Err("the token holds characters that no token has".to_owned());
        }
        Ok(Self {
            token: token.to_owned(),
        })
    }
}

impl AccessToken {
    /// Reads the answer.
    pub fn read(text: &str) -> Result<Self, String> {
        let fields = parse_form(text.trim());
        let token = value(&fields, "oauth_token").ok_or("the answer holds no token")?;
        let seconds = |name| value(&fields, name).and_then(|text| text.parse().ok());
        Ok(Self {
            token: SecretString::from(token),
            session_handle: value(&fields, "oauth_session_handle").map(SecretString::from),
            expires_in: seconds("oauth_expires_in"),
            authorization_expires_in: seconds("oauth_authorization_expires_in"),
        })
    }
}

fn value<'a>(fields: &'a [Parameter], name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(other, _)| other == name);
    found
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// The page on which a user decides about a request token, below an application's base URL.
pub fn authorize_url(base: &str, token: &str) -> String {
    format!("{base}{AUTHORIZE}?oauth_token={}", encode(token))
}

/// The verifier in what a person typed: the word itself, or the whole address to which the
/// browser was sent, which is what is left to copy where a consumer has a callback of its own.
pub fn typed_verifier(text: &str) -> Option<String> {
    let text = text.trim();
    let found = match text.split_once('?') {
        Some((_, query)) => {
            let query = query.split('#').next().unwrap_or_default();
            value(&parse_form(query), "oauth_verifier")?.to_owned()
        }
        None => text.to_owned(),
    };
    let plain = found.chars().all(|c| !c.is_control() && !c.is_whitespace());
    (plain && !found.is_empty() && found.len() <= 200).then_some(found)
}

/// How an application refuses a signed request (the "problem reporting" extension of OAuth).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthProblem {
    /// The status.
    pub status: u16,
    /// The value of `oauth_problem`. Without one the consumer is known and its signature good,
    /// and the request may still not go on.
    pub name: Option<String>,
    fields: Vec<Parameter>,
}

impl OauthProblem {
    /// Reads a refusal from the challenges and the body of an answer; `None` where OAuth refused
    /// nothing.
    pub fn read(status: u16, challenges: &[&str], body: &str) -> Option<Self> {
        if status < 400 {
            return None;
        }
        let mut challenged = false;
        let mut fields = Vec::new();
        for challenge in challenges.iter().filter_map(|header| parameters(header)) {
            challenged = true;
            fields.extend(challenge);
        }
        // The body has the same fields; a proxy may have cut the header, or dropped it.
        if body.len() <= 65_536 && body.contains("oauth_problem=") && !body.contains('<') {
            fields.extend(parse_form(body.trim()));
        }
        let name = value(&fields, "oauth_problem").map(ToOwned::to_owned);
        (name.is_some() || challenged && status == 401).then_some(Self {
            status,
            name,
            fields,
        })
    }

    /// A further field: `oauth_parameters_rejected` and the like.
    pub fn field(&self, name: &str) -> Option<&str> {
        value(&self.fields, name)
    }

    /// Whether it is this problem.
    pub fn is(&self, name: &str) -> bool {
        self.name
            .as_deref()
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// The server's time in seconds since 1970, from the range of timestamps that it would take.
    pub fn server_time(&self) -> Option<i64> {
        let (from, to) = self.field("oauth_acceptable_timestamps")?.split_once('-')?;
        let (from, to): (i64, i64) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        from.checked_add(to.checked_sub(from)? / 2)
    }
}

/// The parameters of an OAuth challenge, which may stand behind another one in the same header.
fn parameters(header: &str) -> Option<Vec<Parameter>> {
    let lower = header.to_ascii_lowercase();
    let at = lower.match_indices("oauth ").map(|(at, _)| at).find(|at| {
        let before = header.get(..*at).unwrap_or_default().trim_end();
        before.is_empty() || before.ends_with(',')
    })?;
    let fields = header.get(at + "oauth ".len()..)?;
    let pairs = fields
        .split(',')
        .map_while(|field| {
            let (name, value) = field.trim().split_once('=')?;
            // Another challenge begins with its scheme and a blank.
            (!name.contains(' ')).then(|| {
                let value = value.trim().trim_matches('"');
                (decode_strict(name), decode_strict(value))
            })
        })
        .collect();
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn answers_of_the_token_endpoints() {
        let token = RequestToken::read(
            "oauth_token=ab%2Bc&oauth_token_secret=x&oauth_callback_confirmed=true\n",
        );
        assert_eq!(token.map(|token| token.token).as_deref(), Ok("ab+c"));
        assert!(RequestToken::read("oauth_token=abc&oauth_token_secret=x").is_err());
        assert!(RequestToken::read("oauth_callback_confirmed=true&oauth_token=").is_err());
        let access = AccessToken::read(
            "oauth_token=t&oauth_token_secret=s&oauth_expires_in=157680000&oauth_session_handle=h&oauth_authorization_expires_in=160272000",
        );
        let access = access.ok();
        assert_eq!(
            access
                .as_ref()
                .map(|a| a.token.expose_secret().to_owned())
                .as_deref(),
            Some("t")
        );
        assert_eq!(
            access.as_ref().and_then(|a| a.expires_in),
            Some(157_680_000)
        );
        assert_eq!(
            access.as_ref().and_then(|a| a.authorization_expires_in),
            Some(160_272_000)
        );
        assert!(!format!("{access:?}").contains("\"h\""));
        assert!(AccessToken::read("{}").is_err());
        assert_eq!(
            authorize_url("https://h/jira", "a b"),
            "https://h/jira/plugins/servlet/oauth/authorize?oauth_token=a%20b"
        );
    }

    #[test]
    fn verifiers_are_typed_in_two_ways() {
        let typed = |text: &str| typed_verifier(text);
        assert_eq!(typed(" aB3xY9\n").as_deref(), Some("aB3xY9"));
        assert_eq!(
            typed("https://ci.example/cb?oauth_token=t&oauth_verifier=a%2F1#x").as_deref(),
            Some("a/1")
        );
        for nothing in ["", "  \n", "a b", "https://ci.example/cb?oauth_token=t"] {
            assert_eq!(typed(nothing), None, "{nothing:?}");
        }
        assert_eq!(typed(&"a".repeat(201)), None);
    }

    #[test]
    fn refusals_in_header_and_body() {
        let read = OauthProblem::read;
        let header = "OAuth realm=\"http%3A%2F%2Fh\", oauth_problem=\"timestamp_refused\", oauth_acceptable_timestamps=\"100-700\"";
        let problem = read(400, &["Basic realm=\"x\"", header], "");
        assert!(problem.as_ref().is_some_and(|p| p.is("Timestamp_Refused")));
        assert_eq!(
            problem.as_ref().and_then(OauthProblem::server_time),
            Some(400)
        );
        assert_eq!(
            problem.as_ref().and_then(|p| p.field("realm")),
            Some("http://h")
        );
        let joined = format!("Basic realm=\"oauth x\", {header}, Digest qop=\"auth\"");
        assert_eq!(
            read(400, &[&joined], "").map(|p| p.name),
            problem.map(|p| p.name)
        );
        let body = "oauth_problem=signature_invalid&oauth_signature_base_string=GET%26a%2526%26b";
        let problem = read(401, &[], body);
        assert_eq!(
            problem
                .as_ref()
                .and_then(|p| p.field("oauth_signature_base_string")),
            Some("GET&a%26&b")
        );
        assert_eq!(
            read(401, &["OAuth realm=\"x\""], "").map(|p| p.name),
            Some(None)
        );
        assert_eq!(read(403, &["OAuth realm=\"x\""], ""), None);
        assert_eq!(
            read(401, &["Basic realm=\"x\""], "<html>oauth_problem=x"),
            None
        );
        assert_eq!(read(200, &[header], body), None);
    }
}
