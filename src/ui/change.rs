//! What a person and a script see of a change: while it goes on, and when it is over.

use std::sync::Mutex;

use serde_json::{Map, Value};

use crate::diagnose::Verdict;
use crate::domain::Alias;
use crate::error::{Error, Kind};
use crate::plan::execute::{Observer, Report, StepReport, StepStatus};
use crate::plan::progress::is_half_made;
use crate::plan::{ConsumerAction, Goal, Plan, PlanSet, PlanSource, Policy, Reversibility, Step};
use crate::ui::output::{
    ChangeOutput, ClientOutput, PairOutput, ProgramOutput, StepOutput, TroubleOutput, VerdictOutput,
};
use crate::ui::{Role, StepResult, Steps, Ui};

/// One line that names what a run is for.
pub(crate) fn headline(agenda: &PlanSet) -> String {
    match (agenda.source, agenda.plans.as_slice()) {
        (PlanSource::Repair, _) => "mending links".to_owned(),
        (PlanSource::Goal, [plan]) => aim(&plan.goal),
        (_, parts) => {
            let mut open = parts.iter().filter(|plan| !plan.is_empty());
            let first = open
                .next()
                .map_or_else(|| "nothing".to_owned(), |plan| aim(&plan.goal));
            match open.count() {
                0 => first,
                more => format!("{first}, and {more} more"),
            }
        }
    }
}

/// What a goal is, while it is not reached.
fn aim(goal: &Goal) -> String {
    match goal {
        Goal::Link { local, remote, .. } => format!("linking {local} and {remote}"),
        Goal::NoLink {
            local,
            remote: Some(remote),
            ..
        } => format!("deleting the link of {local} and {remote}"),
        Goal::NoLink { local, .. } => format!("deleting a link of {local}"),
        Goal::Moved { app, url } => format!("moving the links of {app} to {url}"),
        Goal::Relocated { from, to, .. } => format!("moving links from {from} to {to}"),
        Goal::Migrated { local, remote } => {
            format!("moving the link of {local} and {remote} to OAuth")
        }
        Goal::Detached { from } => format!("cutting copies off from {from}"),
        Goal::Consumer {
            on,
            name,
            action: deed,
            ..
        } => match deed {
            ConsumerAction::Register => format!("registering {name:?} on {on}"),
            ConsumerAction::Rotate => format!("giving {name:?} on {on} another key"),
            ConsumerAction::Retire => format!("retiring former consumers of {name:?} on {on}"),
        },
        Goal::OAuth2Client { on, terms, .. } => {
            format!("the OAuth 2.0 client {:?} on {on}", terms.name)
        }
        Goal::NoConsumer { on, name } | Goal::NoOAuth2Client { on, name } => {
            format!("removing {name:?} from {on}")
        }
    }
}

/// The error of a run, with what is left and how to go on.
pub(crate) fn with_remaining_work(cause: Error, report: &Report, agenda: &PlanSet) -> Error {
    if !report.partial {
        if report
            .steps
            .iter()
            .any(|step| step.status == StepStatus::Undone)
        {
            return cause
                .hint("what this run had done before is taken back: nothing is left changed");
        }
        return cause;
    }
    let open = left_to_do(report, agenda).join(", ");
    let mut error = Error {
        kind: Kind::Partial,
        message: if cause.signal.is_some() {
            format!("interrupted; left to do: {open}")
        } else {
            format!("{}; left to do: {open}", cause.message)
        },
        ..cause
    };
    let only = match agenda.plans.as_slice() {
        [plan] => Some(&plan.goal),
        _ => None,
    };
    if let (Some(Goal::NoLink { local, remote, .. }), None) = (only, error.signal) {
        let remote = remote.as_ref().map_or("REMOTE", Alias::as_str);
        error = error.hint(format!(
            "finish it with: applink delete {local} {remote}, or applink resume"
        ));
    } else {
        error = error.hint(if is_half_made(agenda, report) || is_due(agenda, report) {
            "continue with: applink resume".to_owned()
        } else {
            format!(
                "nothing is half made; to try the rest: applink resume, or the same command again{}",
                match agenda.source {
                    PlanSource::File => " (applink apply FILE)",
                    PlanSource::Repair => " (applink repair)",
                    PlanSource::Goal => "",
                }
            )
        });
        let lost = report.steps.iter().any(|one| {
            matches!(one.status, StepStatus::Done)
                && one.step.reversibility() == Reversibility::Irreversible
        });
        if !lost
            && agenda
                .plans
                .iter()
                .all(|plan| plan.policy == Policy::RollBack)
        {
            error = error.hint("or take it back with: applink resume --undo");
        }
    }
    error
}

