//! Consumers that an application accepts though no link names them.

use std::path::Path;
use std::sync::Arc;

use super::consumer::refuse_taken;
use super::key::rotate::former_consumer;
use super::prove::{Standing, standing};
use crate::context::Context;
use crate::domain::ApplicationId;
use crate::error::{Kind, Result};
use crate::plan::consumer::There;
use crate::plan::rotate::Former;
use crate::remote::Session;
use crate::state::ConsumerEntry;

/// The consumers besides the link's own that are still accepted: those that the program had before,
/// and the registered one, where somebody deleted its link or gave that another consumer.
pub(super) async fn leftovers(
    context: &Context,
    session: &Arc<Session>,
    name: &str,
    known: Option<&ConsumerEntry>,
    there: Option<&There>,
) -> Result<Vec<Former>> {
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
            && matches!(standing(session, key, None).await, Ok(Standing::Unknown));
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
