//! The OAuth 2.0 clients of an application: its `oauth2/…/client` resource, for system
//! administrators only.
//!
//! A client's secret leaves this file only as a [`SecretString`].

use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use zeroize::Zeroize as _;

use crate::domain::{Client, ClientTerms, Code, Manifest};
use crate::error::{Error, Result};
use crate::remote::product::product;
use crate::remote::{CallError, Failure, Session};

/// The resource; `latest` is the only name that all versions have.
const CLIENTS: &str = "/rest/oauth2/latest/client";
/// The provider's public metadata (RFC 8414).
const METADATA: &str = "/rest/oauth2/latest/.well-known/oauth-authorization-server";

/// A client and its secret, where the application tells it.
pub struct ClientWithSecret {
    /// The client.
    pub client: Client,
    /// Its secret.
    pub secret: Option<SecretString>,
}

impl Session {
    /// Whether the application can be an OAuth 2.0 provider at all. It is asked without the account:
    /// an application with the resource refuses the call, one without it does not know it.
    pub async fn has_oauth2(&self) -> Result<bool, CallError> {
        match self.anonymous(Method::GET, CLIENTS).await {
            Ok(_)
            | Err(CallError {
                failure: Failure::Denied { .. },
                ..
            }) => Ok(true),
            Err(CallError {
                failure:
                    Failure::NotFound { .. }
                    | Failure::Page {
                        status: 404,
                        login: false,
                        ..
                    },
                ..
            }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The scopes that a client can be given: what the application says itself, and what its
    /// version is known to have.
    pub async fn oauth2_scopes(&self, manifest: &Manifest) -> Vec<String> {
        let mut scopes: Vec<String> = product(&manifest.type_id)
            .oauth2
            .map(|provider| {
                provider
                    .scopes
                    .iter()
                    .filter(|(_, since)| since.is_none_or(|since| manifest.version.at_least(since)))
                    .map(|(name, _)| (*name).to_owned())
                    .collect()
            })
            .unwrap_or_default();
        // An old version has no metadata, and its list is known.
        let said = self
            .anonymous(Method::GET, METADATA)
            .await
            .unwrap_or_default();
        let said = ["scopes_supported", "scopes"]
            .iter()
            .find_map(|field| said.get(*field)?.as_array());
        for scope in said.into_iter().flatten().filter_map(Value::as_str) {
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        }
        scopes
    }

    /// All clients with their secrets, where the application tells those.
    pub async fn oauth2_clients(&self) -> Result<Vec<ClientWithSecret>, CallError> {
        let value = self.oauth2_call(Method::GET, CLIENTS, None).await?;
        let Value::Array(all) = value else {
            return Err(self.unreadable(&Method::GET, CLIENTS, "no list of clients".to_owned()));
        };
        Ok(all.into_iter().filter_map(read_client).collect())
    }

    /// One client by its name.
    pub async fn oauth2_client(&self, name: &str) -> Result<Option<ClientWithSecret>, CallError> {
        let all = self.oauth2_clients().await?;
        Ok(all.into_iter().find(|one| one.client.terms.name == name))
    }

    /// Registers a client; gives what the application made of it, and its secret.
    pub async fn create_oauth2_client(
        &self,
        terms: &ClientTerms,
    ) -> Result<ClientWithSecret, CallError> {
        let body = terms_body(terms);
        let value = self.oauth2_call(Method::POST, CLIENTS, Some(&body)).await?;
        read_client(value).ok_or_else(|| {
            self.unreadable(&Method::POST, CLIENTS, "no OAuth 2.0 client".to_owned())
        })
    }

    /// Changes a client; its secret stays.
    pub async fn update_oauth2_client(
        &self,
        id: &str,
        terms: &ClientTerms,
    ) -> Result<(), CallError> {
        let path = format!("{CLIENTS}/{}", segment(id));
        self.oauth2_call(Method::PUT, &path, Some(&terms_body(terms)))
            .await
            .map(drop)
    }

    /// Gives a client a new secret; the old one ends at once.
    pub async fn reset_oauth2_secret(
        &self,
        client_id: &str,
    ) -> Result<ClientWithSecret, CallError> {
        let path = format!("{CLIENTS}/reset/{}", segment(client_id));
        let value = self.oauth2_call(Method::PUT, &path, None).await?;
        read_client(value)
            .ok_or_else(|| self.unreadable(&Method::PUT, CLIENTS, "no OAuth 2.0 client".to_owned()))
    }

    /// What to say of an application that keeps a secret to itself.
    pub fn missing_secret(&self) -> CallError {
        self.unreadable(
            &Method::PUT,
            CLIENTS,
            "it does not tell the client's secret".to_owned(),
        )
    }

    /// Removes a client. What the answer says is not believed before it is looked for again: see
    /// [`Session::oauth2_client`].
    pub async fn delete_oauth2_client(&self, id: &str) -> Result<(), CallError> {
        let path = format!("{CLIENTS}/{}", segment(id));
        let value = self.oauth2_call(Method::DELETE, &path, None).await?;
        drop(read_client(value));
        Ok(())
    }

    /// A refusal here means more than its status: the account is an administrator, as was found
    /// out before.
    async fn oauth2_call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, CallError> {
        let mut error = match self.call(method, path, body).await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if let Failure::Denied { code, detail } = &mut error.failure
            && *code == Code::NotAdmin
        {
            let speaks_of_https = detail
                .as_deref()
                .is_some_and(|said| said.to_ascii_lowercase().contains("https"));
            if speaks_of_https {
                error.failure = Failure::Declined {
                    status: 403,
                    messages: detail.take().into_iter().collect(),
                };
            } else {
                *code = Code::NotSystemAdmin;
            }
        }
        Err(error)
    }
}

fn terms_body(terms: &ClientTerms) -> Value {
    json!({ "name": terms.name, "redirects": terms.redirects, "scope": terms.scope })
}

/// What is written as it is in a path (RFC 3986 section 2.3), but for the dot: two of them would
/// lead elsewhere.
const UNRESERVED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'~');

/// An id as part of a path.
fn segment(id: &str) -> String {
    percent_encoding::utf8_percent_encode(id, UNRESERVED).to_string()
}

/// Reads a client, and takes its secret out of the answer.
fn read_client(mut value: Value) -> Option<ClientWithSecret> {
    let secret = match value.get_mut("clientSecret").map(Value::take) {
        Some(Value::String(mut text)) => {
            let secret = (!text.is_empty()).then(|| SecretString::from(text.as_str()));
            text.zeroize();
            secret
        }
        _ => None,
    };
    let text = |field: &str| match value.get(field) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let client_id = text("clientId")?;
    let redirects = value
        .get("redirects")
        .and_then(Value::as_array)
        .map(|all| {
            all.iter()
                .filter_map(|one| one.as_str().map(str::to_owned))
                .collect()
        })
        .unwrap_or_default();
    Some(ClientWithSecret {
        client: Client {
            id: text("id").unwrap_or_else(|| client_id.clone()),
            terms: ClientTerms {
                name: text("name")?,
                redirects,
                scope: text("scope").unwrap_or_default(),
            },
            client_id,
        },
        secret,
    })
}

/// A refusal of the resource in words.
pub(crate) fn refused(error: CallError) -> Error {
    let wants_https = matches!(
        &error.failure,
        Failure::Declined { status: 403, messages } if messages.iter().any(|said| said.to_ascii_lowercase().contains("https"))
    );
    let error = Error::from(error);
    if wants_https {
        error
            .hint("OAuth 2.0 needs an application whose base URL is https")
            .hint("for a test: the system property atlassian.oauth2.provider.skip.base.url.https.requirement=true on that server")
    } else {
        error
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail that way")]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn clients_in_their_shapes() {
        let read = read_client(json!({
            "id": 7, "clientId": "abc", "clientSecret": "s3cret", "name": "CI",
            "redirects": ["https://ci/cb", 1], "userKey": null, "scope": "WRITE", "more": {},
        }))
        .unwrap();
        assert_eq!(read.client.id, "7");
        assert_eq!(read.client.terms.redirects, ["https://ci/cb"]);
        assert_eq!(read.secret.unwrap().expose_secret(), "s3cret");
        let read =
            read_client(json!({"clientId": "abc", "name": "CI", "clientSecret": ""})).unwrap();
        assert_eq!(read.client.id, "abc");
        assert!(read.secret.is_none());
        for broken in [json!([]), json!({"name": "CI"}), json!({"clientId": "a"})] {
            assert!(read_client(broken).is_none());
        }
        assert_eq!(segment("a/../b"), "a%2F%2E%2E%2Fb");
        assert_eq!(segment("267523ad-4722"), "267523ad-4722");
    }
}
