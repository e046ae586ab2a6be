//! What one application shows in a verification: who it is, its records, and how each end is.

use std::sync::Arc;
use std::time::Instant;

use crate::context::{Context, Target};
use crate::diagnose::observation::Redirect;
use crate::diagnose::{AppObservation, StaleConsumer};
use crate::domain::{ApplicationId, Manifest, Record};
use crate::error::{Error, Result};
use crate::observe::addresses::{self, AddressBook, follow};
use crate::observe::application::AppReader;
use crate::observe::peers::{Depth, Ends, Peers};
use crate::observe::{missing, reachability, stale_consumers};
use crate::remote::handshake::Prober;
use crate::remote::{CallError, Session, fleet};

/// What all applications that are looked at share.
pub(super) struct Round<'a> {
    pub(super) context: &'a Context,
    pub(super) depth: Depth,
    pub(super) ends: Ends<'a>,
    pub(super) prober: Option<Prober<'a>>,
    pub(super) peers: Peers,
    pub(super) places: AddressBook,
    pub(super) began: Instant,
}

/// What one application has shown.
pub(super) struct Shown {
    pub(super) app: AppObservation,
    pub(super) asked: AppReader,
    pub(super) leftovers: Vec<(ApplicationId, StaleConsumer)>,
}

/// Reads what one application says of itself and of its links.
pub(super) async fn application(round: &Round<'_>, target: &Target) -> Shown {
    let (context, depth) = (round.context, round.depth);
    let (session, login) = sign_in(round, target).await;
    session.fail_fast();
    let mut asked = AppReader::new(&session);
    let story = async {
        let (manifest, redirect) = identify(round, target, &session, &login).await;
        let records = match (manifest.as_ref().err(), &login) {
            // The application cannot be asked, which is said once.
            (Some(error), _) | (None, Login::Failed(error)) => Err(error.clone()),
            // Its records need an account, and none is expected for it.
            (None, Login::NotNeeded) => Ok(Vec::new()),
            (None, Login::Given) => {
                let overview = session.overview().await.map_err(Error::from);
                overview.map(|(records, listed)| {
                    asked.know(listed);
                    records
                })
            }
        };
        let seen = records.as_deref().unwrap_or_default();
        let leftovers = read_ends(round, target, seen, &asked).await;
        (manifest, records, redirect, leftovers)
    };
    let ((manifest, records, redirect, leftovers), reach, consumer) = tokio::join!(
        story,
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
        redirect,
        reach,
    };
    reachability::explain(&mut app);
    Shown {
        app,
        asked,
        leftovers,
    }
}

/// Whether an application is read with an account.
enum Login {
    Given,
    /// No account is expected: only links lead to it.
    NotNeeded,
    /// Its credentials could not be had.
    Failed(Error),
}

/// A session with the account of the application, or without one.
async fn sign_in(round: &Round<'_>, target: &Target) -> (Arc<Session>, Login) {
    let context = round.context;
    // The verification that closes a one-way link does not use the remote end's account, even
    // where there is one.
    let is_far_side = match round.depth {
        Depth::Closing => context.is_only_linked_to(target),
        Depth::Full | Depth::Report => context.needs_no_account(target),
    };
    if is_far_side {
        return (context.anonymous_session(target), Login::NotNeeded);
    }
    match context.session(target).await {
        Ok(session) => (session, Login::Given),
        Err(error) => (context.anonymous_session(target), Login::Failed(error)),
    }
}

/// The manifest, and where it moved to. The account and the capabilities are read beside it, since
/// the records need both.
async fn identify(
    round: &Round<'_>,
    target: &Target,
    session: &Session,
    login: &Login,
) -> (Result<Manifest>, Option<Redirect>) {
    let (manifest, (), _) = tokio::join!(
        async {
            let manifest = session.manifest().await;
            let hangs = manifest.as_ref().is_err_and(CallError::hangs);
            round.peers.report(target, hangs);
            manifest
        },
        async {
            if matches!(login, Login::Given) {
                // A refusal is kept by the session, and told where the records are read.
                let _ = session.administrator().await;
            }
        },
        session.capabilities(),
    );
    let redirect = match &manifest {
        Err(error) if round.depth.is_full() => {
            let authorities = addresses::authorities(round.context, &target.alias);
            follow(round.context, authorities, error).await
        }
        _ => None,
    };
    let manifest = match manifest {
        Ok(manifest) => Ok(manifest.clone()),
        Err(error) => Err(missing::explain(round.context, target, error).await),
    };
    (manifest, redirect)
}

/// Reads the end of each record in scope, asks the addresses that the records lead to, and looks
/// for consumers that no link names any more.
async fn read_ends(
    round: &Round<'_>,
    target: &Target,
    records: &[Record],
    asked: &AppReader,
) -> Vec<(ApplicationId, StaleConsumer)> {
    let in_scope = |record: &Record| round.ends.include(&target.alias, record);
    let (_, _, leftovers) = tokio::join!(
        fleet::each(records, |record| async move {
            if in_scope(record) {
                let peer = round.peers.of(record).map(|(_, presence)| presence);
                asked.end(round.depth, record, peer, round.began).await;
            }
        }),
        fleet::each(records, |record| async move {
            if in_scope(record) {
                round
                    .places
                    .ahead(round.context, target, record, &round.peers)
                    .await;
            }
        }),
        async {
            if round.depth.is_full() {
                stale_consumers::of(round.context, &target.alias, records, asked).await
            } else {
                Vec::new()
            }
        }
    );
    leftovers
}
