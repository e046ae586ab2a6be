//! What a run makes on this machine before anything is sent, and what becomes of it when nothing
//! is left changed: a private key whose public half nobody has opens nothing.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::oauth::PrivateKey;
use crate::plan::execute::StepState;
use crate::plan::journal::OpenJournal;
use crate::plan::{Goal, PlanSet, Step};

/// Something to be done on this machine, once the plan is confirmed.
pub(crate) struct LocalSetup {
    act: Box<dyn FnOnce() -> Result<()> + Send>,
    key_file: Option<PathBuf>,
}

impl LocalSetup {
    /// Something that leaves nothing that is only of use with what is changed.
    pub(crate) fn new(act: impl FnOnce() -> Result<()> + Send + 'static) -> Self {
        Self {
            act: Box::new(act),
            key_file: None,
        }
    }

    /// Something that makes the file of a private key.
    pub(crate) fn making(
        key_file: PathBuf,
        act: impl FnOnce() -> Result<()> + Send + 'static,
    ) -> Self {
        Self {
            act: Box::new(act),
            key_file: Some(key_file),
        }
    }

    /// The file of a private key that it makes.
    pub(crate) fn key_file(&self) -> Option<PathBuf> {
        self.key_file.clone()
    }

    /// Does it.
    pub(crate) fn act(self) -> Result<()> {
        (self.act)()
    }
}

/// The name in a journal's context.
const MADE: &str = "created_key_file";

/// Notes a file in the context of a journal: another process may take the run back.
pub(crate) fn note(context: &mut Value, key_file: Option<&Path>) {
    if let (Some(fields), Some(file)) = (context.as_object_mut(), key_file) {
        fields.insert(MADE.to_owned(), file.display().to_string().into());
    }
}

/// Whether a run was killed before it had made what it needs here, and so before it had begun.
pub(crate) fn never_begun(found: &OpenJournal) -> bool {
    let file = noted(&found.header.context);
    found.entries.is_empty() && file.is_some_and(|file| file.symlink_metadata().is_err())
}

/// Refuses to publish a key whose private half is gone.
pub(crate) fn refuse_gone(plan_set: &PlanSet, marks: &[StepState], key_file: &Path) -> Result<()> {
    let publishes = plan_set.steps().zip(marks).any(|(step, mark)| {
        matches!(step, Step::PutConsumer { .. })
            && !matches!(mark, StepState::Done(_) | StepState::Skipped)
    });
    if publishes && key_file.symlink_metadata().is_err() {
        let text = format!(
            "the private key {} is not there any more",
            key_file.display()
        );
        return Err(Error::conflict(text).hint("take it back with: applink resume --undo"));
    }
    Ok(())
}

/// The file that a journal's run has made.
pub(crate) fn noted(context: &Value) -> Option<PathBuf> {
    context.get(MADE)?.as_str().map(PathBuf::from)
}

/// Removes the file that a run has made, if it holds what the run has put there; whether it is gone.
pub(crate) fn forget(key_file: &Path, plan_set: &PlanSet) -> bool {
    let own = PrivateKey::load(key_file).is_ok_and(|key| {
        let made = key.public().fingerprint();
        plan_set.plans.iter().any(
            |plan| matches!(&plan.goal, Goal::Consumer { fingerprint, .. } if *fingerprint == made),
        )
    });
    own && std::fs::remove_file(key_file).is_ok()
}

/// An agenda without the key pair that is gone.
pub(crate) fn without_key(plan_set: &PlanSet) -> PlanSet {
    let mut plan_set = plan_set.clone();
    for plan in &mut plan_set.plans {
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
    plan_set
}
