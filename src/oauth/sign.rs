//! Signs requests with RSA-SHA1 (RFC 5849 section 3.4.3), through `oauth1-request`.
//!
//! A signature is over the URL that is really sent: the products check it against the address
//! that their servlet container believes in. A nonce counts once, so each attempt of a
//! request is signed again: see [`RequestStamp`].

use std::cell::RefCell;
use std::fmt::{self, Display, Write as _};
use std::num::NonZeroU64;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oauth1_request::serializer::Serializer;
use oauth1_request::signature_method::{Sign, SignatureMethod};
use oauth1_request::{Builder, Credentials, Request};
use zeroize::Zeroizing;

use super::PrivateKey;
use super::base_string::{Parameter, base_string, encode, parse_form, target};
use crate::domain::hex;

/// The only method that the products take.
pub const METHOD: &str = "RSA-SHA1";

/// What signs: a private key.
pub trait Signer {
    /// The PKCS #1 v1.5 signature over the SHA-1 of `message`; else why there is none.
    fn sign_sha1(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

impl Signer for PrivateKey {
    fn sign_sha1(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        PrivateKey::sign_sha1(self, message).map_err(|fault| SignError::Key(fault.to_string()))
    }
}

/// Why nothing was signed. None of these is a person's mistake but the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The address is no http or https URL.
    #[error("the address cannot be signed")]
    Address,
    /// The system gives no random bytes.
    #[error("no random bytes can be had: {0}")]
    Random(String),
    /// The system's clock is before 1970.
    #[error("the system's clock is not set")]
    Clock,
    /// The key does not sign.
    #[error("the key does not sign: {0}")]
    Key(String),
    /// Our own base string is not the one that was signed: a defect.
    #[error("the base string was written in two ways")]
    Doubt,
}

/// What makes a signature unique: the time, and a number used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestStamp {
    /// Seconds since 1970.
    pub timestamp: NonZeroU64,
    /// Never used before with this consumer key.
    pub nonce: String,
}

impl RequestStamp {
    /// Now, with 160 random bits.
    pub fn fresh() -> Result<Self, SignError> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_err(|_| SignError::Clock)?;
        Ok(Self {
            timestamp: NonZeroU64::new(now.as_secs()).ok_or(SignError::Clock)?,
            nonce: random_word(20)?,
        })
    }
}

/// So many random bytes, in hexadecimal digits.
pub(super) fn random_word(bytes: usize) -> Result<String, SignError> {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).map_err(|error| SignError::Random(error.to_string()))?;
    Ok(hex(&random))
}

/// A request before it is signed.
#[derive(Clone, Copy)]
pub struct UnsignedRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The whole URL as it will be sent, its query with it.
    pub url: &'a str,
    /// The parameters of a form body; other bodies are not signed.
    pub form: &'a [Parameter],
    /// Who signs.
    pub consumer_key: &'a str,
    /// The token. Empty for a two-legged request, which needs the parameter all the same: without
    /// it a product does not see that the request is signed. `None` only when a request token is
    /// asked for.
    pub token: Option<&'a str>,
    /// Further parameters for the header: `oauth_callback`, `oauth_verifier`,
    /// `oauth_session_handle`.
    pub extra: &'a [(&'a str, &'a str)],
}

// Its token is a secret, and so may be what else is signed.
impl fmt::Debug for UnsignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsigned")
            .field("method", &self.method)
            .field("consumer_key", &self.consumer_key)
            .finish_non_exhaustive()
    }
}

/// A signature.
#[derive(Clone)]
pub struct SignedRequest {
    /// The value of the `Authorization` header.
    pub authorization: Zeroizing<String>,
    /// What was signed.
    pub base_string: Zeroizing<String>,
}

// The token is in both.
impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").finish_non_exhaustive()
    }
}

/// Signs a request.
pub fn sign(
    request: &UnsignedRequest<'_>,
    stamp: &RequestStamp,
    signer: &dyn Signer,
) -> Result<SignedRequest, SignError> {
    let (uri, query) = target(request.url).ok_or(SignError::Address)?;
    let given = |name| {
        let found = request.extra.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| *value)
    };
    let known = ["oauth_callback", "oauth_verifier"];
    // What the library has no place for goes into the header by our own hand.
    let others: Vec<Parameter> = request
        .extra
        .iter()
        .filter(|(name, _)| !known.contains(name))
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let mut sent = parse_form(query);
    sent.extend_from_slice(request.form);
    sent.extend_from_slice(&others);

    let captured = RefCell::new(Ok(Zeroizing::new(String::new())));
    let client = Credentials::new(request.consumer_key, "");
    let method = RsaSha1 {
        signer,
        captured: &captured,
    };
    let mut builder = Builder::<_, &str>::new(client, method);
    builder
        .token(request.token.map(|token| Credentials::new(token, "")))
        .callback(given("oauth_callback"))
        .verifier(given("oauth_verifier"))
        .nonce(stamp.nonce.as_str())
        .timestamp(stamp.timestamp)
        .version(true);
    let ordered = OrderedParameters::new(&sent);
    let mut authorization =
        Zeroizing::new(builder.into_authorization(request.method, &uri, &ordered));
    for (name, value) in &others {
        let _ = write!(authorization, ",{name}=\"{}\"", encode(value));
    }

    let timestamp = stamp.timestamp.to_string();
    let own = [
        ("oauth_consumer_key", Some(request.consumer_key)),
        ("oauth_token", request.token),
        ("oauth_callback", given("oauth_callback")),
        ("oauth_verifier", given("oauth_verifier")),
        ("oauth_signature_method", Some(METHOD)),
        ("oauth_timestamp", Some(timestamp.as_str())),
        ("oauth_nonce", Some(stamp.nonce.as_str())),
        ("oauth_version", Some("1.0")),
    ];
    sent.extend(
        own.into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))),
    );
    let ours = Zeroizing::new(base_string(request.method, &uri, &sent));
    if ours != captured.into_inner()? {
        return Err(SignError::Doubt);
    }
    Ok(SignedRequest {
        authorization,
        base_string: ours,
    })
}

