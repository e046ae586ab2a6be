//! The end of Trusted Applications and Basic: only once OAuth is seen to be there at both ends.

use crate::domain::{ApplicationId, Code, Consumer};
use crate::error::{Error, Kind};
use crate::plan::execute::WriteError;
use crate::remote::{CallError, Session};

/// Whether any of the old means is on. What goes out is listed; of what comes in the application's
/// own status speaks, unless something graver is wrong: then its older list does.
pub(crate) async fn is_on(session: &Session, id: ApplicationId) -> Result<bool, CallError> {
    if session.outgoing_legacy(id).await? {
        return Ok(true);
    }
    match session.status(id).await? {
        Some(status) if status.working => Ok(false),
        Some(status)
            if status
                .code
                .is_some_and(|code| is_ready(code) || is_alone(code)) =>
        {
            Ok(true)
        }
        _ => Ok(session
            .old_view(id)
            .await?
            .is_some_and(|listed| listed.legacy.incoming || listed.legacy.outgoing)),
    }
}

/// OAuth is there at both ends, and the old means too.
fn is_ready(code: Code) -> bool {
    matches!(
        code,
        Code::LegacyRemoval | Code::ManualLegacyRemoval | Code::ManualLegacyRemovalWithOldEdit
    )
}

/// Nothing but the old means is there.
fn is_alone(code: Code) -> bool {
    matches!(code, Code::LegacyUpdate | Code::ManualLegacyUpdate)
}

/// Lets the application end the old means, after a last look. `peers` are all applications of the
/// plan.
pub(crate) async fn remove<'a>(
    session: &Session,
    id: ApplicationId,
    peers: impl Iterator<Item = &'a Session>,
    page: &str,
) -> Result<Option<String>, WriteError> {
    let by_hand = |error: Error| error.hint(format!("or end it by hand on the page {page}"));
    let refused = |error: Error| WriteError {
        error: by_hand(error),
        not_applied: true,
    };
    look(session, id, peers).await.map_err(refused)?;
    match session.migrate(id).await {
        Ok(()) => Ok(None),
        Err(error) => Err(WriteError {
            not_applied: error.failure.not_applied(),
            error: by_hand(error.into()),
        }),
    }
}

/// The last look: the application finds the levels of both ends equal, and keeps the consumer that
/// the other end presents.
async fn look<'a>(
    session: &Session,
    id: ApplicationId,
    peers: impl Iterator<Item = &'a Session>,
) -> Result<(), Error> {
    let on = session.alias();
    let code = session.status(id).await?.and_then(|status| status.code);
    if !code.is_some_and(is_ready) {
        let why = code.map_or_else(
            || "its status says nothing of it".to_owned(),
            |code| format!("its status says {code}"),
        );
        let error = Error::new(
            Kind::Refused,
            format!("{on} does not find OAuth in order at both ends, so the old means stay: {why}"),
        );
        return Err(match code {
            Some(code) => error.code(code),
            None => error,
        });
    }
    for peer in peers {
        if peer
            .manifest()
            .await
            .is_ok_and(|manifest| manifest.id == id)
        {
            let flags = session.flags(id).await?;
            if flags.is_none_or(|flags| flags.incoming == crate::domain::Flags::NONE) {
                return Ok(());
            }
            let (presented, kept) = (
                peer.own_consumer().await?,
                session.stored_consumers(id).await?,
            );
            let is_it = |one: &Consumer| {
                one.key == presented.key && one.mark().fingerprint == presented.mark().fingerprint
            };
            if !kept.iter().any(is_it) {
                return Err(Error::refused(format!(
                    "{on} keeps another consumer for {} than it presents, so the old means stay",
                    peer.alias()
                ))
                .code(Code::ConsumerKeyMismatch)
                .hint(format!(
                    "mend it first: applink repair {on} {}",
                    peer.alias()
                )));
            }
            return Ok(());
        }
    }
    Ok(())
}
