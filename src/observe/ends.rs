//! The two ends of one link: sessions, identities, rights, and the records that are there.

use std::sync::Arc;

use crate::context::{Context, Target};
use crate::domain::{ApplicationId, Code, Manifest, Record, View};
use crate::error::{Error, Kind, Result};
use crate::plan::side::Side;
use crate::remote::Session;
use crate::remote::session::SystemRights;
use crate::resolve::Resolved;

/// Who looks at an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its administrator.
    Administrator,
    /// Anybody.
    Anybody,
}

/// A session, with the manifest that may be known already.
pub(crate) async fn open(
    context: &Context,
    resolved: &Resolved,
    access: Access,
) -> Result<Arc<Session>> {
    let session = match access {
        Access::Administrator => context.session(&resolved.target).await?,
        Access::Anybody => context.anonymous_session(&resolved.target),
    };
    if let Some(manifest) = &resolved.manifest {
        session.set_manifest(manifest.clone());
    }
    Ok(session)
}

/// Looks at both sides at once: who they are, whether the accounts suffice, what is there.
pub(crate) async fn observe(
    sessions: &[Arc<Session>; 2],
    targets: [&Target; 2],
    access: [Access; 2],
) -> Result<[Side; 2]> {
    let [a, b] = sessions;
    let (a_manifest, b_manifest) = tokio::join!(a.manifest(), b.manifest());
    let (a_manifest, b_manifest) = (a_manifest?.clone(), b_manifest?.clone());
    same_application(targets[0], a_manifest.id)?;
    same_application(targets[1], b_manifest.id)?;
    let (a_rights, b_rights) = tokio::join!(rights(a, access[0]), rights(b, access[1]));
    a_rights?;
    b_rights?;
    let (a_state, b_state) = tokio::join!(
        existing(a, access[0], b_manifest.id),
        existing(b, access[1], a_manifest.id)
    );
    let (a_state, b_state) = (a_state?, b_state?);
    let side =
        |session: &Session, manifest, there: &Manifest, (existing, others): ExistingRecord| Side {
            alias: session.alias().clone(),
            url: session.url().clone(),
            manifest,
            existing,
            primary: others
                .iter()
                .find(|record| record.primary && record.type_id == there.type_id)
                .map(|record| record.id),
            others,
        };
    Ok([
        side(a, a_manifest.clone(), &b_manifest, a_state),
        side(b, b_manifest, &a_manifest, b_state),
    ])
}

/// Whether the accounts may allow impersonation, where the product tells: found out while nothing
/// is changed.
pub(crate) async fn may_impersonate(sessions: &[Arc<Session>]) -> Result<()> {
    for session in sessions {
        if session.system_administrator().await == SystemRights::No {
            return Err(Error::new(
                Kind::Permission,
                format!(
                    "impersonation is for system administrators, and the account on {} is none",
                    session.alias()
                ),
            )
            .code(Code::NotSystemAdmin)
            .hint("use the account of a system administrator of that application"));
        }
    }
    Ok(())
}

/// That what answers is what the state knows: a secret is not sent to a stranger.
pub(crate) fn same_application(target: &Target, id: ApplicationId) -> Result<()> {
    if target.known && target.entry.id != id {
        return Err(Error::conflict(format!(
            "{} is known as application {}, and {id} answers at {}",
            target.alias, target.entry.id, target.entry.url
        ))
        .code(Code::IdMismatch)
        .hint(format!(
            "if it was set up anew: applink app remove {} and add it again",
            target.alias
        )));
    }
    Ok(())
}

/// Administrator, and not behind a secure session: found out while nothing is changed.
pub(crate) async fn rights(session: &Session, access: Access) -> Result<()> {
    if access == Access::Administrator {
        session.administrator().await?;
        session.websudo().await?;
    }
    Ok(())
}

/// The record of the other application, and all other records.
pub(crate) type ExistingRecord = (Option<View>, Vec<Record>);

pub(crate) async fn existing(
    session: &Session,
    access: Access,
    id: ApplicationId,
) -> Result<ExistingRecord> {
    if access == Access::Anybody {
        return Ok((None, Vec::new()));
    }
    let (mut records, listed) = session.overview().await?;
    let view = match listed {
        Some(listed) => {
            let mut views = listed.into_iter().map(|one| one.view);
            views.find(|view| view.record.id == id)
        }
        None if records.iter().any(|record| record.id == id) => session.view(id).await?,
        None => None,
    };
    records.retain(|record| record.id != id);
    Ok((view, records))
}
