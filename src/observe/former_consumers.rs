//! Consumers that an application accepts though no link names them.

use std::path::Path;
use std::sync::Arc;

use crate::context::Context;
use crate::domain::ApplicationId;
use crate::error::{Kind, Result};
use crate::oauth::PrivateKey;
use crate::oauth::keys::DEFAULT_BITS;
use crate::observe::consumer::refuse_taken;
use crate::observe::probe::{ConsumerStatus, consumer_status};
use crate::plan::NewConsumer;
use crate::plan::consumer::{ConsumerToRetire, RegisteredConsumer};
use crate::remote::Session;
use crate::state::ConsumerEntry;

/// The consumers besides the link's own that are still accepted: those that the program had before,
/// and the registered one, where somebody deleted its link or gave that another consumer.
pub(crate) async fn leftovers(
    context: &Context,
    session: &Arc<Session>,
    name: &str,
    known: Option<&ConsumerEntry>,
    there: Option<&RegisteredConsumer>,
) -> Result<Vec<ConsumerToRetire>> {
    let alias = session.alias();
    let own = there.and_then(|there| there.view.consumers.first());
    let mut all: Vec<(&str, Option<&Path>, &str)> = context
        .state
        .state()
        .former_of(alias, name)
        .map(|one| {
            (
                one.key.as_str(),
                one.key_file.as_deref(),
                one.fingerprint.as_str(),
            )
        })
        .collect();
    if let Some(known) = known {
        all.push((&known.key, known.key_file.as_deref(), &known.fingerprint));
    }
    all.retain(|(key, ..)| own.is_none_or(|own| own.key != *key));
    let mut former = Vec::new();
    for (key, file, fingerprint) in all {
        // One that another link names is that link's.
        if refuse_taken(session, ApplicationId::of_url(session.url()), key)
            .await
            .is_err_and(|error| error.kind == Kind::Conflict)
        {
            continue;
        }
        let gone = !context.settings.dry_run
            && matches!(
                consumer_status(session, key, None).await,
                Ok(ConsumerStatus::Unknown)
            );
        if !gone {
            former.push(former_consumer(
                context,
                key,
                file,
                Some(fingerprint),
                None,
            )?);
        }
    }
    Ok(former)
}

/// A consumer to be taken away, with its own public key where that is known here.
pub(crate) fn former_consumer(
    context: &Context,
    key: &str,
    file: Option<&Path>,
    fingerprint: Option<&str>,
    stand_in: Option<&NewConsumer>,
) -> Result<ConsumerToRetire> {
    let file = file.map(|file| context.store.paths().resolve(file));
    let private = file
        .as_deref()
        .and_then(|file| PrivateKey::load(file).ok())
        .filter(|key| fingerprint.is_none_or(|due| due == key.public().fingerprint()));
    let (public_key, fingerprint) = match (&private, stand_in) {
        (Some(private), _) => (private.public().base64(), private.public().fingerprint()),
        // Whose it is does not matter: it is stored to be taken away.
        (None, Some(now)) => (now.public_key.clone(), now.fingerprint.clone()),
        (None, None) => {
            let made = PrivateKey::generate(DEFAULT_BITS)
                .map_err(|fault| fault.at("a key to take a consumer away with"))?;
            (made.public().base64(), made.public().fingerprint())
        }
    };
    Ok(ConsumerToRetire {
        key: key.to_owned(),
        public_key,
        fingerprint,
        key_file: private.and(file).map(|file| file.display().to_string()),
    })
}
