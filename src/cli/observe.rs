//! Looking at applications and links, for `verify` and after every change.

mod leftover;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reach;
use crate::context::{Context, Target};
use crate::diagnose::pair::{Pair, pair};
use crate::diagnose::seen::Moved;
use crate::diagnose::{AppSeen, EndSeen, LinkSeen, StatusSeen, Verdict, judge};
use crate::domain::{
    Alias, ApplicationId, BaseUrl, Code, Directions, Level, Manifest, ProductStatus, Record,
};
use crate::error::{Error, Kind, Result};
use crate::remote::handshake::Looker;
use crate::remote::tls::TlsFiles;
use crate::remote::{CallError, Failure, Listed, Session, fleet};

/// What was looked at: the applications, and how to ask them more.
pub(super) struct Look {
    /// The applications as they were seen.
    pub(super) apps: Vec<AppSeen>,
    sessions: BTreeMap<Alias, Arc<Session>>,
    /// The records with their levels, of applications that tell both at once.
    listed: BTreeMap<Alias, Vec<Listed>>,
    depth: Depth,
}

/// What answers at an address that is not that of a known application.
struct Elsewhere {
    manifest: Result<Manifest, Error>,
    moved: Option<Moved>,
}

/// How closely is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Does it work? After a change.
    Closing,
    /// And if not, why?
    Full,
}

/// Asks applications who they are and which records they keep, all at once. What does not build
/// on an answer is asked in one go, and a full look looks at the way there meanwhile.
pub(super) async fn applications(context: &Context, targets: &[Target], depth: Depth) -> Look {
    let progress = context.ui.fleet("asking the applications", targets.len());
    let looker = (depth == Depth::Full).then(|| Looker::new(&context.transport));
    let seen = fleet::each(targets, |target| {
        let (progress, looker) = (&progress, looker.as_ref());
        async move {
            let turn = progress.begin(target.alias.as_str());
            let (seen, session, listed) = application(context, target, depth, looker).await;
            if seen.trouble().is_none() {
                turn.done();
            }
            (seen, session, listed)
        }
    })
    .await;
    let mut look = Look {
        apps: Vec::new(),
        sessions: BTreeMap::new(),
        listed: BTreeMap::new(),
        depth,
    };
    for (app, session, listed) in seen {
        if let Some(listed) = listed {
            look.listed.insert(app.alias.clone(), listed);
        }
        look.sessions.insert(app.alias.clone(), session);
        look.apps.push(app);
    }
    look
}

async fn application(
    context: &Context,
    target: &Target,
    depth: Depth,
    looker: Option<&Looker<'_>>,
) -> (AppSeen, Arc<Session>, Option<Vec<Listed>>) {
    // What closes a one-way link leaves the other side's account alone, even if there is one.
    let far_side = match depth {
        Depth::Closing => context.holds_nothing(target),
        Depth::Full => context.is_far_side(target),
    };
    let (session, account) = if far_side {
        (context.anonymous_session(target), Ok(()))
    } else {
        match context.session(target).await {
            Ok(session) => (session, Ok(())),
            Err(error) => (context.anonymous_session(target), Err(error)),
        }
    };
    let (manifest, (), _, reach, consumer) = tokio::join!(
        session.manifest(),
        async {
            if !far_side && account.is_ok() {
                // Asked here to be known when the records are; what it says is said there.
                let _ = session.administrator().await;
            }
        },
        session.capabilities(),
        reach::reach(context, looker, target),
        async {
            match depth {
                Depth::Full => Some(session.own_consumer().await.cloned().map_err(Error::from)),
                Depth::Closing => None,
            }
        }
    );
    let moved = match &manifest {
        Err(error) if depth == Depth::Full => {
            follow(context, authorities(context, &target.alias), error).await
        }
        _ => None,
    };
    let manifest = manifest.cloned().map_err(no_manifest);
    let mut listed = None;
    let records = match (&manifest, account) {
        // The way there is the trouble, and said once.
        (Err(error), _) => Err(error.clone()),
        (Ok(_), Err(error)) => Err(error),
        // Nobody can see its records, and none is expected of it.
        (Ok(_), Ok(())) if far_side => Ok(Vec::new()),
        (Ok(_), Ok(())) => {
            let overview = session.overview().await.map_err(Error::from);
            overview.map(|(records, levels)| {
                listed = levels;
                records
            })
        }
    };
    let mut seen = AppSeen {
        alias: target.alias.clone(),
        url: target.entry.url.clone(),
        known_id: Some(target.entry.id),
        manifest,
        records,
        ahead: session.clock().map(|clock| clock.seconds_ahead()),
        consumer,
        moved,
        reach,
    };
    reach::explain(&mut seen);
    (seen, session, listed)
}

