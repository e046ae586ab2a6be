//! From the options of a registration, and what is registered, to the request.

use crate::cli::consumer::args::ConsumerArgs;
use crate::cli::consumer::keys::ConsumerKeyPair;
use crate::cli::consumer::observed::ObservedConsumer;
use crate::cli::consumer::preset::Facts;
use crate::domain::{Flags, PublicKey};
use crate::plan::NewConsumer;
use crate::plan::consumer::ConsumerRequest;

/// What is to be registered: the options, and what is registered where an option is missing.
pub(crate) fn request(
    observed: &ObservedConsumer,
    args: &ConsumerArgs,
    pair: &ConsumerKeyPair,
) -> ConsumerRequest {
    let public = pair.public.as_ref();
    let allowed = observed.allowed();
    let impersonation = args.impersonation || allowed.impersonation;
    let callback = callback(observed, args);
    let key_file = pair
        .key_file
        .as_ref()
        .map(|path| path.display().to_string());
    let snippet = args.preset.map(|preset| {
        preset.snippet(&Facts {
            alias: observed.target.alias.as_str(),
            application: &observed.target.entry.url,
            name: &observed.name,
            key: &observed.key,
            key_file: key_file.as_deref(),
            callback: callback.as_deref(),
        })
    });
    ConsumerRequest {
        on: observed.target.alias.clone(),
        name: observed.name.clone(),
        url: observed.url.clone(),
        consumer: NewConsumer {
            key: observed.key.clone(),
            name: observed.name.clone(),
            public_key: public.map(PublicKey::base64).unwrap_or_default(),
            fingerprint: public.map(PublicKey::fingerprint).unwrap_or_default(),
            callback,
            incoming: Flags {
                three_legged: true,
                two_legged: args.two_legged || allowed.two_legged || impersonation,
                impersonation,
            },
        },
        bits: public.map_or(args.bits, |public| public.bits),
        key_file,
        snippet,
    }
}

/// The callback: the option, the preset's, or the one that is registered.
fn callback(observed: &ObservedConsumer, args: &ConsumerArgs) -> Option<String> {
    match (&args.callback, args.preset) {
        (Some(url), _) => Some(url.to_string()),
        (None, preset) => preset
            .and_then(|preset| preset.callback(&observed.url))
            .or_else(|| {
                observed
                    .present()
                    .and_then(|present| present.callback.clone())
            }),
    }
}
