//! Carrying out a plan: look, note down, write, read back; and take back when it fails.
//!
//! The executor is one task that is never dropped. A wish to stop is read between steps and ends
//! reads at once; a write in flight is always waited for.

use std::future::Future;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::{Gravity, Plan, Policy, Step, Undo, View};
use crate::domain::{Alias, ApplicationId};
use crate::error::{Error, Kind, Result};
use crate::exit::Exit;

/// What the executor needs from the world.
pub trait Estate {
    /// A record as it reads now.
    fn view(&self, on: &Alias, id: ApplicationId) -> impl Future<Output = Result<Option<View>>>;

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

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "e", rename_all = "kebab-case")]
pub enum Entry {
    /// About to write step `k`.
    Begin {
        /// Which step.
        k: usize,
    },
    /// Step `k` is done; how the record reads now.
    Done {
        /// Which step.
        k: usize,
        /// The record after it.
        left: Option<View>,
    },
    /// Step `k` was done already, by somebody else.
    Skipped {
        /// Which step.
        k: usize,
    },
    /// Step `k` failed and changed nothing.
    Failed {
        /// Which step.
        k: usize,
    },
    /// About to take step `k` back.
    Undoing {
        /// Which step.
        k: usize,
    },
    /// Step `k` was taken back.
    Undone {
        /// Which step.
        k: usize,
    },
}

/// How far one step is, as the journal tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mark {
    /// Nothing was sent.
    #[default]
    Open,
    /// Something may have been sent.
    Begun,
    /// Done by this run; how it left the record.
    Done(Option<View>),
    /// It was so already.
    Skipped,
    /// Taken back.
    Undone,
}

/// Folds journal entries into how far each step is.
pub fn marks(steps: usize, entries: &[Entry]) -> Vec<Mark> {
    let mut marks = vec![Mark::Open; steps];
    for entry in entries {
        let (k, mark) = match entry {
            Entry::Begin { k } => (*k, Mark::Begun),
            Entry::Done { k, left } => (*k, Mark::Done(left.clone())),
            Entry::Skipped { k } => (*k, Mark::Skipped),
            Entry::Failed { k } => (*k, Mark::Open),
            Entry::Undone { k } => (*k, Mark::Undone),
            // Until it is undone it counts as it did before.
            Entry::Undoing { .. } => continue,
        };
        if let Some(slot) = marks.get_mut(k) {
            *slot = mark;
        }
    }
    marks
}

/// How a step stands in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepStatus {
    /// Not begun.
    Planned,
    /// Done by this run.
    Done,
    /// It was so already.
    Skipped,
    /// Failed; nothing was changed by it.
    Failed,
    /// Done, and taken back.
    Undone,
    /// It is not known, or cannot be taken back.
    Stuck,
}

impl StepStatus {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Undone => "undone",
            Self::Stuck => "stuck",
        }
    }
}

/// One step in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// The step.
    pub step: Step,
    /// How it stands.
    pub status: StepStatus,
    /// What a person should know about it.
    pub detail: String,
}

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every step.
    pub steps: Vec<StepReport>,
    /// Whether anything is changed now.
    pub changed: bool,
    /// Whether something is changed and the rest is not, or may be.
    pub partial: bool,
    /// The first failure.
    pub failure: Option<Error>,
    /// Failures after the first, where the policy was to go on.
    pub further: Vec<Error>,
}

/// A plan that is only shown.
pub fn preview(plan: &Plan) -> Report {
    Report {
        steps: plan
            .steps
            .iter()
            .map(|step| StepReport {
                step: step.clone(),
                status: StepStatus::Planned,
                detail: step.describe(),
            })
            .collect(),
        changed: false,
        partial: false,
        failure: None,
        further: Vec::new(),
    }
}

/// The wish to stop: which signal came, if one did.
pub type Stop = watch::Receiver<Option<Exit>>;

/// Carries out what is left of a plan.
pub async fn run<E: Estate, L: Log>(
    plan: &Plan,
    marks: Vec<Mark>,
    estate: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Run::new(plan, marks, estate, log, stop, observer);
    run.forward().await;
    if run.failure.is_some() && plan.policy == Policy::Undo && !run.stopped && !run.unknown() {
        run.backward().await;
    }
    run.report()
}

