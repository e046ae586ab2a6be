//! The rows: asked live, or as they were seen last.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::apply::interrupted;
use crate::cli::list::clients::{self, ListedClients};
use crate::cli::list::row::Row;
use crate::context::{Context, Target};
use crate::domain::{
    Alias, ApplicationId, Consumer, Directions, Level, Record, RecordState, TypeId, local_time,
};
use crate::error::{Error, Result};
use crate::observe::fan_out::ask_each;
use crate::observe::missing;
use crate::remote::{Session, fleet};
use crate::resolve::by_id;
use crate::state::{Cache, CachedApp, CachedConsumer, CachedRecord};

/// Records, OAuth 2.0 clients, and what went wrong.
type Gathered = (Vec<Row>, Vec<clients::ClientRow>, Vec<(Alias, Error)>);

/// Asks the applications, all at once, and remembers what they said.
pub(super) async fn live(context: &Context, targets: &[Target], with_clients: bool) -> Gathered {
    let far = FarEnd::new(context, targets);
    let answers = ask_each(
        context,
        "asking the applications",
        targets,
        async |target| answer(context, target, with_clients, &far).await,
    )
    .await;
    let (rows, errors) = rows(&answers, &far);
    let mut shown = Vec::new();
    let mut said = Vec::new();
    for (target, answer) in &answers {
        let Ok(answer) = answer else { continue };
        said.push((&target.alias, &answer.clients));
        if let ListedClients::Told(all) = &answer.clients {
            shown.extend(
                all.iter()
                    .map(|one| clients::ClientRow::new(context, &target.alias, one.clone())),
            );
        }
    }
    clients::mention(context, &said);
    cache_answers(context, &answers, &rows);
    (rows, shown, errors)
}

/// One row per record, and what could not be asked.
fn rows(answers: &[(&Target, Result<Answer>)], far: &FarEnd) -> (Vec<Row>, Vec<(Alias, Error)>) {
    let ids: BTreeMap<&Alias, BTreeSet<ApplicationId>> = answers
        .iter()
        .filter_map(|(target, answer)| {
            let records = &answer.as_ref().ok()?.records;
            let ids = records.iter().map(|one| one.record.id).collect();
            Some((&target.alias, ids))
        })
        .collect();
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for (target, answer) in answers {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                errors.push((target.alias.clone(), error.clone()));
                continue;
            }
        };
        let trouble = answer.trouble.clone();
        errors.extend(trouble.map(|error| (target.alias.clone(), error)));
        for listed in &answer.records {
            let remote = far.known.get(&listed.record.id).cloned();
            let two_way = remote
                .as_ref()
                .and_then(|remote| ids.get(remote))
                .map(|ids| ids.contains(&target.entry.id));
            rows.push(Row {
                local: target.alias.clone(),
                remote,
                record: listed.record.clone(),
                levels: listed.levels,
                two_way: two_way.or(listed.has_other),
                state: RecordState::Active,
                consumer: listed.consumer.as_ref().map(CachedConsumer::from),
            });
        }
    }
    (rows, errors)
}

/// Writes the answers to the cache, for `list --cached`. A cache that cannot be written is only
/// worth a detail.
fn cache_answers(context: &Context, answers: &[(&Target, Result<Answer>)], rows: &[Row]) {
    let mut cache = Cache::load(context.store.paths());
    for (target, answer) in answers {
        let Ok(answer) = answer else { continue };
        let before = cache.applications.remove(&target.alias);
        let own = rows.iter().filter(|row| row.local == target.alias);
        cache.applications.insert(
            target.alias.clone(),
            CachedApp {
                at: jiff::Timestamp::now(),
                version: Some(answer.version.clone()),
                records: Some(own.map(cached_record).collect()),
                oauth2_clients: match &answer.clients {
                    ListedClients::Told(all) => Some(all.clone()),
                    // They were not asked for, or not told.
                    _ => before.and_then(|before| before.oauth2_clients),
                },
            },
        );
    }
    cache
        .applications
        .retain(|alias, _| context.app(alias).is_some());
    if !context.state.is_fresh()
        && let Err(error) = cache.save(context.store.paths())
    {
        context
            .ui
            .detail(1, &format!("what was seen is not remembered: {error}"));
    }
}

