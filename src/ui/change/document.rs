//! The document of a change.

use crate::diagnose::Verdict;
use crate::error::Error;
use crate::plan::execute::{Report, StepReport};
use crate::plan::{Goal, PlanSet};
use crate::ui::output::{
    ChangeOutput, ClientOutput, PairOutput, ProgramOutput, ScanOutput, StepOutput, TroubleOutput,
    VerdictOutput,
};

/// The document of every command that changes something.
pub(crate) fn document(
    report: &Report,
    plan_set: Option<&PlanSet>,
    verdicts: &[Verdict],
) -> ChangeOutput {
    let goal = match plan_set.map(|plan_set| plan_set.plans.as_slice()) {
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
        losses: plan_set.map(PlanSet::losses).unwrap_or_default(),
        link: goal.and_then(pair),
        consumer: goal.and_then(program),
        oauth2_client: goal.and_then(|goal| client(goal, report)),
        verification: verdicts.iter().map(VerdictOutput::from).collect(),
        errors: Vec::new(),
        scan: None,
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

/// The document with what a command adds, and with what could not be looked at.
pub(crate) fn with(
    document: ChangeOutput,
    scan: Option<&ScanOutput>,
    errors: &[Error],
) -> ChangeOutput {
    let errors = errors.iter();
    ChangeOutput {
        errors: errors
            .map(|error| TroubleOutput::new(error.app.as_ref(), error))
            .collect(),
        scan: scan.cloned(),
        ..document
    }
}
