//! Changes as a person reviews them, and as a program reads them.

use serde_json::{Value, json};

use crate::domain::Alias;
use crate::error::Error;
use crate::plan::file::{Action, Change, Drift};
use crate::ui::output::{
    CountsOutput, DifferenceOutput, DriftOutput, PlanOutput, TroubleOutput, WarningOutput,
};
use crate::ui::{Role, Ui};

/// A line in pieces.
type DiffLine = Vec<(Role, String)>;

/// The changes with what was changed by hand, line by line.
pub(crate) fn lines(changes: &[Change], drift: &[Drift]) -> Vec<DiffLine> {
    let mut lines = Vec::new();
    for group in groups(changes) {
        let (role, sign) = match kind(group) {
            Action::Create => (Role::Good, "+"),
            Action::Change => (Role::Caution, "~"),
            Action::Delete => (Role::Bad, "-"),
        };
        let name = group.first().map(name).unwrap_or_default();
        lines.push(vec![
            (role, sign.to_owned()),
            (Role::Strong, format!(" {name}")),
        ]);
        for change in group {
            details(change, &mut lines);
        }
    }
    if !drift.is_empty() {
        lines.push(vec![(
            Role::Strong,
            "changed by hand since applink made it:".to_owned(),
        )]);
        for one in drift {
            let (found, made) = (plain(&one.found), plain(&one.made));
            let what = match one.field.split_once('.') {
                Some(("auth", caller)) => {
                    format!("calls from {caller} use {found}, and were made with {made}")
                }
                Some(("records", on)) => format!("the record on {on} is gone"),
                Some(("primary", on)) => format!("it is no longer the primary one on {on}"),
                Some((field, on)) => {
                    format!("{} on {on} is {found}, and was {made}", noun(field))
                }
                None if one.field == "consumer" => "it is gone".to_owned(),
                None => {
                    let field = one.field.replace('_', " ");
                    format!("{field} is {found}, and was {made}")
                }
            };
            let whose = match (&one.consumer, &one.remote) {
                (Some(consumer), _) => format!("{consumer:?} on {}", one.local),
                (None, Some(remote)) => format!("{} and {remote}", one.local),
                (None, None) => one.local.to_string(),
            };
            let text = format!("  {whose}: {what}");
            lines.push(vec![(Role::Plain, text)]);
        }
    }
    lines.push(vec![(Role::Strong, summary(changes))]);
    lines
}

/// A field of a record, for people.
fn noun(field: &str) -> &str {
    match field {
        "names" => "the name",
        "application_urls" => "the address that is called",
        "display_urls" => "the address that is shown",
        other => other,
    }
}

/// How many links and programs are made, changed, deleted.
pub(crate) fn summary(changes: &[Change]) -> String {
    let [create, change, delete] = counts(changes);
    if create + change + delete == 0 {
        return "no changes: all is as the file says".to_owned();
    }
    format!("{create} to create, {change} to change, {delete} to delete")
}

fn counts(changes: &[Change]) -> [usize; 3] {
    let mut counts = [0; 3];
    for group in groups(changes) {
        let [create, change, delete] = &mut counts;
        match kind(group) {
            Action::Create => *create += 1,
            Action::Change => *change += 1,
            Action::Delete => *delete += 1,
        }
    }
    counts
}

/// The changes of one link or program stand side by side.
fn groups(changes: &[Change]) -> impl Iterator<Item = &[Change]> {
    changes.chunk_by(|a, b| {
        let whole = |change: &Change| change.action == Action::Delete;
        (&a.local, &a.remote, &a.consumer) == (&b.local, &b.remote, &b.consumer)
            && whole(a) == whole(b)
    })
}

/// A link of which one end is made is changed.
fn kind(group: &[Change]) -> Action {
    match group {
        [one] if one.field.is_none() => one.action,
        _ => Action::Change,
    }
}

fn name(change: &Change) -> String {
    match (&change.consumer, &change.remote) {
        (Some(consumer), _) => format!("{consumer:?} on {}", change.local),
        (None, Some(remote)) => format!("{} and {remote}", change.local),
        (None, None) => change.local.to_string(),
    }
}

