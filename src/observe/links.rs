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
use crate::error::Error;
use crate::observe::addresses::{self, AddressBook, AnswerAtAddress, asked_of};
use crate::observe::application::{self, AppReader};
use crate::observe::peers::{Depth, Peers};
use crate::observe::round::{Round, application};
use crate::observe::stale_consumers;
use crate::remote::fleet;
use crate::remote::handshake::Prober;
use crate::remote::tls::TlsFiles;

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
                    abandoned: abandoned(context, &pair),
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

/// What a run that was given up left undone on the records of a pair.
fn abandoned(context: &Context, pair: &Pair) -> Vec<(Alias, String)> {
    let local = (Some(&pair.local), &pair.local_record);
    let remote = (pair.remote.as_ref(), &pair.remote_record);
    let is_of = |on: &Alias, id: ApplicationId| {
        [local, remote].iter().any(|(alias, record)| {
            *alias == Some(on) && record.as_ref().is_some_and(|record| record.id == id)
        })
    };
    let changes = context.state.state().abandoned.iter();
    changes
        .filter(|change| is_of(&change.on, change.id))
        .map(|change| (change.on.clone(), change.detail.clone()))
        .collect()
}
