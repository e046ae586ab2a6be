//! What needs a yes before it is done, whichever command does it.
//!
//! A plan that widens a right, ends access or moves a link is confirmed, on a terminal by an answer
//! and elsewhere by `--yes`. What the state remembers is no consent: someone may have lowered a level
//! on purpose.

use super::client_step::ClientStep;
use super::plan_set::{Plan, PlanSet};
use super::step::Step;
use crate::domain::{Alias, ApplicationId, Directions, Flags};

/// The kinds of changes that need a yes, with what each covers. README shows this table.
pub const RULES: &[(&str, &str)] = &[
    (
        "Deletes",
        "a link, a consumer, an OAuth 2.0 client or its secret",
    ),
    (
        "Ends access",
        "user tokens and consumers that a change revokes",
    ),
    ("Moves", "the application URL of a link"),
    (
        "Gives impersonation",
        "to a link or a consumer that does not have it",
    ),
    (
        "Gives two-legged access",
        "to a link or a consumer that exists and does not have it",
    ),
    (
        "Enables a direction",
        "of a link that exists and has it disabled",
    ),
    (
        "Widens a client",
        "another scope or more redirect URIs for an OAuth 2.0 client that exists",
    ),
    (
        "Sends credentials",
        "to an address that was not confirmed before",
    ),
];

/// Why plans need a yes beside what they lose: the rights that they widen and the links that they
/// move, one sentence each.
pub fn widened(plan_set: &PlanSet) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for reason in plan_set.plans.iter().flat_map(reasons_of) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

fn reasons_of(plan: &Plan) -> Vec<String> {
    let mut reasons = level_reasons(plan);
    for step in &plan.steps {
        match step {
            Step::PutConsumer { on, from, to, .. } => {
                let before = from.as_ref().map(|from| from.incoming);
                reasons.extend(
                    gained(before, to.incoming).map(|right| {
                        format!("this gives the consumer {:?} {right} on {on}", to.key)
                    }),
                );
            }
            Step::Move { on, to, .. } => {
                reasons.push(format!("this moves the link on {on} to {}", to.rpc_url));
            }
            Step::Client(ClientStep::Edit { on, client, to }) => {
                let added = to
                    .redirects
                    .iter()
                    .any(|uri| !client.terms.redirects.contains(uri));
                if added || !is_narrower(&to.scope, &client.terms.scope) {
                    reasons.push(format!(
                        "this changes the scope or adds redirect URIs of the client {:?} on {on}",
                        to.name
                    ));
                }
            }
            _ => {}
        }
    }
    reasons
}

/// Whether a scope is the same as another one or surely narrower: of the same kind, and lower.
fn is_narrower(scope: &str, than: &str) -> bool {
    const ORDER: &[&str] = &["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"];
    let rank = |scope: &str| {
        ORDER.iter().enumerate().rev().find_map(|(at, name)| {
            let kind = scope.strip_suffix(name)?;
            (kind.is_empty() || kind.ends_with('_')).then(|| (kind.to_owned(), at))
        })
    };
    scope == than
        || rank(scope)
            .zip(rank(than))
            .is_some_and(|((kind, low), (other, high))| kind == other && low <= high)
}

/// The rights that the records gain from the first change of their level to the last: what is
/// switched off and on again is not widened.
fn level_reasons(plan: &Plan) -> Vec<String> {
    let mut changes: Vec<(&Alias, ApplicationId, Directions<Flags>, Directions<Flags>)> =
        Vec::new();
    for step in &plan.steps {
        let Step::SetFlags { on, id, from, to } = step else {
            continue;
        };
        match changes
            .iter_mut()
            .find(|change| (change.0, change.1) == (on, *id))
        {
            Some(change) => change.3 = *to,
            None => changes.push((on, *id, *from, *to)),
        }
    }
    let completes = plan.steps.iter().any(Step::creates_record);
    let mut reasons = Vec::new();
    for (on, _, from, to) in changes {
        for (direction, from, to) in [
            ("outgoing", from.outgoing, to.outgoing),
            ("incoming", from.incoming, to.incoming),
        ] {
            let is_enabled = from == Flags::NONE && to != Flags::NONE;
            if is_enabled && !completes {
                reasons.push(format!(
                    "this re-enables calls on {on}, which may be disabled on purpose, for example on a clone"
                ));
            }
            let before = (!is_enabled).then_some(from);
            reasons.extend(
                gained(before, to)
                    .map(|right| format!("this adds {right} to {direction} calls on {on}")),
            );
        }
    }
    reasons
}

/// The right that is gained. What did not exist before has two-legged access as it was asked for.
fn gained(before: Option<Flags>, after: Flags) -> Option<&'static str> {
    let had = before.unwrap_or(Flags::NONE);
    if after.impersonation && !had.impersonation {
        Some("impersonation of any user")
    } else if before.is_some() && after.two_legged && !had.two_legged {
        Some("two-legged access")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Level;
    use crate::plan::testing::scenes::{create_plan, edit_plan};

    #[test]
    fn a_wider_level_needs_a_yes() {
        for (from, to, count) in [
            (Flags::NONE, Level::OAuth, 2),
            (Flags::NONE, Level::Impersonation, 6),
            (Flags::OAUTH, Level::Impersonation, 4),
            (Flags::IMPERSONATION, Level::OAuth, 0),
            (Flags::OAUTH, Level::None, 0),
            (Flags::OAUTH, Level::OAuth, 0),
        ] {
            let reasons = widened(&PlanSet::from(edit_plan(to, from)));
            assert_eq!(reasons.len(), count, "{from:?} {to:?}: {reasons:?}");
        }
    }

    #[test]
    fn a_new_link_needs_none() {
        let reasons = widened(&PlanSet::from(create_plan(None, None, false)));
        assert_eq!(reasons, Vec::<String>::new());
    }

    #[test]
    fn what_is_switched_off_and_on_again_is_not_widened() {
        let mut plan = edit_plan(Level::None, Flags::OAUTH);
        plan.steps
            .extend(edit_plan(Level::OAuth, Flags::NONE).steps);
        assert_eq!(widened(&PlanSet::from(plan)), Vec::<String>::new());
        let mut plan = edit_plan(Level::None, Flags::OAUTH);
        plan.steps
            .extend(edit_plan(Level::Impersonation, Flags::NONE).steps);
        assert_eq!(widened(&PlanSet::from(plan)).len(), 4);
    }
}