/// Takes back what a plan has done so far. The caller has made sure that nothing was lost.
pub async fn undo<E: Estate, L: Log>(
    plan: &Plan,
    marks: Vec<Mark>,
    estate: &E,
    log: &mut L,
    stop: &Stop,
    observer: &dyn Observer,
) -> Report {
    let mut run = Run::new(plan, marks, estate, log, stop, observer);
    run.settle_begun().await;
    if run.failure.is_none() {
        run.backward().await;
    }
    run.report()
}

/// What was lost by the steps that are done: then there is no way back.
pub fn lost(plan: &Plan, marks: &[Mark]) -> Vec<String> {
    plan.steps
        .iter()
        .zip(marks)
        .filter(|(_, mark)| matches!(mark, Mark::Done(_)))
        .filter_map(|(step, _)| match step.undo(None) {
            Undo::Exact(_) => None,
            Undo::Lossy(_, loss) | Undo::Never(loss) => {
                Some(format!("{}: {loss}", step.describe()))
            }
        })
        .collect()
}

struct Run<'a, E, L> {
    plan: &'a Plan,
    marks: Vec<Mark>,
    details: Vec<Option<(StepStatus, String)>>,
    estate: &'a E,
    log: &'a mut L,
    stop: &'a Stop,
    observer: &'a dyn Observer,
    failure: Option<Error>,
    further: Vec<Error>,
    stopped: bool,
}

/// How one step went.
enum Outcome {
    Done(Option<View>, Option<String>),
    Skipped,
    /// Changed nothing.
    Failed(Error),
    /// May have changed something.
    Unknown(Error),
    /// Ended before anything was sent.
    Stopped(Exit),
}

impl<'a, E: Estate, L: Log> Run<'a, E, L> {
    fn new(
        plan: &'a Plan,
        mut marks: Vec<Mark>,
        estate: &'a E,
        log: &'a mut L,
        stop: &'a Stop,
        observer: &'a dyn Observer,
    ) -> Self {
        marks.resize(plan.steps.len(), Mark::Open);
        Self {
            details: vec![None; plan.steps.len()],
            plan,
            marks,
            estate,
            log,
            stop,
            observer,
            failure: None,
            further: Vec::new(),
            stopped: false,
        }
    }

    async fn forward(&mut self) {
        for (k, step) in self.plan.steps.iter().enumerate() {
            let begun = match self.marks.get(k) {
                Some(Mark::Open | Mark::Undone) => false,
                Some(Mark::Begun) => true,
                _ => continue,
            };
            self.observer.begins(step, false);
            let outcome = self.take(k, step, begun).await;
            let go_on = self.keep(k, step, outcome);
            if !go_on {
                break;
            }
        }
    }

    async fn take(&mut self, k: usize, step: &Step, begun: bool) -> Outcome {
        let view = match self.look(step).await {
            Ok(view) => view,
            Err(Looked::Stopped(exit)) if begun => {
                return Outcome::Unknown(interrupted(exit));
            }
            Err(Looked::Stopped(exit)) => return Outcome::Stopped(exit),
            Err(Looked::Failed(error)) if begun => return Outcome::Unknown(error),
            Err(Looked::Failed(error)) => return Outcome::Failed(error),
        };
        if step.is_reached(view.as_ref()) {
            return if begun {
                Outcome::Done(view, None)
            } else {
                Outcome::Skipped
            };
        }
        if let Err(difference) = step.check(view.as_ref()) {
            let error = Error::conflict(format!(
                "the {} on {} changed meanwhile: expected {}, found {}",
                difference.field,
                step.on(),
                difference.expected,
                difference.found
            ));
            return if begun {
                Outcome::Unknown(error)
            } else {
                Outcome::Failed(error)
            };
        }
        if let Err(error) = self.log.note(Entry::Begin { k }) {
            return Outcome::Failed(error);
        }
        let written = self.estate.write(step).await;
        self.judge(step, written).await
    }

