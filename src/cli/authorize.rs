//! `applink authorize`

mod dance;
mod refusal;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde_json::json;

use super::target::{self, AppArg, CloudSites};
use crate::context::{Context, Target};
use crate::domain::{Alias, BaseUrl};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::oauth::PrivateKey;
use crate::oauth::dance::OWN_TOKENS;
use crate::oauth::tokens::{self, Owner, StoredToken};
use crate::remote::Session;
use crate::remote::oauth::{Consumer, Legs, OauthError, SeenAs};
use crate::state::StateStore as _;
use refusal::Asked;

/// Let a third-party program act for you on an application, and see whom the application takes it for
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
    #[arg(value_name = "APP")]
    app: AppArg,

    /// The name of the consumer
    #[arg(long, value_name = "NAME")]
    consumer: String,

    /// Its consumer key; without it, its name
    #[arg(long, value_name = "KEY")]
    consumer_key: Option<String>,

    /// Its private key; without it, NAME.pem among applink's keys
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Send a two-legged request: no user, no dance, no token
    #[arg(long)]
    two_legged: bool,

    /// Send it in the name of this user (impersonation)
    #[arg(long = "as", value_name = "USER", requires = "two_legged")]
    requestor: Option<String>,

    /// Only send the signed request, with the token that is kept
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
            consumer: &self.args.consumer,
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
            consumer: self.args.consumer.clone(),
            consumer_key: self.consumer.key.to_owned(),
        }
    }
}

/// Runs the command.
pub async fn run(args: Args, context: &mut Context) -> Result<Exit> {
    if args.consumer.trim().is_empty() {
        return Err(Error::usage("--consumer needs a name"));
    }
    if args.forget
        && let AppArg::Alias(alias) = &args.app
    {
        return forget(context, &args, alias, None);
    }
    let resolved = target::resolve(context, &[&args.app], CloudSites::Refused).await?;
    let Some(resolved) = resolved.into_iter().next() else {
        return Err(Error::internal("no application was resolved"));
    };
    let target = resolved.target;
    if args.forget {
        return forget(context, &args, &target.alias, Some(&target.entry.url));
    }
    let keys = context.store.paths().keys();
    let key_file = args
        .key_file
        .clone()
        .unwrap_or_else(|| keys.join(format!("{}.pem", tokens::file_stem(&args.consumer))));
    let key = PrivateKey::load(&key_file).map_err(|error| {
        if args.key_file.is_none() && !key_file.exists() {
            error.hint("name the consumer's private key with --key-file FILE")
        } else {
            error
        }
    })?;
    let session: Arc<Session> = context.anonymous_session(&target);
    if let Some(manifest) = resolved.manifest {
        session.know_manifest(manifest);
    }
    let party = Party {
        consumer: Consumer {
            key: args.consumer_key.as_deref().unwrap_or(&args.consumer),
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
        test(context, &party).await
    } else {
        three_legged(context, &party).await
    }
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
            party.target.alias, party.args.consumer
        ));
        show(context, party, &SeenAs::Untold, None, None);
        return Ok(Exit::Ok);
    }
    let granted = dance::dance(context, party).await?;
    let stored = StoredToken::new(party.owner(), granted.access, Timestamp::now());
    keep(context, party, &stored)?;
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

async fn test(context: &mut Context, party: &Party<'_>) -> Result<Exit> {
    let path = token_path(context, &party.target.alias, &party.args.consumer);
    let mut stored = StoredToken::load(&path)?.ok_or_else(|| no_token(party))?;
    check_owner(party, &stored)?;
    know(context, &stored);
    // Without the right to change anything an old token is tried as it is.
    let may_renew = !context.settings.dry_run;
    let mut renewed = false;
    if may_renew && stored.is_due(Timestamp::now()) {
        stored = renew(context, party, &path).await?;
        renewed = true;
    }
    let mut seen = seen_as(context, party, Legs::Three(&stored.token)).await;
    if let Err(OauthError::Refused(refused)) = &seen
        && refused.problem.is("token_expired")
        && may_renew
        && !renewed
    {
        stored = renew(context, party, &path).await?;
        seen = seen_as(context, party, Legs::Three(&stored.token)).await;
    }
    let seen = seen.map_err(|error| {
        let error = party.error(error);
        error.hint(format!("a new token: {}", again(party)))
    })?;
    show(context, party, &seen, None, Some(&stored));
    somebody(party, &seen)
}

/// Renews the token of a file, under the lock: the old one counts no more afterwards, so two
/// renewals at once would leave one of them with nothing.
async fn renew(context: &mut Context, party: &Party<'_>, path: &Path) -> Result<StoredToken> {
    let _guard = context.lock("authorize")?;
    // Somebody else may have renewed it meanwhile.
    let stored = StoredToken::load(path)?.ok_or_else(|| no_token(party))?;
    know(context, &stored);
    let now = Timestamp::now();
    if !stored.is_due(now) {
        return Ok(stored);
    }
    let Some(handle) = stored.renewable(now) else {
        return Err(Error::new(
            Kind::Auth,
            format!(
                "the token of {} for {} has ended, and cannot be renewed",
                party.args.consumer, party.target.alias
            ),
        )
        .hint(format!("a new one: {}", again(party))));
    };
    context.changing.store(true, Ordering::SeqCst);
    let access = party
        .session
        .renew(party.consumer, &stored.token, handle)
        .await
        .map_err(|error| {
            let error = party.error(error);
            error.hint(format!("a new token: {}", again(party)))
        })?;
    let renewed = StoredToken::new(stored.owner.clone(), access, now);
    know(context, &renewed);
    renewed.save(path).map_err(partial)?;
    context.ui.status("the token was due, and is renewed");
    Ok(renewed)
}

