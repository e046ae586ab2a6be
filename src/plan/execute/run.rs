//! One run in memory: how far each step is, and what failed.

use std::ops::Range;

use super::provider::{Log, Observer, Provider, Stop};
use crate::error::{Error, Kind};
use crate::exit::Exit;
use crate::plan::progress::{JournalEntry, StepState, StepStatus};
use crate::plan::{PlanSet, Policy, Step, View};

pub(super) struct Executor<'a, E, L> {
    pub(super) plan_set: &'a PlanSet,
    /// The steps of all plans, one after the other: what the journal counts.
    pub(super) steps: Vec<&'a Step>,
    /// Which of them are whose.
    pub(super) ranges: Vec<Range<usize>>,
    /// What failed in each plan.
    pub(super) failures: Vec<PlanFailures>,
    /// The plan that is being carried out.
    pub(super) at: usize,
    pub(super) states: Vec<StepState>,
    pub(super) details: Vec<Option<(StepStatus, String)>>,
    pub(super) provider: &'a E,
    pub(super) log: &'a mut L,
    pub(super) stop: &'a Stop,
    pub(super) observer: &'a dyn Observer,
    /// A signal asked the run to stop.
    pub(super) stopped: bool,
    /// What is done can no longer be noted down.
    pub(super) halted: bool,
    /// Something was changed, or found to have been.
    pub(super) acted: bool,
}

/// What failed in one plan.
#[derive(Debug, Clone, Default)]
pub(super) struct PlanFailures {
    pub(super) failure: Option<Error>,
    pub(super) others: Vec<Error>,
}

/// How one step went.
pub(super) enum StepOutcome {
    Done(Option<View>, Option<String>),
    Skipped,
    /// Changed nothing.
    Failed(Error),
    /// May have changed something.
    Unknown(Error),
    /// Changed a part of what it is for.
    Half(Error),
    /// Ended before anything was sent.
    Stopped(Exit),
}

/// What is kept of an outcome: in memory, in the journal and in the report.
struct OutcomeRecord {
    state: StepState,
    status: StepStatus,
    detail: String,
    entry: Option<JournalEntry>,
    error: Option<Error>,
}

impl StepOutcome {
    /// What is kept of it; the signal where nothing was sent.
    fn into_record(self, k: usize, step: &Step) -> Result<OutcomeRecord, Exit> {
        let unknown = |detail, error| OutcomeRecord {
            state: StepState::InFlight,
            status: StepStatus::Stuck,
            detail,
            entry: None,
            error: Some(error),
        };
        Ok(match self {
            Self::Done(left, note) => OutcomeRecord {
                detail: done_detail(step, left.as_ref(), note.as_deref()),
                entry: Some(JournalEntry::Done {
                    k,
                    left: left.clone(),
                }),
                state: StepState::Done(left),
                status: StepStatus::Done,
                error: None,
            },
            Self::Skipped => OutcomeRecord {
                state: StepState::Skipped,
                status: StepStatus::Skipped,
                detail: format!("{}: it is so already", step.describe()),
                entry: Some(JournalEntry::Skipped { k }),
                error: None,
            },
            Self::Failed(error) => OutcomeRecord {
                state: StepState::Pending,
                status: StepStatus::Failed,
                detail: error.to_string(),
                entry: Some(JournalEntry::Failed { k }),
                error: Some(error),
            },
            Self::Unknown(error) => unknown(
                format!("whether it was carried out is not known: {error}"),
                error,
            ),
            Self::Half(error) => unknown(format!("a part of it is done: {error}"), error),
            Self::Stopped(exit) => return Err(exit),
        })
    }
}

fn done_detail(step: &Step, left: Option<&View>, note: Option<&str>) -> String {
    let mut detail = step.describe();
    if let (Step::Create { link, .. }, Some(view)) = (step, left)
        && view.record.name != link.name
    {
        detail = format!("{detail}, which {} named {:?}", step.on(), view.record.name);
    }
    match note {
        Some(note) => format!("{detail} ({note})"),
        None => detail,
    }
}

impl<'a, E: Provider, L: Log> Executor<'a, E, L> {
    pub(super) fn new(
        plan_set: &'a PlanSet,
        mut states: Vec<StepState>,
        provider: &'a E,
        log: &'a mut L,
        stop: &'a Stop,
        observer: &'a dyn Observer,
    ) -> Self {
        let steps: Vec<&Step> = plan_set.steps().collect();
        states.resize(steps.len(), StepState::Pending);
        Self {
            details: vec![None; steps.len()],
            failures: vec![PlanFailures::default(); plan_set.plans.len()],
            ranges: plan_set.ranges(),
            steps,
            plan_set,
            at: 0,
            states,
            provider,
            log,
            stop,
            observer,
            stopped: false,
            halted: false,
            acted: false,
        }
    }

