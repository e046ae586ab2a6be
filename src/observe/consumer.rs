//! A third-party program as it is registered, and what forbids to touch it.

use std::sync::Arc;

use crate::context::{Context, Target};
use crate::domain::{ApplicationId, Consumer, SuggestedCommand, did_you_mean, text};
use crate::error::{Error, Result};
use crate::plan::NewConsumer;
use crate::plan::consumer::RegisteredConsumer;
use crate::remote::{Session, fleet};
use crate::resolve::{AppArg, CloudSites, resolve};
use crate::state::ConsumerEntry;

/// A program as the state and the application know it.
pub(crate) struct Registered {
    /// The administrator's.
    pub(crate) session: Arc<Session>,
    /// What the state says of it.
    pub(crate) known: Option<ConsumerEntry>,
    /// Its link, where there is one.
    pub(crate) there: Option<RegisteredConsumer>,
}

/// Looks for a program that is to be changed or removed.
pub(crate) async fn registered(
    context: &Context,
    target: &Target,
    name: &str,
) -> Result<Registered> {
    let session = context.session(target).await?;
    session.administrator().await?;
    session.websudo().await?;
    refuse_old(&session).await?;
    let known = context.state.state().consumer(&target.alias, name).cloned();
    let id = match &known {
        Some(known) => Some(known.id),
        // One that applink did not register: by the name of its link.
        None => by_name(&session, name).await?,
    };
    let there = match id {
        Some(id) => find_registered(&session, id).await?,
        None => None,
    };
    Ok(Registered {
        session,
        known,
        there,
    })
}

/// The names of the programs that are known to be on an application.
fn known_names(context: &Context, target: &Target) -> Vec<String> {
    let state = context.state.state();
    let here = state.consumers.iter();
    here.filter(|known| known.on == target.alias)
        .map(|known| known.name.clone())
        .collect()
}

/// A program that nobody has registered under this name, as far as applink knows.
pub(crate) fn unregistered(context: &Context, target: &Target, name: &str) -> Error {
    let error = Error::refused(format!(
        "no program called {name:?} is registered on {}",
        target.alias
    ));
    let names = known_names(context, target);
    let error = match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(hint) => error.hint(hint),
        None => error,
    };
    match SuggestedCommand::applink(["create", target.alias.as_str(), "--consumer", name]) {
        Some(fix) => error.hint(format!("register it with: {}", fix.command())),
        None => error,
    }
}

/// A program that is there under nearly the same name as one that is not.
pub(crate) async fn nearly(
    context: &Context,
    target: &Target,
    session: &Session,
    name: &str,
) -> Option<String> {
    let mut names: Vec<String> = session
        .records()
        .await
        .unwrap_or_default()
        .into_iter()
        .filter(|record| record.type_id.is_generic())
        .map(|record| record.name)
        .collect();
    names.extend(known_names(context, target));
    did_you_mean(name, names.iter().map(String::as_str))
}

pub(crate) async fn resolve_local(context: &Context, local: &AppArg) -> Result<Target> {
    resolve(context, &[local], CloudSites::Refused)
        .await?
        .pop()
        .map(|one| one.target)
        .ok_or_else(|| Error::internal("an application was due"))
}

/// A public key that nobody can read is no one's to replace: it could not be put back.
pub(crate) fn refuse_unreadable(
    target: &Target,
    name: &str,
    there: Option<&RegisteredConsumer>,
) -> Result<()> {
    let Some(RegisteredConsumer {
        view,
        consumer: None,
    }) = there
    else {
        return Ok(());
    };
    let Some(mark) = view.consumers.first() else {
        return Ok(());
    };
    let on = target.alias.as_str();
    let error = Error::conflict(format!(
        "{on} keeps the consumer {:?} of this program with a public key that cannot be read",
        mark.key
    ))
    .hint(
        "it is no RSA key, or was damaged when it was entered: no signature can be valid under it",
    );
    Err(
        match SuggestedCommand::applink(["delete", on, "--consumer", name]) {
            Some(fix) => error.hint(format!("remove it first: {}", fix.command())),
            None => error,
        },
    )
}

/// Without the resource that sets and reads levels, a consumer could be stored and never be taken
/// away again.
pub(crate) async fn refuse_old(session: &Session) -> Result<()> {
    if session.capabilities().await?.status {
        return Ok(());
    }
    Err(Error::refused(format!(
        "the application links of {} are too old: what a program may do cannot be set and taken back from outside",
        session.alias()
    ))
    .hint("register or remove it on the page \"Application links\" of that application"))
}

/// A consumer key that another link uses would silently be taken over.
pub(crate) async fn refuse_taken(
    session: &Arc<Session>,
    id: ApplicationId,
    key: &str,
) -> Result<()> {
    let records = session.records().await?;
    let kept = fleet::each(
        records
            .iter()
            .filter(|record| record.id != id && !record.system),
        |record| async move { (record, session.stored_consumers(record.id).await) },
    )
    .await;
    for (record, consumers) in kept {
        if consumers?.iter().any(|consumer| consumer.key == key) {
            return Err(Error::conflict(format!(
                "the consumer key {key:?} belongs to the link {:?} on {}",
                record.name,
                session.alias()
            ))
            .hint("choose another one: --consumer-key"));
        }
    }
    Ok(())
}

pub(crate) async fn find_registered(
    session: &Session,
    id: ApplicationId,
) -> Result<Option<RegisteredConsumer>> {
    let Some(mut view) = session.view(id).await? else {
        return Ok(None);
    };
    let consumers = session.stored_consumers(id).await?;
    view.consumers = consumers.iter().map(Consumer::mark).collect();
    let incoming = view.flags.incoming;
    let consumer = consumers.into_iter().next().and_then(|consumer| {
        let public = consumer.public_key?;
        Some(NewConsumer {
            // What steers a terminal is not stored once more.
            name: consumer
                .name
                .map(|name| text::plain(&name))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| consumer.key.clone()),
            key: consumer.key,
            public_key: public.base64(),
            fingerprint: public.fingerprint(),
            callback: consumer.callback,
            incoming,
        })
    });
    Ok(Some(RegisteredConsumer { view, consumer }))
}

pub(crate) async fn by_name(session: &Session, name: &str) -> Result<Option<ApplicationId>> {
    let records = session.records().await?;
    let mut named = records
        .iter()
        .filter(|record| record.type_id.is_generic() && record.name == name);
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => Err(Error::conflict(format!(
            "{} has several generic links called {name:?}",
            session.alias()
        ))),
        (found, _) => Ok(found.map(|record| record.id)),
    }
}
