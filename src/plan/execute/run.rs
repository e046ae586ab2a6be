//! One run in memory: how far each step is, and what failed.

use std::ops::Range;

use super::provider::{Estate, Log, Observer, Stop};
use crate::error::{Error, Kind};
use crate::exit::Exit;
use crate::plan::progress::{Entry, Mark, StepStatus};
use crate::plan::{Agenda, Policy, Step, View};

pub(super) struct Run<'a, E, L> {
    pub(super) agenda: &'a Agenda,
    /// The steps of all plans, one after the other: what the journal counts.
    pub(super) steps: Vec<&'a Step>,
    /// Which of them are whose.
    pub(super) parts: Vec<Range<usize>>,
    /// What failed in each plan.
    pub(super) tallies: Vec<Tally>,
    /// The plan that is being carried out.
    pub(super) at: usize,
    pub(super) marks: Vec<Mark>,
    pub(super) details: Vec<Option<(StepStatus, String)>>,
    pub(super) estate: &'a E,
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
pub(super) struct Tally {
    pub(super) failure: Option<Error>,
    pub(super) further: Vec<Error>,
}

/// How one step went.
pub(super) enum Outcome {
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
struct Noted {
    mark: Mark,
    status: StepStatus,
    detail: String,
    entry: Option<Entry>,
    error: Option<Error>,
}

impl Outcome {
    /// What is kept of it; the signal where nothing was sent.
    fn into_noted(self, k: usize, step: &Step) -> Result<Noted, Exit> {
        let unknown = |detail, error| Noted {
            mark: Mark::Begun,
            status: StepStatus::Stuck,
            detail,
            entry: None,
            error: Some(error),
        };
        Ok(match self {
            Self::Done(left, note) => Noted {
                detail: done_detail(step, left.as_ref(), note.as_deref()),
                entry: Some(Entry::Done {
                    k,
                    left: left.clone(),
                }),
                mark: Mark::Done(left),
                status: StepStatus::Done,
                error: None,
            },
            Self::Skipped => Noted {
                mark: Mark::Skipped,
                status: StepStatus::Skipped,
                detail: format!("{}: it is so already", step.describe()),
                entry: Some(Entry::Skipped { k }),
                error: None,
            },
            Self::Failed(error) => Noted {
                mark: Mark::Open,
                status: StepStatus::Failed,
                detail: error.to_string(),
                entry: Some(Entry::Failed { k }),
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

impl<'a, E: Estate, L: Log> Run<'a, E, L> {
    pub(super) fn new(
        agenda: &'a Agenda,
        mut marks: Vec<Mark>,
        estate: &'a E,
        log: &'a mut L,
        stop: &'a Stop,
        observer: &'a dyn Observer,
    ) -> Self {
        let steps: Vec<&Step> = agenda.steps().collect();
        marks.resize(steps.len(), Mark::Open);
        Self {
            details: vec![None; steps.len()],
            tallies: vec![Tally::default(); agenda.parts.len()],
            parts: agenda.ranges(),
            steps,
            agenda,
            at: 0,
            marks,
            estate,
            log,
            stop,
            observer,
            stopped: false,
            halted: false,
            acted: false,
        }
    }

    /// The steps of the plan that is being carried out.
    pub(super) fn part(&self) -> Option<Range<usize>> {
        self.parts.get(self.at).cloned()
    }

    pub(super) fn tally(&self) -> Option<&Tally> {
        self.tallies.get(self.at)
    }

    pub(super) fn policy(&self) -> Policy {
        let plan = self.agenda.parts.get(self.at);
        plan.map_or(Policy::Undo, |plan| plan.policy)
    }

    pub(super) fn failed(&self) -> bool {
        self.tallies.iter().any(|tally| tally.failure.is_some())
    }

    /// What this plan did before a step, with how far it came.
    fn before(&self, k: usize) -> impl Iterator<Item = (&Step, &Mark)> {
        let part = self.part().unwrap_or_default();
        let earlier = part.start..k;
        self.steps
            .iter()
            .copied()
            .zip(&self.marks)
            .skip(earlier.start)
            .take(earlier.len())
    }

    /// Whether an earlier step on the same record is not done, so that this one has nothing to
    /// stand on.
    pub(super) fn waits(&self, k: usize) -> bool {
        let Some(step) = self.steps.get(k) else {
            return true;
        };
        self.before(k).any(|(earlier, mark)| {
            earlier.on() == step.on()
                && earlier.id() == step.id()
                && !matches!(mark, Mark::Done(_) | Mark::Skipped)
        })
    }

    /// The step after what this run did before it: which display URL a relocation leaves, only
    /// the server knows.
    pub(super) fn as_left(&self, k: usize) -> Option<Step> {
        let mut step = (*self.steps.get(k)?).clone();
        if let Step::Edit { on, id, from, .. } = &mut step {
            for (earlier, mark) in self.before(k) {
                if let (Step::Move { .. }, Mark::Done(Some(left))) = (earlier, mark)
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
    pub(super) fn keep(&mut self, k: usize, step: &Step, outcome: Outcome) -> bool {
        let noted = match outcome.into_noted(k, step) {
            Ok(noted) => noted,
            Err(exit) => {
                self.interrupt(exit);
                return false;
            }
        };
        let written = noted.entry.map_or(Ok(()), |entry| self.log.note(entry));
        self.mark(k, noted.mark);
        self.observer.ended(step, noted.status, &noted.detail);
        self.tell(k, noted.status, noted.detail);
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
        } else if let Some(tally) = self.tallies.get_mut(self.at) {
            if tally.failure.is_none() {
                tally.failure = Some(error);
            } else {
                tally.further.push(error);
            }
        }
    }

    /// The signal decides on the exit code, whatever failed before it.
    pub(super) fn interrupt(&mut self, exit: Exit) {
        self.stopped = true;
        if let Some(tally) = self.tallies.get_mut(self.at) {
            tally
                .failure
                .get_or_insert_with(|| interrupted(exit))
                .signal = Some(exit);
        }
    }

    pub(super) fn mark(&mut self, k: usize, mark: Mark) {
        if let Some(slot) = self.marks.get_mut(k) {
            *slot = mark;
        }
    }

    pub(super) fn tell(&mut self, k: usize, status: StepStatus, detail: String) {
        if let Some(slot) = self.details.get_mut(k) {
            *slot = Some((status, detail));
        }
    }

    /// Whether it is not known of a step of this plan whether it was carried out.
    pub(super) fn unknown(&self) -> bool {
        let part = self.part().unwrap_or_default();
        self.marks
            .get(part)
            .is_some_and(|marks| marks.contains(&Mark::Begun))
    }
}

pub(super) fn interrupted(exit: Exit) -> Error {
    let mut error = Error::new(Kind::Partial, "interrupted");
    error.signal = Some(exit);
    error
}
