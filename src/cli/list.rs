//! `applink list`

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::change;
use super::target::{AppArg, CloudSites, by_id, resolve};
use super::verify::{tell_program, trouble_json};
use crate::context::{Context, Target};
use crate::domain::{
    Alias, ApplicationId, Consumer, Directions, Level, PublicKey, Record, RecordState, TypeId,
};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::plan::journal;
use crate::remote::{Session, fleet};
use crate::state::{Cache, CachedRecord, Seen};
use crate::ui::{Cell, Column, Table};

/// Show the links of applications, asked live
///
/// One row is one record: what one application keeps about another. An application that does not
/// answer is shown as such, and the others all the same.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink list\n  \
    applink list jira wiki --one-way\n  \
    applink list --auth none -o json\n  \
    applink list -o csv > links.csv")]
pub struct Args {
    /// Only records of these applications
    #[arg(add = super::complete::application())]
    apps: Vec<AppArg>,

    /// Only links to this type of application: jira, confluence, bitbucket and so on
    #[arg(long = "type", value_name = "TYPE")]
    type_id: Option<String>,

    /// Only links with this level in either direction
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    auth: Option<Level>,

    /// Only links whose application or display URL contains this text
    #[arg(long, value_name = "TEXT")]
    url: Option<String>,

    /// Only links without a record on the other side
    #[arg(long)]
    one_way: bool,

    /// What was seen last, without asking anybody
    #[arg(long)]
    cached: bool,
}

fn level(text: &str) -> std::result::Result<Level, String> {
    [
        Level::None,
        Level::ThreeLegged,
        Level::OAuth,
        Level::Impersonation,
        Level::Legacy,
        Level::Unknown,
    ]
    .into_iter()
    .find(|level| level.as_str() == text)
    .ok_or_else(|| "one of none, three-legged, oauth, impersonation, legacy, unknown".to_owned())
}

/// One row: a record of a known application.
struct Row {
    local: Alias,
    remote: Option<Alias>,
    record: Record,
    levels: Directions<Level>,
    two_way: Option<bool>,
    state: RecordState,
    /// The third-party program of a generic link.
    consumer: Option<Consumer>,
}

/// Runs the command.
pub async fn run(args: Args, context: &Context) -> Result<Exit> {
    change::mention_unfinished(context);
    let named: Vec<&AppArg> = args.apps.iter().collect();
    let targets: Vec<Target> = if named.is_empty() {
        let mut known = context.all_known();
        known.retain(|target| !context.is_far_side(target));
        known
    } else {
        resolve(context, &named, CloudSites::Refused)
            .await?
            .into_iter()
            .map(|one| one.target)
            .collect()
    };
    let (mut rows, troubles) = if args.cached {
        cached(context, &targets)
    } else {
        live(context, &targets).await
    };
    mark(context, &targets, &mut rows);
    rows.retain(|row| args.shows(row));
    rows.sort_by(|a, b| {
        (&a.local, &a.record.name, a.record.id).cmp(&(&b.local, &b.record.name, b.record.id))
    });
    show(context, &rows, &troubles);
    let exit = troubles
        .iter()
        .fold(Exit::Ok, |exit, (_, error)| exit.worst(error.exit()));
    tell_program(context, &troubles, exit);
    Ok(exit)
}

impl Args {
    fn shows(&self, row: &Row) -> bool {
        let by_type = self
            .type_id
            .as_deref()
            .is_none_or(|wanted| row.record.type_id == TypeId::from_input(wanted));
        let by_level = self
            .auth
            .is_none_or(|level| row.levels.incoming == level || row.levels.outgoing == level);
        let by_url = self.url.as_deref().is_none_or(|text| {
            row.record.display_url.contains(text)
                || row
                    .record
                    .rpc_url
                    .as_deref()
                    .is_some_and(|url| url.contains(text))
        });
        let by_way = !self.one_way || row.two_way == Some(false);
        by_type && by_level && by_url && by_way
    }
}

