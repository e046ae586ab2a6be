//! Lets plans reach applications.

mod created;
mod legacy;
pub(crate) mod oauth2_client;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::apply::provider::created::CreatedRecords;
use crate::apply::provider::oauth2_client::Clients;
use crate::credentials::Redactor;
use crate::domain::{
    Alias, ApplicationId, BaseUrl, Code, Consumer, Directions, Flags, Record, View,
};
use crate::error::{Error, Result};
use crate::observe::probe::prove;
use crate::plan::execute::{Provider, WriteError};
use crate::plan::{Goal, NewConsumer as Stored, PlanSet, RelocationMethod, Step};
use crate::remote::applinks::NewRecord;
use crate::remote::{CallError, ConsumerPayload, Failure, Session};

const SECOND: Duration = Duration::from_secs(1);

/// The applications of a plan, each with its own session.
pub(crate) struct RemoteProvider {
    sessions: BTreeMap<Alias, Arc<Session>>,
    /// Applications that could not be given a session, and why.
    closed: BTreeMap<Alias, Error>,
    /// Records as they were last read, for calls that take a whole one.
    seen: Mutex<HashMap<(Alias, ApplicationId), Record>>,
    clients: Clients,
    created: CreatedRecords,
    /// Records of which it is read whether Trusted Applications or Basic are on.
    watched: Vec<(Alias, ApplicationId)>,
    /// Nobody is to be called by an application that is asked: its peers are production.
    is_quiet: bool,
}

impl RemoteProvider {
    /// An estate of these sessions.
    pub(crate) fn new(sessions: impl IntoIterator<Item = Arc<Session>>) -> Self {
        Self {
            sessions: sessions
                .into_iter()
                .map(|session| (session.alias().clone(), session))
                .collect(),
            closed: BTreeMap::new(),
            seen: Mutex::default(),
            clients: Clients::default(),
            created: CreatedRecords::default(),
            watched: Vec::new(),
            is_quiet: false,
        }
    }

    /// Looks at what an agenda has to do with that is not read otherwise, and at nothing that is
    /// not to be asked.
    #[must_use]
    pub(crate) fn watching(mut self, plan_set: &PlanSet) -> Self {
        self.watched = plan_set
            .steps()
            .filter(|step| matches!(step, Step::RemoveLegacy { .. }))
            .map(|step| (step.on().clone(), step.id()))
            .collect();
        self.created = CreatedRecords::of(plan_set);
        let goals = || plan_set.plans.iter().map(|plan| &plan.goal);
        self.is_quiet = goals().any(|goal| matches!(goal, Goal::Detached { .. }));
        self
    }

    /// Lets this learn the secrets of OAuth 2.0 clients.
    pub(crate) fn masking(mut self, redactor: &Redactor) -> Self {
        self.clients.redactor = Some(redactor.clone());
        self
    }

    /// Remembers why an application cannot be reached.
    pub(crate) fn close(&mut self, alias: Alias, why: Error) {
        self.closed.insert(alias, why);
    }

    fn session(&self, alias: &Alias) -> Result<&Session> {
        self.sessions.get(alias).map(Arc::as_ref).ok_or_else(|| {
            self.closed
                .get(alias)
                .cloned()
                .unwrap_or_else(|| Error::internal(format!("no session with {alias}")))
        })
    }

