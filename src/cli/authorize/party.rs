//! Who takes part in an authorization: the arguments, and the consumer that acts.

use std::path::{Path, PathBuf};

use crate::cli::complete;
use crate::context::{Context, Target};
use crate::credentials::CredentialSource;
use crate::domain::local_time;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::oauth::PrivateKey;
use crate::oauth::tokens::{StoredToken, TokenOwner};
use crate::observe::oauth_refusal::RefusedRequest;
use crate::remote::Session;
use crate::remote::oauth::{ActingUser, Legs, OauthError, SigningConsumer};
use crate::resolve::AppArg;
use crate::ui::output::AuthorizeOutput;

/// Let a third-party program act for you, and see who it is
///
/// Without a further option this is the three-legged dance of OAuth 1.0a: applink asks the
/// application for a request token, shows an address, and you allow or deny there, logged in as
/// yourself. The access token is kept beside the private key, for you alone, and renewed when it
/// is due. Then one signed request tells whom the application sees.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Under -o json the dance writes two documents of the same shape, one a line: the first has \
    the address to open and is there before the code is waited for, the last one is the result.\n\n\
    Examples:\n  \
    applink authorize jira --consumer jenkins --open\n  \
    applink authorize jira --consumer jenkins --test\n  \
    applink authorize jira --consumer jenkins --two-legged --as jane"
)]
pub struct Args {
    /// The application: alias, URL or ALIAS=URL
    #[arg(value_name = "APP", add = complete::application())]
    pub(crate) app: Option<AppArg>,

    /// The name of the consumer
    #[arg(long, value_name = "NAME", add = complete::program())]
    pub(crate) consumer: Option<String>,

    /// Its consumer key [default: as registered with applink, else its name]
    #[arg(long, value_name = "KEY", hide_short_help = true)]
    pub(crate) consumer_key: Option<String>,

    /// Its private key [default: as registered with applink]
    ///
    /// Where it was not registered with applink: NAME.pem among applink's keys.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) key_file: Option<PathBuf>,

    /// Where the passphrase of an encrypted key is
    ///
    /// env:VAR, file:PATH, command:PROGRAM ARGS or prompt.
    #[arg(long, value_name = "SOURCE", value_parser = crate::cli::key::input::source)]
    pub(crate) passphrase: Option<CredentialSource>,

    /// Two-legged: no user, no page to open, no token
    #[arg(long)]
    pub(crate) two_legged: bool,

    /// Send it in the name of this user (impersonation)
    #[arg(long = "as", value_name = "USER", requires = "two_legged")]
    pub(crate) requestor: Option<String>,

    /// Only send a signed request with the kept token
    #[arg(long)]
    pub(crate) test: bool,

    /// Forget the token that is kept
    #[arg(long, conflicts_with_all = ["two_legged", "requestor", "test", "open", "callback"])]
    pub(crate) forget: bool,

    /// Open the address in a browser
    #[arg(long, conflicts_with_all = ["two_legged", "test"])]
    pub(crate) open: bool,

    /// How the code comes back: brought by the browser, or typed
    #[arg(long, value_enum, value_name = "HOW", default_value_t, conflicts_with_all = ["two_legged", "test"])]
    pub(crate) callback: CallbackArg,
}

impl Args {
    /// What is asked for.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        crate::cli::args::missing([
            (self.app.is_some(), "<APP>"),
            (self.consumer.is_some(), "--consumer <NAME>"),
        ])
    }

    pub(crate) fn consumer(&self) -> &str {
        self.consumer.as_deref().unwrap_or_default()
    }
}

/// How the verifier comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum CallbackArg {
    /// Brought by the browser on a terminal, else a line on standard input
    #[default]
    Auto,
    /// Brought by a browser on this machine
    Loopback,
    /// Shown on a page, and typed or written to standard input
    Oob,
}

/// Who wants what of whom.
pub(crate) struct ActingConsumer<'a> {
    pub(crate) args: &'a Args,
    pub(crate) target: &'a Target,
    pub(crate) session: &'a Session,
    pub(crate) consumer: SigningConsumer<'a>,
    pub(crate) key: &'a PrivateKey,
    pub(crate) key_file: &'a Path,
}

impl ActingConsumer<'_> {
    /// The error of a signed request.
    pub(crate) fn error(&self, error: OauthError) -> Error {
        RefusedRequest {
            application: &self.target.alias,
            consumer: self.args.consumer(),
            consumer_key: self.consumer.key,
            public: self.key.public(),
            key_file: self.key_file,
            two_legged: self.args.two_legged,
            requestor: self.args.requestor.as_deref(),
            clock: self.session.clock(),
        }
        .error(error)
    }

    pub(crate) fn owner(&self) -> TokenOwner {
        TokenOwner {
            application: self.target.alias.clone(),
            application_id: self.target.entry.id,
            url: self.target.entry.url.clone(),
            consumer: self.args.consumer().to_owned(),
            consumer_key: self.consumer.key.to_owned(),
        }
    }
}

pub(crate) async fn seen_as(
    context: &Context,
    party: &ActingConsumer<'_>,
    legs: Legs<'_>,
) -> std::result::Result<ActingUser, OauthError> {
    let _wait = context
        .ui
        .waiting(&format!("asking {} whom it sees", party.target.alias));
    party.session.acting_user(party.consumer, legs).await
}

/// After a dance a request that is answered as anybody's is no success.
pub(crate) fn somebody(party: &ActingConsumer<'_>, seen: &ActingUser) -> Result<Exit> {
    match seen {
        ActingUser::Anonymous => Err(nobody(party)),
        ActingUser::User(_) | ActingUser::Unknown => Ok(Exit::Ok),
    }
}

pub(crate) fn nobody(party: &ActingConsumer<'_>) -> Error {
    Error::new(
        Kind::Auth,
        format!(
            "{} answers the signed request as anybody's: it sees no user behind it",
            party.target.alias
        ),
    )
    .hint("a proxy may drop the Authorization header: let it pass")
}

/// The result.
pub(crate) fn show(
    context: &Context,
    party: &ActingConsumer<'_>,
    seen: &ActingUser,
    authorize_url: Option<&str>,
    stored: Option<&StoredToken>,
) {
    let expires = stored.and_then(|stored| stored.expires);
    let ui = &context.ui;
    let name = match seen {
        ActingUser::User(name) => Some(name.as_str()),
        ActingUser::Anonymous => Some("anonymous"),
        ActingUser::Unknown => None,
    };
    if ui.is_json() {
        let document = AuthorizeOutput {
            authorize_url: authorize_url.map(ToOwned::to_owned),
            seen_as: name.map(ToOwned::to_owned),
            expires: expires.map(|at| format!("{at:.0}")),
            ..AuthorizeOutput::new(party.args.consumer())
        };
        // The second document of two has its line as the first has.
        if authorize_url.is_some() {
            ui.json_line(&document);
        } else {
            ui.json(&document);
        }
        return;
    }
    if context.settings.dry_run && stored.is_none() && !party.args.two_legged {
        return;
    }
    let (alias, consumer) = (&party.target.alias, party.args.consumer());
    ui.result(&match seen {
        ActingUser::User(name) => format!("{alias} takes {consumer} for {name}"),
        ActingUser::Anonymous => format!("{alias} takes {consumer} for nobody (anonymous)"),
        ActingUser::Unknown => format!("{alias} takes {consumer}, and does not say for whom"),
    });
    if let Some(at) = expires {
        ui.status(&format!("the token is good until {}", local_time(at)));
    }
}
