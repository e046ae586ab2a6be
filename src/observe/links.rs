//! Looking at applications and links, for `verify` and after every change.
//!
//! Nobody waits for another one: how an application finds its links is asked as soon as its own
//! list of them is there. What the two ends say is put side by side when all have answered, or
//! their time is over.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use crate::context::{Context, Target};
use crate::diagnose::pair::{Pair, pair};
use crate::diagnose::{
    AppObservation, EndObservation, LinkObservation, StaleConsumer, StatusObservation, Verdict,
    judge,
};
use crate::domain::{Alias, ApplicationId, BaseUrl, Record, pair_key};
use crate::error::{Error, Kind};
use crate::observe::addresses::{self, AddressBook, AnswerAtAddress, asked_of, follow};
use crate::observe::application::{self, AppReader};
use crate::observe::peers::{Depth, Peers};
use crate::observe::{reachability, stale_consumers};
use crate::remote::handshake::Prober;
use crate::remote::tls::TlsFiles;
use crate::remote::{CallError, fleet};

pub(crate) use crate::observe::peers::Ends;

/// What was looked at: the applications, and how to ask them more.
pub(crate) struct Observation {
    /// The applications as they were seen.
    pub(crate) apps: Vec<AppObservation>,
    asked: BTreeMap<Alias, AppReader>,
    leftovers: BTreeMap<(Alias, ApplicationId), Vec<StaleConsumer>>,
    peers: Peers,
    places: AddressBook,
    depth: Depth,
    began: Instant,
}

/// What all applications that are looked at share.
struct Round<'a> {
    context: &'a Context,
    depth: Depth,
    ends: Ends<'a>,
    prober: Option<Prober<'a>>,
    peers: Peers,
    places: AddressBook,
    began: Instant,
}

/// What one application has shown.
struct Shown {
    app: AppObservation,
    asked: AppReader,
    leftovers: Vec<(ApplicationId, StaleConsumer)>,
}

/// Asks applications who they are, which records they keep, and of those that matter how they
/// are, all at once. What does not build on an answer is asked in one go, and a full look looks at
/// the way there meanwhile.
pub(crate) async fn applications(
    context: &Context,
    targets: &[Target],
    depth: Depth,
    ends: Ends<'_>,
) -> Observation {
    let progress = context.ui.fleet("asking the applications", targets.len());
    let round = Round {
        context,
        depth,
        ends,
        prober: depth.is_full().then(|| Prober::new(&context.transport)),
        peers: Peers::new(targets),
        places: AddressBook::default(),
        began: Instant::now(),
    };
    let all = fleet::each(targets, |target| {
        let (progress, round) = (&progress, &round);
        async move {
            let turn = progress.begin(target.alias.as_str());
            let shown = application(round, target).await;
            if shown.app.error().is_none() {
                turn.done();
            }
            shown
        }
    })
    .await;
    let mut look = Observation {
        apps: Vec::new(),
        asked: BTreeMap::new(),
        leftovers: BTreeMap::new(),
        peers: round.peers,
        places: round.places,
        depth,
        began: round.began,
    };
    for shown in all {
        let alias = shown.app.alias.clone();
        for (id, one) in shown.leftovers {
            let key = (alias.clone(), id);
            look.leftovers.entry(key).or_default().push(one);
        }
        look.asked.insert(alias, shown.asked);
        look.apps.push(shown.app);
    }
    look
}