/// Whether a delete is left that `resume` tries again.
fn is_due(agenda: &PlanSet, report: &Report) -> bool {
    let mut parts = agenda.plans.iter().zip(&report.plans);
    parts.any(|(plan, part)| matches!(plan.goal, Goal::NoLink { .. }) && part.partial)
}

/// How many plans that are left to do are named; the steps of all are in the report.
const NAMED: usize = 10;

/// What is left: the steps of a plan, or the plans of many.
fn left_to_do(report: &Report, agenda: &PlanSet) -> Vec<String> {
    if agenda.plans.len() <= 1 {
        let is_open = |step: &&StepReport| {
            matches!(
                step.status,
                StepStatus::Failed | StepStatus::Stuck | StepStatus::Planned
            )
        };
        let open = report.steps.iter().filter(is_open);
        return open
            .map(|step| format!("{} on {}", step.step.action(), step.step.on()))
            .collect();
    }
    let mut open: Vec<String> = agenda
        .plans
        .iter()
        .zip(&report.plans)
        .filter(|(_, part)| !part.is_done())
        .map(|(plan, _)| aim(&plan.goal))
        .collect();
    let more = open.len().saturating_sub(NAMED);
    if more > 0 {
        open.truncate(NAMED);
        open.push(format!("and {more} more"));
    }
    open
}

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

/// The result for a person.
pub(crate) fn show(ui: &Ui, agenda: &PlanSet, report: &Report, verdicts: &[Verdict]) {
    let failed = report.failure.is_some();
    if !failed && agenda.is_empty() {
        ui.result(&crate::ui::change::nothing_to_do(agenda));
    } else if !failed && agenda.source == PlanSource::Repair {
        ui.result("everything that could be mended is");
    } else {
        for (plan, part) in agenda.plans.iter().zip(&report.plans) {
            if !plan.is_empty() && part.is_done() {
                ui.result(&reached(plan));
            }
        }
    }
    for verdict in verdicts {
        let name = verdict.remote.as_ref().map_or_else(
            || verdict.local.to_string(),
            |remote| format!("{} and {remote}", verdict.local),
        );
        let code = verdict
            .code
            .map(|code| format!(" {code}"))
            .unwrap_or_default();
        let (role, word) = ui.health(verdict.health);
        let rest = format!(" {name}{code}: {}", verdict.summary);
        ui.line(&[(role, &word), (Role::Plain, &rest)]);
        ui.fixes(&verdict.commands);
    }
}

/// What is so once a goal is reached.
fn reached(plan: &Plan) -> String {
    match &plan.goal {
        Goal::Link { local, remote, .. } if !plan.steps.iter().any(Step::creates_record) => {
            format!("the link of {local} to {remote} is changed")
        }
        Goal::Link {
            local,
            remote,
            remote_link_id: Some(_),
            ..
        } => format!("{local} and {remote} are linked"),
        Goal::Link { local, remote, .. } => format!("{local} has a one-way link to {remote}"),
        Goal::NoLink {
            local,
            remote: Some(remote),
            one_side: false,
        } => format!("{local} and {remote} are no longer linked"),
        Goal::NoLink { local, .. } => format!("the link on {local} is deleted"),
        Goal::Moved { app, url } => format!("the links of {app} lead to {url}"),
        Goal::Migrated { local, remote } => format!("{local} and {remote} use OAuth alone"),
        Goal::Relocated { from, to, .. } => format!("the links that led to {from} lead to {to}"),
        Goal::Detached { from } => format!("nothing of this leads to {from} any more"),
        Goal::Consumer {
            on,
            name,
            action: deed,
            ..
        } => match deed {
            ConsumerAction::Register => format!("{name:?} may call {on}"),
            ConsumerAction::Rotate => format!("{name:?} may call {on} with its new key"),
            ConsumerAction::Retire => format!("{name:?} may call {on} with its own key only"),
        },
        Goal::OAuth2Client { on, terms, .. } => {
            format!("{:?} may call {on} for users who consent", terms.name)
        }
        Goal::NoConsumer { on, name } | Goal::NoOAuth2Client { on, name } => {
            format!("{name:?} may not call {on} any more")
        }
    }
}

