//! Carrying out a plan: look, note down, write, read back; and take back when it fails.
//!
//! The executor is one task that is never dropped. A wish to stop is read between steps and ends
//! reads at once; a write in flight is always waited for.
//!
//! The plans of an agenda do not depend on each other: one that fails is taken back where its
//! policy says so, and the next one begins.

mod account;
mod back;
mod take;

use std::future::Future;
use std::ops::Range;

use tokio::sync::watch;

pub use super::progress::{
    Entry, Mark, Report, StepReport, StepStatus, kept, lost, marks, preview,
};
use super::{Agenda, Policy, Step, View};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;

/// What the executor needs from the world.
pub trait Estate {
    /// What a step is about, as it reads now.
    fn view(&self, step: &Step) -> impl Future<Output = Result<Option<View>>>;

    /// Carries out one step; may say how.
    fn write(&self, step: &Step) -> impl Future<Output = Result<Option<String>, WriteError>>;
}

/// A write that did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteError {
    /// Why.
    pub error: Error,
    /// Whether it is certain that nothing was changed.
    pub not_applied: bool,
}

/// Where the executor notes what it does, before it does it.
pub trait Log {
    /// Keeps an entry; it is safe on disk when this returns.
    fn note(&mut self, entry: Entry) -> Result<()>;
}

/// Who is told while it goes on.
pub trait Observer {
    /// A step begins.
    fn begins(&self, step: &Step, undoing: bool);
    /// A step ended.
    fn ended(&self, step: &Step, status: StepStatus, detail: &str);
}

/// The wish to stop: which signal came, if one did.
pub type Stop = watch::Receiver<Option<Exit>>;

/// Carries out what is left of an agenda, plan after plan.
pub async fn run<E: Estate, L: Log>(
    agenda: &Agenda,
    marks: Vec<Mark>,
    estate: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Run::new(agenda, marks, estate, log, stop, observer);
    while run.part().is_some() && !run.stopped && !run.halted {
        run.forward().await;
        let failed = run.tally().is_some_and(|tally| tally.failure.is_some());
        let undoes = run.policy() == Policy::Undo;
        if failed && undoes && !run.stopped && !run.unknown() {
            run.backward().await;
        }
        run.at += 1;
    }
    run.report()
}

/// Takes back what an agenda has done so far, the newest plan first; nothing, when something of it
/// turns out to be lost. The caller has made sure that nothing is known to be.
pub async fn undo<E: Estate, L: Log>(
    agenda: &Agenda,
    marks: Vec<Mark>,
    estate: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Run::new(agenda, marks, estate, log, stop, observer);
    for at in 0..run.parts.len() {
        run.at = at;
        if run.stopped {
            break;
        }
        run.settle_begun().await;
    }
    let lost = lost(agenda, &run.marks);
    if !run.failed() && !lost.is_empty() {
        // A step that was only known to be begun turned out to be done.
        run.fail(Error::refused(format!(
            "this cannot be taken back: {}",
            lost.join("; ")
        )));
    }
    if !run.failed() {
        for at in (0..run.parts.len()).rev() {
            run.at = at;
            if run.stopped || run.halted {
                break;
            }
            run.backward().await;
        }
    }
    if !run.failed() {
        run.leave_the_rest();
    }
    run.report()
}

struct Run<'a, E, L> {
    agenda: &'a Agenda,
    /// The steps of all plans, one after the other: what the journal counts.
    steps: Vec<&'a Step>,
    /// Which of them are whose.
    parts: Vec<Range<usize>>,
    /// What failed in each plan.
    tallies: Vec<Tally>,
    /// The plan that is being carried out.
    at: usize,
    marks: Vec<Mark>,
    details: Vec<Option<(StepStatus, String)>>,
    estate: &'a E,
    log: &'a mut L,
    stop: &'a Stop,
    observer: &'a dyn Observer,
    /// Somebody wishes to stop.
    stopped: bool,
    /// What is done can no longer be noted down.
    halted: bool,
    /// Something was changed, or found to have been.
    acted: bool,
}

/// What failed in one plan.
#[derive(Debug, Clone, Default)]
struct Tally {
    failure: Option<Error>,
    further: Vec<Error>,
}

