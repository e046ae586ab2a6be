//! Tokens that are kept: tried, renewed, written and forgotten.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use jiff::Timestamp;

use crate::cli::authorize::party::{ActingConsumer, Args, seen_as, show, somebody};
use crate::context::Context;
use crate::domain::{Alias, BaseUrl, SuggestedCommand};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;
use crate::oauth::dance::OWN_TOKENS;
use crate::oauth::tokens::{self, StoredToken};
use crate::remote::oauth::{Legs, OauthError};
use crate::state::StateStore as _;
use crate::ui::output::AuthorizeOutput;

/// Sends the signed request with the token that is kept, renewed where it is due.
pub(super) async fn test(context: &mut Context, party: &ActingConsumer<'_>) -> Result<Exit> {
    let path = token_path(context, &party.target.alias, party.args.consumer());
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
async fn renew(
    context: &mut Context,
    party: &ActingConsumer<'_>,
    path: &Path,
) -> Result<StoredToken> {
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
                party.args.consumer(),
                party.target.alias
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
pub(super) fn store_token(
    context: &mut Context,
    party: &ActingConsumer<'_>,
    stored: &StoredToken,
) -> Result<()> {
    know(context, stored);
    let path = token_path(context, &party.target.alias, party.args.consumer());
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

fn no_token(party: &ActingConsumer<'_>) -> Error {
    Error::new(
        Kind::Auth,
        format!(
            "no token of {} for {} is kept here",
            party.args.consumer(),
            party.target.alias
        ),
    )
    .hint(format!("get one: {}", again(party)))
}

/// A token goes to the application that gave it, under the key that it was given to.
fn check_owner(party: &ActingConsumer<'_>, stored: &StoredToken) -> Result<()> {
    let target = party.target;
    let problem = if stored.owner.application_id != target.entry.id {
        format!(
            "the token of {} was given by another application ({})",
            party.args.consumer(),
            stored.owner.url
        )
    } else if stored.owner.consumer_key != party.consumer.key {
        format!(
            "the token of {} was given to the consumer key {:?}",
            party.args.consumer(),
            stored.owner.consumer_key
        )
    } else {
        return Ok(());
    };
    Err(Error::conflict(problem).hint(format!("a new one: {}", again(party))))
}

fn again(party: &ActingConsumer<'_>) -> String {
    let alias = party.target.alias.as_str();
    SuggestedCommand::applink(["authorize", alias, "--consumer", party.args.consumer()])
        .map_or_else(
            || "applink authorize APP --consumer NAME".to_owned(),
            |fix| fix.command(),
        )
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

/// Forgets a token, and says where it goes on being taken.
pub(super) fn forget(
    context: &Context,
    args: &Args,
    alias: &Alias,
    url: Option<&BaseUrl>,
) -> Result<Exit> {
    let path = token_path(context, alias, args.consumer());
    // The address is read first: the file may know it alone. One that cannot be read goes, too.
    let kept = StoredToken::load(&path).ok().flatten();
    let url = kept
        .map(|kept| kept.owner.url)
        .or_else(|| context.app(alias).map(|target| target.entry.url))
        .or_else(|| url.cloned());
    let there = if context.settings.dry_run {
        path.exists()
    } else {
        tokens::forget(&path)?
    };
    let ui = &context.ui;
    if ui.is_json() {
        ui.json(&AuthorizeOutput {
            changed: Some(there && !context.settings.dry_run),
            ..AuthorizeOutput::new(args.consumer())
        });
    } else {
        ui.result(&match (there, context.settings.dry_run) {
            (true, false) => format!("the token of {} for {alias} is forgotten", args.consumer()),
            (true, true) => format!(
                "the token of {} for {alias} would be forgotten",
                args.consumer()
            ),
            (false, _) => format!("no token of {} for {alias} is kept here", args.consumer()),
        });
    }
    if let Some(url) = url.filter(|_| there) {
        ui.note(&format!(
            "{alias} goes on taking it: only you can take it back, on {}",
            url.join(OWN_TOKENS)
        ));
    }
    Ok(Exit::Ok)
}