/// Where there is no manifest, no application answers.
fn no_manifest(error: CallError) -> Error {
    let error = Error::from(error);
    match error.kind {
        Kind::Refused => Error {
            kind: Kind::Unreachable,
            ..error
        },
        _ => error,
    }
}

/// Follows a redirect of a manifest one step, without any account.
async fn follow(context: &Context, tls: TlsFiles, error: &CallError) -> Option<Moved> {
    let Failure::Redirected { status, location } = &error.failure else {
        return None;
    };
    let base = location.strip_suffix("/rest/applinks/1.0/manifest")?;
    let to = BaseUrl::parse(base).ok()?;
    let session = Session::unnamed(to.clone(), tls, Arc::clone(&context.transport));
    Some(Moved {
        permanent: matches!(status, 301 | 308),
        manifest: session.manifest().await.ok().cloned(),
        to,
    })
}

/// The certificate authorities of an application, without what it is shown of ours.
fn authorities(context: &Context, alias: &Alias) -> TlsFiles {
    let known = context.known(alias);
    TlsFiles {
        authorities: known
            .map(|target| context.tls_files(&target.entry).authorities)
            .unwrap_or_default(),
        ..TlsFiles::default()
    }
}

impl Look {
    /// Applications that could not be asked, and why.
    pub(super) fn troubles(&self) -> impl Iterator<Item = (&Alias, &Error)> {
        self.apps
            .iter()
            .filter_map(|app| Some((&app.alias, app.trouble()?)))
    }

    /// The links that the records make, and those that the state knows and nobody shows.
    pub(super) fn pairs(&self, context: &Context, first: Option<&Alias>) -> Vec<Pair> {
        let mut pairs = pair(&self.apps, first);
        let readable = |alias: &Alias| {
            self.apps
                .iter()
                .any(|app| app.alias == *alias && app.records.is_ok())
        };
        for link in &context.state.state().links {
            let [a, b] = &link.between;
            let shown = pairs.iter().any(|pair| {
                let ends = (Some(&pair.local), pair.remote.as_ref());
                ends == (Some(a), Some(b)) || ends == (Some(b), Some(a))
            });
            let seen = self.apps.iter().any(|app| app.alias == *a)
                && self.apps.iter().any(|app| app.alias == *b);
            if seen && !shown && (readable(a) || readable(b)) {
                let (local, remote) = if first == Some(b) { (b, a) } else { (a, b) };
                pairs.push(Pair {
                    local: local.clone(),
                    remote: Some(remote.clone()),
                    local_record: None,
                    remote_record: None,
                });
            }
        }
        pairs
    }

    /// Asks both ends of each link for their status, and judges.
    pub(super) async fn verdicts(&self, context: &Context, pairs: Vec<Pair>) -> Vec<Verdict> {
        let judged = self.judged(context, pairs).await;
        judged.into_iter().map(|(_, verdict)| verdict).collect()
    }

