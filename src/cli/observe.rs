//! Looking at applications and links, for `verify` and after every change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::context::{Context, Target};
use crate::diagnose::pair::{Pair, pair};
use crate::diagnose::{AppSeen, EndSeen, LinkSeen, StatusSeen, Verdict, judge};
use crate::domain::{Alias, ApplicationId, BaseUrl, Directions, Level, Manifest, Record};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::plan::Goal;
use crate::remote::tls::TlsFiles;
use crate::remote::{Session, fleet};

/// What was looked at: the applications, and how to ask them more.
pub(super) struct Look {
    /// The applications as they were seen.
    pub(super) apps: Vec<AppSeen>,
    sessions: BTreeMap<Alias, Arc<Session>>,
}

/// Asks applications who they are and which records they keep, all at once.
pub(super) async fn applications(context: &Context, targets: &[Target]) -> Look {
    let progress = context.ui.fleet("asking the applications", targets.len());
    let seen = fleet::each(targets, |target| {
        let progress = &progress;
        async move {
            let turn = progress.begin(target.alias.as_str());
            let far_side = context.is_far_side(target);
            let (session, account) = if far_side {
                (context.anonymous_session(target), Ok(()))
            } else {
                match context.session(target).await {
                    Ok(session) => (session, Ok(())),
                    Err(error) => (context.anonymous_session(target), Err(error)),
                }
            };
            let manifest = session.manifest().await.cloned().map_err(Error::from);
            let records = match (&manifest, account) {
                // The way there is the trouble, and said once.
                (Err(error), _) => Err(error.clone()),
                (Ok(_), Err(error)) => Err(error),
                // Nobody can see its records, and none is expected of it.
                (Ok(_), Ok(())) if far_side => Ok(Vec::new()),
                (Ok(_), Ok(())) => session.records().await.map_err(Error::from),
            };
            let seen = AppSeen {
                alias: target.alias.clone(),
                url: target.entry.url.clone(),
                known_id: Some(target.entry.id),
                manifest,
                records,
                ahead: session.clock().map(|clock| clock.seconds_ahead()),
            };
            if seen.trouble().is_none() {
                turn.done();
            }
            (seen, session)
        }
    })
    .await;
    let sessions = seen
        .iter()
        .map(|(_, session)| (session.alias().clone(), Arc::clone(session)))
        .collect();
    Look {
        apps: seen.into_iter().map(|(seen, _)| seen).collect(),
        sessions,
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
        fleet::each(pairs, |pair| {
            let (progress, by_url) = (&progress, &by_url);
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
                let one_way_wanted = pair.remote.as_ref().is_some_and(|remote| {
                    context
                        .state
                        .state()
                        .link(&pair.local, remote)
                        .is_some_and(|link| link.one_way.is_some())
                });
                let link = LinkSeen {
                    local,
                    remote,
                    one_way_wanted,
                };
                let verdict = judge(&link, &self.apps);
                turn.done();
                (link, verdict)
            }
        })
        .await
    }

    /// What answers at the records' addresses that are not those of known applications; each
    /// address is asked once, without any account.
    async fn elsewhere(
        &self,
        context: &Context,
        pairs: &[Pair],
    ) -> BTreeMap<BaseUrl, Result<Manifest, Error>> {
        let mut wanted: BTreeSet<BaseUrl> = BTreeSet::new();
        for pair in pairs {
            let ends = [
                (&pair.local_record, pair.remote.as_ref()),
                (&pair.remote_record, Some(&pair.local)),
            ];
            for (record, other) in ends {
                let Some(record) = record else { continue };
                if record.system || !record.type_id.is_atlassian() {
                    continue;
                }
                let Some(url) = record.application_url() else {
                    continue;
                };
                let known =
                    other.and_then(|other| self.apps.iter().find(|app| app.alias == *other));
                if known.is_none_or(|app| app.url != url) {
                    wanted.insert(url);
                }
            }
        }
        let answers = fleet::each(wanted, |url| async move {
            let session = Session::unnamed(
                url.clone(),
                TlsFiles::default(),
                Arc::clone(&context.transport),
            );
            let manifest = session.manifest().await.cloned().map_err(Error::from);
            (url, manifest)
        })
        .await;
        answers.into_iter().collect()
    }

    async fn end(
        &self,
        alias: &Alias,
        record: Option<&Record>,
        by_url: &BTreeMap<BaseUrl, Result<Manifest, Error>>,
    ) -> EndSeen {
        let mut end = EndSeen {
            app: alias.clone(),
            record: record.cloned(),
            levels: None,
            status: StatusSeen::None,
            at_url: record
                .and_then(Record::application_url)
                .and_then(|url| by_url.get(&url).cloned()),
        };
        let (Some(record), Some(session)) = (record, self.sessions.get(alias)) else {
            return end;
        };
        match self.status(session, record.id).await {
            Ok((status, levels)) => {
                end.status = status;
                end.levels = levels;
            }
            Err(error) => end.status = StatusSeen::Failed(error),
        }
        end
    }

    async fn status(
        &self,
        session: &Session,
        id: ApplicationId,
    ) -> Result<(StatusSeen, Option<Directions<Level>>)> {
        if !session.capabilities().await?.status {
            let view = session.view(id).await?;
            return Ok((StatusSeen::None, view.map(|view| view.levels())));
        }
        // Without this a product judges by what it remembers, for up to an hour. That it fails is
        // no finding: the status says why.
        let _ = session.refresh(id).await;
        Ok(match session.status(id).await? {
            Some(status) => {
                let levels = match status.local {
                    Some(flags) => Some(flags.map(Level::from)),
                    None => session.flags(id).await?.map(|flags| flags.map(Level::from)),
                };
                (StatusSeen::Said(status), levels)
            }
            None => (StatusSeen::None, None),
        })
    }
}

/// Verifies what a change was about, on the applications that it was about. Gives the verdicts,
/// and 5 where an end could not be asked.
pub(super) async fn after(
    context: &Context,
    goal: &Goal,
    targets: &[Target],
) -> (Vec<Verdict>, Exit) {
    let first = match goal {
        Goal::Link { local, .. } => local,
        Goal::Moved { app, .. } => app,
        Goal::NoLink { .. } => return (Vec::new(), Exit::Ok),
    };
    // As the state knows them now: an address may have changed.
    let targets: Vec<Target> = targets
        .iter()
        .map(|target| {
            context
                .known(&target.alias)
                .unwrap_or_else(|| target.clone())
        })
        .collect();
    let look = applications(context, &targets).await;
    let pairs: Vec<Pair> = look
        .pairs(context, Some(first))
        .into_iter()
        .filter(|pair| pair.local == *first && pair.remote.is_some())
        .collect();
    let verdicts = look.verdicts(context, pairs).await;
    let asked = look
        .troubles()
        .fold(Exit::Ok, |exit, _| exit.worst(Exit::Unreachable));
    (verdicts, asked)
}
