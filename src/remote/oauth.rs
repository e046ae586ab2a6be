//! Requests that a consumer signs: for tokens, and for the name of the user behind a signature.
//!
//! None of them uses an administrator's account, and no cookie is kept: an application ends the
//! session of a signed request with its answer.

use std::sync::{Mutex, PoisonError};

use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::IgnoredAny;
use serde_json::Value;
use zeroize::Zeroizing;

use super::answer;
use super::call::Response;
use super::failure::{CallError, Failure};
use super::network::{NetworkError, NetworkProblem};
use super::product::{Identity, product};
use super::session::{RequestOptions, Session, is_anonymous};
use crate::oauth::base_string::encode;
use crate::oauth::base_string_diff::{BaseStringComparison, compare};
use crate::oauth::dance::{ACCESS_TOKEN, AccessToken, OauthProblem, REQUEST_TOKEN, RequestToken};
use crate::oauth::sign::{RequestStamp, Signer, UnsignedRequest, sign};

/// A public resource, for applications that name the user in a header alone.
const PUBLIC_RESOURCE: &str = "/rest/applinks/1.0/manifest";

/// A consumer that signs.
#[derive(Clone, Copy)]
pub struct SigningConsumer<'a> {
    /// The consumer key.
    pub key: &'a str,
    /// Its private key.
    pub signer: &'a (dyn Signer + Send + Sync),
}

/// In whose name a signed request is made.
#[derive(Clone, Copy)]
pub enum Legs<'a> {
    /// The user who gave this token.
    Three(&'a SecretString),
    /// The user whom the application runs the consumer's requests as, or the one that is named.
    Two {
        /// The user to be.
        requestor: Option<&'a str>,
    },
}

/// Whom an application sees behind a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActingUser {
    /// This user.
    User(String),
    /// No user: the request was answered as an anonymous one.
    Anonymous,
    /// It does not tell.
    Unknown,
}

/// Why a signed request did not give what was asked for.
#[derive(Debug, Clone)]
pub enum OauthError {
    /// As any call may fail.
    Call(CallError),
    /// Refused by OAuth.
    Refused(Box<OauthRefusal>),
}

/// A refusal by OAuth.
#[derive(Debug, Clone)]
pub struct OauthRefusal {
    /// What was asked.
    pub call: String,
    /// What the application says.
    pub problem: OauthProblem,
    /// Its base string beside ours, where it sent one.
    pub comparison: Option<BaseStringComparison>,
}

impl From<CallError> for OauthError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

impl Session {
    /// Asks for a request token. With a callback (or `oob`) it is one of OAuth 1.0a.
    pub async fn request_token(
        &self,
        consumer: SigningConsumer<'_>,
        callback: &str,
    ) -> Result<RequestToken, OauthError> {
        let extra = [("oauth_callback", callback)];
        let text = self.token(consumer, REQUEST_TOKEN, None, &extra).await?;
        RequestToken::read(&text)
            .map_err(|detail| self.unreadable(&Method::POST, REQUEST_TOKEN, detail).into())
    }

    /// Asks for the access token of a request token that was approved.
    pub async fn access_token(
        &self,
        consumer: SigningConsumer<'_>,
        request: &RequestToken,
        verifier: &str,
    ) -> Result<AccessToken, OauthError> {
        let extra = [("oauth_verifier", verifier)];
        self.access(consumer, &request.token, &extra).await
    }

    /// Asks for another access token in the place of one that ends. The old one counts no more.
    pub async fn renew(
        &self,
        consumer: SigningConsumer<'_>,
        token: &SecretString,
        session_handle: &SecretString,
    ) -> Result<AccessToken, OauthError> {
        let extra = [("oauth_session_handle", session_handle.expose_secret())];
        self.access(consumer, token.expose_secret(), &extra).await
    }

    async fn access(
        &self,
        consumer: SigningConsumer<'_>,
        token: &str,
        extra: &[(&str, &str)],
    ) -> Result<AccessToken, OauthError> {
        let text = self
            .token(consumer, ACCESS_TOKEN, Some(token), extra)
            .await?;
        AccessToken::read(&text)
            .map_err(|detail| self.unreadable(&Method::POST, ACCESS_TOKEN, detail).into())
    }

