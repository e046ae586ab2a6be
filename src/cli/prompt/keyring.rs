//! The operating system's keyring, offered as the home of a secret.
//!
//! Whether it answers is found out once in a conversation. What was typed to be kept is kept when
//! that for which it was typed is confirmed, and not before: who answers no, or leaves, has left
//! nothing in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::apply::key_file::LocalSetup;
use crate::apply::keyring::forget;
use crate::context::{Context, Target};
use crate::credentials::{Credential, CredentialSource};
use crate::domain::{Alias, BaseUrl};
use crate::error::Result;

/// The keyring, in one conversation.
#[derive(Default)]
pub(crate) struct KeyringChoice {
    answers: Option<bool>,
    wanted: Vec<Alias>,
}

impl KeyringChoice {
    /// Whether it can be offered; where it cannot, that is said once.
    pub(crate) async fn is_offered(&mut self, context: &Context, target: &Target) -> bool {
        if let Some(answers) = self.answers {
            return answers;
        }
        let found = context
            .has_keyring(target, target.entry.user.as_deref())
            .await;
        if let Err(error) = &found {
            // What the system says of it is for whoever looks closer.
            context.ui.detail(1, &error.message);
            let said = error
                .message
                .replace(&format!("{}: ", target.entry.url), "");
            let said = said.split(" (").next().unwrap_or_default();
            context.ui.note(&format!(
                "{said}; a variable, a program or a file can hold the secret"
            ));
        }
        *self.answers.insert(found.is_ok())
    }

    /// The log-in of an application, typed and tried, is to be kept.
    pub(crate) fn wants(&mut self, context: &Context, target: &Target) {
        if context.settings.dry_run {
            context
                .ui
                .note("the keyring would keep it, and a dry run does not");
        } else {
            self.wanted.push(target.alias.clone());
        }
    }

    /// Whether it is to keep the log-in of an application.
    pub(crate) fn keeps(&self, alias: &Alias) -> bool {
        self.wanted.contains(alias)
    }

    /// What is to be kept when the conversation is over.
    pub(crate) fn into_wanted(self) -> PendingKeyringWrites {
        PendingKeyringWrites(self.wanted)
    }
}

/// The applications whose log-ins are to be kept.
#[derive(Default)]
pub(crate) struct PendingKeyringWrites(Vec<Alias>);

impl PendingKeyringWrites {
    /// Gets ready to keep them: `targets` record the keyring from now on, so everything that needs
    /// an account has to be logged in already. `None` where nothing is to be kept.
    pub(crate) async fn ready(
        &self,
        context: &Context,
        targets: &mut [Target],
    ) -> Result<Option<KeyringWrites>> {
        let mut all = Vec::new();
        for target in targets {
            if !self.0.contains(&target.alias) {
                continue;
            }
            let typed = context.credential(target).await?;
            target.entry.credential = Some(CredentialSource::Keyring);
            let is_new = context.credential(target).await.is_err();
            all.push((target.clone(), typed, is_new));
        }
        Ok((!all.is_empty()).then(|| KeyringWrites {
            all,
            is_done: Arc::default(),
        }))
    }
}

/// Log-ins that are ready to be kept.
pub(crate) struct KeyringWrites {
    /// Whose, what was typed, and whether the keyring had none for that account before.
    all: Vec<(Target, Credential, bool)>,
    is_done: Arc<AtomicBool>,
}

impl KeyringWrites {
    /// Keeps them when the plan is confirmed.
    pub(crate) fn prepare(&self, context: &Context) -> LocalSetup {
        LocalSetup::new(self.work(context))
    }

    /// Keeps them now.
    pub(crate) fn keep(&self, context: &Context) -> Result<()> {
        self.work(context)()
    }

    fn work(&self, context: &Context) -> impl FnOnce() -> Result<()> + Send + use<> {
        let resolver = context.resolver().clone();
        let all: Vec<(BaseUrl, Credential)> = self
            .all
            .iter()
            .map(|(target, typed, _)| (target.entry.url.clone(), typed.clone()))
            .collect();
        let is_done = Arc::clone(&self.is_done);
        move || {
            is_done.store(true, Ordering::SeqCst);
            // A store may ask a person; signals are heard meanwhile.
            tokio::task::block_in_place(|| {
                all.iter()
                    .try_for_each(|(url, typed)| resolver.store_in_keyring(url, typed))
            })
        }
    }

    /// Takes out again what nothing refers to: the run failed and left nothing behind.
    pub(crate) async fn take_back(&self, context: &Context) {
        let is_unfinished = context.store.paths().journal().exists();
        if !self.is_done.load(Ordering::SeqCst) || is_unfinished {
            return;
        }
        for (target, _, is_new) in &self.all {
            let recorded = context.app(&target.alias).is_some_and(|known| {
                known.entry.credential == Some(CredentialSource::Keyring)
                    && known.entry.user == target.entry.user
            });
            if *is_new && !recorded {
                forget(context, target).await;
            }
        }
    }
}