/// Asks the applications, all at once, and remembers what they said.
async fn live(context: &Context, targets: &[Target]) -> (Vec<Row>, Vec<(Alias, Error)>) {
    let progress = context.ui.fleet("asking the applications", targets.len());
    let answers = fleet::each(targets, |target| {
        let progress = &progress;
        async move {
            let turn = progress.begin(target.alias.as_str());
            let answer = records(context, target).await;
            if answer.is_ok() {
                turn.done();
            }
            (target, answer)
        }
    })
    .await;
    drop(progress);
    let ids: BTreeMap<&Alias, Option<Vec<ApplicationId>>> = answers
        .iter()
        .map(|(target, answer)| {
            let ids = answer
                .as_ref()
                .ok()
                .map(|answer| answer.records.iter().map(|one| one.record.id).collect());
            (&target.alias, ids)
        })
        .collect();
    let mut rows = Vec::new();
    let mut troubles = Vec::new();
    let mut cache = Cache::load(context.store.paths());
    let mut far = Vec::new();
    for (target, answer) in &answers {
        match answer {
            Ok(answer) => {
                troubles.extend(
                    answer
                        .trouble
                        .clone()
                        .map(|error| (target.alias.clone(), error)),
                );
                for Kept {
                    record,
                    levels,
                    consumer,
                } in &answer.records
                {
                    let remote = by_id(context, record.id).or_else(|| {
                        targets
                            .iter()
                            .find(|other| other.entry.id == record.id)
                            .cloned()
                    });
                    let two_way = remote
                        .as_ref()
                        .and_then(|remote| ids.get(&remote.alias).cloned().flatten())
                        .map(|ids| ids.contains(&target.entry.id));
                    if let (Some(remote), None) = (&remote, two_way)
                        && !ids.contains_key(&remote.alias)
                    {
                        far.push((rows.len(), remote.clone(), target.entry.id));
                    }
                    rows.push(Row {
                        local: target.alias.clone(),
                        remote: remote.map(|remote| remote.alias),
                        record: record.clone(),
                        levels: *levels,
                        two_way,
                        state: RecordState::Active,
                        consumer: consumer.clone(),
                    });
                }
            }
            Err(error) => troubles.push((target.alias.clone(), error.clone())),
        }
    }
    // Known applications that were not named are asked what anybody may know.
    let answered = fleet::each(far, |(at, remote, id)| async move {
        let session = context.anonymous_session(&remote);
        (
            at,
            session
                .public_flags(id)
                .await
                .ok()
                .map(|flags| flags.is_some()),
        )
    })
    .await;
    for (at, two_way) in answered {
        if let Some(row) = rows.get_mut(at) {
            row.two_way = two_way;
        }
    }
    for (target, answer) in &answers {
        let Ok(answer) = answer else { continue };
        cache.applications.insert(
            target.alias.clone(),
            Seen {
                at: jiff::Timestamp::now(),
                version: Some(answer.version.clone()),
                records: Some(
                    rows.iter()
                        .filter(|row| row.local == target.alias)
                        .map(|row| CachedRecord {
                            record: row.record.clone(),
                            incoming: row.levels.incoming,
                            outgoing: row.levels.outgoing,
                            two_way: row.two_way,
                        })
                        .collect(),
                ),
            },
        );
    }
    // Only what is known stays in the cache; that it cannot be written spoils nothing.
    cache
        .applications
        .retain(|alias, _| context.known(alias).is_some());
    if !context.state.is_fresh()
        && let Err(error) = cache.save(context.store.paths())
    {
        context
            .ui
            .detail(1, &format!("what was seen is not remembered: {error}"));
    }
    (rows, troubles)
}

struct Answer {
    version: String,
    records: Vec<Kept>,
    /// The first level that could not be read: it is unknown, and spoils nothing else.
    trouble: Option<Error>,
}

/// What an application says of one record.
struct Kept {
    record: Record,
    levels: Directions<Level>,
    consumer: Option<Consumer>,
}

async fn records(context: &Context, target: &Target) -> Result<Answer> {
    let session = context.session(target).await?;
    let version = session.manifest().await?.version.as_str().to_owned();
    session.administrator().await?;
    if !session.capabilities().await?.status {
        let views = session.listed().await?;
        let records = fleet::each(views, |one| async {
            Kept {
                levels: one.levels(),
                consumer: consumer(&session, &one.view.record).await,
                record: one.view.record,
            }
        })
        .await;
        return Ok(Answer {
            version,
            records,
            trouble: None,
        });
    }
    let records = session.records().await?;
    let read = fleet::each(records, |record| async {
        let (levels, consumer) =
            tokio::join!(levels(&session, &record), consumer(&session, &record));
        (record, levels, consumer)
    })
    .await;
    let trouble = read
        .iter()
        .find_map(|(_, levels, _)| levels.as_ref().err().cloned());
    let records = read
        .into_iter()
        .map(|(record, levels, consumer)| Kept {
            record,
            levels: levels.unwrap_or(Directions::both(Level::Unknown)),
            consumer,
        })
        .collect();
    Ok(Answer {
        version,
        records,
        trouble,
    })
}

