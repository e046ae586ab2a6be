//! `applink export`

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::abandon;
use crate::context::Context;
use crate::desired::{
    Comment, DesiredApplication, DesiredConsumer, DesiredLink, DesiredState, FileEntry,
    PublicKeySource, write,
};
use crate::domain::{Alias, BaseUrl, Directions, Level, Position, Record, pair_key};
use crate::error::{Error, Result, worst_exit};
use crate::exit::Exit;
use crate::oauth::{formats, public_key};
use crate::observe::ends::Access;
use crate::observe::inventory::{AppInventory, Inventory, ObservedRecord, RecordDetail, survey};
use crate::plan::NewConsumer;
use crate::resolve::{AppArg, CloudSites, Resolved, by_id, resolve};
use crate::ui::output::{ExportOutput, TroubleOutput};

/// Write a file of links from what exists
///
/// The links between the applications and the third-party programs that may call them, as a file
/// for `applink plan` and `applink apply`, on standard output. What a file cannot say is in it as a
/// comment: system links, unknown types, ends that differ, legacy authentication. No secret is in
/// it. A plan of what was exported has no changes.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink export > links.toml\n  \
    applink export jira wiki")]
pub struct Args {
    /// Only these applications, and the links between them
    apps: Vec<AppArg>,

    /// Succeed where no application is known
    #[arg(long)]
    allow_empty: bool,
}

/// Nothing is at a place: what exists has no line.
const NOWHERE: Position = Position { line: 1, column: 1 };

/// Runs the command.
pub async fn run(args: Args, context: &Context) -> Result<Exit> {
    context.require_named_state()?;
    abandon::warn_abandoned(context);
    let named: Vec<&AppArg> = args.apps.iter().collect();
    let resolved: Vec<Resolved> = if named.is_empty() {
        context.warn_no_apps();
        let known = context.all_known().into_iter();
        known
            .map(|target| Resolved {
                target,
                manifest: None,
            })
            .collect()
    } else {
        resolve(context, &named, CloudSites::Refused).await?
    };
    let mut seen = BTreeSet::new();
    let asks = resolved
        .into_iter()
        .filter(|one| seen.insert(one.target.alias.clone()))
        .map(|one| {
            let access = if context.needs_no_account(&one.target) {
                Access::Anybody
            } else {
                Access::Administrator
            };
            (one, access)
        })
        .collect();
    let wish = |_: &Alias, record: &Record| RecordDetail {
        flags: !record.system,
        legacy: !record.system,
        consumers: record.type_id.is_generic() && !record.system,
    };
    let survey = survey(context, asks, false, wish).await;
    let mut wanted = DesiredState::default();
    for (alias, one) in &survey.apps {
        let url = one.target.entry.url.clone();
        let application = DesiredApplication { url, at: NOWHERE };
        wanted.applications.insert(alias.clone(), application);
    }
    if wanted.applications.is_empty() && survey.errors.is_empty() && !args.allow_empty {
        return Err(Error::usage("nothing to export: no application is known")
            .hint("if that is expected: --allow-empty"));
    }
    let writer = Writer {
        context,
        survey: &survey,
    };
    let text = write(&wanted, &writer.entries());
    let ui = &context.ui;
    let errors = || survey.errors.iter().map(|(_, error)| error);
    if ui.is_json() {
        ui.json(&ExportOutput {
            file: text,
            errors: TroubleOutput::all(&survey.errors),
        });
    } else {
        ui.block(&text);
        ui.warnings(errors());
    }
    let exit = worst_exit(errors());
    ui.error_for_program(errors(), exit);
    Ok(exit)
}

struct Writer<'a> {
    context: &'a Context,
    survey: &'a Inventory,
}

/// One end: an application, and its record of the other.
struct ExportedEnd<'a> {
    here: &'a AppInventory,
    there: &'a AppInventory,
    kept: Option<&'a ObservedRecord>,
}

