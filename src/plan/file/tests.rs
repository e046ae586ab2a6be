#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::json;

use super::*;
use crate::desired::{DesiredConsumer, DesiredLink};
use crate::domain::{Directions, Flags, LastApplied, Level};
use crate::plan::file::{Action, FileKey, KnownLink};
use crate::plan::testing::file::{AT, carry_out, lines, link, observed_state, record, wanted};
use crate::plan::testing::world::*;
use crate::plan::{RelocationMethod, Step};

fn program(name: &str) -> DesiredConsumer {
    DesiredConsumer {
        on: alias("jira"),
        name: name.to_owned(),
        key: None,
        public_key: None,
        url: None,
        callback: None,
        two_legged: None,
        impersonation: None,
        at: AT,
    }
}

fn given(text: &str) -> FileKey {
    FileKey {
        base64: text.to_owned(),
        fingerprint: text.to_owned(),
        bits: 2048,
    }
}

fn both(a: &str, b: &str, flags: Flags) -> Records {
    let flags = Directions::both(flags);
    Records::from([record(a, b, flags), record(b, a, flags)])
}

#[test]
fn a_link_that_is_not_there_is_made_whole() {
    let world = World::default();
    let file = wanted(vec![link("jira", "wiki")]);
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        false,
    )
    .unwrap();
    let change = outcome.changes().next().unwrap();
    assert_eq!(change.action, Action::Create);
    assert_eq!(change.to["auth"], json!({"jira": "oauth", "wiki": "oauth"}));
    assert_eq!(change.to["names"], json!({"jira": "wiki", "wiki": "jira"}));
    assert_eq!(outcome.changes().count(), 1);
    carry_out(&world, &outcome);
    let again = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        false,
    )
    .unwrap();
    assert!(lines(&again).is_empty());
    assert!(again.items[0].plan.is_empty());
}

#[test]
fn each_direction_has_its_level_and_the_state_remembers_both() {
    let mut wish = link("jira", "wiki");
    wish.auth = [
        (alias("jira"), Level::Impersonation),
        (alias("wiki"), Level::None),
    ]
    .into();
    let world = World::of(&both("jira", "wiki", Flags::OAUTH));
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &wanted(vec![wish]),
        false,
    )
    .unwrap();
    assert_eq!(
        lines(&outcome),
        [
            "change auth.jira \"oauth\" -> \"impersonation\"",
            "change auth.wiki \"oauth\" -> \"none\""
        ]
    );
    assert!(outcome.items[0].impersonates);
    let crate::plan::Goal::Link {
        outgoing: level,
        incoming: back,
        ..
    } = &outcome.items[0].plan.goal
    else {
        unreachable!()
    };
    assert_eq!((*level, *back), (Level::Impersonation, Level::None));
    carry_out(&world, &outcome);
    let flags = world.get(&alias("jira"), id(4)).unwrap().flags;
    assert_eq!(flags.outgoing, Flags::IMPERSONATION);
    assert_eq!(flags.incoming, Flags::NONE);
}

#[test]
fn what_was_changed_by_hand_is_told() {
    let mut records = both("jira", "wiki", Flags::OAUTH);
    records.get_mut(&(alias("wiki"), id(2))).unwrap().flags = Directions::both(Flags::NONE);
    let world = World::of(&records);
    let mut seen = observed_state(&world, RelocationMethod::Checked);
    let remembered = KnownLink {
        levels: [(alias("jira"), Level::OAuth), (alias("wiki"), Level::OAuth)].into(),
        holders: vec![alias("jira"), alias("wiki")],
        last_applied: LastApplied::default(),
    };
    seen.links
        .insert((alias("jira"), alias("wiki")), remembered.clone());
    // The file says nothing of it: it is told, and not touched.
    let quiet = wanted(vec![link("jira", "wiki")]);
    let outcome = plan(&seen, &quiet, false).unwrap();
    assert!(lines(&outcome).is_empty());
    let drift: Vec<_> = outcome.drift().map(|drift| drift.field.clone()).collect();
    assert_eq!(drift, ["auth.wiki", "auth.jira"]);
    let crate::plan::Goal::Link {
        outgoing: level, ..
    } = &outcome.items[0].plan.goal
    else {
        unreachable!()
    };
    assert_eq!(*level, Level::OAuth);
    // The file says otherwise: it is changed back.
    let mut wish = link("jira", "wiki");
    wish.auth = remembered.levels.clone();
    let outcome = plan(&seen, &wanted(vec![wish]), false).unwrap();
    assert_eq!(
        lines(&outcome),
        [
            "change auth.jira {\"jira\":\"oauth\",\"wiki\":\"none\"} -> \"oauth\" drift",
            "change auth.wiki {\"jira\":\"oauth\",\"wiki\":\"none\"} -> \"oauth\" drift"
        ]
    );
    // A record that was deleted outside applink.
    world.records.borrow_mut().remove(&(alias("wiki"), id(2)));
    let mut seen = observed_state(&world, RelocationMethod::Checked);
    seen.links
        .insert((alias("jira"), alias("wiki")), remembered);
    let outcome = plan(&seen, &quiet, false).unwrap();
    assert!(lines(&outcome)[0].starts_with("create records.wiki null -> "));
    assert!(lines(&outcome)[0].ends_with(" drift"));
}