fn cached_record(row: &Row) -> CachedRecord {
    CachedRecord {
        record: row.record.clone(),
        incoming: row.levels.incoming,
        outgoing: row.levels.outgoing,
        two_way: row.two_way,
        consumer: row.consumer.clone(),
    }
}

/// The known applications that are not among those that were named. They are asked what anybody
/// may know.
struct FarEnd {
    /// All applications that are known, by their ids.
    known: BTreeMap<ApplicationId, Alias>,
    sessions: BTreeMap<Alias, Arc<Session>>,
}

impl FarEnd {
    fn new(context: &Context, targets: &[Target]) -> Self {
        let mut known = BTreeMap::new();
        let mut sessions = BTreeMap::new();
        let named: BTreeSet<&Alias> = targets.iter().map(|target| &target.alias).collect();
        for target in context.all_known() {
            if !named.contains(&target.alias) {
                let session = context.anonymous_session(&target);
                session.fail_fast();
                sessions.insert(target.alias.clone(), session);
            }
            known.entry(target.entry.id).or_insert(target.alias);
        }
        for target in targets {
            let alias = || target.alias.clone();
            known.entry(target.entry.id).or_insert_with(alias);
        }
        Self { known, sessions }
    }

    /// Whether the other side of a record has one too, where nobody else will say.
    async fn has_other(&self, record: &Record, holder: ApplicationId) -> Option<bool> {
        let session = self.sessions.get(self.known.get(&record.id)?)?;
        let flags = session.public_flags(holder).await.ok()?;
        Some(flags.is_some())
    }
}

struct Answer {
    version: String,
    records: Vec<ListedConsumer>,
    clients: ListedClients,
    /// The first level that could not be read: it is unknown, and spoils nothing else.
    trouble: Option<Error>,
}

/// What an application says of one record.
struct ListedConsumer {
    record: Record,
    levels: Directions<Level>,
    consumer: Option<Consumer>,
    /// Whether the other side has one too, where that side is not asked for its own.
    has_other: Option<bool>,
}

async fn answer(
    context: &Context,
    target: &Target,
    with_clients: bool,
    far: &FarEnd,
) -> Result<Answer> {
    let session = context.session(target).await?;
    session.fail_fast();
    let (answer, clients) = tokio::join!(records(context, &session, target, far), async {
        if with_clients {
            clients::ask(context, target, &session).await
        } else {
            ListedClients::None
        }
    });
    Ok(Answer { clients, ..answer? })
}

async fn records(
    context: &Context,
    session: &Arc<Session>,
    target: &Target,
    far: &FarEnd,
) -> Result<Answer> {
    let version = match session.manifest().await {
        Ok(manifest) => manifest.version.as_str().to_owned(),
        Err(error) => return Err(missing::explain(context, target, error).await),
    };
    let (rights, capabilities) = tokio::join!(session.administrator(), session.capabilities());
    rights?;
    let answer = |records, trouble| Answer {
        version,
        records,
        clients: ListedClients::None,
        trouble,
    };
    if !capabilities?.status {
        let views = session.listed().await?;
        let records = fleet::each(views, |one| async move {
            let levels = one.levels();
            record_details(session, target, far, one.view.record, levels).await
        });
        return Ok(answer(records.await, None));
    }
    let records = session.records().await?;
    let read = fleet::each(records, |record| async move {
        let (levels, kept) = tokio::join!(
            levels(session, &record),
            record_details(
                session,
                target,
                far,
                record.clone(),
                Directions::both(Level::Unknown)
            )
        );
        (levels, kept)
    })
    .await;
    let trouble = read
        .iter()
        .find_map(|(levels, _)| levels.as_ref().err().cloned());
    let records = read
        .into_iter()
        .map(|(levels, kept)| ListedConsumer {
            levels: levels.unwrap_or(kept.levels),
            ..kept
        })
        .collect();
    Ok(answer(records, trouble))
}

