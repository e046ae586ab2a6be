//! The Secret Service over D-Bus: GNOME keyring, KWallet, KeePassXC and others.
//!
//! A secret has the attributes `service` and `username`, which other programs use too, so that
//! `secret-tool lookup service 'applink https://jira.example.com' username admin` finds it.

use std::collections::HashMap;
use std::future::Future;

use secret_service::{EncryptionType, Error, Item, SecretService};
use zeroize::Zeroizing;

use super::{Keyring, KeyringEntry, KeyringError, System};

/// What a secret is found by.
fn attributes(place: &KeyringEntry) -> HashMap<&str, &str> {
    HashMap::from([
        ("service", place.service.as_str()),
        ("username", place.account.as_str()),
    ])
}

impl Keyring for System {
    fn get(&self, place: &KeyringEntry) -> Result<Option<Zeroizing<String>>, KeyringError> {
        run(async {
            let service = connect().await?;
            let found = service.search_items(attributes(place)).await;
            let found = found.map_err(refused)?;
            let mut all = found.unlocked.iter().chain(&found.locked);
            let Some(item) = all.next() else {
                return Ok(None);
            };
            if all.next().is_some() {
                return Err(KeyringError::Refused(
                    "it holds several secrets for that account".to_owned(),
                ));
            }
            open(&service, &found.locked).await?;
            let secret = Zeroizing::new(item.get_secret().await.map_err(refused)?);
            match std::str::from_utf8(&secret) {
                Ok(text) => Ok(Some(Zeroizing::new(text.to_owned()))),
                Err(_) => Err(KeyringError::Refused(
                    "the secret in it is no text".to_owned(),
                )),
            }
        })
    }

    fn set(&self, place: &KeyringEntry, secret: &str) -> Result<(), KeyringError> {
        run(async {
            let service = connect().await?;
            let collection = service.get_default_collection().await.map_err(refused)?;
            if collection.is_locked().await.map_err(refused)? {
                collection.unlock().await.map_err(refused)?;
            }
            collection
                .create_item(
                    &format!("{} ({})", place.service, place.account),
                    attributes(place),
                    secret.as_bytes(),
                    true,
                    "text/plain; charset=utf8",
                )
                .await
                .map_err(refused)?;
            Ok(())
        })
    }

    fn delete(&self, place: &KeyringEntry) -> Result<bool, KeyringError> {
        run(async {
            let service = connect().await?;
            let found = service.search_items(attributes(place)).await;
            let found = found.map_err(refused)?;
            open(&service, &found.locked).await?;
            let mut there = false;
            for item in found.unlocked.iter().chain(&found.locked) {
                item.delete().await.map_err(refused)?;
                there = true;
            }
            Ok(there)
        })
    }
}

/// Carries out one question on the thread that waits for it.
fn run<T>(work: impl Future<Output = Result<T, KeyringError>>) -> Result<T, KeyringError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| KeyringError::Refused(error.to_string()))?
        .block_on(work)
}

/// A session in which secrets are encrypted on the bus.
async fn connect() -> Result<SecretService<'static>, KeyringError> {
    SecretService::connect(EncryptionType::Dh)
        .await
        .map_err(|error| KeyringError::Absent(words(&error)))
}

/// Unlocks what is locked; the service may ask a person for it.
async fn open(service: &SecretService<'_>, locked: &[Item<'_>]) -> Result<(), KeyringError> {
    if locked.is_empty() {
        return Ok(());
    }
    let locked: Vec<_> = locked.iter().collect();
    service.unlock_all(&locked).await.map_err(refused)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
fn refused(error: Error) -> KeyringError {
    KeyringError::Refused(words(&error))
}

/// What it says, without the names of the layers that say it.
fn words(error: &Error) -> String {
    let text = match error {
        Error::Locked => "it is locked".to_owned(),
        Error::Prompt => "its question was answered with no".to_owned(),
        Error::NoResult => "it has no collection for new secrets".to_owned(),
        Error::Zbus(inner) => inner.to_string(),
        Error::ZbusFdo(inner) => inner.to_string(),
        other => other.to_string(),
    };
    crate::domain::text::excerpt(&text, 200)
}