    /// The same, with what was seen.
    pub(super) async fn judged(
        &self,
        context: &Context,
        pairs: Vec<Pair>,
    ) -> Vec<(LinkSeen, Verdict)> {
        let progress = context.ui.fleet("verifying the links", pairs.len());
        let by_url = self.elsewhere(context, &pairs).await;
        let leftovers = match self.depth {
            Depth::Full => self.leftovers(context).await,
            Depth::Closing => BTreeMap::new(),
        };
        let mut judged = fleet::each(pairs, |pair| {
            let (progress, by_url, leftovers) = (&progress, &by_url, &leftovers);
            async move {
                let name = pair.remote.as_ref().map_or_else(
                    || pair.local.to_string(),
                    |remote| format!("{} and {remote}", pair.local),
                );
                let turn = progress.begin(&name);
                let (local, remote) = tokio::join!(
                    self.end(&pair.local, pair.local_record.as_ref(), by_url),
                    async {
                        match &pair.remote {
                            Some(remote) => {
                                Some(self.end(remote, pair.remote_record.as_ref(), by_url).await)
                            }
                            None => None,
                        }
                    }
                );
                let known = pair
                    .remote
                    .as_ref()
                    .and_then(|remote| context.state.state().link(&pair.local, remote));
                let mut link = LinkSeen {
                    local,
                    remote,
                    one_way_wanted: known.is_some_and(|known| known.one_way.is_some()),
                    wanted: known.map(|known| known.auth.level_from(&pair.local)),
                    leftovers: Vec::new(),
                };
                if let Some(record) = &pair.local_record
                    && let Some(found) = leftovers.get(&(pair.local.clone(), record.id))
                {
                    link.leftovers.clone_from(found);
                }
                if self.depth == Depth::Full && !link.ends().all(works) {
                    for end in std::iter::once(&mut link.local).chain(link.remote.as_mut()) {
                        self.realm(end).await;
                    }
                }
                turn.done();
                let verdict = judge(&link, &self.apps);
                (link, verdict)
            }
        })
        .await;
        for ((on, _), found) in leftovers {
            if found.iter().any(|one| one.link_gone) {
                judged.push(self.without_link(&on, found));
            }
        }
        judged
    }

    /// What answers at the records' addresses that are not those of known applications; each
    /// address is asked once, without any account.
    async fn elsewhere(&self, context: &Context, pairs: &[Pair]) -> BTreeMap<BaseUrl, Elsewhere> {
        let mut wanted: BTreeMap<BaseUrl, TlsFiles> = BTreeMap::new();
        for pair in pairs {
            let ends = [
                (&pair.local_record, Some(&pair.local), pair.remote.as_ref()),
                (&pair.remote_record, pair.remote.as_ref(), Some(&pair.local)),
            ];
            let app = |alias: &Alias| self.apps.iter().find(|app| app.alias == *alias);
            for (record, holder, other) in ends {
                let Some(record) = record else { continue };
                if record.system || !record.type_id.is_atlassian() {
                    continue;
                }
                let Some(url) = record.application_url() else {
                    continue;
                };
                let is_here = holder
                    .and_then(app)
                    .is_some_and(|app| app.url.is_loopback());
                if url.is_loopback() && !is_here {
                    // That is another place for that server than it is from here.
                    continue;
                }
                let known = other.and_then(app);
                if known.is_none_or(|app| app.url != url) {
                    // Who vouches for an application under one address does so under another.
                    let authorities = known.map(|app| authorities(context, &app.alias));
                    wanted.entry(url).or_insert(authorities.unwrap_or_default());
                }
            }
        }
        let answers = fleet::each(wanted, |(url, tls)| async move {
            let session =
                Session::unnamed(url.clone(), tls.clone(), Arc::clone(&context.transport));
            let manifest = session.manifest().await;
            let moved = match &manifest {
                Err(error) => follow(context, tls, error).await,
                Ok(_) => None,
            };
            let manifest = manifest.cloned().map_err(Error::from);
            (url, Elsewhere { manifest, moved })
        })
        .await;
        answers.into_iter().collect()
    }

