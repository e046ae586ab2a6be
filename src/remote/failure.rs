//! Failures of calls, and what follows from them.

use std::time::Duration;

use super::network::{NetworkError, NetworkProblem};
use crate::domain::{Alias, Code};
use crate::error::Kind;

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

/// Why an application answers with a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReady {
    /// It starts up.
    Starting,
    /// It could not start, and says why on its page.
    Error,
    /// Its set-up is not finished.
    NotSetUp,
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
        /// The number by which a firewall finds the block again.
        support_id: Option<Box<str>>,
    },
    /// Sent to log in, at this address without its query.
    LoginRedirect(String),
    /// Sent to a page of the application's own, since it is not ready.
    NotReady(NotReady),
    /// Credentials were sent and did not arrive.
    CredentialsLost,
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
            | Self::LoginRedirect(_)
            | Self::NotReady(_)
            | Self::CredentialsLost
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
            Self::LoginRedirect(_) => Some(Code::LoginPage),
            Self::Page { login, status, .. } if *login || *status == 200 => Some(Code::LoginPage),
            _ => None,
        }
    }

    /// Whether no further call with this account is to be made in this run.
    pub fn ends_account(&self) -> bool {
        matches!(
            self,
            Self::CredentialsLost
                | Self::Denied {
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
            Self::Redirected { location, .. } | Self::LoginRedirect(location) => {
                *location = mask(location);
            }
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
            Self::Network(_) | Self::Busy { .. } | Self::NotReady(_) | Self::CredentialsLost => {}
        }
        self
    }

    /// Whether this is what servers say to one who speaks HTTP where TLS is due.
    pub(super) fn demands_tls(&self) -> bool {
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

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::CredentialsLost
            | Self::Network(NetworkError {
                problem: NetworkProblem::ProxyLogin { .. } | NetworkProblem::ProxyScheme(_),
                ..
            }) => Kind::Auth,
            Self::Network(NetworkError {
                problem: NetworkProblem::Unready(unready),
                ..
            }) => unready.kind,
            Self::Network(_)
            | Self::Redirected { .. }
            | Self::LoginRedirect(_)
            | Self::NotReady(_)
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
    pub(super) fn who(&self) -> String {
        match &self.app {
            Some(app) => format!("{app} ({})", self.host),
            None => self.host.clone(),
        }
    }

    /// The application, or its host.
    pub(super) fn what(&self) -> String {
        self.app
            .as_ref()
            .map_or_else(|| self.host.clone(), ToString::to_string)
    }
}