/// The document of every command that changes something.
pub(crate) fn document(
    report: &Report,
    agenda: Option<&PlanSet>,
    verdicts: &[Verdict],
) -> ChangeOutput {
    let goal = match agenda.map(|agenda| agenda.plans.as_slice()) {
        Some([plan]) => Some(&plan.goal),
        _ => None,
    };
    let step = |step: &StepReport| StepOutput {
        app: step.step.on().clone(),
        action: step.step.action(),
        status: step.status.as_str(),
        detail: step.detail.clone(),
    };
    ChangeOutput {
        changed: report.has_changes_to_report(),
        partial: report.partial,
        steps: report.steps.iter().map(step).collect(),
        link: goal.and_then(pair),
        consumer: goal.and_then(program),
        oauth2_client: goal.and_then(|goal| client(goal, report)),
        verification: verdicts.iter().map(VerdictOutput::from).collect(),
        errors: Vec::new(),
        more: Map::new(),
    }
}

fn pair(goal: &Goal) -> Option<PairOutput> {
    let Goal::Link {
        local,
        remote,
        local_link_id,
        remote_link_id,
        ..
    } = goal
    else {
        return None;
    };
    Some(PairOutput {
        local: local.clone(),
        remote: remote.clone(),
        local_link_id: Some(*local_link_id),
        remote_link_id: *remote_link_id,
    })
}

fn program(goal: &Goal) -> Option<ProgramOutput> {
    let Goal::Consumer {
        name,
        key,
        fingerprint,
        bits,
        key_file,
        snippet,
        two_legged,
        ..
    } = goal
    else {
        return None;
    };
    Some(ProgramOutput {
        name: name.clone(),
        key: key.clone(),
        // A dry run does not know which key it will be, and removes one that it made.
        fingerprint: Some(fingerprint.clone()).filter(|known| !known.is_empty()),
        bits: Some(*bits).filter(|known| *known > 0),
        key_file: key_file.clone(),
        two_legged: *two_legged,
        snippet: snippet.clone(),
    })
}

fn client(goal: &Goal, report: &Report) -> Option<ClientOutput> {
    let Goal::OAuth2Client {
        terms, secret_file, ..
    } = goal
    else {
        return None;
    };
    Some(ClientOutput {
        name: terms.name.clone(),
        client_id: crate::plan::progress::client_id(goal, report),
        redirect_uris: terms.redirects.clone(),
        scope: terms.scope.clone(),
        secret_file: secret_file.clone(),
    })
}

/// What went wrong and stopped nothing, with what to do about it.
pub(crate) fn print_warnings<'a>(ui: &Ui, errors: impl IntoIterator<Item = &'a Error>) {
    for error in errors {
        ui.warn(&error.to_string());
        for hint in &error.hints {
            ui.hint(hint);
        }
    }
}

/// A document with more in it, and with what could not be looked at.
pub(crate) fn with(
    document: ChangeOutput,
    more: &Map<String, Value>,
    errors: &[Error],
) -> ChangeOutput {
    let errors = errors.iter();
    ChangeOutput {
        errors: errors
            .map(|error| TroubleOutput::new(error.app.as_ref(), error))
            .collect(),
        more: more.clone(),
        ..document
    }
}

/// The sentence, which is true of what was looked at.
pub(crate) fn nothing_to_do(agenda: &PlanSet) -> String {
    let what = match (agenda.source, agenda.plans.as_slice()) {
        (PlanSource::Repair, _) => "nothing was found that can be mended from here".to_owned(),
        (PlanSource::Goal, [plan]) => describe_reached(&plan.goal),
        _ => "it is so already".to_owned(),
    };
    format!("nothing to do: {what}")
}

pub(crate) fn describe_reached(goal: &Goal) -> String {
    match goal {
        Goal::NoLink {
            local,
            remote: Some(remote),
            one_side: false,
        } => format!("{local} and {remote} have no link"),
        Goal::NoLink {
            local,
            remote: Some(remote),
            ..
        } => format!("{local} has no link to {remote}"),
        Goal::NoLink { local, .. } => format!("{local} has no such link"),
        Goal::NoConsumer { on, name } => format!("{on} has no program called {name:?}"),
        Goal::NoOAuth2Client { on, name } => {
            format!("{on} has no OAuth 2.0 client called {name:?}")
        }
        Goal::Moved { app, url } => format!("the links of {app} lead to {url} already"),
        Goal::Migrated { local, remote } => {
            format!("{local} and {remote} use none of the old means")
        }
        Goal::Detached { from } => format!("nothing that is changed here leads to {from}"),
        Goal::Link { .. }
        | Goal::Relocated { .. }
        | Goal::Consumer { .. }
        | Goal::OAuth2Client { .. } => "it is so already".to_owned(),
    }
}