async fn application(round: &Round<'_>, target: &Target) -> Shown {
    let (context, depth) = (round.context, round.depth);
    // What closes a one-way link leaves the other side's account alone, even if there is one.
    let far_side = match depth {
        Depth::Closing => context.is_only_linked_to(target),
        Depth::Full | Depth::Report => context.needs_no_account(target),
    };
    let (session, account) = if far_side {
        (context.anonymous_session(target), Ok(()))
    } else {
        match context.session(target).await {
            Ok(session) => (session, Ok(())),
            Err(error) => (context.anonymous_session(target), Err(error)),
        }
    };
    session.fail_fast();
    let mut asked = AppReader::new(&session);
    let first = async {
        let (manifest, (), _) = tokio::join!(
            async {
                let manifest = session.manifest().await;
                let hangs = manifest.as_ref().is_err_and(CallError::hangs);
                round.peers.report(target, hangs);
                manifest
            },
            async {
                if !far_side && account.is_ok() {
                    // Asked here to be known when the records are; what it says is said there.
                    let _ = session.administrator().await;
                }
            },
            session.capabilities(),
        );
        let moved = match &manifest {
            Err(error) if depth.is_full() => {
                follow(
                    context,
                    addresses::authorities(context, &target.alias),
                    error,
                )
                .await
            }
            _ => None,
        };
        let manifest = manifest.cloned().map_err(no_manifest);
        let records = match manifest.as_ref().err().or(account.as_ref().err()) {
            // The way there is the trouble, and said once.
            Some(error) => Err(error.clone()),
            // Nobody can see its records, and none is expected of it.
            None if far_side => Ok(Vec::new()),
            None => {
                let overview = session.overview().await.map_err(Error::from);
                overview.map(|(records, listed)| {
                    asked.know(listed);
                    records
                })
            }
        };
        let records_seen = records.as_deref().unwrap_or_default();
        let asked = &asked;
        let (_, _, leftovers) = tokio::join!(
            fleet::each(records_seen, |record| async move {
                if round.ends.include(&target.alias, record) {
                    let peer = round.peers.of(record).map(|(_, presence)| presence);
                    asked.end(depth, record, peer, round.began).await;
                }
            }),
            fleet::each(records_seen, |record| async move {
                if round.ends.include(&target.alias, record) {
                    round
                        .places
                        .ahead(context, target, record, &round.peers)
                        .await;
                }
            }),
            async {
                if depth.is_full() {
                    stale_consumers::of(context, &target.alias, records_seen, asked).await
                } else {
                    Vec::new()
                }
            }
        );
        (manifest, records, moved, leftovers)
    };
    let ((manifest, records, moved, leftovers), reach, consumer) = tokio::join!(
        first,
        reachability::reach(context, round.prober.as_ref(), target),
        async {
            if depth.is_full() {
                Some(session.own_consumer().await.cloned().map_err(Error::from))
            } else {
                None
            }
        }
    );
    let mut app = AppObservation {
        alias: target.alias.clone(),
        url: target.entry.url.clone(),
        known_id: Some(target.entry.id),
        manifest,
        records,
        ahead: session.clock().map(|clock| clock.seconds_ahead()),
        consumer,
        redirect: moved,
        reach,
    };
    reachability::explain(&mut app);
    Shown {
        app,
        asked,
        leftovers,
    }
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

impl Observation {
    /// Applications that could not be asked, and why.
    pub(crate) fn errors(&self) -> impl Iterator<Item = (&Alias, &Error)> {
        self.apps
            .iter()
            .filter_map(|app| Some((&app.alias, app.error()?)))
    }

    /// The links that the records make, and those that the state knows and nobody shows.
    pub(crate) fn pairs(&self, context: &Context, first: Option<&Alias>) -> Vec<Pair> {
        let mut pairs = pair(&self.apps, first);
        let readable: BTreeMap<&Alias, bool> = self
            .apps
            .iter()
            .map(|app| (&app.alias, app.records.is_ok()))
            .collect();
        let shown: BTreeSet<(Alias, Alias)> = pairs
            .iter()
            .filter_map(|pair| Some(key(&pair.local, pair.remote.as_ref()?)))
            .collect();
        for link in &context.state.state().links {
            let [a, b] = &link.between;
            let seen = readable.get(a).zip(readable.get(b));
            if seen.is_some_and(|(a, b)| *a || *b) && !shown.contains(&key(a, b)) {
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
    pub(crate) async fn verdicts(&self, context: &Context, pairs: Vec<Pair>) -> Vec<Verdict> {
        let judged = self.judged(context, pairs).await;
        judged.into_iter().map(|(_, verdict)| verdict).collect()
    }

    /// The same, with what was seen.
    pub(crate) async fn judged(
        &self,
        context: &Context,
        pairs: Vec<Pair>,
    ) -> Vec<(LinkObservation, Verdict)> {
        let progress = context.ui.fleet("verifying the links", pairs.len());
        let by_url = self.elsewhere(context, &pairs).await;
        let leftovers = &self.leftovers;
        let state = context.state.state();
        let known: BTreeMap<_, _> = state
            .links
            .iter()
            .map(|link| (key(&link.between[0], &link.between[1]), link))
            .collect();
        let mut judged = fleet::each(pairs, |pair| {
            let (progress, by_url, known) = (&progress, &by_url, &known);
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
                    .and_then(|remote| known.get(&key(&pair.local, remote)));
                let mut link = LinkObservation {
                    local,
                    remote,
                    one_way_wanted: known.is_some_and(|known| known.one_way.is_some()),
                    wanted_level: known.map(|known| known.auth.level_from(&pair.local)),
                    last_applied: known
                        .map(|known| known.last_applied.clone())
                        .unwrap_or_default(),
                    stale_consumers: Vec::new(),
                };
                if let Some(record) = &pair.local_record
                    && let Some(found) = leftovers.get(&(pair.local.clone(), record.id))
                {
                    link.stale_consumers.clone_from(found);
                }
                if self.depth.is_full() && !link.ends().all(works) {
                    for end in std::iter::once(&mut link.local).chain(link.remote.as_mut()) {
                        self.realm(end).await;
                    }
                }
                self.read_stored_consumers(&mut link).await;
                turn.done();
                let verdict = judge(&link, &self.apps);
                (link, verdict)
            }
        })
        .await;
        for ((on, _), found) in leftovers {
            if found.iter().any(|one| one.link_gone) {
                judged.push(stale_consumers::without_link(&self.apps, on, found.clone()));
            }
        }
        judged
    }

    /// What answers at the records' addresses that are not those of known applications; each
    /// address is asked once, without any account.
    async fn elsewhere(
        &self,
        context: &Context,
        pairs: &[Pair],
    ) -> BTreeMap<BaseUrl, AnswerAtAddress> {
        let mut wanted: BTreeMap<BaseUrl, TlsFiles> = BTreeMap::new();
        let app = |alias: &Alias| self.apps.iter().find(|app| app.alias == *alias);
        for pair in pairs {
            let ends = [
                (&pair.local_record, Some(&pair.local), pair.remote.as_ref()),
                (&pair.remote_record, pair.remote.as_ref(), Some(&pair.local)),
            ];
            for (record, holder, other) in ends {
                let is_here = holder
                    .and_then(app)
                    .is_some_and(|app| app.url.is_loopback());
                let asked = record.as_ref().and_then(|record| asked_of(record, is_here));
                let Some(url) = asked else { continue };
                let known = other.and_then(app);
                if known.is_none_or(|app| app.url != url) {
                    // Who vouches for an application under one address does so under another.
                    let vouching = known.map(|app| addresses::authorities(context, &app.alias));
                    wanted.entry(url).or_insert(vouching.unwrap_or_default());
                }
            }
        }
        let answers = fleet::each(wanted, |(url, tls)| async move {
            // One that was asked for itself need not be asked again.
            let there = match self.apps.iter().find(|app| app.url == url) {
                Some(app) => AnswerAtAddress {
                    manifest: app.manifest.clone(),
                    moved: app.redirect.clone(),
                },
                None => self.places.at(context, &url, tls).await,
            };
            (url, there)
        })
        .await;
        answers.into_iter().collect()
    }

    async fn end(
        &self,
        alias: &Alias,
        record: Option<&Record>,
        by_url: &BTreeMap<BaseUrl, AnswerAtAddress>,
    ) -> EndObservation {
        let there = record
            .and_then(Record::application_url)
            .and_then(|url| by_url.get(&url));
        let end = EndObservation {
            app: alias.clone(),
            record: record.cloned(),
            levels: None,
            status: StatusObservation::None,
            at_url: there.map(|there| there.manifest.clone()),
            moved: there.and_then(|there| there.moved.clone()),
            stored_consumers: None,
            realm: None,
            stale: None,
        };
        let (Some(record), Some(asked)) = (record, self.asked.get(alias)) else {
            return end;
        };
        let peer = self.peers.of(record).map(|(_, presence)| presence);
        let said = asked.end(self.depth, record, peer, self.began).await;
        EndObservation {
            status: said.status,
            levels: said.levels,
            stale: said.stale,
            stored_consumers: said.kept,
            ..end
        }
    }

    /// What the ends keep for each other, where that is not known already and no signed call has
    /// shown that it is right.
    async fn read_stored_consumers(&self, link: &mut LinkObservation) {
        if !self.depth.is_full() {
            return;
        }
        let proven: Vec<bool> = link
            .ends()
            .map(|end| link.is_signature_accepted(end))
            .collect();
        let ends = std::iter::once(&mut link.local).chain(link.remote.as_mut());
        for (end, proven) in ends.zip(proven) {
            let (Some(record), Some(asked)) = (&end.record, self.asked.get(&end.app)) else {
                continue;
            };
            if end.stored_consumers.is_none()
                && end.accepts_oauth()
                && !proven
                && application::keeps_consumers(record)
            {
                end.stored_consumers = Some(asked.stored_consumers(record.id).await);
            }
        }
    }

    /// What an application says of itself when it refuses a call: asked only where something is
    /// wrong.
    async fn realm(&self, end: &mut EndObservation) {
        let answers = self
            .apps
            .iter()
            .any(|app| app.alias == end.app && app.manifest.is_ok());
        if let (true, Some(asked)) = (answers, self.asked.get(&end.app)) {
            end.realm = asked.session.realm().await.map(str::to_owned);
        }
    }
}

/// The two applications of a link, whichever is named first.
fn key(a: &Alias, b: &Alias) -> (Alias, Alias) {
    let (a, b) = pair_key(a, b);
    (a.clone(), b.clone())
}

/// Whether an end finds nothing wrong, or is too old to say.
fn works(end: &EndObservation) -> bool {
    match &end.status {
        StatusObservation::Said(said) => said.working,
        StatusObservation::None => true,
        StatusObservation::Failed(_) | StatusObservation::Late(_) => false,
    }
}
