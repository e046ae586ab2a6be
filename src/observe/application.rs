//! One application while it is looked at: each thing is asked of it once, by whomever first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::sync::Semaphore;
use tokio::time::{sleep_until, timeout};

use crate::diagnose::StatusObservation;
use crate::domain::{ApplicationId, Code, Consumer, Directions, Level, ProductStatus, Record};
use crate::error::Error;
use crate::observe::peers::Depth;
use crate::remote::fleet::{OnceMap, Responsiveness};
use crate::remote::limits::Priority;
use crate::remote::{CallError, ListedRecord, Session};

/// An application, and what it has said.
pub(crate) struct AppReader {
    pub(crate) session: Arc<Session>,
    /// The records with their levels, where the application tells both at once.
    listed: Option<Vec<ListedRecord>>,
    kept: OnceMap<ApplicationId, Result<Vec<Consumer>, Error>>,
    ends: OnceMap<ApplicationId, EndSaid>,
    /// Asking about peers that are silent so far takes one turn of several.
    doubtful: Semaphore,
    /// Whether consumers were asked for.
    has_begun: AtomicBool,
}

/// What an application says of one of its records.
#[derive(Debug, Clone)]
pub(crate) struct EndSaid {
    pub(crate) status: StatusObservation,
    pub(crate) levels: Option<Directions<Level>>,
    pub(crate) stale: Option<ProductStatus>,
    pub(crate) kept: Option<Result<Vec<Consumer>, Error>>,
}

impl EndSaid {
    fn new(status: StatusObservation, levels: Option<Directions<Level>>) -> Self {
        Self {
            status,
            levels,
            stale: None,
            kept: None,
        }
    }
}

impl AppReader {
    pub(crate) fn new(session: &Arc<Session>) -> Self {
        Self {
            session: Arc::clone(session),
            listed: None,
            kept: OnceMap::default(),
            ends: OnceMap::default(),
            doubtful: Semaphore::new(1),
            has_begun: AtomicBool::new(false),
        }
    }

    /// Takes the levels that came with the list.
    pub(crate) fn know(&mut self, listed: Option<Vec<ListedRecord>>) {
        self.listed = listed;
    }

    /// The consumers that it keeps for the peer of a record.
    pub(crate) async fn stored_consumers(&self, id: ApplicationId) -> Result<Vec<Consumer>, Error> {
        let ask = async { self.session.stored_consumers(id).await.map_err(Error::from) };
        self.kept.get(id, ask).await
    }

    /// Whether nobody has asked so yet.
    fn is_first(&self) -> bool {
        !self.has_begun.swap(true, Ordering::Relaxed)
    }

    /// What it says of a record. `peer` is whether the application answers that the record is
    /// about, where it is looked at too, and `began` when that was first asked.
    pub(crate) async fn end(
        &self,
        depth: Depth,
        record: &Record,
        peer: Option<&Responsiveness>,
        began: Instant,
    ) -> EndSaid {
        // Between applications a signed call shows whether it is right, mostly. The first one is
        // asked for in any case: that shows whether the account may ask at all.
        let wants_consumers = keeps_consumers(record)
            && match depth {
                Depth::Closing => false,
                Depth::Full => record.type_id.is_generic() || self.is_first(),
                Depth::Report => true,
            };
        let ask = async {
            let (said, kept) = tokio::join!(self.status(record.id, peer, began), async {
                if wants_consumers {
                    Some(self.stored_consumers(record.id).await)
                } else {
                    None
                }
            });
            EndSaid { kept, ..said }
        };
        self.ends.get(record.id, ask).await
    }

    /// What its own status says; an application that waits for a peer that hangs is not waited for
    /// longer than for the peer itself.
    async fn status(
        &self,
        id: ApplicationId,
        peer: Option<&Responsiveness>,
        began: Instant,
    ) -> EndSaid {
        let Some(peer) = peer else {
            return or_failed(self.ask(id, None).await);
        };
        let in_vain = async {
            peer.hanging().await;
            sleep_until((began + self.session.relayed_timeout()).into()).await;
        };
        tokio::select! {
            biased;
            said = self.ask(id, Some(peer)) => or_failed(said),
            () = in_vain => EndSaid::new(StatusObservation::Late(None), None),
        }
    }

    async fn ask(
        &self,
        id: ApplicationId,
        peer: Option<&Responsiveness>,
    ) -> Result<EndSaid, CallError> {
        if !self.session.capabilities().await?.status {
            let mut all = self.listed.iter().flatten();
            let old = all.find(|one| one.view.record.id == id);
            return Ok(EndSaid::new(
                StatusObservation::None,
                old.map(ListedRecord::levels),
            ));
        }
        let in_doubt = |peer: &&Responsiveness| peer.answers() != Some(true);
        let sent = Instant::now();
        let asked = match peer.filter(in_doubt) {
            None => self.session.status(id).await,
            Some(peer) => {
                let turn = tokio::select! {
                    biased;
                    () = peer.answering() => None,
                    // It is known what it would wait for.
                    () = peer.hanging() => return Ok(EndSaid::new(StatusObservation::Late(None), None)),
                    turn = self.doubtful.acquire() => turn.ok(),
                };
                let hope = if turn.is_some() {
                    Priority::Low
                } else {
                    Priority::Normal
                };
                self.session.status_with_priority(id, hope).await
            }
        };
        let mut status = match asked {
            Ok(Some(status)) => status,
            Ok(None) => return Ok(EndSaid::new(StatusObservation::None, None)),
            // It answers others: this is about its peer.
            Err(error) => {
                let limit = error.waited().ok_or(error)?;
                return Ok(EndSaid::new(StatusObservation::Late(Some(limit)), None));
            }
        };
        let mut stale = None;
        // It may judge by what it remembers, for up to an hour: when it finds something wrong it is
        // made to look again, and what it said before is kept. Where the peer is silent here too
        // there is nothing to be remembered better.
        if !status.working
            && !peer.is_some_and(|peer| in_doubt(&peer))
            && let left = self
                .session
                .relayed_timeout()
                .saturating_sub(sent.elapsed())
            && let Ok(Some(fresh)) = timeout(left, self.again(id)).await
        {
            if (fresh.working, fresh.code) != (status.working, status.code) {
                stale = Some(status);
            }
            status = fresh;
        }
        let levels = match status.local {
            Some(flags) => Some(flags),
            None => self.session.flags(id).await?,
        };
        let mut levels = levels.map(|flags| flags.map(Level::from));
        if let Some(levels) = &mut levels
            && levels.outgoing == Level::None
            && status.code.is_some_and(is_legacy)
            && self.session.outgoing_legacy(id).await.unwrap_or(false)
        {
            levels.outgoing = Level::Legacy;
        }
        Ok(EndSaid {
            stale,
            ..EndSaid::new(StatusObservation::Said(status), levels)
        })
    }

    /// What the status says after the application has looked again. That this fails is no
    /// finding: what it said before says why.
    async fn again(&self, id: ApplicationId) -> Option<ProductStatus> {
        self.session.refresh(id).await.ok()?;
        self.session.status(id).await.ok()?
    }
}

/// Whether an application keeps consumers for what a record is about.
pub(crate) fn keeps_consumers(record: &Record) -> bool {
    (record.type_id.is_atlassian() || record.type_id.is_generic()) && !record.system
}

fn or_failed(said: Result<EndSaid, CallError>) -> EndSaid {
    said.unwrap_or_else(|error| EndSaid::new(StatusObservation::Failed(error.into()), None))
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