/// What there is to know of a record beside its levels.
async fn record_details(
    session: &Arc<Session>,
    target: &Target,
    far: &FarEnd,
    record: Record,
    levels: Directions<Level>,
) -> ListedConsumer {
    let (consumer, has_other) = tokio::join!(
        consumer(session, &record),
        far.has_other(&record, target.entry.id)
    );
    ListedConsumer {
        record,
        levels,
        consumer,
        has_other,
    }
}

/// The program that a generic link is for; what cannot be read is not known, and spoils nothing.
async fn consumer(session: &Arc<Session>, record: &Record) -> Option<Consumer> {
    if !record.type_id.is_generic() {
        return None;
    }
    let kept = session.stored_consumers(record.id).await.ok()?;
    kept.into_iter().next()
}

/// The levels of one record.
async fn levels(session: &Arc<Session>, record: &Record) -> Result<Directions<Level>> {
    let Some(flags) = session.flags(record.id).await? else {
        return Ok(Directions::both(Level::Unknown));
    };
    let mut levels = flags.map(Level::from);
    // Where nothing goes out by OAuth, something may by the old means.
    if levels.outgoing == Level::None
        && record.type_id.is_atlassian()
        && session.outgoing_legacy(record.id).await.unwrap_or(false)
    {
        levels.outgoing = Level::Legacy;
    }
    Ok(levels)
}

/// What was seen last.
pub(super) fn cached(context: &Context, targets: &[Target]) -> Gathered {
    let mut shown = Vec::new();
    let cache = Cache::load(context.store.paths());
    let mut rows = Vec::new();
    for target in targets {
        let seen = cache.applications.get(&target.alias);
        let Some((seen, records)) = seen.and_then(|seen| Some((seen, seen.records.as_ref()?)))
        else {
            context.ui.warn(&format!(
                "{} was not seen yet: applink list {}",
                target.alias, target.alias
            ));
            continue;
        };
        context.ui.note(&format!(
            "{} was seen at {}",
            target.alias,
            local_time(seen.at)
        ));
        shown.extend(
            seen.oauth2_clients
                .iter()
                .flatten()
                .map(|one| clients::ClientRow::new(context, &target.alias, one.clone())),
        );
        rows.extend(records.iter().map(|cached| Row {
            local: target.alias.clone(),
            remote: by_id(context, cached.record.id).map(|remote| remote.alias),
            record: cached.record.clone(),
            levels: Directions {
                incoming: cached.incoming,
                outgoing: cached.outgoing,
            },
            two_way: cached.two_way,
            state: RecordState::Active,
            consumer: cached.consumer.clone(),
        }));
    }
    (rows, shown, Vec::new())
}

/// Marks what is still due, and shows records that are due on applications that do not answer.
pub(super) fn mark(
    context: &Context,
    targets: &[Target],
    rows: &mut Vec<Row>,
    clients: &mut [clients::ClientRow],
) {
    let unfinished = interrupted::records_left(context);
    for row in clients {
        row.unfinished = unfinished.contains(&(row.local.clone(), row.id()));
    }
    for row in rows.iter_mut() {
        let abandoned = &context.state.state().abandoned;
        if unfinished.contains(&(row.local.clone(), row.record.id))
            || abandoned
                .iter()
                .any(|change| change.on == row.local && change.id == row.record.id)
        {
            row.state = RecordState::Unfinished;
        }
    }
    for due in &context.state.state().pending_deletes {
        if !targets.iter().any(|target| target.alias == due.on) {
            continue;
        }
        match rows
            .iter_mut()
            .find(|row| row.local == due.on && row.record.id == due.id)
        {
            Some(row) => row.state = RecordState::PendingDelete,
            None => rows.push(Row {
                local: due.on.clone(),
                remote: due.remote.clone(),
                record: Record {
                    id: due.id,
                    name: due.name.clone(),
                    type_id: by_id(context, due.id)
                        .map_or_else(TypeId::generic, |target| target.entry.type_id),
                    rpc_url: None,
                    display_url: by_id(context, due.id)
                        .map_or_else(String::new, |target| target.entry.url.to_string()),
                    primary: false,
                    system: false,
                },
                levels: Directions::both(Level::Unknown),
                two_way: None,
                state: RecordState::PendingDelete,
                consumer: None,
            }),
        }
    }
}
