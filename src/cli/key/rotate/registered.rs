//! The registered consumer whose key is rotated.

use crate::cli::consumer::{Registered, refuse_unreadable, unregistered};
use crate::context::{Context, Target};
use crate::domain::ApplicationId;
use crate::error::Result;
use crate::observe::consumer::registered;
use crate::plan::NewConsumer;
use crate::remote::Session;
use crate::state::ConsumerEntry;

/// A program as the state and the application know it.
pub(crate) struct RotationTarget {
    pub(crate) target: Target,
    pub(crate) session: std::sync::Arc<Session>,
    pub(crate) known: Option<ConsumerEntry>,
    pub(crate) id: ApplicationId,
    pub(crate) now: NewConsumer,
}

pub(crate) async fn find(context: &Context, name: &str, target: Target) -> Result<RotationTarget> {
    let Registered {
        session,
        known,
        there,
    } = registered(context, &target, name).await?;
    let gone = || unregistered(context, &target, name);
    let there = there.ok_or_else(gone)?;
    refuse_unreadable(&target, name, Some(&there))?;
    let id = there.view.record.id;
    let now = there.consumer.ok_or_else(gone)?;
    Ok(RotationTarget {
        target,
        session,
        known,
        id,
        now,
    })
}
