//! A refusal by OAuth, in words: what it means for whoever set the consumer up, and what to do.

use std::path::Path;

use crate::diagnose::codes::{oauth_code, oauth_problem};
use crate::domain::{Alias, PublicKey, text};
use crate::error::{Error, Kind};
use crate::oauth::base_string_diff::BaseStringComparison;
use crate::oauth::dance::OauthProblem;
use crate::remote::oauth::{OauthError, OauthRefusal};
use crate::remote::session::Clock;

/// Who asked whom, for the words.
pub(crate) struct RefusedRequest<'a> {
    /// The application.
    pub(crate) application: &'a Alias,
    /// The consumer's name.
    pub(crate) consumer: &'a str,
    /// Its consumer key.
    pub(crate) consumer_key: &'a str,
    /// The public half of what it signs with.
    pub(crate) public: &'a PublicKey,
    /// Where its private key is.
    pub(crate) key_file: &'a Path,
    /// Two-legged, and in whose name.
    pub(crate) two_legged: bool,
    pub(crate) requestor: Option<&'a str>,
    /// What the application's clock said.
    pub(crate) clock: Option<Clock>,
}

impl RefusedRequest<'_> {
    /// The error of a signed request.
    pub(crate) fn error(&self, error: OauthError) -> Error {
        match error {
            OauthError::Call(error) => error.into(),
            OauthError::Refused(refused) => self.refused(&refused),
        }
    }

    fn refused(&self, refused: &OauthRefusal) -> Error {
        let Some(name) = refused.problem.name.as_deref() else {
            return self.silent();
        };
        let known = oauth_problem(name);
        let meaning = known.map_or_else(
            || "this refusal is not known here".to_owned(),
            |known| as_fragment(known.meaning),
        );
        let mut error = Error::new(
            Kind::Auth,
            format!(
                "{} refuses the consumer {:?}: {} ({meaning})",
                self.application,
                self.consumer,
                text::excerpt(name, 60),
            ),
        )
        .code(oauth_code(name));
        error.hints = self.first(name.trim(), refused);
        if let Some(advice) = refused.problem.field("oauth_problem_advice") {
            error = error.hint(format!("it says: {}", text::excerpt(advice, 300)));
        }
        if let Some(known) = known
            && error.hints.is_empty()
        {
            error = error.hint(known.fix);
        }
        error.hint(format!("the call was {}", refused.call))
    }

    /// What is known here and not in the catalogue.
    fn first(&self, name: &str, refused: &OauthRefusal) -> Vec<String> {
        let problem = &refused.problem;
        match name.to_ascii_lowercase().as_str() {
            "signature_invalid" => self.signature(refused.comparison.as_ref()),
            "timestamp_refused" => vec![
                self.skew(problem),
                "let both machines follow the same time source; nothing about the consumer has to change".to_owned(),
            ],
            "consumer_key_unknown" => vec![
                format!(
                    "its consumer key is {:?}: name another one with --consumer-key KEY",
                    self.consumer_key
                ),
                format!(
                    "or register it: applink create {} --consumer NAME --consumer-key KEY",
                    self.application
                ),
            ],
            "parameter_absent" | "parameter_rejected" => {
                let which = ["oauth_parameters_absent", "oauth_parameters_rejected"]
                    .iter()
                    .find_map(|field| problem.field(field));
                which
                    .map(|which| format!("it is about {}", text::excerpt(which, 200)))
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn signature(&self, comparison: Option<&BaseStringComparison>) -> Vec<String> {
        match comparison {
            Some(BaseStringComparison::Differs(difference)) => vec![
                format!("the first difference is {}", difference.words()),
                difference.cause().to_owned(),
            ],
            Some(BaseStringComparison::Same) => vec![
                format!(
                    "what was signed arrived unchanged: the public key that {} keeps is not that of {}",
                    self.application,
                    self.key_file.display()
                ),
                format!(
                    "the SHA-256 of its public key is {}",
                    self.public.fingerprint()
                ),
            ],
            Some(BaseStringComparison::Unreadable) | None => vec![
                "it does not say what arrived: the key that it keeps is another one, or a proxy changes the address or the parameters".to_owned(),
                format!(
                    "the SHA-256 of the public key of {} is {}",
                    self.key_file.display(),
                    self.public.fingerprint()
                ),
            ],
        }
    }

    fn skew(&self, problem: &OauthProblem) -> String {
        let ours = jiff::Timestamp::now().as_second();
        let ahead = problem
            .server_time()
            .map(|theirs| theirs.saturating_sub(ours))
            .or_else(|| self.clock.map(|clock| clock.seconds_ahead()));
        let application = self.application;
        match ahead {
            Some(ahead) if ahead >= 0 => {
                format!("the clock of {application} is {ahead} s ahead of this machine's")
            }
            Some(ahead) => format!(
                "the clock of {application} is {} s behind this machine's",
                ahead.unsigned_abs()
            ),
            None => format!("{application} does not say what time it has"),
        }
    }

    /// A refusal without a reason: the signature was good.
    fn silent(&self) -> Error {
        let RefusedRequest {
            application,
            consumer,
            ..
        } = self;
        let (what, hint) = match (self.two_legged, self.requestor) {
            (true, Some(user)) => (
                format!("impersonation is not allowed to it, or {user} may not log in"),
                "allow two-legged OAuth with impersonation on its incoming consumer, and check the user",
            ),
            (true, None) => (
                "two-legged requests are not allowed to it, or the user they run as may not log in"
                    .to_owned(),
                "allow two-legged OAuth on its incoming consumer, and check its \"Execute as\" user",
            ),
            (false, _) => (
                "the user of the token may not log in".to_owned(),
                "check that the user is active and may use the application",
            ),
        };
        Error::new(
            Kind::Auth,
            format!("{application} knows the consumer {consumer:?} and its signature: {what}"),
        )
        .hint(hint)
    }
}

/// A sentence of the catalogue inside another one.
fn as_fragment(sentence: &str) -> String {
    let mut letters = sentence.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