impl Writer<'_> {
    /// Links, then programs, then what cannot be said.
    fn entries(&self) -> Vec<FileEntry> {
        let mut links = Vec::new();
        let mut consumers = Vec::new();
        let mut left: Vec<Comment> = self
            .survey
            .errors
            .iter()
            .map(|(alias, _)| {
                Comment(format!(
                    "{alias} could not be asked: its links are not here"
                ))
            })
            .collect();
        let mut pairs = BTreeSet::new();
        for one in self.survey.apps.values() {
            let mut taken = Taken::default();
            for kept in one.records.values() {
                let record = &kept.view.record;
                if let Some(why) = self.unsayable(one, record) {
                    left.push(why);
                } else if record.type_id.is_generic() {
                    match self.consumer(one, kept, &mut taken) {
                        Ok(entry) => consumers.push(entry),
                        Err(why) => left.push(remark_of(one, record, why)),
                    }
                } else if let Some(other) = self.other(record) {
                    let (a, b) = pair_key(&one.target.alias, &other.target.alias);
                    pairs.insert((a.clone(), b.clone()));
                }
            }
        }
        for (a, b) in &pairs {
            if let (Some(a), Some(b)) = (self.survey.apps.get(a), self.survey.apps.get(b)) {
                match link_between(a, b) {
                    Ok(entry) => links.push(entry),
                    Err(why) => left.push(why),
                }
            }
        }
        links.extend(consumers);
        links.extend(left.into_iter().map(FileEntry::Unsupported));
        links
    }

    fn other(&self, record: &Record) -> Option<&AppInventory> {
        let mut apps = self.survey.apps.values();
        apps.find(|other| other.manifest.id == record.id)
    }

    /// Why a record cannot stand in a file at all.
    fn unsayable(&self, on: &AppInventory, record: &Record) -> Option<Comment> {
        let why = if record.system {
            "a system link, which the product manages by itself".to_owned()
        } else if record.type_id.is_generic() {
            return None;
        } else if !record.type_id.is_atlassian() {
            format!("its type {:?} is not known", record.type_id.as_str())
        } else if self.other(record).is_some() {
            return None;
        } else {
            match by_id(self.context, record.id) {
                Some(target) => format!("it leads to {}, which is not in this file", target.alias),
                None => "it leads to an application that is not known: applink app add".to_owned(),
            }
        };
        Some(remark_of(on, record, why))
    }

    fn consumer(
        &self,
        on: &AppInventory,
        kept: &ObservedRecord,
        taken: &mut Taken,
    ) -> Result<FileEntry, String> {
        let record = &kept.view.record;
        if !on.status {
            return Err("its application is too old: it can only be changed there".to_owned());
        }
        let stored = on.consumers.get(&record.id);
        let [consumer] = stored.map(Vec::as_slice).unwrap_or_default() else {
            return Err("a generic link without one consumer that can be read".to_owned());
        };
        let incoming = kept.view.flags.incoming;
        if !incoming.three_legged || kept.view.consumers.len() != 1 {
            return Err("a generic link with a consumer that may do nothing".to_owned());
        }
        let url = record
            .application_url()
            .ok_or("its address is none that can be written down")?;
        let alias = &on.target.alias;
        let state = self.context.state.state();
        let name = state
            .consumers
            .iter()
            .find(|one| one.on == *alias && one.id == record.id)
            .map_or_else(|| record.name.clone(), |one| one.name.clone());
        if !is_name(&name) || !is_key(&consumer.key) {
            return Err("its name or key is none that can be written down".to_owned());
        }
        taken.take(&name, &consumer.key, &url)?;
        let mut remarks = Vec::new();
        let public_key = pem(consumer);
        if public_key.is_none() {
            remarks.push(Comment(
                "its public key is none that is taken from a file; it is left as it is".to_owned(),
            ));
        }
        if exportable_url(&record.display_url).as_ref() != Some(&url) {
            remarks.push(Comment(
                "its display URL is another one, which no file says".to_owned(),
            ));
        }
        let callback = consumer
            .callback
            .clone()
            .filter(|url| BaseUrl::parse(url).is_ok() && !url.contains("${"));
        Ok(FileEntry::Consumer(
            DesiredConsumer {
                on: alias.clone(),
                name,
                key: Some(consumer.key.clone()),
                public_key,
                url: Some(url),
                callback,
                two_legged: Some(incoming.two_legged),
                impersonation: Some(incoming.impersonation),
                at: NOWHERE,
            },
            remarks,
        ))
    }
}

/// The link of two applications, or why it cannot stand in a file.
fn link_between(a: &AppInventory, b: &AppInventory) -> Result<FileEntry, Comment> {
    let ends = [(a, b), (b, a)].map(|(here, there)| ExportedEnd {
        here,
        there,
        kept: here.records.get(&there.manifest.id),
    });
    let names = ends.each_ref().map(|end| end.here.target.alias.clone());
    for end in &ends {
        if let Some(kept) = end.kept
            && (kept.view.record.system || !kept.view.record.type_id.is_atlassian())
        {
            let text = format!(
                "the link between {} and {}: its end on {} cannot stand in a file",
                names[0], names[1], end.here.target.alias
            );
            return Err(Comment(text));
        }
    }
    let mut remarks = Vec::new();
    let one_way = match &ends {
        [
            ExportedEnd { kept: Some(_), .. },
            ExportedEnd { kept: None, .. },
        ] => Some(names[0].clone()),
        [
            ExportedEnd { kept: None, .. },
            ExportedEnd { kept: Some(_), .. },
        ] => Some(names[1].clone()),
        _ => None,
    };
    let mut link = DesiredLink {
        auth: BTreeMap::new(),
        names: BTreeMap::new(),
        application_urls: BTreeMap::new(),
        display_urls: BTreeMap::new(),
        primary: BTreeSet::new(),
        between: names,
        at: NOWHERE,
        one_way,
    };
    if link.one_way.is_none() {
        auth(&ends, &mut link, &mut remarks);
    } else {
        remarks.extend(ends.iter().filter_map(levels_of_one));
    }
    for end in &ends {
        fields(end, &mut link, &mut remarks);
    }
    Ok(FileEntry::Link(link, remarks))
}

