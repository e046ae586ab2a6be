//! What kind of answer it was.
//!
//! Applications, proxies and log-in pages answer in many shapes; a status alone says little. The
//! order of the questions matters: a page for people is never parsed as data, and a refusal is
//! only called "not an administrator" when nothing more precise fits.

use serde_json::Value;

use super::transport::{Answer, NetworkError, NetworkProblem};
use super::wire;
use crate::domain::{Alias, Code, text};
use crate::error::{Error, Kind};

/// Why a call did not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// The application that was asked, where it has a name.
    pub app: Option<Alias>,
    /// Method and path.
    pub call: String,
    /// Host and port.
    pub host: String,
    /// What went wrong.
    pub failure: Failure,
}

/// What went wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No answer.
    Network(NetworkError),
    /// Sent elsewhere.
    Redirected {
        /// The status of the redirect.
        status: u16,
        /// Where to, as the server wrote it.
        location: String,
    },
    /// A page for people, or of something in front of the application.
    Page {
        /// Its status.
        status: u16,
        /// Its title, if it has one.
        title: Option<String>,
        /// Whether it asks for a log-in.
        login: bool,
    },
    /// An answer that cannot be read as what was asked for.
    Unreadable {
        /// Its status.
        status: u16,
        /// What is wrong with it.
        detail: String,
    },
    /// The account: which of the many ways of saying no it is.
    Denied {
        /// One of the log-in and permission codes.
        code: Code,
        /// What the server said.
        detail: Option<String>,
    },
    /// No answer to be had with this account any more; what ended it.
    Closed(Box<Failure>),
    /// No such thing there.
    NotFound {
        /// What the server said.
        messages: Vec<String>,
    },
    /// The application declined.
    Declined {
        /// Its status.
        status: u16,
        /// What it said.
        messages: Vec<String>,
    },
    /// The application, or something before it, failed.
    ServerError {
        /// Its status.
        status: u16,
        /// What it said.
        messages: Vec<String>,
    },
}

impl Failure {
    /// Whether a write that ended so was certainly not carried out.
    pub fn not_applied(&self) -> bool {
        match self {
            Self::Network(error) => error.never_sent,
            Self::Redirected { .. }
            | Self::Denied { .. }
            | Self::Closed(_)
            | Self::NotFound { .. }
            | Self::Declined { .. } => true,
            Self::Page { status, .. } => *status == 200 || (300..500).contains(status),
            Self::Unreadable { .. } | Self::ServerError { .. } => false,
        }
    }

