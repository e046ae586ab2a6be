//! Signed requests that show how an application takes a consumer.

use std::path::Path;

use crate::domain::{Alias, PublicKey};
use crate::error::{Error, Kind, Result};
use crate::oauth::PrivateKey;
use crate::oauth::dance::OUT_OF_BAND;
use crate::oauth::sign::{SignError, Signer};
use crate::observe::oauth_refusal::RefusedRequest;
use crate::plan::{Expected, Proof};
use crate::remote::Session;
use crate::remote::oauth::{ActingUser, Legs, OauthError, SigningConsumer};

/// How an application stands to a consumer key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConsumerStatus {
    /// It takes what this key signs.
    Accepted,
    /// It knows the consumer key, with another public key or with three-legged OAuth off.
    Known,
    /// It knows nobody under that consumer key.
    Unknown,
}

/// Signs with no key at all: enough to hear whether a consumer key is known.
struct NoConsumer;

impl Signer for NoConsumer {
    fn sign_sha1(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(vec![0; 256])
    }
}

/// Asks for a request token, whose signature is the last thing that an application looks at: a
/// token that is given is a proof. It is good for nothing until a person allows it.
pub(crate) async fn consumer_status(
    session: &Session,
    consumer_key: &str,
    key: Option<&PrivateKey>,
) -> Result<ConsumerStatus, OauthError> {
    let signer: &(dyn Signer + Send + Sync) = match key {
        Some(key) => key,
        None => &NoConsumer,
    };
    let consumer = SigningConsumer {
        key: consumer_key,
        signer,
    };
    match session.request_token(consumer, OUT_OF_BAND).await {
        Ok(_) => Ok(ConsumerStatus::Accepted),
        Err(OauthError::Refused(refused)) if refused.problem.is("consumer_key_unknown") => {
            Ok(ConsumerStatus::Unknown)
        }
        Err(OauthError::Refused(refused))
            if refused.problem.is("permission_denied")
                || (key.is_none() && refused.problem.is("signature_invalid")) =>
        {
            Ok(ConsumerStatus::Known)
        }
        Err(error) => Err(error),
    }
}

/// Carries out a proof.
pub(crate) async fn prove(session: &Session, proof: &Proof) -> Result<Option<String>> {
    match proof.expected {
        Expected::Accepted => prove_accepted(session, proof).await,
        Expected::Refused => prove_refused(session, proof).await.map(|()| None),
    }
}

async fn prove_accepted(session: &Session, proof: &Proof) -> Result<Option<String>> {
    let Some(file) = proof.key_file.as_deref().map(Path::new) else {
        return Err(Error::internal("a proof without a key"));
    };
    let key = PrivateKey::load(file)?;
    let words =
        |error, two_legged| refusal_text(session, proof, key.public(), file, two_legged, error);
    match consumer_status(session, &proof.consumer, Some(&key)).await {
        Ok(ConsumerStatus::Accepted) => {}
        Ok(ConsumerStatus::Known) => {
            return Err(disagrees(session.alias(), "lets it sign no user in", proof));
        }
        Ok(ConsumerStatus::Unknown) => {
            return Err(disagrees(session.alias(), "knows no such consumer", proof));
        }
        Err(error) => return Err(words(error, false)),
    }
    if !proof.two_legged {
        return Ok(None);
    }
    let consumer = SigningConsumer {
        key: &proof.consumer,
        signer: &key,
    };
    match session
        .acting_user(consumer, Legs::Two { requestor: None })
        .await
    {
        Ok(ActingUser::User(name)) => Ok(Some(format!("two-legged, seen as {name}"))),
        Ok(ActingUser::Anonymous | ActingUser::Unknown) => Ok(Some("two-legged, too".to_owned())),
        Err(error) => Err(words(error, true)),
    }
}

async fn prove_refused(session: &Session, proof: &Proof) -> Result<()> {
    // Without its key, or with one that cannot be read, it is enough that nobody is known.
    let key = proof
        .key_file
        .as_deref()
        .and_then(|file| PrivateKey::load(Path::new(file)).ok());
    match consumer_status(session, &proof.consumer, key.as_ref()).await {
        Ok(ConsumerStatus::Unknown) => Ok(()),
        Ok(ConsumerStatus::Accepted | ConsumerStatus::Known) => {
            Err(disagrees(session.alias(), "still knows it", proof))
        }
        Err(OauthError::Refused(refused)) if refused.problem.is("signature_invalid") => {
            Err(disagrees(session.alias(), "still knows it", proof))
        }
        Err(OauthError::Call(error)) => Err(error.into()),
        Err(OauthError::Refused(refused)) => Err(disagrees(
            session.alias(),
            refused.problem.name.as_deref().unwrap_or("does not say"),
            proof,
        )),
    }
}

fn disagrees(alias: &Alias, what: &str, proof: &Proof) -> Error {
    let due = match proof.expected {
        Expected::Accepted => "accepted",
        Expected::Refused => "refused",
    };
    Error::new(
        Kind::Auth,
        format!(
            "the consumer {:?} was to be {due}, and {alias} {what}",
            proof.consumer
        ),
    )
}

fn refusal_text(
    session: &Session,
    proof: &Proof,
    public: &PublicKey,
    file: &Path,
    two_legged: bool,
    error: OauthError,
) -> Error {
    RefusedRequest {
        application: session.alias(),
        consumer: &proof.consumer,
        consumer_key: &proof.consumer,
        public,
        key_file: file,
        two_legged,
        requestor: None,
        clock: session.clock(),
    }
    .error(error)
}
