//! The key pair of a third-party program: given, found, or made.

use std::path::{Path, PathBuf};

use crate::cli::consumer::args::ConsumerArgs;
use crate::cli::consumer::observed::ObservedConsumer;
use crate::context::Context;
use crate::domain::PublicKey;
use crate::error::{Error, Result};
use crate::oauth::keys::PrivateKey;
use crate::oauth::{files, formats, public_key};

/// The key pair of a program: what is published, and what is still to be written.
pub(crate) struct ConsumerKeyPair {
    /// None where one would be made and nothing is to be done.
    pub(crate) public: Option<PublicKey>,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) fresh: Option<PrivateKey>,
}

/// The public key that is given.
pub(crate) fn given_key(args: &ConsumerArgs) -> Result<Option<ConsumerKeyPair>> {
    let Some(path) = &args.public_key else {
        return Ok(None);
    };
    let file = files::read(path).map_err(|fault| fault.at(path))?;
    let found = formats::read(&file.bytes).map_err(|fault| fault.at(path))?;
    if found.is_private() {
        return Err(Error::usage(format!(
            "{} holds a private key, and --public-key takes the public one",
            path.display()
        ))
        .hint("give a private key with --key-file: its public half is used"));
    }
    let public = found.public(None).map_err(|fault| fault.at(path))?;
    Ok(Some(ConsumerKeyPair {
        public: Some(public),
        key_file: None,
        fresh: None,
    }))
}

/// The public key where none is given: that of the key file, the one that is registered, or that
/// of a new pair.
pub(crate) async fn key_pair(
    context: &Context,
    args: &ConsumerArgs,
    observed: &ObservedConsumer,
) -> Result<ConsumerKeyPair> {
    let path = key_path(context, args, observed);
    let loaded = match path.symlink_metadata() {
        Ok(_) => Some(PrivateKey::load(&path)?),
        Err(_) => None,
    };
    let present = observed.present();
    // A program that has a key keeps it, unless another one is named.
    if let Some(present) = present
        && args.key_file.is_none()
        && observed.key_file.is_none()
        && loaded
            .as_ref()
            .is_none_or(|key| key.public().fingerprint() != present.fingerprint)
    {
        let public = public_key::parse(&present.public_key)
            .map_err(|error| Error::internal(error.to_string()))?;
        return Ok(ConsumerKeyPair {
            public: Some(public),
            key_file: None,
            fresh: None,
        });
    }
    if let Some(key) = loaded {
        return Ok(ConsumerKeyPair {
            public: Some(key.public().clone()),
            key_file: Some(path),
            fresh: None,
        });
    }
    if present.is_some() && args.key_file.is_none() {
        return Err(Error::conflict(format!(
            "the private key {} is not there any more",
            path.display()
        ))
        .hint("give the key with --key-file or --public-key")
        .hint("to make a new one: --key-file with the same path"));
    }
    if context.settings.dry_run {
        return Ok(ConsumerKeyPair {
            public: None,
            key_file: Some(path),
            fresh: None,
        });
    }
    new_pair(context, args.bits, path).await
}

/// The file of the private key: as named, as recorded, or in applink's own directory.
fn key_path(context: &Context, args: &ConsumerArgs, observed: &ObservedConsumer) -> PathBuf {
    let paths = context.store.paths();
    match (&args.key_file, &observed.key_file) {
        (Some(path), _) => std::path::absolute(path).unwrap_or_else(|_| path.clone()),
        (None, Some(recorded)) => paths.resolve(recorded),
        (None, None) => {
            let name = format!("{}-{}.pem", observed.target.alias, observed.slug);
            paths.keys().join(name)
        }
    }
}

/// Makes a key pair; nothing is written yet.
async fn new_pair(context: &Context, bits: u32, path: PathBuf) -> Result<ConsumerKeyPair> {
    let wait = context
        .ui
        .waiting(&format!("making a key pair of {bits} bits"));
    let key = tokio::task::spawn_blocking(move || PrivateKey::generate(bits))
        .await
        .map_err(|error| Error::internal(format!("no key could be made: {error}")))?
        .map_err(|fault| fault.at(&path))?;
    drop(wait);
    Ok(ConsumerKeyPair {
        public: Some(key.public().clone()),
        key_file: Some(path),
        fresh: Some(key),
    })
}

/// The private half is safe on disk before the public one leaves this machine. Only the directory
/// of applink's own is made.
pub(crate) fn write_key(key: &PrivateKey, path: &Path, keys: &Path) -> Result<()> {
    if path.parent() == Some(keys) {
        files::make_directory(keys).map_err(|fault| fault.at(keys))?;
    }
    let pem = key.to_pkcs8_pem().map_err(|fault| fault.at(path))?;
    files::create_private(path, &pem).map_err(|fault| fault.at(path))
}

#[cfg(test)]
mod tests {
    use crate::cli::args::consumer_key;

    #[test]
    fn consumer_keys_have_no_blank_ends() {
        assert!(consumer_key("Jenkins:1").is_ok());
        assert!(consumer_key("jenkins ").is_err());
        assert!(consumer_key("").is_err());
    }
}