    async fn token(
        &self,
        consumer: SigningConsumer<'_>,
        path: &str,
        token: Option<&str>,
        extra: &[(&str, &str)],
    ) -> Result<Zeroizing<String>, OauthError> {
        let method = Method::POST;
        let (answer, signed) = self.signed(consumer, &method, path, token, extra).await?;
        refused(&method, path, &answer, &signed)?;
        let text = answer::text(&answer).map_err(|failure| self.failed(&method, path, failure))?;
        Ok(Zeroizing::new(text))
    }

    /// Asks the application whom it sees behind a signed request. An answer alone proves nothing:
    /// a public resource is given to everyone.
    pub async fn acting_user(
        &self,
        consumer: SigningConsumer<'_>,
        legs: Legs<'_>,
    ) -> Result<ActingUser, OauthError> {
        let identity = product(&self.manifest().await?.type_id).identity;
        let (resource, fields) = match identity {
            Identity::Resource { path, fields } => (path, fields),
            Identity::Header => (PUBLIC_RESOURCE, &[] as &[&str]),
        };
        let (token, path) = match legs {
            Legs::Three(token) => (token.expose_secret(), resource.to_owned()),
            Legs::Two { requestor: None } => ("", resource.to_owned()),
            Legs::Two {
                requestor: Some(user),
            } => (
                "",
                format!("{resource}?xoauth_requestor_id={}", encode(user)),
            ),
        };
        let method = Method::GET;
        let (answer, signed) = self
            .signed(consumer, &method, &path, Some(token), &[])
            .await?;
        let named = answer.header("x-ausername").map(str::trim);
        // A challenge comes with every 401. Of the filter it comes alone; the resource itself,
        // which refuses anonymous users, answers with a body.
        let resource_speaks = serde_json::from_slice::<IgnoredAny>(&answer.body).is_ok();
        if answer.status == 401
            && resource_speaks
            && problem(&answer).is_none_or(|p| p.name.is_none())
        {
            return Ok(ActingUser::Anonymous);
        }
        refused(&method, &path, &answer, &signed)?;
        let value =
            answer::read(&answer).map_err(|failure| self.failed(&method, &path, failure))?;
        let name = fields
            .iter()
            .find_map(|field| value.get(*field).and_then(Value::as_str))
            .or(named);
        Ok(match name {
            Some(name) if !is_anonymous(name) => ActingUser::User(name.to_owned()),
            None if fields.is_empty() => ActingUser::Unknown,
            _ => ActingUser::Anonymous,
        })
    }

    /// Sends a signed request; gives the answer and what was signed last.
    async fn signed(
        &self,
        consumer: SigningConsumer<'_>,
        method: &Method,
        path: &str,
        token: Option<&str>,
        extra: &[(&str, &str)],
    ) -> Result<(Response, Zeroizing<String>), OauthError> {
        // As it is sent: what the client would still change in an address would not be signed.
        let url = reqwest::Url::parse(&self.url().join(path)).map_err(|error| {
            let network = NetworkError {
                problem: NetworkProblem::Other(error.to_string()),
                never_sent: true,
            };
            self.failed(method, path, Failure::Network(network))
        })?;
        let last = Mutex::new(Zeroizing::new(String::new()));
        let make = || {
            let request = UnsignedRequest {
                method: method.as_str(),
                url: url.as_str(),
                form: &[],
                consumer_key: consumer.key,
                token,
                extra,
            };
            let signed = RequestStamp::fresh()
                .and_then(|stamp| sign(&request, &stamp, consumer.signer))
                .map_err(|error| error.to_string())?;
            *last.lock().unwrap_or_else(PoisonError::into_inner) = signed.base_string;
            Ok(signed.authorization)
        };
        let answer = self
            .exchange(method, path, RequestOptions::signed(&make))
            .await?;
        let base_string = last.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok((answer, base_string))
    }
}

/// An error where OAuth refused the request.
fn refused(method: &Method, path: &str, answer: &Response, signed: &str) -> Result<(), OauthError> {
    let Some(problem) = problem(answer) else {
        return Ok(());
    };
    let comparison = problem
        .field("oauth_signature_base_string")
        .map(|theirs| compare(signed, theirs));
    Err(OauthError::Refused(Box::new(OauthRefusal {
        call: format!("{method} {}", path.split('?').next().unwrap_or(path)),
        problem,
        comparison,
    })))
}

fn problem(answer: &Response) -> Option<OauthProblem> {
    let challenges: Vec<&str> = answer
        .headers
        .get_all("www-authenticate")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    OauthProblem::read(answer.status, &challenges, &answer::beginning(answer))
}