    fn last_seen(&self, alias: &Alias, id: ApplicationId) -> Option<Record> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&(alias.clone(), id)).cloned()
    }

    /// A record as it was read just before, or read now.
    async fn record(&self, session: &Session, id: ApplicationId) -> Result<Record, CallError> {
        if let Some(record) = self.last_seen(session.alias(), id) {
            return Ok(record);
        }
        match session.view(id).await? {
            Some(view) => Ok(view.record),
            None => Err(CallError {
                app: Some(session.alias().clone()),
                call: "reading the link".to_owned(),
                host: session.url().host(),
                failure: Failure::NotFound {
                    messages: vec!["the link is gone".to_owned()],
                },
            }),
        }
    }

    async fn relocate(
        &self,
        session: &Session,
        id: ApplicationId,
        to: &crate::plan::Addresses,
        way: RelocationMethod,
    ) -> Result<Option<String>, CallError> {
        let url = BaseUrl::parse(&to.rpc_url).map_err(|error| CallError {
            app: Some(session.alias().clone()),
            call: "relocating the link".to_owned(),
            host: session.url().host(),
            failure: Failure::Declined {
                status: 0,
                messages: vec![error.to_string()],
            },
        })?;
        if way != RelocationMethod::Rewritten {
            match session
                .relocate(id, &url, way == RelocationMethod::Forced)
                .await
            {
                Err(CallError {
                    failure:
                        Failure::Denied {
                            code: Code::NotAdmin,
                            ..
                        },
                    ..
                }) if session.capabilities().await?.status => {}
                other => return other.map(|()| None),
            }
        }
        let record = self.record(session, id).await?;
        session
            .rewrite(&record, &to.rpc_url, &to.display_url)
            .await?;
        Ok((way != RelocationMethod::Rewritten)
            .then(|| "by rewriting the record: the account is no system administrator".to_owned()))
    }
}

impl RemoteProvider {
    /// A record as it reads now.
    pub(crate) async fn current_view(&self, on: &Alias, id: ApplicationId) -> Result<Option<View>> {
        let session = self.session(on)?;
        let planned = id;
        let id = self.created.actual_id(on, planned);
        let mut view = if self.is_quiet {
            session.passive_view(id).await?
        } else {
            session.view(id).await?
        };
        if view.is_none() && !self.is_quiet {
            view = self.created.view_by_address(session, planned).await?;
        }
        let id = self.created.actual_id(on, planned);
        if let Some(view) = &mut view
            && view.record.type_id.is_generic()
        {
            let consumers = session.stored_consumers(id).await?;
            view.consumers = consumers.iter().map(Consumer::mark).collect();
        }
        if let Some(view) = &mut view
            && self.watched.contains(&(on.clone(), id))
        {
            view.legacy = Some(legacy::is_on(session, id).await?);
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match &view {
            Some(view) => seen.insert((on.clone(), id), view.record.clone()),
            None => seen.remove(&(on.clone(), id)),
        };
        Ok(view)
    }
}

impl Provider for RemoteProvider {
    async fn view(&self, step: &Step) -> Result<Option<View>> {
        if let Step::Client(client) = step {
            let session = self.session(step.on())?;
            return self.clients.view(session, client).await.map(Some);
        }
        self.current_view(step.on(), step.id()).await
    }

    async fn wait_for_change(&self, attempt: u32) -> bool {
        // 50 ms, 100 ms, 200 ms and so on to a second each: some ten seconds in all.
        const ATTEMPTS: u32 = 14;
        let limit = self
            .sessions
            .values()
            .next()
            .map(|session| session.timeout());
        let wait = Duration::from_millis(50 << attempt.saturating_sub(1).min(5)).min(SECOND);
        let waited = SECOND * attempt.saturating_sub(5);
        if attempt > ATTEMPTS || limit.is_none_or(|limit| waited + wait > limit) {
            return false;
        }
        tokio::time::sleep(wait).await;
        for session in self.sessions.values() {
            session.note_stale_read();
        }
        true
    }