    async fn end(
        &self,
        alias: &Alias,
        record: Option<&Record>,
        by_url: &BTreeMap<BaseUrl, Elsewhere>,
    ) -> EndSeen {
        let there = record
            .and_then(Record::application_url)
            .and_then(|url| by_url.get(&url));
        let mut end = EndSeen {
            app: alias.clone(),
            record: record.cloned(),
            levels: None,
            status: StatusSeen::None,
            at_url: there.map(|there| there.manifest.clone()),
            moved: there.and_then(|there| there.moved.clone()),
            kept: None,
            realm: None,
            stale: None,
        };
        let (Some(record), Some(session)) = (record, self.sessions.get(alias)) else {
            return end;
        };
        let wants_consumers = self.depth == Depth::Full
            && (record.type_id.is_atlassian() || record.type_id.is_generic())
            && !record.system;
        let listed = self.listed.get(alias);
        let status = status(session, record.id, listed, &mut end.stale);
        let (status, kept) = tokio::join!(status, async {
            if wants_consumers {
                let kept = session.kept_consumers(record.id).await;
                Some(kept.map_err(Error::from))
            } else {
                None
            }
        });
        end.kept = kept;
        match status {
            Ok((status, levels)) => {
                end.status = status;
                end.levels = levels;
            }
            Err(error) => end.status = StatusSeen::Failed(error),
        }
        end
    }

    /// What an application says of itself when it refuses a call: asked only where something is
    /// wrong.
    async fn realm(&self, end: &mut EndSeen) {
        let answers = self
            .apps
            .iter()
            .any(|app| app.alias == end.app && app.manifest.is_ok());
        if let (true, Some(session)) = (answers, self.sessions.get(&end.app)) {
            end.realm = session.realm().await.map(str::to_owned);
        }
    }
}

/// Whether a status speaks of Trusted Applications or Basic.
fn is_legacy(code: Code) -> bool {
    matches!(
        code,
        Code::LegacyUpdate
            | Code::LegacyRemoval
            | Code::ManualLegacyUpdate
            | Code::ManualLegacyRemoval
            | Code::ManualLegacyRemovalWithOldEdit
    )
}

/// Whether an end finds nothing wrong, or is too old to say.
fn works(end: &EndSeen) -> bool {
    match &end.status {
        StatusSeen::Said(said) => said.working,
        StatusSeen::None => true,
        StatusSeen::Failed(_) => false,
    }
}

/// What an end's own status says. It may judge by what it remembers, for up to an hour: when it
/// finds something wrong it is made to look again, and what it said before is kept.
async fn status(
    session: &Session,
    id: ApplicationId,
    listed: Option<&Vec<Listed>>,
    stale: &mut Option<ProductStatus>,
) -> Result<(StatusSeen, Option<Directions<Level>>)> {
    if !session.capabilities().await?.status {
        let mut all = listed.into_iter().flatten();
        let old = all.find(|one| one.view.record.id == id);
        return Ok((StatusSeen::None, old.map(Listed::levels)));
    }
    let Some(mut status) = session.status(id).await? else {
        return Ok((StatusSeen::None, None));
    };
    // That looking again fails is no finding: the status says why.
    if !status.working
        && session.refresh(id).await.is_ok()
        && let Some(fresh) = session.status(id).await?
    {
        if (fresh.working, fresh.code) != (status.working, status.code) {
            *stale = Some(status);
        }
        status = fresh;
    }
    let levels = match status.local {
        Some(flags) => Some(flags),
        None => session.flags(id).await?,
    };
    let mut levels = levels.map(|flags| flags.map(Level::from));
    if let Some(levels) = &mut levels
        && levels.outgoing == Level::None
        && status.code.is_some_and(is_legacy)
        && session.outgoing_legacy(id).await.unwrap_or(false)
    {
        levels.outgoing = Level::Legacy;
    }
    Ok((StatusSeen::Said(status), levels))
}