#[test]
fn a_one_way_record_is_completed_at_one_level() {
    let off = Directions::both(Flags::NONE);
    let world = World::of(&Records::from([record("jira", "wiki", off)]));
    let file = wanted(vec![link("jira", "wiki")]);
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        false,
    )
    .unwrap();
    carry_out(&world, &outcome);
    for (on, of) in [("jira", 4), ("wiki", 2)] {
        let view = world.get(&alias(on), id(of)).unwrap();
        assert_eq!(view.flags, Directions::both(Flags::OAUTH), "{on}");
    }
    let mut wish = link("code", "wiki");
    wish.one_way = Some(alias("wiki"));
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &wanted(vec![wish]),
        false,
    )
    .unwrap();
    let goal = &outcome.items[0].plan.goal;
    assert!(
        matches!(goal, crate::plan::Goal::Link { local, remote_link_id: None, .. }
        if local.as_str() == "wiki")
    );
    assert_eq!(outcome.items[0].plan.steps.len(), 1);
}

#[test]
fn only_links_between_the_files_applications_are_pruned() {
    let mut records = both("jira", "wiki", Flags::OAUTH);
    records.extend(both("jira", "code", Flags::OAUTH));
    records.extend(both("jira-2", "wiki", Flags::OAUTH));
    let foreign = view(
        9,
        "foreign",
        "jira",
        "https://foreign.example",
        Flags::OAUTH,
    );
    records.insert((alias("wiki"), id(9)), foreign);
    let system = records.get_mut(&(alias("code"), id(2))).unwrap();
    system.record.system = true;
    let world = World::of(&records);
    let file = wanted(vec![link("jira", "wiki")]);
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        false,
    )
    .unwrap();
    assert!(lines(&outcome).is_empty());
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        true,
    )
    .unwrap();
    let gone: Vec<_> = outcome
        .items
        .iter()
        .flat_map(|part| &part.plan.steps)
        .map(|step| (step.on().to_string(), step.action()))
        .collect();
    let delete = |on: &str| (on.to_owned(), "delete-link");
    assert_eq!(gone, [delete("jira-2"), delete("wiki")]);
    assert_eq!(outcome.notes.len(), 2);
    assert!(outcome.notes[1].contains("its other end, on code, is a system link"));
    assert!(outcome.notes[0].contains("the product manages it by itself"));
}

#[test]
fn what_cannot_be_leaves_the_rest() {
    let mut records = both("jira", "wiki", Flags::OAUTH);
    records
        .get_mut(&(alias("jira"), id(4)))
        .unwrap()
        .record
        .system = true;
    let world = World::of(&records);
    let mut twice = [link("wiki", "jira-2"), link("wiki", "jira")];
    for wish in &mut twice {
        wish.primary = [alias("wiki")].into();
    }
    let [one, two] = twice;
    let mut file = wanted(vec![one, two, link("jira", "wiki"), link("jira", "code")]);
    file.consumers = vec![program("nothing")];
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        false,
    )
    .unwrap();
    let refused: Vec<_> = outcome.refused.iter().map(ToString::to_string).collect();
    assert!(
        refused[0].contains("cannot both be the primary one"),
        "{refused:?}"
    );
    assert!(refused[1].contains("system link"), "{refused:?}");
    assert!(refused[2].contains("gives no public_key"), "{refused:?}");
    assert_eq!(outcome.items.len(), 2);
    let mut clones = observed_state(&world, RelocationMethod::Checked);
    clones.apps.get_mut(&alias("jira-2")).unwrap().manifest.id = id(2);
    assert_eq!(
        plan(&clones, &file, false).unwrap_err().code,
        Some(Code::ClonedApplication)
    );
}