/// Keeps a token, and the application that gave it.
fn keep(context: &mut Context, party: &Party<'_>, stored: &StoredToken) -> Result<()> {
    know(context, stored);
    let path = token_path(context, &party.target.alias, &party.args.consumer);
    stored.save(&path).map_err(partial)?;
    if !party.target.known
        && let Some(guard) = context.lock("authorize").map_err(partial)?
    {
        let mut state = context.state.to_state();
        state
            .applications
            .entry(party.target.alias.clone())
            .or_insert_with(|| party.target.entry.clone());
        context.state = context
            .store
            .save(&guard, &context.state, &state)
            .map_err(|error| partial(error.into()))?;
    }
    Ok(())
}

/// The application has given a token that nobody keeps.
fn partial(error: Error) -> Error {
    Error {
        kind: Kind::Partial,
        ..error
    }
    .hint("the application gave a token that is not kept; take it back on its page and authorize again")
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

fn no_token(party: &Party<'_>) -> Error {
    Error::new(
        Kind::Auth,
        format!(
            "no token of {} for {} is kept here",
            party.args.consumer, party.target.alias
        ),
    )
    .hint(format!("get one: {}", again(party)))
}

/// A token goes to the application that gave it, under the key that it was given to.
fn check_owner(party: &Party<'_>, stored: &StoredToken) -> Result<()> {
    let target = party.target;
    let problem = if stored.owner.application_id != target.entry.id {
        format!(
            "the token of {} was given by another application ({})",
            party.args.consumer, stored.owner.url
        )
    } else if stored.owner.consumer_key != party.consumer.key {
        format!(
            "the token of {} was given to the consumer key {:?}",
            party.args.consumer, stored.owner.consumer_key
        )
    } else {
        return Ok(());
    };
    Err(Error::conflict(problem).hint(format!("a new one: {}", again(party))))
}

fn again(party: &Party<'_>) -> String {
    let words = [
        "applink",
        "authorize",
        party.target.alias.as_str(),
        "--consumer",
        &party.args.consumer,
    ];
    shlex::try_join(words).unwrap_or_else(|_| "applink authorize APP --consumer NAME".to_owned())
}

fn know(context: &Context, stored: &StoredToken) {
    context.mask(&stored.token);
    if let Some(handle) = &stored.session_handle {
        context.mask(handle);
    }
}

fn token_path(context: &Context, alias: &Alias, consumer: &str) -> PathBuf {
    tokens::path(&context.store.paths().keys(), alias, consumer)
}

fn forget(context: &Context, args: &Args, alias: &Alias, url: Option<&BaseUrl>) -> Result<Exit> {
    let path = token_path(context, alias, &args.consumer);
    // The address is read first: the file may know it alone. One that cannot be read goes, too.
    let kept = StoredToken::load(&path).ok().flatten();
    let url = kept
        .map(|kept| kept.owner.url)
        .or_else(|| context.known(alias).map(|target| target.entry.url))
        .or_else(|| url.cloned());
    let there = if context.settings.dry_run {
        path.exists()
    } else {
        tokens::forget(&path)?
    };
    let ui = &context.ui;
    if ui.is_json() {
        ui.json(&json!({
            "schema": 1,
            "consumer": args.consumer,
            "authorize_url": null,
            "seen_as": null,
            "expires": null,
            "changed": there && !context.settings.dry_run,
        }));
    } else {
        ui.result(&match (there, context.settings.dry_run) {
            (true, false) => format!("the token of {} for {alias} is forgotten", args.consumer),
            (true, true) => format!(
                "the token of {} for {alias} would be forgotten",
                args.consumer
            ),
            (false, _) => format!("no token of {} for {alias} is kept here", args.consumer),
        });
    }
    if let Some(url) = url {
        ui.note(&format!(
            "{alias} goes on taking it: only you can take it back, on {}",
            url.join(OWN_TOKENS)
        ));
    }
    Ok(Exit::Ok)
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
            "consumer": party.args.consumer,
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
    let (alias, consumer) = (&party.target.alias, &party.args.consumer);
    ui.result(&match seen {
        SeenAs::User(name) => format!("{alias} takes {consumer} for {name}"),
        SeenAs::Anonymous => format!("{alias} takes {consumer} for nobody (anonymous)"),
        SeenAs::Untold => format!("{alias} takes {consumer}, and does not say for whom"),
    });
    if let Some(at) = expires {
        ui.status(&format!("the token is good until {at:.0}"));
    }
}
