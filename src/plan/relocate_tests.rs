//! Which display URL a move leaves, and when one is set after it.

use super::*;
use crate::domain::Flags;
use crate::plan::Reversibility;
use crate::plan::testing::world::*;

const OLD: &str = "https://old.example/wiki";
const NEW: &str = "https://new.example/wiki";
const OWN: &str = "https://www.example/wiki";
const ASKED: &str = "https://shown.example";

fn holder(way: RelocationMethod) -> RecordHolder {
    RecordHolder {
        alias: alias("jira"),
        view: view(2, "Wiki", "confluence", OLD, Flags::OAUTH),
        method: way,
    }
}

/// The display URL that the move leaves, and the one that an edit sets after it.
fn shown(
    way: RelocationMethod,
    own: Option<&str>,
    asked: Option<&str>,
) -> (Option<String>, Option<String>) {
    let planned = plan(
        &alias("wiki"),
        &base(NEW),
        own.map(base).as_ref(),
        asked.map(base).as_ref(),
        &[holder(way)],
    );
    let moved = planned.steps.iter().find_map(|step| match step {
        Step::Move { to, .. } => Some(to.display_url.clone()),
        _ => None,
    });
    let edited = planned.steps.iter().find_map(|step| match step {
        Step::Edit { from, to, .. } => {
            assert_eq!(Some(&from.display_url), moved.as_ref());
            assert_eq!(from.name, to.name);
            Some(to.display_url.clone())
        }
        _ => None,
    });
    (moved, edited)
}

#[test]
fn the_display_url_follows() {
    let cases = [
        (RelocationMethod::Checked, None, None, NEW, None),
        (RelocationMethod::Checked, Some(OWN), None, OWN, None),
        (
            RelocationMethod::Checked,
            Some(OWN),
            Some(ASKED),
            OWN,
            Some(ASKED),
        ),
        (RelocationMethod::Checked, Some(OWN), Some(OWN), OWN, None),
        (RelocationMethod::Forced, None, None, NEW, None),
        (
            RelocationMethod::Forced,
            None,
            Some(ASKED),
            NEW,
            Some(ASKED),
        ),
        // One that answers after all is asked for its base URL by the server, too.
        (RelocationMethod::Forced, Some(OWN), None, OWN, None),
        (RelocationMethod::Rewritten, None, None, NEW, None),
        (RelocationMethod::Rewritten, Some(OWN), None, OWN, None),
        (
            RelocationMethod::Rewritten,
            Some(OWN),
            Some(ASKED),
            ASKED,
            None,
        ),
    ];
    for (way, own, asked, moved, edited) in cases {
        assert_eq!(
            shown(way, own, asked),
            (Some(moved.to_owned()), edited.map(ToOwned::to_owned)),
            "{way:?} {own:?} {asked:?}"
        );
    }
}

#[test]
fn a_record_that_points_there_already_is_not_moved() {
    let mut there = holder(RelocationMethod::Checked);
    there.view.record.rpc_url = Some("https://NEW.example:443/wiki/".to_owned());
    let all = [there];
    let moved = |asked: Option<&BaseUrl>| {
        plan(&alias("wiki"), &base(NEW), Some(&base(OWN)), asked, &all).steps
    };
    assert!(moved(None).is_empty());
    let steps = moved(Some(&base(ASKED)));
    assert!(
        matches!(steps.as_slice(), [Step::Edit { from, to, .. }]
            if from.display_url == OLD && to.display_url == ASKED),
        "{steps:?}"
    );
}

#[test]
fn a_move_can_be_taken_back_and_does_not_stop_the_others() {
    let holders = [
        holder(RelocationMethod::Checked),
        holder(RelocationMethod::Rewritten),
    ];
    let planned = plan(&alias("wiki"), &base(NEW), None, None, &holders);
    assert_eq!(planned.steps.len(), 2);
    assert_eq!(planned.policy, Policy::Continue);
    let mut steps = planned.steps.iter();
    assert!(steps.all(|step| step.reversibility() == Reversibility::Reversible));
}
