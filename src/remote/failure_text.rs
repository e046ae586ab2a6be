//! The sentences and hints in which failures of calls are told.

use super::failure::{CallError, Failure, NotReady, is_down};
use super::network::{NetworkError, NetworkProblem};
use crate::domain::{Alias, BaseUrl, Code, text};
use crate::error::Error;

/// What 502, 503 and 504 mean.
const DOWN: &str = "is down, starting, or in maintenance behind its proxy";

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        if let Some(refused) = refused_method(&error) {
            return refused;
        }
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

/// A write that was stopped on its way: by its method, or by a firewall's page.
fn refused_method(error: &CallError) -> Option<Error> {
    let method = error.call.split(' ').next()?;
    if method == "GET" {
        return None;
    }
    let who = error.who();
    let app = error.what();
    match &error.failure {
        Failure::Page { status: 405 | 501, .. } => Some(
            Error::new(
                error.failure.kind(),
                format!("the proxy in front of {who} does not let {method} through"),
            )
            .hint(format!(
                "allow PUT, POST and DELETE below /rest/applinks and /rest/applinks-oauth on the proxy in front of {app}"
            )),
        ),
        Failure::Page {
            status: 403 | 406 | 418 | 200,
            login: false,
            support_id,
            title,
        } => {
            let id = support_id
                .as_deref()
                .map(|id| format!(", support id {id}"))
                .unwrap_or_default();
            let title = title
                .as_deref()
                .map(|title| format!(" ({:?})", text::excerpt(title, 80)))
                .unwrap_or_default();
            Some(
                Error::new(
                    error.failure.kind(),
                    format!("a firewall or proxy in front of {who} blocks {method} with a page{title}{id}"),
                )
                .hint(format!(
                    "let its administrators allow {method} below /rest/applinks of {app}; the number helps them to find the block"
                )),
            )
        }
        _ => None,
    }
}

