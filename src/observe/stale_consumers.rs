//! Which consumers an application accepts though no link names them, as far as the state knows of
//! them. Only an application that is asked under such a consumer key can tell.

use std::collections::BTreeSet;

use crate::context::Context;
use crate::diagnose::{
    AppObservation, EndObservation, LinkObservation, StaleConsumer, StatusObservation, Verdict,
    judge,
};
use crate::domain::{Alias, ApplicationId, LastApplied, Record};
use crate::oauth::PrivateKey;
use crate::observe::application::AppReader;
use crate::observe::probe::{ConsumerStatus, consumer_status};
use crate::remote::oauth::OauthError;
use crate::remote::{Session, fleet};

/// A consumer that may be left over.
struct Suspect {
    program: String,
    key: String,
    key_file: Option<std::path::PathBuf>,
    id: ApplicationId,
}

/// What is left over on an application, by record.
pub(crate) async fn of(
    context: &Context,
    on: &Alias,
    records: &[Record],
    asked: &AppReader,
) -> Vec<(ApplicationId, StaleConsumer)> {
    let suspects = suspects(context, on);
    if suspects.is_empty() {
        return Vec::new();
    }
    let Some(named) = named(asked, records).await else {
        return Vec::new();
    };
    // What a link names is that link's, whoever had it before.
    let unnamed = suspects.into_iter().filter(|one| !named.contains(&one.key));
    let accepted = fleet::each(unnamed, |suspect| async {
        let accepted = is_accepted(context, &asked.session, &suspect).await;
        accepted.then_some(suspect)
    });
    let found = accepted.await.into_iter().flatten();
    found
        .map(|suspect| {
            let there = records.iter().any(|record| record.id == suspect.id);
            let seen = StaleConsumer {
                program: suspect.program,
                key: suspect.key,
                link_gone: !there,
            };
            (suspect.id, seen)
        })
        .collect()
}

/// The verdict on a program whose link is gone and that is accepted all the same.
pub(crate) fn without_link(
    apps: &[AppObservation],
    on: &Alias,
    leftovers: Vec<StaleConsumer>,
) -> (LinkObservation, Verdict) {
    let link = LinkObservation {
        local: EndObservation {
            app: on.clone(),
            record: None,
            levels: None,
            status: StatusObservation::None,
            at_url: None,
            moved: None,
            stored_consumers: None,
            realm: None,
            stale: None,
        },
        remote: None,
        one_way_wanted: false,
        abandoned: Vec::new(),
        wanted_level: None,
        last_applied: LastApplied::default(),
        stale_consumers: leftovers,
    };
    let verdict = judge(&link, apps);
    (link, verdict)
}

fn suspects(context: &Context, on: &Alias) -> Vec<Suspect> {
    let state = context.state.state();
    let own = state
        .consumers
        .iter()
        .filter(|one| one.on == *on)
        .map(|one| Suspect {
            program: one.name.clone(),
            key: one.key.clone(),
            key_file: one.key_file.clone(),
            id: one.id,
        });
    let former = state.former_consumers.iter().filter_map(|one| {
        let program = state.consumer(on, &one.name).filter(|_| one.on == *on)?;
        Some(Suspect {
            program: one.name.clone(),
            key: one.key.clone(),
            key_file: one.key_file.clone(),
            id: program.id,
        })
    });
    own.chain(former).collect()
}

/// The consumer keys that links name; none when that cannot be read.
async fn named(asked: &AppReader, records: &[Record]) -> Option<BTreeSet<String>> {
    let own = records.iter().filter(|record| !record.system);
    let kept = fleet::each(own, |record| asked.stored_consumers(record.id)).await;
    let mut keys = BTreeSet::new();
    for consumers in kept {
        keys.extend(consumers.ok()?.into_iter().map(|one| one.key));
    }
    Some(keys)
}

async fn is_accepted(context: &Context, session: &Session, suspect: &Suspect) -> bool {
    let file = suspect
        .key_file
        .as_ref()
        .map(|file| context.store.paths().resolve(file));
    let key = file.and_then(|file| PrivateKey::load(&file).ok());
    match consumer_status(session, &suspect.key, key.as_ref()).await {
        Ok(ConsumerStatus::Accepted | ConsumerStatus::Known) => true,
        // It is known with another public key.
        Err(OauthError::Refused(refused)) => refused.problem.is("signature_invalid"),
        Ok(ConsumerStatus::Unknown) | Err(_) => false,
    }
}
