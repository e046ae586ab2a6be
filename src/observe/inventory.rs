//! Looking at many applications for a plan: all at once, each asked once for what is needed of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::context::{Context, Target};
use crate::domain::{
    Alias, ApplicationId, Consumer, Directions, Flags, Level, Manifest, Record, View,
};
use crate::error::{Error, Result};
use crate::observe::ends::{Access, open, same_application};
use crate::plan::NewConsumer;
use crate::remote::{ListedRecord, Session, fleet};
use crate::resolve::Resolved;

/// What was seen of the applications that could be asked, and of the others why not.
#[derive(Default)]
pub(crate) struct Inventory {
    pub(crate) apps: BTreeMap<Alias, AppInventory>,
    pub(crate) errors: Vec<(Alias, Error)>,
}

/// One application.
pub(crate) struct AppInventory {
    pub(crate) target: Target,
    pub(crate) session: Arc<Session>,
    pub(crate) manifest: Manifest,
    /// Whether it can store and take back what a third-party program may do.
    pub(crate) status: bool,
    pub(crate) access: Access,
    /// Its records; the switches of those that were asked for, or that came with the list.
    pub(crate) records: BTreeMap<ApplicationId, ObservedRecord>,
    /// Consumers whose keys can be read, by record, where they were asked for.
    pub(crate) consumers: BTreeMap<ApplicationId, Vec<NewConsumer>>,
    /// The lengths of their keys, by fingerprint.
    pub(crate) bits: BTreeMap<String, u32>,
}

/// A record as it was seen.
pub(crate) struct ObservedRecord {
    pub(crate) view: View,
    /// The levels in words, where they were read.
    pub(crate) levels: Option<Directions<Level>>,
}

/// What is to be found out of a record beside that it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RecordDetail {
    /// Its switches.
    pub(crate) flags: bool,
    /// Whether it uses means from before OAuth.
    pub(crate) legacy: bool,
    /// Its consumers.
    pub(crate) consumers: bool,
}

/// Looks at applications. `writes` makes sure that they can be changed, while nothing is.
pub(crate) async fn survey(
    context: &Context,
    asks: Vec<(Resolved, Access)>,
    writes: bool,
    wish: impl Fn(&Alias, &Record) -> RecordDetail,
) -> Inventory {
    let progress = context.ui.fleet("asking the applications", asks.len());
    let seen = fleet::each(asks, |(resolved, access)| {
        let (progress, wish) = (&progress, &wish);
        async move {
            let alias = resolved.target.alias.clone();
            let turn = progress.begin(alias.as_str());
            let seen = one(context, resolved, access, writes, wish).await;
            if seen.is_ok() {
                turn.done();
            }
            (alias, seen)
        }
    })
    .await;
    drop(progress);
    let mut survey = Inventory::default();
    for (alias, seen) in seen {
        match seen {
            Ok(seen) => drop(survey.apps.insert(alias, seen)),
            Err(error) => {
                let error = error.about(&alias);
                survey.errors.push((alias, error));
            }
        }
    }
    survey
}

async fn one(
    context: &Context,
    resolved: Resolved,
    access: Access,
    writes: bool,
    wish: &impl Fn(&Alias, &Record) -> RecordDetail,
) -> Result<AppInventory> {
    let session = open(context, &resolved, access).await?;
    // A secret is not sent to a stranger.
    let manifest = session.manifest().await?.clone();
    same_application(&resolved.target, manifest.id)?;
    let mut seen = AppInventory {
        target: resolved.target,
        session: Arc::clone(&session),
        manifest,
        status: true,
        access,
        records: BTreeMap::new(),
        consumers: BTreeMap::new(),
        bits: BTreeMap::new(),
    };
    if access == Access::Anybody {
        return Ok(seen);
    }
    let (rights, _) = tokio::join!(session.administrator(), session.capabilities());
    rights?;
    let (secure, status, overview) = tokio::join!(
        async {
            if writes {
                session.websudo().await
            } else {
                Ok(())
            }
        },
        session.capabilities(),
        session.overview()
    );
    secure?;
    seen.status = status?.status;
    let (records, listed) = overview?;
    let read = fleet::all(records, |record| {
        let wish = wish(&seen.target.alias, &record);
        let listed = listed
            .iter()
            .flatten()
            .find(|one| one.view.record.id == record.id);
        let session = &session;
        async move { Ok::<_, Error>((record.id, read(session, record, listed, wish).await?)) }
    })
    .await?;
    for (id, read) in read {
        // What was deleted meanwhile is not there.
        let Some((record, consumers)) = read else {
            continue;
        };
        if let Some(kept) = consumers {
            let flags = record.view.flags.incoming;
            let keys = kept.iter().filter_map(|one| one.public_key.as_ref());
            seen.bits
                .extend(keys.map(|key| (key.fingerprint(), key.bits)));
            let stored = kept.iter().filter_map(|one| stored(one, flags)).collect();
            seen.consumers.insert(id, stored);
        }
        seen.records.insert(id, record);
    }
    Ok(seen)
}

/// What a record says of itself, and the consumers that are kept for it.
async fn read(
    session: &Session,
    record: Record,
    listed: Option<&ListedRecord>,
    wish: RecordDetail,
) -> Result<Option<(ObservedRecord, Option<Vec<Consumer>>)>> {
    let (flags, kept) = tokio::join!(
        async {
            match listed {
                Some(listed) => Ok(Some((listed.view.flags, Some(listed.levels())))),
                None if wish.flags => Ok(session
                    .flags(record.id)
                    .await?
                    .map(|flags| (flags, Some(flags.map(Level::from))))),
                None => Ok(Some((Directions::both(Flags::NONE), None))),
            }
        },
        async {
            if wish.consumers {
                Some(session.stored_consumers(record.id).await)
            } else {
                None
            }
        }
    );
    let flags: Result<_, Error> = flags;
    let Some((flags, mut levels)) = flags? else {
        session.check_gone(record.id).await?;
        return Ok(None);
    };
    // Where nothing goes out by OAuth, something may by the old means.
    if let (true, None, Some(levels)) = (wish.legacy, listed, &mut levels)
        && levels.outgoing == Level::None
        && record.type_id.is_atlassian()
        && session.outgoing_legacy(record.id).await.unwrap_or(false)
    {
        levels.outgoing = Level::Legacy;
    }
    let kept = kept.transpose()?;
    let marks = match &kept {
        Some(kept) if record.type_id.is_generic() => kept.iter().map(Consumer::mark).collect(),
        _ => Vec::new(),
    };
    let view = View {
        record,
        flags,
        consumers: marks,
        client: None,
        legacy: None,
    };
    Ok(Some((ObservedRecord { view, levels }, kept)))
}

/// A consumer as it would have to be stored again; none where its key cannot be read.
fn stored(consumer: &Consumer, incoming: Flags) -> Option<NewConsumer> {
    let public = consumer.public_key.as_ref()?;
    Some(NewConsumer {
        name: consumer
            .name
            .clone()
            .unwrap_or_else(|| consumer.key.clone()),
        key: consumer.key.clone(),
        public_key: public.base64(),
        fingerprint: public.fingerprint(),
        callback: consumer.callback.clone(),
        incoming,
    })
}