/// How one step went.
enum Outcome {
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

impl<'a, E: Estate, L: Log> Run<'a, E, L> {
    fn new(
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
    fn part(&self) -> Option<Range<usize>> {
        self.parts.get(self.at).cloned()
    }

    fn tally(&self) -> Option<&Tally> {
        self.tallies.get(self.at)
    }

    fn policy(&self) -> Policy {
        let plan = self.agenda.parts.get(self.at);
        plan.map_or(Policy::Undo, |plan| plan.policy)
    }

    fn failed(&self) -> bool {
        self.tallies.iter().any(|tally| tally.failure.is_some())
    }

    async fn forward(&mut self) {
        for k in self.part().unwrap_or_default() {
            let begun = match self.marks.get(k) {
                Some(Mark::Open | Mark::Undone) => false,
                Some(Mark::Begun | Mark::Undoing(_)) => true,
                _ => continue,
            };
            if self.waits(k) {
                continue;
            }
            let Some(step) = self.as_left(k) else { break };
            self.observer.begins(&step, false);
            let outcome = self.take(k, &step, begun).await;
            let go_on = self.keep(k, &step, outcome);
            if !go_on {
                break;
            }
        }
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
    fn waits(&self, k: usize) -> bool {
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
    fn as_left(&self, k: usize) -> Option<Step> {
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
    fn keep(&mut self, k: usize, step: &Step, outcome: Outcome) -> bool {
        let (mark, status, detail, entry, error) = match outcome {
            Outcome::Done(left, note) => {
                let mut detail = step.describe();
                if let (Step::Create { link, .. }, Some(view)) = (step, &left)
                    && view.record.name != link.name
                {
                    detail = format!("{detail}, which {} named {:?}", step.on(), view.record.name);
                }
                if let Some(note) = note {
                    detail = format!("{detail} ({note})");
                }
                let entry = Entry::Done {
                    k,
                    left: left.clone(),
                };
                (
                    Mark::Done(left),
                    StepStatus::Done,
                    detail,
                    Some(entry),
                    None,
                )
            }
            Outcome::Skipped => (
                Mark::Skipped,
                StepStatus::Skipped,
                format!("{}: it is so already", step.describe()),
                Some(Entry::Skipped { k }),
                None,
            ),
            Outcome::Failed(error) => (
                Mark::Open,
                StepStatus::Failed,
                error.to_string(),
                Some(Entry::Failed { k }),
                Some(error),
            ),
            Outcome::Unknown(error) => (
                Mark::Begun,
                StepStatus::Stuck,
                format!("whether it was carried out is not known: {error}"),
                None,
                Some(error),
            ),
            Outcome::Half(error) => (
                Mark::Begun,
                StepStatus::Stuck,
                format!("a part of it is done: {error}"),
                None,
                Some(error),
            ),
            Outcome::Stopped(exit) => {
                self.interrupt(exit);
                return false;
            }
        };
        let noted = entry.map_or(Ok(()), |entry| self.log.note(entry));
        self.mark(k, mark);
        self.observer.ended(step, status, &detail);
        self.tell(k, status, detail);
        let failed = error.is_some();
        for error in error.into_iter().chain(noted.as_ref().err().cloned()) {
            self.fail(error);
        }
        self.halted |= noted.is_err();
        noted.is_ok() && (!failed || self.policy() == Policy::Continue)
    }

    fn fail(&mut self, error: Error) {
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
    fn interrupt(&mut self, exit: Exit) {
        self.stopped = true;
        if let Some(tally) = self.tallies.get_mut(self.at) {
            tally
                .failure
                .get_or_insert_with(|| interrupted(exit))
                .signal = Some(exit);
        }
    }

    fn mark(&mut self, k: usize, mark: Mark) {
        if let Some(slot) = self.marks.get_mut(k) {
            *slot = mark;
        }
    }

    fn tell(&mut self, k: usize, status: StepStatus, detail: String) {
        if let Some(slot) = self.details.get_mut(k) {
            *slot = Some((status, detail));
        }
    }

    /// Whether it is not known of a step of this plan whether it was carried out.
    fn unknown(&self) -> bool {
        let part = self.part().unwrap_or_default();
        self.marks
            .get(part)
            .is_some_and(|marks| marks.contains(&Mark::Begun))
    }
}

fn interrupted(exit: Exit) -> Error {
    let mut error = Error::new(Kind::Partial, "interrupted");
    error.signal = Some(exit);
    error
}

#[cfg(test)]
#[path = "execute_tests.rs"]
pub(super) mod tests;