    /// A write is believed when it reads back so, whatever its answer was.
    async fn judge(&self, step: &Step, written: Result<Option<String>, WriteError>) -> Outcome {
        let (note, refusal) = match written {
            Ok(note) => (note, None),
            Err(WriteError {
                error,
                not_applied: true,
            }) => {
                // A duplicate that somebody else made meanwhile is what was wanted.
                return match self.estate.view(step.on(), step.id()).await {
                    Ok(view)
                        if matches!(step, Step::Create { .. })
                            && step.is_reached(view.as_ref()) =>
                    {
                        Outcome::Skipped
                    }
                    _ => Outcome::Failed(error),
                };
            }
            Err(WriteError { error, .. }) => (None, Some(error)),
        };
        match (self.estate.view(step.on(), step.id()).await, refusal) {
            (Ok(view), _) if step.is_reached(view.as_ref()) => Outcome::Done(view, note),
            (Ok(view), Some(error)) if step.check(view.as_ref()).is_ok() => Outcome::Failed(error),
            (Ok(_), Some(error)) | (Err(_), Some(error)) => Outcome::Unknown(error),
            (Ok(_), None) => Outcome::Unknown(Error::new(
                Kind::Partial,
                format!(
                    "{} took the change and does not show it when read back",
                    step.on()
                ),
            )),
            (Err(_), None) => Outcome::Done(
                None,
                Some("the application took it, and could not be asked again".to_owned()),
            ),
        }
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
            Outcome::Stopped(exit) => {
                self.stopped = true;
                self.failure.get_or_insert(interrupted(exit));
                return false;
            }
        };
        let noted = entry.map_or(Ok(()), |entry| self.log.note(entry));
        if let Some(slot) = self.marks.get_mut(k) {
            *slot = mark;
        }
        self.observer.ended(step, status, &detail);
        if let Some(slot) = self.details.get_mut(k) {
            *slot = Some((status, detail));
        }
        let failed = error.is_some();
        for error in error.into_iter().chain(noted.as_ref().err().cloned()) {
            if self.failure.is_none() {
                self.failure = Some(error);
            } else {
                self.further.push(error);
            }
        }
        noted.is_ok() && (!failed || self.plan.policy == Policy::Continue)
    }

    /// Finds out about the steps that were begun and not ended.
    async fn settle_begun(&mut self) {
        for (k, step) in self.plan.steps.iter().enumerate() {
            if self.marks.get(k) != Some(&Mark::Begun) {
                continue;
            }
            match self.estate.view(step.on(), step.id()).await {
                Ok(view) => {
                    let mark = if step.is_reached(view.as_ref()) {
                        Mark::Done(view)
                    } else {
                        Mark::Open
                    };
                    if let Some(slot) = self.marks.get_mut(k) {
                        *slot = mark;
                    }
                }
                Err(error) => {
                    if let Some(slot) = self.details.get_mut(k) {
                        *slot = Some((StepStatus::Stuck, error.to_string()));
                    }
                    self.failure.get_or_insert(error);
                }
            }
        }
    }

    async fn backward(&mut self) {
        let done_destructive = self.plan.steps.iter().zip(&self.marks).any(|(step, mark)| {
            matches!(mark, Mark::Done(_)) && step.gravity() == Gravity::Destructive
        });
        if done_destructive {
            return;
        }
        for (k, step) in self.plan.steps.iter().enumerate().rev() {
            let Some(Mark::Done(left)) = self.marks.get(k) else {
                continue;
            };
            let left = left.clone();
            self.observer.begins(step, true);
            let (mark, status, detail) = match self.take_back(k, step, left.as_ref()).await {
                Ok(()) => (Mark::Undone, StepStatus::Undone, "taken back".to_owned()),
                Err(error) => {
                    let detail = format!("could not be taken back: {error}");
                    if self.failure.is_none() {
                        self.failure = Some(error);
                    } else {
                        self.further.push(error);
                    }
                    (Mark::Done(left), StepStatus::Stuck, detail)
                }
            };
            self.observer.ended(step, status, &detail);
            if let Some(slot) = self.marks.get_mut(k) {
                *slot = mark;
            }
            if let Some(slot) = self.details.get_mut(k) {
                *slot = Some((status, detail));
            }
            if status == StepStatus::Stuck {
                // What was made before this step may be what it stands on.
                break;
            }
        }
    }

    async fn take_back(&mut self, k: usize, step: &Step, left: Option<&View>) -> Result<()> {
        let (Undo::Exact(back) | Undo::Lossy(back, _)) = step.undo(left) else {
            return Err(Error::conflict(format!(
                "{} cannot be taken back",
                step.action()
            )));
        };
        let view = self.estate.view(back.on(), back.id()).await?;
        if back.is_reached(view.as_ref()) {
            return self.log.note(Entry::Undone { k });
        }
        if let (Step::Create { .. }, Some(left), Some(now)) = (step, left, &view)
            && !untouched(left, now)
        {
            return Err(Error::conflict(format!(
                "the link {:?} on {} was changed by someone else meanwhile",
                now.record.name,
                step.on()
            )));
        }
        if let Err(difference) = back.check(view.as_ref()) {
            return Err(Error::conflict(format!(
                "the {} on {} is {} and not {}: someone else changed it",
                difference.field,
                back.on(),
                difference.found,
                difference.expected
            )));
        }
        self.log.note(Entry::Undoing { k })?;
        let written = self.estate.write(&back).await;
        match self.judge(&back, written).await {
            Outcome::Done(..) | Outcome::Skipped => self.log.note(Entry::Undone { k }),
            Outcome::Failed(error) | Outcome::Unknown(error) => Err(error),
            Outcome::Stopped(exit) => Err(interrupted(exit)),
        }
    }

    async fn look(&self, step: &Step) -> Result<Option<View>, Looked> {
        let mut stop = self.stop.clone();
        let stopped = async {
            match stop.wait_for(Option::is_some).await {
                Ok(exit) => (*exit).unwrap_or(Exit::Interrupt),
                // Nobody can wish to stop any more.
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            exit = stopped => Err(Looked::Stopped(exit)),
            view = self.estate.view(step.on(), step.id()) => view.map_err(Looked::Failed),
        }
    }

    fn unknown(&self) -> bool {
        self.marks.contains(&Mark::Begun)
    }

    fn report(self) -> Report {
        let changed = self.marks.iter().any(|mark| matches!(mark, Mark::Done(_)));
        let unknown = self.unknown();
        let stuck = self
            .details
            .iter()
            .flatten()
            .any(|(status, _)| *status == StepStatus::Stuck);
        let steps = self
            .plan
            .steps
            .iter()
            .zip(self.details)
            .zip(&self.marks)
            .map(|((step, detail), mark)| {
                let (status, detail) = detail.unwrap_or_else(|| {
                    let status = match mark {
                        Mark::Open => StepStatus::Planned,
                        Mark::Begun => StepStatus::Stuck,
                        Mark::Done(_) => StepStatus::Done,
                        Mark::Skipped => StepStatus::Skipped,
                        Mark::Undone => StepStatus::Undone,
                    };
                    (status, step.describe())
                });
                StepReport {
                    step: step.clone(),
                    status,
                    detail,
                }
            })
            .collect();
        Report {
            steps,
            changed: changed || unknown,
            partial: self.failure.is_some() && (changed || unknown || stuck),
            failure: self.failure,
            further: self.further,
        }
    }
}

enum Looked {
    Stopped(Exit),
    Failed(Error),
}

fn interrupted(exit: Exit) -> Error {
    let mut error = Error::new(Kind::Partial, "interrupted");
    error.signal = Some(exit);
    error
}

/// Whether a record is as it was left; being the first of its type is not its own doing.
fn untouched(left: &View, now: &View) -> bool {
    left.flags == now.flags
        && left.record.name == now.record.name
        && left.record.rpc_url == now.record.rpc_url
        && left.record.display_url == now.record.display_url
}

#[cfg(test)]
#[path = "execute_tests.rs"]
mod tests;