fn details(change: &Change, lines: &mut Vec<DiffLine>) {
    let mut add = |role: Role, text: String| lines.push(vec![(role, format!("    {text}"))]);
    match (change.action, change.field.as_deref()) {
        (Action::Create, None) if change.consumer.is_some() => {
            for (field, value) in fields(&change.to) {
                if !value.is_null() && value != &json!(false) {
                    add(
                        Role::Plain,
                        format!("{}: {}", field.replace('_', " "), plain(value)),
                    );
                }
            }
        }
        (Action::Create, None) => {
            for (on, name) in fields(&change.to["names"]) {
                let url = plain(&change.to["application_urls"][on]);
                let shown = plain(&change.to["display_urls"][on]);
                let shown = if shown == url {
                    String::new()
                } else {
                    format!(", shown as {shown}")
                };
                add(Role::Plain, format!("on {on}: {name} at {url}{shown}"));
            }
            if change.to["one_way"].is_null() {
                for (caller, level) in fields(&change.to["auth"]) {
                    add(
                        Role::Plain,
                        format!("calls from {caller}: {}", plain(level)),
                    );
                }
            } else {
                add(Role::Plain, "one way, without authentication".to_owned());
            }
        }
        (Action::Create, Some(field)) => {
            let on = field.strip_prefix("records.").unwrap_or(field);
            let (name, url) = (&change.to["name"], plain(&change.to["application_url"]));
            add(Role::Plain, format!("on {on}: {name} at {url} is made"));
        }
        (Action::Delete, _) => {
            for (on, name) in fields(&change.from["names"]) {
                add(Role::Plain, format!("on {on}: {name}"));
            }
        }
        (Action::Change, field) => {
            let what = changed_value(field.unwrap_or_default());
            add(
                Role::Plain,
                format!("{what}: {} -> {}", plain(&change.from), plain(&change.to)),
            );
        }
    }
    if change.drift {
        let text = "was changed by hand since applink made it".to_owned();
        lines.push(vec![(Role::Caution, format!("      {text}"))]);
    }
}

/// The name of a value that is changed, for people.
fn changed_value(field: &str) -> String {
    match field.split_once('.') {
        Some(("auth", caller)) => format!("calls from {caller}"),
        Some(("names", on)) => format!("name on {on}"),
        Some(("application_urls", on)) => format!("address that {on} calls"),
        Some(("display_urls", on)) => format!("address shown on {on}"),
        Some(("primary", on)) => format!("primary on {on}"),
        _ => field.replace('_', " "),
    }
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A value without the marks of JSON; names of people's choice keep them.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if text.contains(' ') || text.is_empty() => format!("{text:?}"),
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| format!("{} on {key}", plain(value)))
            .collect::<Vec<_>>()
            .join(" and "),
        other => other.to_string(),
    }
}

/// On standard output.
pub(crate) fn show(ui: &Ui, changes: &[Change], drift: &[Drift]) {
    for line in lines(changes, drift) {
        ui.line(&pieces(&line));
    }
}

/// On standard error, before something is carried out.
pub(crate) fn announce(ui: &Ui, changes: &[Change], drift: &[Drift]) {
    for line in lines(changes, drift) {
        ui.status_line(&pieces(&line));
    }
}

fn pieces(line: &DiffLine) -> Vec<(Role, &str)> {
    line.iter()
        .map(|(role, text)| (*role, text.as_str()))
        .collect()
}

/// The document of `plan`.
pub(crate) fn document(
    changes: &[Change],
    drift: &[Drift],
    errors: &[(Option<&Alias>, &Error)],
    warnings: &[Error],
) -> PlanOutput {
    let [create, change, delete] = counts(changes);
    let errors = errors.iter();
    PlanOutput {
        changes: changes.iter().map(DifferenceOutput::from).collect(),
        drift: drift.iter().map(DriftOutput::from).collect(),
        summary: CountsOutput {
            create,
            change,
            delete,
        },
        errors: errors
            .map(|(alias, error)| TroubleOutput::new(*alias, error))
            .collect(),
        warnings: warnings.iter().map(WarningOutput::from).collect(),
    }
}
