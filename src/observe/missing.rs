//! A known application whose manifest is missing at its address: it may have got another context
//! path.

use std::sync::Arc;

use crate::context::{Context, Target};
use crate::domain::{BaseUrl, SuggestedCommand};
use crate::error::{Error, Kind};
use crate::remote::tls::TlsFiles;
use crate::remote::{CallError, Failure, Session, fleet};
use crate::resolve::USUAL_CONTEXTS;

/// Why the manifest of a known application could not be read. Where the address has none, the usual
/// context paths of its host are asked for the same application id.
pub(crate) async fn explain(context: &Context, target: &Target, error: CallError) -> Error {
    if !matches!(error.failure, Failure::NotFound { .. }) {
        return error.into();
    }
    let url = &target.entry.url;
    let missing = Error::new(
        Kind::Unreachable,
        format!("no application answers at {url} any more"),
    )
    .about(&target.alias);
    let Some(found) = find(context, target).await else {
        return missing
            .hint("check the context path, and the routes of the proxy in front")
            .hint(format!(
                "if it moved: applink relocate {} NEW_URL",
                target.alias
            ));
    };
    let address = found.to_string();
    let relocate = SuggestedCommand::applink(["relocate", target.alias.as_str(), &address]);
    let missing = missing.hint(format!("the same application answers at {found}"));
    match relocate {
        Some(relocate) => missing.hint(format!("next: {}", relocate.command())),
        None => missing,
    }
}

/// The address on the same host under which the same application answers.
async fn find(context: &Context, target: &Target) -> Option<BaseUrl> {
    let url = &target.entry.url;
    let paths = std::iter::once("").chain(USUAL_CONTEXTS.iter().copied());
    let candidates: Vec<BaseUrl> = paths
        .filter_map(|path| url.at(path))
        .filter(|candidate| candidate != url)
        .collect();
    let tls = TlsFiles {
        authorities: context.tls_files(&target.entry).authorities,
        ..TlsFiles::default()
    };
    let ids = fleet::each(&candidates, |candidate| {
        let transport = Arc::clone(&context.transport);
        let session = Session::without_alias(candidate.clone(), tls.clone(), transport);
        async move { session.manifest().await.map(|manifest| manifest.id).ok() }
    })
    .await;
    let mut found = candidates.into_iter().zip(ids);
    found
        .find(|(_, id)| *id == Some(target.entry.id))
        .map(|(candidate, _)| candidate)
}