/// What programs of one application have already: none of it may stand in a file twice.
#[derive(Default)]
struct Taken {
    names: BTreeSet<String>,
    keys: BTreeSet<String>,
    urls: BTreeSet<BaseUrl>,
}

impl Taken {
    fn take(&mut self, name: &str, key: &str, url: &BaseUrl) -> Result<(), String> {
        if self.names.contains(name) || self.keys.contains(key) || self.urls.contains(url) {
            return Err("another program has the same name, key or address".to_owned());
        }
        self.names.insert(name.to_owned());
        self.keys.insert(key.to_owned());
        self.urls.insert(url.clone());
        Ok(())
    }
}

fn remark_of(on: &AppInventory, record: &Record, why: impl std::fmt::Display) -> Comment {
    Comment(format!(
        "the link {:?} on {} is not here: {why}",
        record.name, on.target.alias
    ))
}

/// The levels on which both ends agree.
fn auth(ends: &[ExportedEnd<'_>; 2], link: &mut DesiredLink, remarks: &mut Vec<Comment>) {
    for (caller, called) in [(&ends[0], &ends[1]), (&ends[1], &ends[0])] {
        let levels = |end: &ExportedEnd<'_>| end.kept.and_then(|kept| kept.levels);
        let (Some(out), Some(comes)) = (levels(caller), levels(called)) else {
            continue;
        };
        let (alias, other) = (&caller.here.target.alias, &called.here.target.alias);
        match (out.outgoing, comes.incoming) {
            (one, same) if one == same && one.flags().is_some() => {
                link.auth.insert(alias.clone(), one);
            }
            (Level::Legacy, _) | (_, Level::Legacy) => remarks.push(Comment(format!(
                "calls from {alias} use authentication from before OAuth, which no file makes"
            ))),
            (one, same) if one == same => remarks.push(Comment(format!(
                "calls from {alias} use {one}, which no file makes"
            ))),
            (out, comes) => remarks.push(Comment(format!(
                "calls from {alias}: {out} on {alias} and {comes} on {other}; mend it with: applink repair {alias} {other}"
            ))),
        }
    }
}

/// What the only end of a link is set to, which stands in no file: levels are agreed by two.
fn levels_of_one(end: &ExportedEnd<'_>) -> Option<Comment> {
    let levels = end.kept?.levels?;
    (levels != Directions::both(Level::None)).then(|| {
        Comment(format!(
            "on {}: incoming {}, outgoing {}; a file says nothing of the levels of one end alone",
            end.here.target.alias, levels.incoming, levels.outgoing
        ))
    })
}

/// An address that a file can say as it is: nothing of it would be lost.
fn exportable_url(url: &str) -> Option<BaseUrl> {
    let is_whole = !url.contains(['?', '#']) && !url.contains("${");
    BaseUrl::parse(url).ok().filter(|_| is_whole)
}

/// What one record says.
fn fields(end: &ExportedEnd<'_>, link: &mut DesiredLink, remarks: &mut Vec<Comment>) {
    let Some(kept) = end.kept else { return };
    let (record, on) = (&kept.view.record, &end.here.target.alias);
    if is_name(&record.name) {
        link.names.insert(on.clone(), record.name.clone());
    } else {
        remarks.push(Comment(format!("on {on}: a name that no file can say")));
    }
    let base = &end.there.target.entry.url;
    let rpc_url = record.rpc_url.as_deref().and_then(exportable_url);
    match &rpc_url {
        Some(url) if url == base => {}
        Some(url) => {
            link.application_urls.insert(on.clone(), url.clone());
        }
        None => remarks.push(Comment(format!(
            "on {on}: an application URL that no file can say"
        ))),
    }
    // What a new record would show.
    let own = end.there.manifest.url.as_deref().and_then(exportable_url);
    match exportable_url(&record.display_url) {
        Some(url) if Some(&url) == own.as_ref().or(rpc_url.as_ref()) => {}
        Some(url) => {
            link.display_urls.insert(on.clone(), url);
        }
        None => remarks.push(Comment(format!(
            "on {on}: a display URL that no file can say"
        ))),
    }
    // The only one of its type is its first by itself.
    let of_type = end.here.records.values();
    let of_type = of_type.filter(|other| other.view.record.type_id == record.type_id);
    if record.primary && of_type.count() > 1 {
        link.primary.insert(on.clone());
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.trim() == name
        && name.chars().count() <= 255
        && !name.chars().any(char::is_control)
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.trim() == key && !key.chars().any(char::is_control)
}

/// The public key as a file takes it, where it does.
fn pem(consumer: &NewConsumer) -> Option<PublicKeySource> {
    let key = public_key::parse(&consumer.public_key).ok()?;
    let text = public_key::to_pem(&key);
    let again = formats::read(text.as_bytes()).ok()?.public(None).ok()?;
    (again.fingerprint() == consumer.fingerprint).then_some(PublicKeySource::Inline(text))
}
