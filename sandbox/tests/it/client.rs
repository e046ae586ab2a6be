//! A plain HTTP client for the tests.

use applink_sandbox::{AppHandle, Role, install_crypto};
use serde_json::Value;

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn all_headers(&self, name: &str) -> Vec<&str> {
        self.headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// How a request authenticates.
#[derive(Debug, Clone)]
pub(crate) enum As {
    Nobody,
    Role(Role),
    Basic(String, String),
    Bearer(String),
}

/// A client of one application.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    who: As,
    app: AppHandle,
    json: bool,
}

pub(crate) fn http() -> reqwest::Client {
    trusting("")
}

/// Trusts the authority of this PEM and no other.
fn trusting(pem: &str) -> reqwest::Client {
    install_crypto();
    let authorities = reqwest::Certificate::from_pem_bundle(pem.as_bytes()).unwrap();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("sandbox-test/1")
        .tls_certs_only(authorities)
        .build()
        .unwrap()
}

/// The system administrator's client.
pub(crate) fn admin(app: &AppHandle) -> Client {
    client(app, As::Role(Role::SystemAdmin))
}

pub(crate) fn client(app: &AppHandle, who: As) -> Client {
    Client {
        http: trusting(&app.ca_pem()),
        base: app.url(),
        who,
        app: app.clone(),
        json: true,
    }
}

impl Client {
    pub(crate) fn xml(mut self) -> Self {
        self.json = false;
        self
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if self.json {
            request = request.header("Accept", "application/json");
        }
        match &self.who {
            As::Nobody => request,
            As::Role(role) => {
                let user = self.app.user(*role);
                request.basic_auth(&user.name, Some(&user.password))
            }
            As::Basic(name, password) => request.basic_auth(name, Some(password)),
            As::Bearer(token) => request.bearer_auth(token),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request("GET", path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        send(self.request("DELETE", path)).await
    }

    pub(crate) async fn post(&self, path: &str) -> Answer {
        send(
            self.request("POST", path)
                .header("X-Atlassian-Token", "no-check"),
        )
        .await
    }

    pub(crate) async fn put_json(&self, path: &str, body: Value) -> Answer {
        self.send_json("PUT", path, body).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: Value) -> Answer {
        self.send_json("POST", path, body).await
    }

    async fn send_json(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = self
            .request(method, path)
            .header("Content-Type", "application/json");
        send(request.body(body.to_string())).await
    }
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        text: answer.text().await.unwrap(),
    }
}
