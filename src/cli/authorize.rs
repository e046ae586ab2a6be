//! `applink authorize`

mod dance;
pub(super) mod refusal;
mod stored;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::ask;
use super::change;
use super::complete;
use super::consumer::unregistered;
use super::key::{Passphrase, aside};
use super::target::{self, AppArg, CloudSites};
use crate::context::{Context, Target};
use crate::credentials::Source;
use crate::domain::moment;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::oauth::PrivateKey;
use crate::oauth::tokens::{self, Owner, StoredToken};
use crate::remote::Session;
use crate::remote::oauth::{Consumer, Legs, OauthError, SeenAs};
use refusal::Asked;

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
    pub(super) app: Option<AppArg>,

    /// The name of the consumer
    #[arg(long, value_name = "NAME", add = complete::program())]
    pub(super) consumer: Option<String>,

    /// Its consumer key [default: as registered with applink, else its name]
    #[arg(long, value_name = "KEY", hide_short_help = true)]
    consumer_key: Option<String>,

    /// Its private key [default: as registered with applink]
    ///
    /// Where it was not registered with applink: NAME.pem among applink's keys.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,

    /// Where the passphrase of an encrypted key is
    ///
    /// env:VAR, file:PATH, command:PROGRAM ARGS or prompt.
    #[arg(long, value_name = "SOURCE", value_parser = super::key::source)]
    passphrase: Option<Source>,

    /// Two-legged: no user, no page to open, no token
    #[arg(long)]
    two_legged: bool,

    /// Send it in the name of this user (impersonation)
    #[arg(long = "as", value_name = "USER", requires = "two_legged")]
    requestor: Option<String>,

    /// Only send a signed request with the kept token
    #[arg(long)]
    test: bool,

    /// Forget the token that is kept
    #[arg(long, conflicts_with_all = ["two_legged", "requestor", "test", "open", "callback"])]
    forget: bool,

    /// Open the address in a browser
    #[arg(long, conflicts_with_all = ["two_legged", "test"])]
    open: bool,

    /// How the code comes back: brought by the browser, or typed
    #[arg(long, value_enum, value_name = "HOW", default_value_t, conflicts_with_all = ["two_legged", "test"])]
    callback: CallbackArg,
}

impl Args {
    /// What is asked for.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        ask::missing([
            (self.app.is_some(), "<APP>"),
            (self.consumer.is_some(), "--consumer <NAME>"),
        ])
    }

    fn consumer(&self) -> &str {
        self.consumer.as_deref().unwrap_or_default()
    }
}

/// How the verifier comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum CallbackArg {
    /// Brought by the browser on a terminal, else a line on standard input
    #[default]
    Auto,
    /// Brought by a browser on this machine
    Loopback,
    /// Shown on a page, and typed or written to standard input
    Oob,
}

/// Who wants what of whom.
struct Party<'a> {
    args: &'a Args,
    target: &'a Target,
    session: &'a Session,
    consumer: Consumer<'a>,
    key: &'a PrivateKey,
    key_file: &'a Path,
}

impl Party<'_> {
    /// The error of a signed request.
    fn error(&self, error: OauthError) -> Error {
        Asked {
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

    fn owner(&self) -> Owner {
        Owner {
            application: self.target.alias.clone(),
            application_id: self.target.entry.id,
            url: self.target.entry.url.clone(),
            consumer: self.args.consumer().to_owned(),
            consumer_key: self.consumer.key.to_owned(),
        }
    }
}

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    ask::program(&mut args.app, &mut args.consumer, context)?;
    let app = args.app.as_ref().ok_or_else(ask::nothing)?;
    if args.consumer().trim().is_empty() {
        return Err(Error::usage("--consumer needs a name"));
    }
    change::mention_unfinished(context);
    if args.forget
        && let AppArg::Alias(alias) = app
    {
        return stored::forget(context, &args, alias, None);
    }
    let resolved = target::resolve(context, &[app], CloudSites::Refused).await?;
    let Some(resolved) = resolved.into_iter().next() else {
        return Err(Error::internal("no application was resolved"));
    };
    let target = resolved.target;
    if args.forget {
        return stored::forget(context, &args, &target.alias, Some(&target.entry.url));
    }
    let known = context
        .state
        .state()
        .consumer(&target.alias, args.consumer());
    let known = known.cloned();
    let paths = context.store.paths();
    let recorded = known.as_ref().and_then(|known| known.key_file.as_ref());
    let key_file = match (&args.key_file, recorded) {
        (Some(path), _) => path.clone(),
        (None, Some(path)) => paths.resolve(path),
        (None, None) => paths
            .keys()
            .join(format!("{}.pem", tokens::file_stem(args.consumer()))),
    };
    if known.is_none() && args.key_file.is_none() && !key_file.exists() {
        return Err(unregistered(context, &target, args.consumer()).hint(
            "one that was registered without applink: name its private key with --key-file FILE",
        ));
    }
    let key = key(context, &args, &key_file).await?;
    if let Some(known) = &known
        && known.fingerprint != key.public().fingerprint()
    {
        context.ui.warn(&format!(
            "{} holds another key than {} was registered with on {}",
            key_file.display(),
            args.consumer(),
            target.alias
        ));
    }
    let consumer_key = args
        .consumer_key
        .clone()
        .or_else(|| known.map(|known| known.key))
        .unwrap_or_else(|| args.consumer().to_owned());
    let session: Arc<Session> = context.anonymous_session(&target);
    if let Some(manifest) = resolved.manifest {
        session.know_manifest(manifest);
    }
    let party = Party {
        consumer: Consumer {
            key: &consumer_key,
            signer: &key,
        },
        args: &args,
        target: &target,
        session: &session,
        key: &key,
        key_file: &key_file,
    };
    if args.two_legged {
        two_legged(context, &party).await
    } else if args.test {
        stored::test(context, &party).await
    } else {
        three_legged(context, &party).await
    }
}