impl Failure {
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
            Self::Network(error) => network_sentence(who, &error.problem),
            Self::Redirected { location, .. } => format!(
                "{who} sends on to {}, which is not followed",
                text::excerpt(location, 300)
            ),
            Self::Declined { .. } | Self::Page { .. } if self.demands_tls() => {
                format!("{who} speaks https there, and was asked in http")
            }
            Self::Page { .. } => self.page_sentence(who),
            Self::LoginRedirect(location) => {
                format!("{who} redirects to {location} to log in")
            }
            Self::NotReady(NotReady::Starting) => format!("{who} is starting"),
            Self::NotReady(NotReady::Error) => {
                format!("{who} could not start and shows an error page")
            }
            Self::NotReady(NotReady::NotSetUp) => format!("{who} is not set up yet"),
            Self::CredentialsLost => format!("the credentials did not arrive at {who}"),
            Self::Unreadable { status, detail } => {
                format!("{who} answers {status} with something unreadable: {detail}")
            }
            Self::Denied { code, detail } => {
                let what = denial(*code);
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

    /// What a page says that came instead of an answer.
    fn page_sentence(&self, who: &str) -> String {
        let Self::Page {
            status,
            title,
            login,
            support_id,
        } = self
        else {
            return String::new();
        };
        let support_id = support_id
            .as_deref()
            .map(|id| format!(", support id {id}"))
            .unwrap_or_default();
        let title = title
            .as_deref()
            .map(|title| format!(" ({:?})", text::excerpt(title, 80)))
            .unwrap_or_default();
        if *login {
            format!("{who} answers with a log-in page{title} where data was due{support_id}")
        } else if is_down(*status) {
            format!("{who} {DOWN}: {status} with a proxy page{title}, not the application")
        } else if *status == 404 {
            format!(
                "{who} answers 404{title}, and not in the words of an application: a proxy or load balancer in front of it, or another server"
            )
        } else {
            format!(
                "{who} answers {status} with a page for people{title} where data was due: a proxy's or an error page, not the application's interface{support_id}"
            )
        }
    }

    fn hints(&self, app: Option<&Alias>) -> Vec<String> {
        let hint: &[&str] = match self {
            Self::Network(NetworkError {
                problem: NetworkProblem::Unready(unready),
                ..
            }) => return unready.hints.clone(),
            Self::Network(error) => network_hints(&error.problem),
            Self::Declined { .. } | Self::Page { .. } if self.demands_tls() => {
                &["write https:// in place of http://"]
            }
            Self::LoginRedirect(_) => &[
                "exempt /rest and /plugins/servlet from single sign-on there: applink and the applications cannot log in on a page",
            ],
            Self::NotReady(NotReady::Starting) => &["wait until it has started, then try again"],
            Self::NotReady(NotReady::Error) => {
                &["open it in a browser: the page says what is wrong"]
            }
            Self::NotReady(NotReady::NotSetUp) => &["open it in a browser and finish its set-up"],
            Self::CredentialsLost => {
                &["a proxy may drop the Authorization header: check the proxy in front of ALIAS"]
            }
            Self::Redirected { location, .. } => {
                let base = location.strip_suffix("/rest/applinks/1.0/manifest");
                return vec![match base.map(BaseUrl::parse) {
                    Some(Ok(base)) => format!("if that is the same application, give {base}"),
                    _ => "open it in a browser: the address may be wrong, or the application moved"
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
            Self::Page { status: 404, .. } => &[
                "check the address and its context path, and whether the proxy in front passes /rest and /plugins/servlet on",
            ],
            Self::Page { .. } => &[
                "exempt /rest and /plugins/servlet from single sign-on and from the proxy's pages",
            ],
            Self::Denied { code, .. } => denial_hints(*code),
            Self::Closed(inner) => return inner.hints(app),
            _ => &[],
        };
        hint.iter()
            .map(|hint| hint.replace("ALIAS", app.map_or("ALIAS", Alias::as_str)))
            .collect()
    }
}

fn network_sentence(who: &str, problem: &NetworkProblem) -> String {
    match problem {
        NetworkProblem::ProxyLogin { .. } | NetworkProblem::ProxyScheme(_) => {
            format!("{who} was not asked: {problem}")
        }
        NetworkProblem::Unready(_) => format!("{who} cannot be asked: {problem}"),
        problem => format!("{who} cannot be reached: {problem}"),
    }
}

/// The predicate for a refusal of the account.
fn denial(code: Code) -> &'static str {
    match code {
        Code::BadCredentials => "refuses the user name or password",
        Code::TokenIgnored => "does not take the token: it answers as if nobody had logged in",
        Code::NotAdmin => "knows the account, which is not an administrator there",
        Code::NotSystemAdmin => "knows the account, which is not a system administrator there",
        Code::WebsudoRequired => "demands a secure administrator session",
        Code::BasicAuthDisabled => "takes no user name and password on its REST interface",
        Code::CaptchaRequired => "demands a CAPTCHA after too many wrong log-ins",
        Code::XsrfRejected => "took the request for a forged one",
        _ => "refuses the account",
    }
}

fn network_hints(problem: &NetworkProblem) -> &'static [&'static str] {
    match problem {
        NetworkProblem::UnknownHost(_) => {
            &["check the name, or give its address with --resolve HOST:PORT:ADDR"]
        }
        NetworkProblem::Refused => &["check that the application is up and that the port is right"],
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
        NetworkProblem::ProxyScheme(_) => &[
            "use a local helper that logs in for applink, such as cntlm or px",
            "or go around the proxy with NO_PROXY",
        ],
        NetworkProblem::ProxyLogin { .. } => &[
            "give the proxy's user and password in HTTPS_PROXY or HTTP_PROXY: http://USER:PASSWORD@HOST:PORT",
        ],
        NetworkProblem::Proxy(_) => &[
            "the proxy is named by --proxy, HTTPS_PROXY, HTTP_PROXY or ALL_PROXY; NO_PROXY names what is reached without it",
        ],
        NetworkProblem::ConnectTimeout(_) | NetworkProblem::Timeout(_) => {
            &["try again, or wait longer with --timeout SECONDS"]
        }
        _ => &[],
    }
}

fn denial_hints(code: Code) -> &'static [&'static str] {
    match code {
        Code::BadCredentials => {
            &["check the user and where its password comes from: applink app show ALIAS"]
        }
        Code::TokenIgnored => &["make a new personal access token, or use a user and password"],
        Code::NotAdmin => &["use the account of an administrator of that application"],
        Code::NotSystemAdmin => &["use the account of a system administrator of that application"],
        Code::WebsudoRequired => {
            &["use a user and password instead of the token: Basic is exempt from it"]
        }
        Code::BasicAuthDisabled => {
            &["use a personal access token, or allow Basic on API calls in its administration"]
        }
        Code::CaptchaRequired => &[
            "log in once in a browser as that user, or have an administrator reset the failed log-ins",
        ],
        Code::XsrfRejected => {
            &["a proxy may rewrite headers: X-Atlassian-Token and User-Agent must arrive unchanged"]
        }
        _ => &[],
    }
}
