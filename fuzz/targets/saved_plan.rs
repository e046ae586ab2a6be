//! The reader of saved plans.

use serde_json::Value;

use super::Verdict;
use crate::domain::text;
use crate::plan::file::saved_plan::{SavedPlan, sealed};
use crate::plan::file::snapshot::difference;

/// A plan that can be read says the same when it is written; one that is refused is refused in words
/// that steer no terminal. What has the right sum is tried too: no mutation gets past it.
pub(super) fn saved_plan(bytes: &[u8]) -> Verdict {
    one(bytes)?;
    match serde_json::from_slice::<Value>(bytes) {
        Ok(body) => one(sealed(&body).to_string().as_bytes()),
        Err(_) => Ok(()),
    }
}

fn one(bytes: &[u8]) -> Verdict {
    let kept = match SavedPlan::parse(bytes) {
        Ok(kept) => kept,
        Err(why) if text::is_pasteable(&why.to_string()) => return Ok(()),
        Err(why) => return Err(format!("a refusal that steers: {why}")),
    };
    let _ = (kept.plan_set.losses(), kept.plan_set.destructive_steps());
    for step in kept.plan_set.steps() {
        let _ = (step.describe(), step.undo(None), step.check(None));
    }
    for was in &kept.snapshots {
        if difference(was, was.view.as_ref()).is_some() {
            return Err(format!("{was:?} differs from itself"));
        }
    }
    let written = kept.to_text().map_err(|error| error.message)?;
    // No plan has fractions, and what becomes of them when they are written is not exact.
    if serde_json::from_str(&written).is_ok_and(|value: Value| has_fraction(&value)) {
        return Ok(());
    }
    match SavedPlan::parse(written.as_bytes()) {
        Ok(again) if again == kept => Ok(()),
        Ok(again) => Err(format!(
            "{kept:?}\nis written as\n{written}\nwhich is\n{again:?}"
        )),
        Err(why) => Err(format!("written, it {why}\n{written}")),
    }
}

fn has_fraction(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(all) => all.iter().any(has_fraction),
        Value::Object(map) => map.values().any(has_fraction),
        _ => false,
    }
}