    /// The entry of the catalogue that fits.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Denied { code, .. } => Some(*code),
            Self::Closed(inner) => inner.code(),
            Self::Page { login, status, .. } if *login || *status == 200 => Some(Code::LoginPage),
            _ => None,
        }
    }

    /// Whether no further call with this account is to be made in this run.
    pub fn ends_account(&self) -> bool {
        matches!(
            self,
            Self::Denied {
                code: Code::BadCredentials
                    | Code::CaptchaRequired
                    | Code::TokenIgnored
                    | Code::BasicAuthDisabled,
                ..
            }
        )
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Network(NetworkError {
                problem: NetworkProblem::ProxyLogin,
                ..
            }) => Kind::Auth,
            Self::Network(_)
            | Self::Redirected { .. }
            | Self::Page { .. }
            | Self::Unreadable { .. }
            | Self::ServerError { .. } => Kind::Unreachable,
            Self::Denied { code, .. } => match code {
                Code::NotAdmin | Code::NotSystemAdmin => Kind::Permission,
                _ => Kind::Auth,
            },
            Self::Closed(inner) => inner.kind(),
            Self::NotFound { .. } | Self::Declined { .. } => Kind::Refused,
        }
    }

    fn sentence(&self, who: &str, app: &str, host: &str) -> String {
        let said = |messages: &[String]| {
            if messages.is_empty() {
                String::new()
            } else {
                format!(": {}", text::excerpt(&messages.join("; "), 500))
            }
        };
        match self {
            Self::Network(error) => match &error.problem {
                NetworkProblem::ProxyLogin => {
                    format!("the proxy on the way to {host} demands a log-in")
                }
                problem => format!("{who} cannot be reached: {problem}"),
            },
            Self::Redirected { location, .. } => format!(
                "{who} sends on to {}, which is not followed",
                text::excerpt(location, 300)
            ),
            Self::Page {
                status,
                title,
                login,
            } => {
                let title = title
                    .as_deref()
                    .map(|title| format!(" ({:?})", text::excerpt(title, 80)))
                    .unwrap_or_default();
                if *login {
                    format!("{who} answers with a log-in page{title} where data was due")
                } else {
                    format!(
                        "{who} answers {status} with a page for people{title}: a proxy page, not the application"
                    )
                }
            }
            Self::Unreadable { status, detail } => {
                format!("{who} answers {status} with something unreadable: {detail}")
            }
            Self::Denied { code, detail } => {
                let what = match code {
                    Code::BadCredentials => "refuses the user name or password",
                    Code::TokenIgnored => {
                        "does not take the token: it answers as if nobody had logged in"
                    }
                    Code::NotAdmin => "knows the account, which is not an administrator there",
                    Code::NotSystemAdmin => {
                        "knows the account, which is not a system administrator there"
                    }
                    Code::WebsudoRequired => "demands a secure administrator session",
                    Code::BasicAuthDisabled => {
                        "takes no user name and password on its REST interface"
                    }
                    Code::CaptchaRequired => "demands a CAPTCHA after too many wrong log-ins",
                    Code::XsrfRejected => "took the request for a forged one",
                    _ => "refuses the account",
                };
                match detail {
                    Some(detail) => {
                        format!("{who} {what} ({})", text::excerpt(detail, 200))
                    }
                    None => format!("{who} {what}"),
                }
            }
            Self::Closed(inner) => inner.sentence(who, app, host),
            Self::NotFound { messages } => format!("{app} has no such thing{}", said(messages)),
            // Known without asking.
            Self::Declined {
                status: 0,
                messages,
            } => format!("{app} cannot do that{}", said(messages)),
            Self::Declined { status, messages } => {
                format!("{app} declines ({status}){}", said(messages))
            }
            Self::ServerError { status, messages } => {
                format!("{who} fails with {status}{}", said(messages))
            }
        }
    }

    fn hints(&self, app: Option<&Alias>) -> Vec<String> {
        let hint: &[&str] = match self {
            Self::Network(error) => match &error.problem {
                NetworkProblem::UnknownHost(_) => {
                    &["check the name, or give its address with --resolve HOST:PORT:ADDR"]
                }
                NetworkProblem::Refused => {
                    &["check that the application is up and that the port is right"]
                }
                NetworkProblem::Tls(_) => {
                    &["name the authority that issued the certificate with --cacert FILE"]
                }
                NetworkProblem::ProxyLogin => {
                    &["give the proxy's user and password in HTTPS_PROXY or HTTP_PROXY"]
                }
                NetworkProblem::ConnectTimeout(_) | NetworkProblem::Timeout(_) => {
                    &["try again, or wait longer with --timeout SECONDS"]
                }
                _ => &[],
            },
            Self::Redirected { .. } => {
                &["use the address that the application redirects to as its base URL"]
            }
            Self::Page { .. } => &[
                "exempt /rest and /plugins/servlet from single sign-on and from the proxy's pages",
            ],
            Self::Denied { code, .. } => match code {
                Code::BadCredentials => {
                    &["check the user and where its password comes from: applink app show ALIAS"]
                }
                Code::TokenIgnored => {
                    &["make a new personal access token, or use a user and password"]
                }
                Code::NotAdmin => &["use the account of an administrator of that application"],
                Code::NotSystemAdmin => {
                    &["use the account of a system administrator of that application"]
                }
                Code::WebsudoRequired => {
                    &["use a user and password instead of the token: Basic is exempt from it"]
                }
                Code::BasicAuthDisabled => &[
                    "use a personal access token, or allow Basic on API calls in its administration",
                ],
                Code::CaptchaRequired => &[
                    "log in once in a browser as that user, or have an administrator reset the failed log-ins",
                ],
                Code::XsrfRejected => &[
                    "a proxy may rewrite headers: X-Atlassian-Token and User-Agent must arrive unchanged",
                ],
                _ => &[],
            },
            Self::Closed(inner) => return inner.hints(app),
            _ => &[],
        };
        hint.iter()
            .map(|hint| hint.replace("ALIAS", app.map_or("ALIAS", Alias::as_str)))
            .collect()
    }
}