    /// The steps of the plan that is being carried out.
    pub(super) fn current_range(&self) -> Option<Range<usize>> {
        self.ranges.get(self.at).cloned()
    }

    pub(super) fn current_failures(&self) -> Option<&PlanFailures> {
        self.failures.get(self.at)
    }

    pub(super) fn policy(&self) -> Policy {
        let plan = self.plan_set.plans.get(self.at);
        plan.map_or(Policy::RollBack, |plan| plan.policy)
    }

    pub(super) fn failed(&self) -> bool {
        self.failures.iter().any(|tally| tally.failure.is_some())
    }

    /// What this plan did before a step, with how far it came.
    fn before(&self, k: usize) -> impl Iterator<Item = (&Step, &StepState)> {
        let part = self.current_range().unwrap_or_default();
        let earlier = part.start..k;
        self.steps
            .iter()
            .copied()
            .zip(&self.states)
            .skip(earlier.start)
            .take(earlier.len())
    }

    /// Whether an earlier step on the same record is not done, so that this one has nothing to
    /// stand on.
    pub(super) fn is_blocked(&self, k: usize) -> bool {
        let Some(step) = self.steps.get(k) else {
            return true;
        };
        self.before(k).any(|(earlier, state)| {
            earlier.on() == step.on()
                && earlier.id() == step.id()
                && !matches!(state, StepState::Done(_) | StepState::Skipped)
        })
    }

    /// The step after what this run did before it: which display URL a relocation leaves, only
    /// the server knows.
    pub(super) fn rebased_on_actual(&self, k: usize) -> Option<Step> {
        let mut step = (*self.steps.get(k)?).clone();
        if let Step::Edit { on, id, from, .. } = &mut step {
            for (earlier, state) in self.before(k) {
                if let (Step::Move { .. }, StepState::Done(Some(left))) = (earlier, state)
                    && earlier.on() == on
                    && earlier.id() == *id
                {
                    from.display_url.clone_from(&left.record.display_url);
                }
            }
        }
        Some(step)
    }

    /// Notes an outcome; whether to go on with the next step.
    pub(super) fn record_outcome(&mut self, k: usize, step: &Step, outcome: StepOutcome) -> bool {
        let noted = match outcome.into_record(k, step) {
            Ok(noted) => noted,
            Err(exit) => {
                self.interrupt(exit);
                return false;
            }
        };
        let written = noted.entry.map_or(Ok(()), |entry| self.log.note(entry));
        self.set_state(k, noted.state);
        self.observer.ended(step, noted.status, &noted.detail);
        self.set_detail(k, noted.status, noted.detail);
        let failed = noted.error.is_some();
        for error in noted
            .error
            .into_iter()
            .chain(written.as_ref().err().cloned())
        {
            self.fail(error);
        }
        self.halted |= written.is_err();
        written.is_ok() && (!failed || self.policy() == Policy::Continue)
    }

    pub(super) fn fail(&mut self, error: Error) {
        if let Some(exit) = error.signal {
            self.interrupt(exit);
        } else if let Some(tally) = self.failures.get_mut(self.at) {
            if tally.failure.is_none() {
                tally.failure = Some(error);
            } else {
                tally.others.push(error);
            }
        }
    }

    /// The signal decides on the exit code, whatever failed before it.
    pub(super) fn interrupt(&mut self, exit: Exit) {
        self.stopped = true;
        if let Some(tally) = self.failures.get_mut(self.at) {
            tally
                .failure
                .get_or_insert_with(|| interrupted(exit))
                .signal = Some(exit);
        }
    }

    pub(super) fn set_state(&mut self, k: usize, state: StepState) {
        if let Some(slot) = self.states.get_mut(k) {
            *slot = state;
        }
    }

    pub(super) fn set_detail(&mut self, k: usize, status: StepStatus, detail: String) {
        if let Some(slot) = self.details.get_mut(k) {
            *slot = Some((status, detail));
        }
    }

    /// Whether it is not known of a step of this plan whether it was carried out.
    pub(super) fn unknown(&self) -> bool {
        let part = self.current_range().unwrap_or_default();
        self.states
            .get(part)
            .is_some_and(|states| states.contains(&StepState::InFlight))
    }
}

pub(super) fn interrupted(exit: Exit) -> Error {
    let mut error = Error::new(Kind::Partial, "interrupted");
    error.signal = Some(exit);
    error
}