/// RSA-SHA1 for `oauth1-request`. Its two secrets are of no use here.
#[derive(Clone, Copy)]
struct RsaSha1<'a> {
    signer: &'a dyn Signer,
    /// What was signed, or why nothing was: `oauth1-request` has no way to say so.
    captured: &'a RefCell<Result<Zeroizing<String>, SignError>>,
}

impl<'a> SignatureMethod for RsaSha1<'a> {
    type Sign = BaseStringWriter<'a>;

    fn sign_with(self, _client_secret: &str, _token_secret: Option<&str>) -> BaseStringWriter<'a> {
        BaseStringWriter {
            text: Zeroizing::new(String::with_capacity(512)),
            method: self,
        }
    }
}

/// The base string as it grows; its pieces come encoded, but for the names of parameters.
struct BaseStringWriter<'a> {
    text: Zeroizing<String>,
    method: RsaSha1<'a>,
}

impl Sign for BaseStringWriter<'_> {
    type Signature = String;

    fn get_signature_method_name(&self) -> &'static str {
        METHOD
    }

    fn request_method(&mut self, method: &str) {
        self.text.push_str(&encode(&method.to_ascii_uppercase()));
        self.text.push('&');
    }

    fn uri<T: Display>(&mut self, uri: T) {
        let _ = write!(self.text, "{uri}&");
    }

    fn parameter<V: Display>(&mut self, key: &str, value: V) {
        let _ = write!(self.text, "{}%3D{value}", encode(key));
    }

    fn delimiter(&mut self) {
        self.text.push_str("%26");
    }

    fn end(self) -> String {
        let signature = self.method.signer.sign_sha1(self.text.as_bytes());
        let (captured, text) = match signature {
            Ok(signature) => (Ok(self.text), encode(&STANDARD.encode(signature))),
            Err(error) => (Err(error), String::new()),
        };
        *self.method.captured.borrow_mut() = captured;
        text
    }
}

/// The request's own parameters for `oauth1-request`, which wants all of them, its own among
/// them, in the order of their *encoded* names and values; its own lists sort them decoded.
struct OrderedParameters(Vec<Parameter>);

/// The library's own parameters, in their order.
const OWN: [&str; 8] = [
    "oauth_callback",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_verifier",
    "oauth_version",
];

impl OrderedParameters {
    fn new(parameters: &[Parameter]) -> Self {
        let mut encoded: Vec<Parameter> = parameters
            .iter()
            .filter(|(name, _)| name != "oauth_signature" && name != "realm")
            .map(|(name, value)| (encode(name), encode(value)))
            .collect();
        encoded.sort();
        Self(encoded)
    }
}

impl Request for OrderedParameters {
    fn serialize<S: Serializer>(&self, mut serializer: S) -> S::Output {
        let mut own = OWN.iter().peekable();
        for (name, value) in &self.0 {
            while let Some(next) = own.next_if(|own| **own < name.as_str()) {
                serialize_own(&mut serializer, next);
            }
            serializer.serialize_parameter_encoded(name, value);
        }
        for next in own {
            serialize_own(&mut serializer, next);
        }
        serializer.end()
    }
}

fn serialize_own(serializer: &mut impl Serializer, name: &str) {
    match name {
        "oauth_callback" => serializer.serialize_oauth_callback(),
        "oauth_consumer_key" => serializer.serialize_oauth_consumer_key(),
        "oauth_nonce" => serializer.serialize_oauth_nonce(),
        "oauth_signature_method" => serializer.serialize_oauth_signature_method(),
        "oauth_timestamp" => serializer.serialize_oauth_timestamp(),
        "oauth_token" => serializer.serialize_oauth_token(),
        "oauth_verifier" => serializer.serialize_oauth_verifier(),
        _ => serializer.serialize_oauth_version(),
    }
}

#[cfg(test)]
#[path = "sign_tests.rs"]
mod tests;