impl CallError {
    /// The application with its host, or the host alone.
    fn who(&self) -> String {
        match &self.app {
            Some(app) => format!("{app} ({})", self.host),
            None => self.host.clone(),
        }
    }

    /// The application, or its host.
    fn what(&self) -> String {
        self.app
            .as_ref()
            .map_or_else(|| self.host.clone(), ToString::to_string)
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        let mut out = Error::new(
            error.failure.kind(),
            error
                .failure
                .sentence(&error.who(), &error.what(), &error.host),
        );
        out.code = error.failure.code();
        out.hints = error.failure.hints(error.app.as_ref());
        if matches!(
            error.failure,
            Failure::NotFound { .. } | Failure::Unreadable { .. } | Failure::ServerError { .. }
        ) {
            out.hints.push(format!("the call was {}", error.call));
        }
        out
    }
}

/// Turns an answer into JSON, or says what it was instead. An empty body is `null`.
pub fn read(answer: &Answer) -> Result<Value, Failure> {
    sound(answer)?;
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    parse(&answer.body).map_err(|detail| Failure::Unreadable {
        status: answer.status,
        detail,
    })
}

/// Turns an answer into text that is no page for people, or says what it was instead.
pub fn text(answer: &Answer) -> Result<String, Failure> {
    sound(answer)?;
    String::from_utf8(answer.body.clone()).map_err(|_| Failure::Unreadable {
        status: answer.status,
        detail: "not UTF-8".to_owned(),
    })
}

/// Whether an answer is one of the application, and a good one.
fn sound(answer: &Answer) -> Result<(), Failure> {
    if (300..400).contains(&answer.status) && answer.status != 304 {
        let location = answer.header("location").unwrap_or_default().to_owned();
        if is_login_address(&location) {
            return Err(Failure::Page {
                status: answer.status,
                title: None,
                login: true,
            });
        }
        return Err(Failure::Redirected {
            status: answer.status,
            location,
        });
    }
    // What the account may not do is said in headers and texts before any status counts.
    if let Some(denied) = denied(answer) {
        return Err(denied);
    }
    if is_html(answer) {
        let page = String::from_utf8_lossy(&answer.body).into_owned();
        return Err(Failure::Page {
            status: answer.status,
            title: title(&page),
            login: looks_like_login(&page),
        });
    }
    let messages = || wire::messages(&answer.body);
    match answer.status {
        200..=299 => Ok(()),
        401 | 403 => Err(Failure::Denied {
            code: Code::NotAdmin,
            detail: messages().into_iter().next(),
        }),
        404 => Err(Failure::NotFound {
            messages: messages(),
        }),
        status @ 400..=499 => Err(Failure::Declined {
            status,
            messages: messages(),
        }),
        status => Err(Failure::ServerError {
            status,
            messages: messages(),
        }),
    }
}

/// The refusals that name themselves.
fn denied(answer: &Answer) -> Option<Failure> {
    if !matches!(answer.status, 401 | 403 | 404) {
        return None;
    }
    let with = |code, detail: Option<String>| Some(Failure::Denied { code, detail });
    let reason = answer.header("x-seraph-loginreason").unwrap_or_default();
    if answer.header("x-authentication-denied-reason").is_some()
        || reason.contains("AUTHENTICATION_DENIED")
    {
        return with(Code::CaptchaRequired, None);
    }
    let body = String::from_utf8_lossy(
        answer
            .body
            .get(..answer.body.len().min(65_536))
            .unwrap_or_default(),
    );
    if answer.status == 403 && body.contains("Basic Authentication has been disabled") {
        return with(Code::BasicAuthDisabled, None);
    }
    if answer.status == 401 && body.contains("WebSudo") {
        return with(Code::WebsudoRequired, None);
    }
    if body.contains("XSRF check failed") {
        return with(Code::XsrfRejected, None);
    }
    if reason.contains("AUTHENTICATED_FAILED") || body.contains("AUTHENTICATED_FAILED") {
        return with(Code::BadCredentials, None);
    }
    if reason.contains("AUTHORISATION_FAILED") {
        return with(
            Code::NotAdmin,
            Some("it may not use the application".to_owned()),
        );
    }
    None
}

