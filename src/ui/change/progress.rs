//! The steps of a change while they run.

use std::sync::Mutex;

use crate::plan::Step;
use crate::plan::execute::{Observer, StepStatus};
use crate::ui::{StepResult, Steps, Ui};

/// Tells a person how far it is.
pub(crate) struct Watcher {
    steps: Mutex<Steps>,
}

impl Watcher {
    pub(crate) fn new(ui: &Ui) -> Self {
        Self {
            steps: Mutex::new(ui.steps()),
        }
    }
}

impl Observer for Watcher {
    fn begins(&self, step: &Step, undoing: bool) {
        let what = if undoing { "take back: " } else { "" };
        let label = format!("{}: {what}{}", step.on(), step.describe());
        if let Ok(mut steps) = self.steps.lock() {
            steps.start(&label);
        }
    }

    fn ended(&self, _step: &Step, status: StepStatus, detail: &str) {
        let outcome = match status {
            StepStatus::Done => StepResult::Done,
            StepStatus::Undone => StepResult::Undone,
            StepStatus::Skipped | StepStatus::Planned => StepResult::Skipped,
            StepStatus::Failed => StepResult::Failed,
            StepStatus::Stuck => StepResult::Stuck,
        };
        let remark = match status {
            StepStatus::Failed | StepStatus::Stuck => detail,
            _ => "",
        };
        if let Ok(mut steps) = self.steps.lock() {
            steps.end(outcome, remark);
        }
    }
}