    async fn write(&self, step: &Step) -> Result<Option<String>, WriteError> {
        let session = self.session(step.on()).map_err(|error| WriteError {
            error,
            not_applied: true,
        })?;
        let id = self.created.actual_id(step.on(), step.id());
        if let Step::RemoveLegacy { page, .. } = step {
            let peer = self.sessions.values();
            return legacy::remove(session, id, peer.map(Arc::as_ref), page).await;
        }
        if let Step::Prove { proof, .. } = step {
            return prove(session, proof).await.map_err(|error| WriteError {
                error,
                not_applied: true,
            });
        }
        let written = match step {
            Step::Delete { .. } => return delete(session, id, step).await.map(|()| None),
            Step::Client(step) => {
                return self.clients.write(session, step).await.map(|()| None);
            }
            Step::Create { link, .. } => session
                .create(&NewRecord {
                    id,
                    name: &link.name,
                    type_id: &link.type_id,
                    rpc_url: &link.rpc_url,
                    display_url: &link.display_url,
                    primary: link.primary,
                })
                .await
                .map(|created| {
                    if let Some(created) = created.filter(|created| *created != id) {
                        self.created.set_actual_id(step.on(), step.id(), created);
                    }
                    None
                }),
            Step::SetFlags { from, to, .. } => {
                session.set_flags(id, *from, *to).await.map(|()| None)
            }
            Step::DropConsumer { .. } => drop_consumer(session, id).await.map(|()| None),
            Step::PutConsumer {
                from, to, drops, ..
            } => {
                let drop = async {
                    if *drops {
                        drop_consumer(session, id).await
                    } else {
                        Ok(())
                    }
                };
                match drop.await {
                    Ok(()) => put_consumer(session, id, from.as_ref(), to, *drops)
                        .await
                        .map(|()| None),
                    Err(error) => Err(error),
                }
            }
            Step::Edit { to, .. } => match self.record(session, id).await {
                Ok(record) => session
                    .update(&record, &to.name, &to.display_url)
                    .await
                    .map(|()| None),
                Err(error) => Err(error),
            },
            Step::MakePrimary { .. } => session.make_primary(id).await.map(|()| None),
            Step::Move {
                to, method: way, ..
            } => self.relocate(session, id, to, *way).await,
            // Done above, since it needs the other end too.
            Step::RemoveLegacy { .. } | Step::Prove { .. } => Ok(None),
        };
        written.map_err(|error| WriteError {
            not_applied: error.failure.not_applied() && !in_parts(step, &error),
            error: explain_call_error(step, error),
        })
    }
}

/// Deletes a record. One that is gone already counts as deleted, and an application that knows of
/// none and lists it has not deleted it.
async fn delete(session: &Session, id: ApplicationId, step: &Step) -> Result<(), WriteError> {
    let Err(error) = session.delete(id).await else {
        return Ok(());
    };
    if !matches!(error.failure, Failure::NotFound { .. }) {
        return Err(WriteError {
            not_applied: error.failure.not_applied(),
            error: explain_call_error(step, error),
        });
    }
    match session.view(id).await {
        Ok(None) => Ok(()),
        Ok(Some(view)) => Err(WriteError {
            not_applied: true,
            error: Error::refused(format!(
                "{} says that it has no link {:?}, and lists it",
                session.alias(),
                view.record.name
            )),
        }),
        Err(error) => Err(WriteError {
            not_applied: false,
            error: error.into(),
        }),
    }
}

/// Stores a consumer; what a generic link does not take with it is switched on after. When that
/// is refused, what was there before is put back at once: whether that worked is seen when the
/// record is read again.
async fn put_consumer(
    session: &Session,
    id: ApplicationId,
    before: Option<&Stored>,
    new: &Stored,
    drops: bool,
) -> Result<(), CallError> {
    if let Err(error) = store_consumer(session, id, new).await
        // What is stored all the same is not left half made, whatever the answer was.
        && !is_stored(session, id, new).await
    {
        return Err(error);
    }
    let mut allowed = allow(session, id, new.incoming).await;
    // Its answer may have been lost.
    if let Err(error) = &allowed
        && !error.failure.not_applied()
        && let Ok(Some(now)) = session.flags(id).await
        && now.incoming == new.incoming
    {
        allowed = Ok(());
    }
    if allowed.is_err() {
        match before {
            // It was accepted before: half of the step is done.
            None if drops => {}
            None => {
                let _ = drop_consumer(session, id).await;
            }
            Some(before) => {
                // Under a key of its own it would go on being accepted beside the old one.
                let gone = before.key == new.key || drop_consumer(session, id).await.is_ok();
                if gone && store_consumer(session, id, before).await.is_ok() {
                    let _ = allow(session, id, before.incoming).await;
                }
            }
        }
    }
    allowed
}

/// Whether a consumer is there, although the answer to storing it did not come.
async fn is_stored(session: &Session, id: ApplicationId, consumer: &Stored) -> bool {
    session
        .stored_consumers(id)
        .await
        .is_ok_and(|kept| kept.iter().any(|one| one.mark() == consumer.identity()))
}

async fn store_consumer(
    session: &Session,
    id: ApplicationId,
    consumer: &Stored,
) -> Result<(), CallError> {
    session
        .put_consumer(
            id,
            &ConsumerPayload {
                key: &consumer.key,
                name: &consumer.name,
                description: "registered with applink",
                public_key: &consumer.public_key,
                callback: consumer.callback.as_deref(),
            },
        )
        .await
}

/// Sets what comes in, and leaves what goes out.
async fn allow(session: &Session, id: ApplicationId, incoming: Flags) -> Result<(), CallError> {
    match session.flags(id).await? {
        Some(now) if now.incoming != incoming => {
            session
                .set_flags(id, now, Directions { incoming, ..now })
                .await
        }
        _ => Ok(()),
    }
}

/// Switches the incoming direction off, which takes the consumer and its tokens away.
async fn drop_consumer(session: &Session, id: ApplicationId) -> Result<(), CallError> {
    allow(session, id, Flags::NONE).await
}

/// Whether a refusal may have come after a part of the step was carried out: old plugins take a
/// level in several calls.
fn in_parts(step: &Step, error: &CallError) -> bool {
    match step {
        Step::SetFlags { .. } => error.call.contains("/authentication/provider"),
        Step::PutConsumer { .. } => error.call.contains("/status/"),
        _ => false,
    }
}

/// The refusals that mean more than their status in the light of what was asked.
fn explain_call_error(step: &Step, mut error: CallError) -> Error {
    let on = step.on().clone();
    match (&mut error.failure, step) {
        (Failure::Denied { code, .. }, Step::PutConsumer { to, .. })
            if *code == Code::NotAdmin && to.incoming.impersonation =>
        {
            *code = Code::NotSystemAdmin;
        }
        (Failure::Denied { code, .. }, Step::SetFlags { to, .. })
            if *code == Code::NotAdmin
                && (to.incoming.impersonation || to.outgoing.impersonation) =>
        {
            *code = Code::NotSystemAdmin;
        }
        // Old plugins refuse the provider with a status of their own.
        (
            Failure::Declined {
                status: 400,
                messages,
            },
            Step::SetFlags { to, .. },
        ) if (to.incoming.impersonation || to.outgoing.impersonation)
            && messages
                .iter()
                .any(|said| said.to_ascii_lowercase().contains("system admin")) =>
        {
            error.failure = Failure::Denied {
                code: Code::NotSystemAdmin,
                detail: messages.first().cloned(),
            };
        }
        (Failure::Denied { code, .. }, Step::Move { .. } | Step::Delete { .. })
            if *code == Code::NotAdmin =>
        {
            *code = Code::NotSystemAdmin;
        }
        (Failure::Declined { status: 409, .. }, Step::Move { to, .. }) => {
            return Error::refused(format!(
                "{on} cannot reach {} itself, and did not take it",
                to.rpc_url
            ))
            .hint("start the application there, or check names and firewalls on that server")
            .hint("to take it although nobody answers: --force");
        }
        (
            Failure::Declined {
                status: 409,
                messages,
            },
            Step::SetFlags { .. },
        ) => {
            let said = messages.join("; ");
            return Error::refused(format!(
                "{on} could not fetch the other application's public key from its application URL: {}",
                crate::domain::text::excerpt(&said, 300)
            ))
            .hint("that server must reach the other one: check the application URL, names and firewalls there");
        }
        (Failure::Declined { status: 400, .. }, Step::Edit { from, to, .. })
            if from.name != to.name =>
        {
            return Error::from(error).hint(
                "a name is there once on an application: if another link has it, choose another one",
            );
        }
        (
            Failure::Declined {
                status: 400,
                messages,
            },
            Step::Move { to, .. },
        ) => {
            return Error::refused(format!(
                "{on} finds an application of another type at {}: {}",
                to.rpc_url,
                crate::domain::text::excerpt(&messages.join("; "), 300)
            ))
            .code(Code::TypeMismatch);
        }
        _ => {}
    }
    error.into()
}