#[test]
fn programs_are_registered_changed_and_left_alone() {
    let world = World::default();
    let mut file = wanted(Vec::new());
    file.consumers = vec![DesiredConsumer {
        two_legged: Some(true),
        ..program("ci")
    }];
    let mut seen = observed_state(&world, RelocationMethod::Checked);
    seen.keys.insert(0, given("a"));
    let outcome = plan(&seen, &file, false).unwrap();
    assert_eq!(outcome.changes().count(), 1);
    carry_out(&world, &outcome);
    // The same, without the key: nothing.
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        false,
    )
    .unwrap();
    assert!(lines(&outcome).is_empty() && outcome.refused.is_empty());
    // Another key, and less.
    file.consumers[0].two_legged = Some(false);
    let mut seen = observed_state(&world, RelocationMethod::Checked);
    seen.keys.insert(0, given("b"));
    let outcome = plan(&seen, &file, false).unwrap();
    assert_eq!(
        lines(&outcome),
        [
            "change public_key \"SHA256:a\" -> \"SHA256:b\"",
            "change two_legged true -> false"
        ]
    );
    carry_out(&world, &outcome);
    // Its key is another program's.
    file.consumers.push(DesiredConsumer {
        key: Some("ci".to_owned()),
        ..program("other")
    });
    let mut seen = observed_state(&world, RelocationMethod::Checked);
    seen.keys.insert(1, given("c"));
    let outcome = plan(&seen, &file, false).unwrap();
    assert!(outcome.refused[0].message.contains("belongs to the link"));
}

/// `on name` of each record that steps make or rename.
fn names(outcome: &FilePlan) -> Vec<String> {
    let steps = outcome.items.iter().flat_map(|part| &part.plan.steps);
    let named = steps.filter_map(|step| match step {
        Step::Create { on, link, .. } => Some(format!("{on} {}", link.name)),
        Step::Edit { on, to, .. } => Some(format!("{on} {}", to.name)),
        _ => None,
    });
    named.collect()
}

fn called(a: &str, b: &str, on: &str, name: &str) -> DesiredLink {
    let mut link = link(a, b);
    link.names.insert(alias(on), name.to_owned());
    link
}

#[test]
fn a_name_is_there_once_on_an_application() {
    let records = both("jira", "wiki", Flags::OAUTH);
    let planned = |links: Vec<DesiredLink>| {
        let world = World::of(&records);
        plan(
            &observed_state(&world, RelocationMethod::Checked),
            &wanted(links),
            false,
        )
        .unwrap()
    };
    // Taken by one that the file does not name.
    let outcome = planned(vec![called("jira", "code", "jira", "wiki")]);
    assert!(outcome.items.is_empty());
    assert_eq!(
        outcome.refused[0].message,
        "the link to https://wiki.example has the name \"wiki\" on jira already: the link to code cannot have it"
    );
    assert!(outcome.refused[0].hints[0].contains("names = { jira ="));
    // Taken by one that gives it up, whichever comes first.
    let outcome = planned(vec![
        called("jira", "code", "jira", "wiki"),
        called("jira", "wiki", "jira", "Handbook"),
    ]);
    assert_eq!(names(&outcome), ["jira Handbook", "jira wiki", "code jira"]);
    // What is refused gives nothing up.
    let outcome = planned(vec![
        called("jira", "code", "jira", "wiki"),
        called("jira", "jira-2", "jira", "Handbook"),
        called("jira", "wiki", "jira", "Handbook"),
    ]);
    assert_eq!(names(&outcome), ["jira Handbook", "jira-2 jira"]);
    assert_eq!(outcome.refused.len(), 2);
    assert!(
        outcome.refused[0]
            .message
            .starts_with("the link to jira-2 gets the name")
    );
    // A name that the file chooses goes before a default name.
    let mut seen = observed_state(&World::of(&records), RelocationMethod::Checked);
    for app in ["code", "jira-2"] {
        seen.apps.get_mut(&alias(app)).unwrap().manifest.name = "wiki".to_owned();
    }
    let file = wanted(vec![
        link("jira", "code"),
        called("jira", "jira-2", "jira", "wiki - 2"),
    ]);
    let outcome = plan(&seen, &file, false).unwrap();
    assert_eq!(
        names(&outcome),
        ["jira wiki - 3", "code jira", "jira wiki - 2", "jira-2 jira"]
    );
    assert_eq!(outcome.warnings.len(), 1);
    assert!(
        outcome.warnings[0]
            .message
            .ends_with("will be \"wiki - 3\" there")
    );
    let change = outcome.changes().next().unwrap();
    assert_eq!(change.to["names"]["jira"], "wiki - 3");
}

#[test]
fn names_do_not_change_places() {
    let mut records = both("jira", "wiki", Flags::OAUTH);
    records.extend(both("jira", "code", Flags::OAUTH));
    let world = World::of(&records);
    let file = wanted(vec![
        called("jira", "wiki", "jira", "code"),
        called("jira", "code", "jira", "wiki"),
    ]);
    let outcome = plan(
        &observed_state(&world, RelocationMethod::Checked),
        &file,
        false,
    )
    .unwrap();
    assert!(outcome.items.is_empty());
    let refused: Vec<_> = outcome.refused.iter().map(|one| &one.message).collect();
    assert!(refused[0].contains("waits for another name"), "{refused:?}");
    assert!(refused[1].contains("cannot have it"), "{refused:?}");
}