/// The program that a generic link is for; what cannot be read is not known, and spoils nothing.
async fn consumer(session: &Arc<Session>, record: &Record) -> Option<Consumer> {
    if !record.type_id.is_generic() {
        return None;
    }
    let kept = session.kept_consumers(record.id).await.ok()?;
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
fn cached(context: &Context, targets: &[Target]) -> (Vec<Row>, Vec<(Alias, Error)>) {
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
        context
            .ui
            .note(&format!("{} was seen at {}", target.alias, seen.at));
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
            consumer: None,
        }));
    }
    (rows, Vec::new())
}

/// Marks what is still due, and shows records that are due on applications that do not answer.
fn mark(context: &Context, targets: &[Target], rows: &mut Vec<Row>) {
    let unfinished: Vec<(Alias, ApplicationId)> = journal::find(&context.store.paths().journal())
        .ok()
        .flatten()
        .map(|found| {
            found
                .header
                .plan
                .steps
                .iter()
                .map(|step| (step.on().clone(), step.id()))
                .collect()
        })
        .unwrap_or_default();
    for row in rows.iter_mut() {
        if unfinished.contains(&(row.local.clone(), row.record.id)) {
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

fn show(context: &Context, rows: &[Row], troubles: &[(Alias, Error)]) {
    let ui = &context.ui;
    let mut table = Table::new([
        Column::new("local"),
        Column::new("remote"),
        Column::new("name").optional(2),
        Column::new("type").optional(3),
        Column::new("application url").optional(1),
        Column::new("in"),
        Column::new("out"),
        Column::new("remarks"),
    ])
    .when_empty("no links");
    for row in rows {
        table.push([
            Cell::new(row.local.as_str()),
            row.remote
                .as_ref()
                .map_or_else(Cell::missing, |alias| Cell::new(alias.as_str())),
            Cell::new(row.record.name.as_str()),
            Cell::new(row.record.type_id.name()),
            row.record
                .rpc_url
                .as_deref()
                .map_or_else(Cell::missing, Cell::new),
            Cell::new(row.levels.incoming.as_str()),
            Cell::new(row.levels.outgoing.as_str()),
            Cell::new(remarks(row)),
        ]);
    }
    ui.show(&table, || {
        json!({
            "schema": 1,
            "links": rows.iter().map(row_json).collect::<Vec<_>>(),
            "errors": troubles.iter().map(|(alias, error)| trouble_json(alias, error)).collect::<Vec<_>>(),
        })
    });
    if ui.is_json() {
        return;
    }
    for (_, error) in troubles {
        ui.warn(&error.message);
        for hint in &error.hints {
            ui.hint(hint);
        }
    }
    let due = rows
        .iter()
        .filter(|row| row.state == RecordState::PendingDelete);
    for row in due {
        ui.hint(&format!(
            "the link {:?} on {} is still to be deleted: applink resume",
            row.record.name, row.local
        ));
    }
}

fn remarks(row: &Row) -> String {
    let mut words = Vec::new();
    if row.state != RecordState::Active {
        words.push(state_word(row.state).to_owned());
    }
    if row.two_way == Some(false) {
        words.push("one-way".to_owned());
    }
    if row.record.primary {
        words.push("primary".to_owned());
    }
    if row.record.system {
        words.push("system".to_owned());
    }
    if let Some(consumer) = &row.consumer {
        words.push(consumer.public_key.as_ref().map_or_else(
            || "a key that cannot be read".to_owned(),
            |key| {
                let fingerprint = key.fingerprint();
                let start = fingerprint.get(..16).unwrap_or(&fingerprint);
                format!("SHA256:{start} {} bits", key.bits)
            },
        ));
    }
    words.join(", ")
}

fn state_word(state: RecordState) -> &'static str {
    match state {
        RecordState::Active => "active",
        RecordState::PendingDelete => "pending-delete",
        RecordState::Unfinished => "unfinished",
    }
}

fn row_json(row: &Row) -> Value {
    json!({
        "local": row.local,
        "remote": row.remote,
        "id": row.record.id,
        "name": row.record.name,
        "type": row.record.type_id,
        "application_url": row.record.rpc_url,
        "display_url": row.record.display_url,
        "primary": row.record.primary,
        "system": row.record.system,
        "incoming": row.levels.incoming.as_str(),
        "outgoing": row.levels.outgoing.as_str(),
        "two_way": row.two_way,
        "state": state_word(row.state),
        "consumer": row.consumer.as_ref().map(consumer_json),
    })
}

fn consumer_json(consumer: &Consumer) -> Value {
    let public = consumer.public_key.as_ref();
    json!({
        "name": consumer.name,
        "key": consumer.key,
        "fingerprint": public.map(PublicKey::fingerprint),
        "bits": public.map(|key| key.bits),
    })
}
