//! What a run makes on this machine before anything is sent, and what becomes of it when nothing
//! is left changed: a private key whose public half nobody has opens nothing.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::Result;
use crate::oauth::PrivateKey;
use crate::plan::{Agenda, Goal};

/// Something to be done on this machine, once the plan is confirmed.
pub(in crate::cli) struct Prepare {
    act: Box<dyn FnOnce() -> Result<()> + Send>,
    key_file: Option<PathBuf>,
}

impl Prepare {
    /// Something that leaves nothing that is only of use with what is changed.
    pub(in crate::cli) fn new(act: impl FnOnce() -> Result<()> + Send + 'static) -> Self {
        Self {
            act: Box::new(act),
            key_file: None,
        }
    }

    /// Something that makes the file of a private key.
    pub(in crate::cli) fn making(
        key_file: PathBuf,
        act: impl FnOnce() -> Result<()> + Send + 'static,
    ) -> Self {
        Self {
            act: Box::new(act),
            key_file: Some(key_file),
        }
    }

    /// Does it; tells which file of a private key it has made.
    pub(super) fn done(self) -> Result<Option<PathBuf>> {
        (self.act)()?;
        Ok(self.key_file)
    }
}

/// The name in a journal's context.
const MADE: &str = "key_file_made";

/// Notes a file in the context of a journal: another process may take the run back.
pub(super) fn note(context: &mut Value, key_file: Option<&Path>) {
    if let (Some(fields), Some(file)) = (context.as_object_mut(), key_file) {
        fields.insert(MADE.to_owned(), file.display().to_string().into());
    }
}

/// The file that a journal's run has made.
pub(super) fn noted(context: &Value) -> Option<PathBuf> {
    context.get(MADE)?.as_str().map(PathBuf::from)
}

/// Removes the file that a run has made, if it holds what the run has put there; whether it is gone.
pub(super) fn forget(key_file: &Path, agenda: &Agenda) -> bool {
    let own = PrivateKey::load(key_file).is_ok_and(|key| {
        let made = key.public().fingerprint();
        agenda.parts.iter().any(
            |plan| matches!(&plan.goal, Goal::Consumer { fingerprint, .. } if *fingerprint == made),
        )
    });
    own && std::fs::remove_file(key_file).is_ok()
}

/// An agenda without the key pair that is gone.
pub(super) fn without_key(agenda: &Agenda) -> Agenda {
    let mut agenda = agenda.clone();
    for plan in &mut agenda.parts {
        if let Goal::Consumer {
            fingerprint,
            bits,
            key_file,
            ..
        } = &mut plan.goal
        {
            fingerprint.clear();
            *bits = 0;
            *key_file = None;
        }
    }
    agenda
}
