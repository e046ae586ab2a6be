//! Failures of calls, and how they are told.

use std::time::Duration;

use super::network::{NetworkError, NetworkProblem};
use crate::domain::{Alias, BaseUrl, Code, text};
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
    /// The application, or something before it, counts calls and takes no more for now.
    Busy {
        /// How long it asks to wait, where it says so.
        after: Option<Duration>,
    },
    /// The application, or something before it, failed.
    ServerError {
        /// Its status.
        status: u16,
        /// What it said.
        messages: Vec<String>,
    },
}

/// What 502, 503 and 504 mean.
const DOWN: &str = "is down, starting, or in maintenance behind its proxy";

/// Whether a status says that there is no application behind the proxy just now.
pub(super) fn is_down(status: u16) -> bool {
    matches!(status, 502..=504)
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
            | Self::Declined { .. }
            | Self::Busy { .. } => true,
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

    /// The same with every text of the server passed through `mask`: an application may repeat
    /// what it was sent, and its words end in results, which nothing masks any more.
    #[must_use]
    pub(super) fn masked(mut self, mask: &dyn Fn(&str) -> String) -> Self {
        match &mut self {
            Self::Redirected { location, .. } => *location = mask(location),
            Self::Page { title: text, .. } | Self::Denied { detail: text, .. } => {
                *text = text.take().map(|text| mask(&text));
            }
            Self::Unreadable { detail, .. } => *detail = mask(detail),
            Self::NotFound { messages }
            | Self::Declined { messages, .. }
            | Self::ServerError { messages, .. } => {
                for message in messages {
                    *message = mask(message);
                }
            }
            Self::Closed(inner) => **inner = inner.as_ref().clone().masked(mask),
            Self::Network(_) | Self::Busy { .. } => {}
        }
        self
    }

    /// Whether this is what servers say to one who speaks HTTP where TLS is due.
    fn demands_tls(&self) -> bool {
        let said = match self {
            Self::Declined {
                status: 400,
                messages,
            } => messages.join(" "),
            Self::Page {
                status: 400, title, ..
            } => title.clone().unwrap_or_default(),
            _ => return false,
        };
        let said = said.to_lowercase();
        said.contains("requires tls") || said.contains("plain http request")
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Network(NetworkError {
                problem: NetworkProblem::ProxyLogin { .. },
                ..
            }) => Kind::Auth,
            Self::Network(NetworkError {
                problem: NetworkProblem::Unready(unready),
                ..
            }) => unready.kind,
            Self::Network(_)
            | Self::Redirected { .. }
            | Self::Page { .. }
            | Self::Unreadable { .. }
            | Self::ServerError { .. }
            | Self::Busy { .. } => Kind::Unreachable,
            Self::Declined { .. } if self.demands_tls() => Kind::Unreachable,
            Self::Denied { code, .. } => match code {
                Code::NotAdmin | Code::NotSystemAdmin => Kind::Permission,
                _ => Kind::Auth,
            },
            Self::Closed(inner) => inner.kind(),
            Self::NotFound { .. } | Self::Declined { .. } => Kind::Refused,
        }
    }

    fn sentence(&self, who: &str, app: &str) -> String {
        let said = |messages: &[String]| {
            if messages.is_empty() {
                String::new()
            } else {
                let all = messages.join("; ");
                let lines: Vec<&str> = all.lines().map(str::trim).collect();
                format!(": {}", text::excerpt(&lines.join(" "), 500))
            }
        };
        match self {
            Self::Network(error) => match &error.problem {
                problem @ NetworkProblem::ProxyLogin { .. } => {
                    format!("{who} was not asked: {problem}")
                }
                problem @ NetworkProblem::Unready(_) => {
                    format!("{who} cannot be asked: {problem}")
                }
                problem => format!("{who} cannot be reached: {problem}"),
            },
            Self::Redirected { location, .. } => format!(
                "{who} sends on to {}, which is not followed",
                text::excerpt(location, 300)
            ),
            Self::Declined { .. } | Self::Page { .. } if self.demands_tls() => {
                format!("{who} speaks https there, and was asked in http")
            }
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
                } else if is_down(*status) {
                    format!("{who} {DOWN}: {status} with a proxy page{title}, not the application")
                } else {
                    format!(
                        "{who} answers {status} with a page for people{title} where data was due: a proxy's or an error page, not the application's interface"
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
            Self::Closed(inner) => inner.sentence(who, app),
            Self::NotFound { messages } => format!("{app} has no such thing{}", said(messages)),
            Self::Busy { after } => {
                let asks = after
                    .map(|after| format!(", and asks to wait {} s", after.as_secs()))
                    .unwrap_or_default();
                format!("{who} takes no more calls for now (429){asks}")
            }
            // Known without a request.
            Self::Declined {
                status: 0,
                messages,
            } => format!("{app} cannot do that{}", said(messages)),
            Self::Declined { status, messages } => {
                format!("{app} declines ({status}){}", said(messages))
            }
            Self::ServerError { status, messages } if is_down(*status) => {
                format!("{who} {DOWN}: it answers {status}{}", said(messages))
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
                NetworkProblem::Tls(text) if text.contains("does not speak TLS") => {
                    &["if it is meant to be so: write http:// in place of https://"]
                }
                NetworkProblem::Other(text) if text.contains("invalid HTTP version") => {
                    &["does it speak https? write https:// in place of http://"]
                }
                NetworkProblem::Tls(_) => {
                    &["name the authority that issued the certificate with --cacert FILE"]
                }
                NetworkProblem::TlsVersion(_) => &[
                    "allow TLS 1.2 on the application or on the proxy in front of it; older versions are not secure, and there is no option for them",
                ],
                NetworkProblem::TlsClient(_) => {
                    &["present a certificate that it takes: --client-cert FILE --client-key FILE"]
                }
                NetworkProblem::ProxyLogin { .. } => &[
                    "give the proxy's user and password in HTTPS_PROXY or HTTP_PROXY: http://USER:PASSWORD@HOST:PORT",
                ],
                NetworkProblem::Proxy(_) => &[
                    "the proxy is named by --proxy, HTTPS_PROXY, HTTP_PROXY or ALL_PROXY; NO_PROXY names what is reached without it",
                ],
                NetworkProblem::Unready(unready) => return unready.hints.clone(),
                NetworkProblem::ConnectTimeout(_) | NetworkProblem::Timeout(_) => {
                    &["try again, or wait longer with --timeout SECONDS"]
                }
                _ => &[],
            },
            Self::Declined { .. } | Self::Page { .. } if self.demands_tls() => {
                &["write https:// in place of http://"]
            }
            Self::Redirected { location, .. } => {
                let base = location.strip_suffix("/rest/applinks/1.0/manifest");
                return vec![match base.map(BaseUrl::parse) {
                    Some(Ok(base)) => format!("if that is the same application, give {base}"),
                    _ => "use the address that the application redirects to as its base URL"
                        .to_owned(),
                }];
            }
            Self::Page { status, .. } | Self::ServerError { status, .. } if is_down(*status) => {
                &["see how the application does, and the proxy before it; then try again"]
            }
            Self::Busy { after } => {
                let when = after.map_or_else(
                    || "later".to_owned(),
                    |after| format!("after {} s", after.as_secs()),
                );
                return vec![format!(
                    "call it less often, with --per-host 1, and again {when}"
                )];
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
    /// How long was waited for an answer, where that was what went wrong.
    pub fn waited(&self) -> Option<Duration> {
        match &self.failure {
            Failure::Network(NetworkError {
                problem: NetworkProblem::Timeout(limit),
                ..
            }) => Some(*limit),
            _ => None,
        }
    }

    /// Whether the time was over before there was an answer.
    pub fn hangs(&self) -> bool {
        matches!(
            &self.failure,
            Failure::Network(NetworkError {
                problem: NetworkProblem::Timeout(_) | NetworkProblem::ConnectTimeout(_),
                ..
            })
        )
    }

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
            error.failure.sentence(&error.who(), &error.what()),
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
