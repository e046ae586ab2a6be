//! What answers at the records' addresses that are not those of known applications. Each address
//! is asked once, without any account.

use std::sync::Arc;

use crate::context::{Context, Target};
use crate::diagnose::observation::Redirect;
use crate::domain::{Alias, BaseUrl, Manifest, Record};
use crate::error::Error;
use crate::observe::peers::Peers;
use crate::remote::fleet::OnceMap;
use crate::remote::tls::TlsFiles;
use crate::remote::{CallError, Failure, Session};

/// The addresses that were asked.
#[derive(Default)]
pub(crate) struct AddressBook(OnceMap<BaseUrl, AnswerAtAddress>);

/// What answers at an address.
#[derive(Debug, Clone)]
pub(crate) struct AnswerAtAddress {
    pub(crate) manifest: Result<Manifest, Error>,
    pub(crate) moved: Option<Redirect>,
}

impl AddressBook {
    /// What answers there.
    pub(crate) async fn at(
        &self,
        context: &Context,
        url: &BaseUrl,
        tls: TlsFiles,
    ) -> AnswerAtAddress {
        let ask = async {
            let transport = Arc::clone(&context.transport);
            let session = Session::without_alias(url.clone(), tls.clone(), transport);
            let manifest = session.manifest().await;
            let moved = match &manifest {
                Err(error) => follow(context, tls, error).await,
                Ok(_) => None,
            };
            let manifest = manifest.cloned().map_err(Error::from);
            AnswerAtAddress { manifest, moved }
        };
        self.0.get(url.clone(), ask).await
    }

    /// Asks the address of a record as soon as it is seen, where it will be asked in any case.
    pub(crate) async fn ahead(
        &self,
        context: &Context,
        holder: &Target,
        record: &Record,
        peers: &Peers,
    ) {
        let Some(url) = asked_of(record, holder.entry.url.is_loopback()) else {
            return;
        };
        if !peers.has_url(&url) {
            let about = peers.of(record);
            let vouching = about.map(|(target, _)| authorities(context, &target.alias));
            self.at(context, &url, vouching.unwrap_or_default()).await;
        }
    }
}

/// The address of a record, where it is one that can be asked from here. `is_here` says whether
/// the application that holds it is on this machine.
pub(crate) fn asked_of(record: &Record, is_here: bool) -> Option<BaseUrl> {
    if record.system || !record.type_id.is_atlassian() {
        return None;
    }
    // Loopback is another place for another server than it is from here.
    record
        .application_url()
        .filter(|url| is_here || !url.is_loopback())
}

/// Follows a redirect of a manifest one step, without any account.
pub(crate) async fn follow(
    context: &Context,
    tls: TlsFiles,
    error: &CallError,
) -> Option<Redirect> {
    let Failure::Redirected { status, location } = &error.failure else {
        return None;
    };
    let base = location.strip_suffix("/rest/applinks/1.0/manifest")?;
    let to = BaseUrl::parse(base).ok()?;
    let session = Session::without_alias(to.clone(), tls, Arc::clone(&context.transport));
    Some(Redirect {
        permanent: matches!(status, 301 | 308),
        manifest: session.manifest().await.ok().cloned(),
        to,
    })
}

/// The certificate authorities of an application, without what it is shown of ours.
pub(crate) fn authorities(context: &Context, alias: &Alias) -> TlsFiles {
    let known = context.app(alias);
    TlsFiles {
        authorities: known
            .map(|target| context.tls_files(&target.entry).authorities)
            .unwrap_or_default(),
        ..TlsFiles::default()
    }
}