/// The private key of the consumer.
async fn key(context: &Context, args: &Args, file: &Path) -> Result<PrivateKey> {
    let source = args.passphrase.clone().map(|source| match source {
        // What is typed on a command line starts where it is typed.
        Source::File(path) => Source::File(std::path::absolute(&path).unwrap_or(path)),
        other => other,
    });
    let resolver = context.resolver().clone();
    let passphrase = Passphrase::of(file, source, resolver, &context.ui);
    let path = file.to_owned();
    // Nobody can be asked, and no option says where it is: that is how the command was called.
    let is_missing = args.passphrase.is_none() && !context.ui.can_ask();
    let loaded = aside(move || {
        PrivateKey::load_with(&path, || match passphrase.ask() {
            Err(error) if is_missing => Err(Error {
                kind: Kind::Usage,
                ..error
            }),
            other => other,
        })
    })
    .await;
    loaded.map_err(|error| {
        if args.key_file.is_none() && !file.exists() {
            error.hint("name the consumer's private key with --key-file FILE")
        } else {
            error
        }
    })
}

async fn two_legged(context: &Context, party: &Party<'_>) -> Result<Exit> {
    let requestor = party.args.requestor.as_deref();
    let seen = seen_as(context, party, Legs::Two { requestor }).await;
    let seen = seen.map_err(|error| party.error(error))?;
    show(context, party, &seen, None, None);
    match (&seen, requestor) {
        (SeenAs::User(name), Some(user)) if !name.eq_ignore_ascii_case(user) => Err(Error::new(
            Kind::Auth,
            format!(
                "{} takes the request for {name}, not for {user}",
                party.target.alias
            ),
        )),
        (SeenAs::Anonymous, Some(user)) => Err(nobody(party).hint(format!(
            "a user name that it does not know is nobody, too: is it {user:?} there?"
        ))),
        (SeenAs::Anonymous, None) => {
            context.ui.warn(
                "the request was answered as anybody's: the consumer has no \"Execute as\" user, or a proxy drops the Authorization header",
            );
            Ok(Exit::Ok)
        }
        _ => Ok(Exit::Ok),
    }
}

async fn three_legged(context: &mut Context, party: &Party<'_>) -> Result<Exit> {
    if context.settings.dry_run {
        context.ui.status(&format!(
            "would ask {} for a request token for the consumer {:?}, and wait for a person",
            party.target.alias,
            party.args.consumer()
        ));
        show(context, party, &SeenAs::Untold, None, None);
        return Ok(Exit::Ok);
    }
    let granted = dance::dance(context, party).await?;
    let stored = StoredToken::new(party.owner(), granted.access, Timestamp::now());
    stored::keep(context, party, &stored)?;
    let seen = seen_as(context, party, Legs::Three(&stored.token)).await;
    let seen = seen.map_err(|error| party.error(error))?;
    show(
        context,
        party,
        &seen,
        Some(&granted.authorize_url),
        Some(&stored),
    );
    somebody(party, &seen)
}

async fn seen_as(
    context: &Context,
    party: &Party<'_>,
    legs: Legs<'_>,
) -> std::result::Result<SeenAs, OauthError> {
    let _wait = context
        .ui
        .waiting(&format!("asking {} whom it sees", party.target.alias));
    party.session.seen_as(party.consumer, legs).await
}

/// After a dance a request that is answered as anybody's is no success.
fn somebody(party: &Party<'_>, seen: &SeenAs) -> Result<Exit> {
    match seen {
        SeenAs::Anonymous => Err(nobody(party)),
        SeenAs::User(_) | SeenAs::Untold => Ok(Exit::Ok),
    }
}

fn nobody(party: &Party<'_>) -> Error {
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
fn show(
    context: &Context,
    party: &Party<'_>,
    seen: &SeenAs,
    authorize_url: Option<&str>,
    stored: Option<&StoredToken>,
) {
    let expires = stored.and_then(|stored| stored.expires);
    let ui = &context.ui;
    let name = match seen {
        SeenAs::User(name) => Some(name.as_str()),
        SeenAs::Anonymous => Some("anonymous"),
        SeenAs::Untold => None,
    };
    if ui.is_json() {
        let document = json!({
            "schema": 1,
            "consumer": party.args.consumer(),
            "authorize_url": authorize_url,
            "seen_as": name,
            "expires": expires.map(|at| format!("{at:.0}")),
        });
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
        SeenAs::User(name) => format!("{alias} takes {consumer} for {name}"),
        SeenAs::Anonymous => format!("{alias} takes {consumer} for nobody (anonymous)"),
        SeenAs::Untold => format!("{alias} takes {consumer}, and does not say for whom"),
    });
    if let Some(at) = expires {
        ui.status(&format!("the token is good until {}", moment(at)));
    }
}
