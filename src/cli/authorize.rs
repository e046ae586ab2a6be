//! `applink authorize`

mod dance;
pub(crate) mod party;
mod stored;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::apply::interrupted;
use crate::cli::consumer::unregistered;
use crate::cli::key::input::{Passphrase, aside};
use crate::cli::{args, prompt};
use crate::context::Context;
use crate::credentials::CredentialSource;
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::oauth::PrivateKey;
use crate::oauth::tokens::{self, StoredToken};
use crate::remote::Session;
use crate::remote::oauth::{ActingUser, Legs, SigningConsumer};
use crate::resolve::{self, AppArg, CloudSites};

pub(crate) use crate::cli::authorize::party::{
    ActingConsumer, Args, nobody, seen_as, show, somebody,
};

/// Runs the command.
pub async fn run(mut args: Args, context: &mut Context) -> Result<Exit> {
    prompt::program(&mut args.app, &mut args.consumer, context)?;
    let app = args.app.as_ref().ok_or_else(args::nothing)?;
    if args.consumer().trim().is_empty() {
        return Err(Error::usage("--consumer needs a name"));
    }
    interrupted::warn_unfinished(context);
    if args.forget
        && let AppArg::Alias(alias) = app
    {
        return stored::forget(context, &args, alias, None);
    }
    let resolved = resolve::resolve(context, &[app], CloudSites::Refused).await?;
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
        session.set_manifest(manifest);
    }
    let party = ActingConsumer {
        consumer: SigningConsumer {
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
        CredentialSource::File(path) => {
            CredentialSource::File(std::path::absolute(&path).unwrap_or(path))
        }
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

async fn two_legged(context: &Context, party: &ActingConsumer<'_>) -> Result<Exit> {
    let requestor = party.args.requestor.as_deref();
    let seen = seen_as(context, party, Legs::Two { requestor }).await;
    let seen = seen.map_err(|error| party.error(error))?;
    show(context, party, &seen, None, None);
    match (&seen, requestor) {
        (ActingUser::User(name), Some(user)) if !name.eq_ignore_ascii_case(user) => {
            Err(Error::new(
                Kind::Auth,
                format!(
                    "{} takes the request for {name}, not for {user}",
                    party.target.alias
                ),
            ))
        }
        (ActingUser::Anonymous, Some(user)) => Err(nobody(party).hint(format!(
            "a user name that it does not know is nobody, too: is it {user:?} there?"
        ))),
        (ActingUser::Anonymous, None) => {
            context.ui.warn(
                "the request was answered as anybody's: the consumer has no \"Execute as\" user, or a proxy drops the Authorization header",
            );
            Ok(Exit::Ok)
        }
        _ => Ok(Exit::Ok),
    }
}

async fn three_legged(context: &mut Context, party: &ActingConsumer<'_>) -> Result<Exit> {
    if context.settings.dry_run {
        context.ui.status(&format!(
            "would ask {} for a request token for the consumer {:?}, and wait for a person",
            party.target.alias,
            party.args.consumer()
        ));
        show(context, party, &ActingUser::Unknown, None, None);
        return Ok(Exit::Ok);
    }
    let granted = dance::dance(context, party).await?;
    let stored = StoredToken::new(party.owner(), granted.access, Timestamp::now());
    stored::store_token(context, party, &stored)?;
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