fn parse(body: &[u8]) -> Result<Value, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    serde_json::from_slice(body).map_err(|error| {
        if body.first() == Some(&b'<') {
            "XML or HTML where JSON was due".to_owned()
        } else {
            format!("no JSON (line {}, column {})", error.line(), error.column())
        }
    })
}

fn is_html(answer: &Answer) -> bool {
    let declared = answer
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let start: Vec<u8> = answer
        .body
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace() || **byte >= 0x80)
        .take(15)
        .map(u8::to_ascii_lowercase)
        .collect();
    let looks = start.starts_with(b"<!doctype html") || start.starts_with(b"<html");
    looks || (declared && !matches!(start.first(), Some(b'{' | b'[')) && !answer.body.is_empty())
}

fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let open = start + lower.get(start..)?.find('>')? + 1;
    let end = open + lower.get(open..)?.find("</title")?;
    let title = page.get(open..end)?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

fn looks_like_login(page: &str) -> bool {
    let lower = page.to_ascii_lowercase();
    [
        "type=\"password\"",
        "type='password'",
        "type=password",
        "os_username",
        "samlrequest",
        "single sign-on",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

fn is_login_address(location: &str) -> bool {
    let lower = location.to_ascii_lowercase();
    [
        "login.jsp",
        "login.action",
        "os_destination",
        "/saml",
        "samlrequest",
        "/oauth2/authorize",
        "/adfs/",
        "/sso",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Answer {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        Answer {
            status,
            headers,
            body: body.as_bytes().to_vec(),
            at: SystemTime::UNIX_EPOCH,
        }
    }

    fn code(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Option<Code> {
        read(&answer(status, headers, body))
            .err()
            .and_then(|failure| failure.code())
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(
            code(
                403,
                &[],
                r#"{"message":"Basic Authentication has been disabled on this instance."}"#
            ),
            Some(Code::BasicAuthDisabled)
        );
        assert_eq!(
            code(
                403,
                &[(
                    "x-authentication-denied-reason",
                    "CAPTCHA_CHALLENGE; login-url=x"
                )],
                ""
            ),
            Some(Code::CaptchaRequired)
        );
        assert_eq!(
            code(
                401,
                &[],
                r#"{"message":"This resource requires WebSudo.","status-code":401}"#
            ),
            Some(Code::WebsudoRequired)
        );
        assert_eq!(
            code(
                403,
                &[("content-type", "text/html")],
                "<html>XSRF check failed</html>"
            ),
            Some(Code::XsrfRejected)
        );
        assert_eq!(
            code(401, &[("x-seraph-loginreason", "AUTHENTICATED_FAILED")], ""),
            Some(Code::BadCredentials)
        );
        assert_eq!(code(401, &[], ""), Some(Code::NotAdmin));
        assert_eq!(
            code(
                200,
                &[("content-type", "text/html;charset=UTF-8")],
                "<html><title>Log in</title>"
            ),
            Some(Code::LoginPage)
        );
        assert_eq!(
            code(302, &[("location", "/login.jsp?os_destination=%2F")], ""),
            Some(Code::LoginPage)
        );
        assert_eq!(
            code(
                503,
                &[("content-type", "text/html")],
                "<html><title>Service unavailable"
            ),
            None
        );
    }

    #[test]
    fn json_is_read_whatever_its_label() {
        let labelled = answer(200, &[("content-type", "text/html")], "{\"a\":1}");
        assert!(read(&labelled).is_ok());
        let marked = answer(200, &[], "\u{feff}[1]");
        assert!(read(&marked).is_ok());
        assert_eq!(read(&answer(204, &[], "")), Ok(Value::Null));
        assert!(matches!(
            read(&answer(200, &[], "<manifest/>")),
            Err(Failure::Unreadable { .. })
        ));
    }

    #[test]
    fn what_a_write_may_have_done() {
        let failure = |status, body| read(&answer(status, &[], body)).err();
        assert_eq!(failure(400, "").map(|f| f.not_applied()), Some(true));
        assert_eq!(failure(502, "").map(|f| f.not_applied()), Some(false));
        assert_eq!(
            failure(200, "garbage").map(|f| f.not_applied()),
            Some(false)
        );
    }
}
