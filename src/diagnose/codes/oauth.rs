//! The words with which a product refuses an OAuth 1.0a request.

use crate::domain::Code;

/// One value of `oauth_problem`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OauthProblemEntry {
    /// The value, as it stands in the answer.
    pub problem: &'static str,
    /// The HTTP status it comes with.
    pub http_status: u16,
    /// One sentence.
    pub meaning: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// What is known of a value of `oauth_problem`.
pub fn oauth_problem(value: &str) -> Option<&'static OauthProblemEntry> {
    OAUTH_PROBLEMS
        .iter()
        .find(|known| known.problem.eq_ignore_ascii_case(value.trim()))
}

/// The code under which the products report a value of `oauth_problem`.
pub fn oauth_code(value: &str) -> Code {
    match value.trim().to_ascii_lowercase().as_str() {
        "timestamp_refused" => Code::OauthTimestampRefused,
        "signature_invalid" => Code::OauthSignatureInvalid,
        _ => Code::OauthProblem,
    }
}

macro_rules! problems {
    ($( $problem:literal $status:literal $meaning:literal $fix:literal; )+) => {
        /// The values of `oauth_problem` that the products send, and those their library knows.
        pub const OAUTH_PROBLEMS: &[OauthProblemEntry] = &[
            $( OauthProblemEntry { problem: $problem, http_status: $status, meaning: $meaning, fix: $fix }, )+
        ];
    };
}

problems! {
    "consumer_key_unknown" 401
        "The called application has no incoming consumer with this key."
        "Look at both ends with `applink verify LOCAL REMOTE`; make the missing one with `applink create LOCAL REMOTE`, else delete the link on both ends and create it again.";
    "consumer_key_rejected" 401
        "The called application knows the consumer and does not take it."
        "Check the incoming consumer on the called application; `applink edit LOCAL REMOTE --auth oauth` sets it anew.";
    "consumer_key_refused" 503
        "The called application refuses this consumer for the time being."
        "Try again later, then read the called application's log.";
    "signature_invalid" 401
        "The consumer is known and its signature does not fit: another key is stored there, or the two servers see different URLs."
        "Compare the base string in the answer with the one that was signed: the first difference (scheme, host, port, path, parameter) names the culprit. `applink verify LOCAL REMOTE` compares addresses and keys.";
    "signature_method_rejected" 400
        "The request was not signed with RSA-SHA1, the only method that the products take."
        "Sign with RSA-SHA1; some systems have it removed from their OAuth library by policy.";
    "timestamp_refused" 400
        "The clocks of the two servers are more than five minutes apart."
        "Let both servers follow the same time source; nothing about the link has to change.";
    "nonce_used" 401
        "The same signed request arrived twice."
        "Sign again for each attempt, and look for a proxy that repeats requests.";
    "version_rejected" 400
        "The request names another OAuth version than 1.0."
        "Send `oauth_version=1.0` or leave it out.";
    "parameter_absent" 400
        "A parameter of the signature is missing, often because a proxy drops the Authorization header or the query."
        "Let the proxy pass the Authorization header and all parameters on.";
    "parameter_rejected" 400
        "A parameter has a value that is not taken, as a rule the callback address."
        "Use an absolute http or https address as callback, or `oob`.";
    "token_rejected" 401
        "The token is unknown, belongs to another consumer, or is of the wrong kind."
        "The user has to authorize again; creating a link anew ends every token of the old one.";
    "token_expired" 401
        "The token is past its life."
        "The user has to authorize again, or the client renews the token.";
    "token_used" 401
        "The request token was already approved or denied."
        "Start the authorization from the beginning.";
    "token_revoked" 401
        "The user or an administrator took the token back."
        "The user has to authorize again.";
    "token_not_authorized" 401
        "The token has not been approved."
        "Approve it in the browser first, then ask for the access token.";
    "permission_unknown" 401
        "An access token was asked for before the user had decided."
        "Approve the request in the browser first.";
    "permission_denied" 401
        "The user said no, or user authorization is switched off for this consumer."
        "Authorize again and allow it; check the incoming level with `applink list LOCAL`.";
    "user_refused" 503
        "The user's account is refused for the time being."
        "Try again later, then look at the account on the called application.";
    "additional_authorization_required" 401
        "The token does not allow this request."
        "Authorize again with the rights that the request needs.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_once_and_complete() {
        for (i, problem) in OAUTH_PROBLEMS.iter().enumerate() {
            assert!(problem.meaning.ends_with('.') && problem.fix.ends_with('.'));
            assert!(matches!(problem.http_status, 400 | 401 | 503));
            let others = OAUTH_PROBLEMS.iter().skip(i + 1);
            assert!(others.into_iter().all(|o| o.problem != problem.problem));
        }
        assert_eq!(
            oauth_problem(" Nonce_Used").map(|p| p.http_status),
            Some(401)
        );
        assert_eq!(oauth_problem("surprise"), None);
    }
}
