//! What was found, for people and for programs.

use crate::cli::scan::findings::{Finding, ReferenceKind};
use crate::cli::scan::scope::Scope;
use crate::context::Context;
use crate::domain::Level;
use crate::plan::PlanSet;
use crate::plan::detach::steps;
use crate::ui::output::{FindingOutput, ScanOutput};
use crate::ui::{Cell, Column, Table};

/// Who would be called by mistake.
pub(super) fn table(context: &Context, scope: &Scope, findings: &[Finding]) {
    let nothing = format!("nothing points at {}", scope.from);
    let mut table = Table::new([
        Column::new("app"),
        Column::new("what"),
        Column::new("name").wraps(),
        Column::new("from").wraps().extra(1),
        Column::new("to").wraps(),
        Column::new("in").extra(3),
        Column::new("out").extra(3),
        Column::new("then"),
    ])
    .when_empty(nothing);
    for finding in findings {
        let level = |level: Option<Level>| {
            level.map_or_else(Cell::missing, |level| Cell::new(level.as_str()))
        };
        table.push([
            Cell::new(finding.app.as_str()),
            Cell::new(finding.kind.as_str()),
            Cell::new(finding.name.as_str()),
            Cell::new(finding.from.as_str()),
            Cell::new(finding.to.as_str()),
            level(finding.levels.map(|levels| levels.incoming)),
            level(finding.levels.map(|levels| levels.outgoing)),
            Cell::new(then(finding).unwrap_or("by hand")),
        ]);
    }
    context.ui.table(&table);
}

/// What the plan does about it, in a word or two.
fn then(finding: &Finding) -> Option<&'static str> {
    let Some(stray) = &finding.stray else {
        return (finding.kind == ReferenceKind::Consumer).then_some("with its link");
    };
    let actions: Vec<&str> = steps(stray).iter().map(crate::plan::Step::action).collect();
    match actions.as_slice() {
        [] if stray.record.system || finding.levels.is_none() => None,
        [] => Some("nothing to do"),
        all if all.contains(&"delete-link") => Some("delete"),
        ["set-level"] => Some("switch off"),
        _ => Some("relocate"),
    }
}

/// What would be done, where nothing is.
pub(super) fn plan(context: &Context, plan_set: &PlanSet) {
    if plan_set.is_empty() {
        return;
    }
    context.ui.status("This would be done:");
    for step in plan_set.steps() {
        context
            .ui
            .status(&format!("  {}: {}", step.on(), step.describe()));
    }
    for loss in plan_set.losses() {
        context
            .ui
            .warn(&format!("this cannot be taken back: {loss}"));
    }
    context.ui.hint("to carry it out: the same with --apply");
}

/// What a table has no room for.
pub(super) fn notes(context: &Context, scope: &Scope, findings: &[Finding]) {
    for finding in findings {
        // What the table says already is not said again; a reason in brackets is said.
        let is_plain = finding.kind == ReferenceKind::Link
            && finding
                .stray
                .as_ref()
                .is_some_and(|stray| !steps(stray).is_empty())
            && !finding.detail.contains(" (");
        if is_plain && !context.ui.is_json() {
            continue;
        }
        context.ui.note(&format!(
            "{}: {} {:?}: {}",
            finding.app,
            finding.kind.as_str(),
            finding.name,
            finding.detail
        ));
    }
    if findings.is_empty() && context.ui.is_json() {
        context
            .ui
            .note(&format!("nothing points at {}", scope.from));
    }
}

/// What the document of the result has besides its steps.
pub(super) fn output(scope: &Scope, findings: &[Finding]) -> ScanOutput {
    let finding = |finding: &Finding| {
        let record = finding.record.as_ref();
        let steps = finding.stray.as_ref().map(steps).unwrap_or_default();
        FindingOutput {
            app: finding.app.clone(),
            kind: finding.kind.as_str(),
            id: record.map(|record| record.id),
            name: finding.name.clone(),
            type_id: record.map(|record| record.type_id.clone()),
            from: Some(finding.from.clone()),
            to: Some(finding.to.clone()),
            incoming: finding.levels.map(|levels| levels.incoming),
            outgoing: finding.levels.map(|levels| levels.outgoing),
            actions: steps.iter().map(crate::plan::Step::action).collect(),
            detail: finding.detail.clone(),
        }
    };
    ScanOutput {
        from: scope.from.to_string(),
        to: scope.to.as_ref().map(ToString::to_string),
        findings: findings.iter().map(finding).collect(),
    }
}
