//! The rules for ends that exist, half exist, or do not.

#![expect(clippy::unwrap_used, reason = "tests")]

use futures_util::FutureExt as _;
use proptest::prelude::*;
use tokio::sync::watch;

use super::*;
use crate::domain::ApplicationId;
use crate::error::Kind;
use crate::plan::execute::run;
use crate::plan::testing::world::*;

const JIRA: u128 = 1;
const WIKI: u128 = 2;

fn jira(existing: Option<View>) -> Side {
    Side {
        alias: alias("jira"),
        url: base("https://jira.example"),
        manifest: manifest(JIRA, "Jira", "jira", "https://www.jira.example"),
        existing,
        primary: None,
        others: Vec::new(),
    }
}

fn wiki(existing: Option<View>) -> Side {
    Side {
        alias: alias("wiki"),
        url: base("https://wiki.example/c"),
        manifest: manifest(WIKI, "Wiki", "confluence", "https://wiki.example/c"),
        existing,
        primary: None,
        others: Vec::new(),
    }
}

fn on_jira(flags: Flags) -> View {
    view(WIKI, "Wiki", "confluence", "https://wiki.example/c", flags)
}

fn on_wiki(flags: Flags) -> View {
    view(JIRA, "Jira", "jira", "https://jira.example", flags)
}

fn request() -> CreateRequest {
    CreateRequest {
        level: None,
        one_way: false,
        local: EndRequest::default(),
        remote: EndRequest::default(),
    }
}

fn actions(plan: &Plan) -> Vec<(&str, &'static str)> {
    let steps = plan.steps.iter();
    steps
        .map(|step| (step.on().as_str(), step.action()))
        .collect()
}

fn level_of(plan: &Plan) -> Level {
    match &plan.goal {
        Goal::Link {
            outgoing: level, ..
        } => *level,
        _ => Level::Unknown,
    }
}

fn set_to(plan: &Plan, on: &str) -> Option<Directions<Flags>> {
    plan.steps.iter().find_map(|step| match step {
        Step::SetFlags { on: at, to, .. } if at.as_str() == on => Some(*to),
        _ => None,
    })
}

#[test]
fn two_fresh_applications_take_four_steps() {
    let planned = plan(&jira(None), &wiki(None), &request()).unwrap();
    assert_eq!(
        actions(&planned),
        [
            ("jira", "create-link"),
            ("wiki", "create-link"),
            ("jira", "set-level"),
            ("wiki", "set-level"),
        ]
    );
    assert_eq!(level_of(&planned), Level::OAuth);
    assert_eq!(planned.policy, Policy::RollBack);
    assert!(planned.losses().is_empty());
    let Step::Create { id: of, link, .. } = &planned.steps[1] else {
        unreachable!("listed above");
    };
    assert_eq!(*of, id(JIRA));
    assert_eq!(link.name, "Jira");
    assert_eq!(link.rpc_url, "https://jira.example");
    // Browsers get what the application believes of itself.
    assert_eq!(link.display_url, "https://www.jira.example");
}

#[test]
fn what_was_given_stands_in_the_record() {
    let asked = CreateRequest {
        level: Some(Level::None),
        local: EndRequest {
            name: Some("Handbook".to_owned()),
            application_url: Some(base("http://10.0.0.2:8090/c")),
            display_url: Some(base("https://handbook.example")),
            primary: true,
        },
        ..request()
    };
    let planned = plan(&jira(None), &wiki(None), &asked).unwrap();
    assert_eq!(
        actions(&planned),
        [("jira", "create-link"), ("wiki", "create-link")]
    );
    assert_eq!(level_of(&planned), Level::None);
    let Step::Create { link, .. } = &planned.steps[0] else {
        unreachable!("listed above");
    };
    assert_eq!(link.name, "Handbook");
    assert_eq!(link.rpc_url, "http://10.0.0.2:8090/c");
    assert_eq!(link.display_url, "https://handbook.example");
    assert!(link.primary);
}

#[test]
fn another_primary_link_gives_way_in_a_step_of_its_own() {
    let mut here = jira(None);
    here.primary = Some(id(9));
    let asked = CreateRequest {
        one_way: true,
        local: EndRequest {
            primary: true,
            ..EndRequest::default()
        },
        ..request()
    };
    let planned = plan(&here, &wiki(None), &asked).unwrap();
    assert!(matches!(&planned.steps[0], Step::Create { link, .. } if !link.primary));
    assert!(
        matches!(&planned.steps[1], Step::MakePrimary { was: Some(was), .. } if *was == id(9)),
        "{planned:?}"
    );
}

#[test]
fn one_way_and_its_completion() {
    let one_way = CreateRequest {
        one_way: true,
        ..request()
    };
    let planned = plan(&jira(None), &wiki(None), &one_way).unwrap();
    assert_eq!(actions(&planned), [("jira", "create-link")]);
    assert_eq!(level_of(&planned), Level::None);
    let Goal::Link { remote_link_id, .. } = planned.goal else {
        unreachable!("a link was planned");
    };
    assert_eq!(remote_link_id, None);

    let half = plan(&jira(Some(on_jira(Flags::NONE))), &wiki(None), &request()).unwrap();
    assert_eq!(
        actions(&half),
        [
            ("wiki", "create-link"),
            ("jira", "set-level"),
            ("wiki", "set-level"),
        ]
    );
    // Asked for from the other side, too.
    let half = plan(&wiki(None), &jira(Some(on_jira(Flags::NONE))), &request()).unwrap();
    assert_eq!(half.steps.len(), 3);
    // One way again: it is there.
    let again = plan(&jira(Some(on_jira(Flags::NONE))), &wiki(None), &one_way).unwrap();
    assert!(again.is_empty());
}

#[test]
fn an_end_with_levels_is_mirrored_and_not_touched() {
    let mut there = on_jira(Flags::OAUTH);
    there.flags.outgoing = Flags::IMPERSONATION;
    let mirrored = there.flags.mirrored();
    let planned = plan(&jira(Some(there.clone())), &wiki(None), &request()).unwrap();
    assert_eq!(set_to(&planned, "jira"), None);
    assert_eq!(set_to(&planned, "wiki"), Some(mirrored));
    assert_eq!(level_of(&planned), Level::Impersonation);
    // Named the other way round, what wiki may do is what jira lets in.
    let planned = plan(&wiki(None), &jira(Some(there)), &request()).unwrap();
    assert_eq!(set_to(&planned, "wiki"), Some(mirrored));
    assert_eq!(level_of(&planned), Level::OAuth);
}

#[test]
fn what_exists_and_was_not_given_is_never_changed() {
    for flags in [Flags::NONE, Flags::OAUTH, Flags::IMPERSONATION] {
        let mut odd = on_jira(flags);
        odd.record.name = "Something else".to_owned();
        odd.record.rpc_url = Some("https://elsewhere.example".to_owned());
        let planned = plan(&jira(Some(odd)), &wiki(Some(on_wiki(flags))), &request()).unwrap();
        assert!(planned.is_empty());
        // The state remembers what is there, not what would be made.
        assert_eq!(level_of(&planned), Level::from(flags));
    }
}

#[test]
fn what_was_given_and_is_so_is_nothing_to_do() {
    let asked = CreateRequest {
        level: Some(Level::OAuth),
        one_way: false,
        local: EndRequest {
            name: Some("Wiki".to_owned()),
            application_url: Some(base("https://WIKI.example:443/c/")),
            display_url: Some(base("https://wiki.example/c/")),
            primary: true,
        },
        remote: EndRequest::default(),
    };
    let mut suffixed = on_jira(Flags::OAUTH);
    suffixed.record.name = "Wiki - 2".to_owned();
    let ends = (jira(Some(suffixed)), wiki(Some(on_wiki(Flags::OAUTH))));
    assert!(plan(&ends.0, &ends.1, &asked).unwrap().is_empty());
}

#[test]
fn what_was_given_and_differs_is_refused_with_the_difference() {
    let wanted = |change: fn(&mut EndRequest)| {
        let mut wanted = EndRequest::default();
        change(&mut wanted);
        wanted
    };
    let cases: [(Option<Level>, EndRequest, &str); 5] = [
        (
            Some(Level::Impersonation),
            EndRequest::default(),
            "the level is oauth, not impersonation",
        ),
        (
            None,
            wanted(|w| w.name = Some("Other".to_owned())),
            "the name is \"Wiki\", not \"Other\"",
        ),
        (
            None,
            wanted(|w| w.application_url = Some(base("https://o.example"))),
            "the application URL is https://wiki.example/c, not https://o.example",
        ),
        (
            None,
            wanted(|w| w.display_url = Some(base("https://o.example"))),
            "the display URL is https://wiki.example/c, not https://o.example",
        ),
        (None, wanted(|w| w.primary = true), "not the primary one"),
    ];
    for (level, local, said) in cases {
        let mut there = on_jira(Flags::OAUTH);
        there.record.primary = false;
        let moves = local.application_url.is_some();
        let asked = CreateRequest {
            level,
            local,
            ..request()
        };
        // The other end is missing, and is not made either.
        for remote in [None, Some(on_wiki(Flags::OAUTH))] {
            let error = plan(&jira(Some(there.clone())), &wiki(remote), &asked).unwrap_err();
            assert_eq!(error.kind, Kind::Conflict);
            assert!(error.message.contains(said), "{error}");
            assert_eq!(error.hints[0].contains("applink edit jira wiki --"), !moves);
            // An address is not changed by an edit.
            let relocate = "applink relocate wiki https://o.example --on jira";
            assert_eq!(
                error.hints.iter().any(|hint| hint.contains(relocate)),
                moves
            );
        }
    }
}

#[test]
fn an_application_is_not_linked_to_itself_or_to_its_clone() {
    let error = plan(&jira(None), &jira(None), &request()).unwrap_err();
    assert_eq!((error.kind, error.code), (Kind::Refused, None));
    let mut copy = jira(None);
    copy.alias = alias("staging");
    copy.url = base("https://staging.example");
    let error = plan(&jira(None), &copy, &request()).unwrap_err();
    assert_eq!(error.code, Some(Code::ClonedApplication));
    assert!(error.message.contains("staging.example"));
}

#[test]
fn impersonation_is_for_atlassian_applications() {
    let mut other = wiki(None);
    other.manifest.type_id = crate::domain::TypeId::from_wire("remote.plugin.container");
    let asked = CreateRequest {
        level: Some(Level::Impersonation),
        ..request()
    };
    for ends in [(&jira(None), &other), (&other, &jira(None))] {
        let error = plan(ends.0, ends.1, &asked).unwrap_err();
        assert_eq!(error.kind, Kind::Refused);
        let command = format!(
            "applink create {} {} --auth oauth",
            ends.0.alias, ends.1.alias
        );
        assert_eq!(error.hints, [command]);
    }
    assert!(plan(&jira(None), &other, &request()).is_ok());
}

#[test]
fn a_system_link_is_left_to_the_product() {
    let mut there = on_wiki(Flags::OAUTH);
    there.record.system = true;
    let error = plan(&jira(None), &wiki(Some(there)), &request()).unwrap_err();
    assert_eq!(error.code, Some(Code::SystemLink));
}

fn flags() -> impl Strategy<Value = Directions<Flags>> {
    let one = prop_oneof![
        Just(Flags::NONE),
        Just(Flags::OAUTH),
        Just(Flags::IMPERSONATION),
    ];
    (one.clone(), one).prop_map(|(incoming, outgoing)| Directions { incoming, outgoing })
}

fn wanted() -> impl Strategy<Value = EndRequest> {
    let name = proptest::option::of("[A-C]{1,2}( - 2)?");
    let url = || proptest::option::of("https://[a-c]\\.example(/[a-b])?".prop_map(|u| base(&u)));
    (name, url(), url(), any::<bool>()).prop_map(|(name, application_url, display_url, primary)| {
        EndRequest {
            name,
            application_url,
            display_url,
            primary,
        }
    })
}

fn end(view: View) -> impl Strategy<Value = Option<View>> {
    proptest::option::weighted(
        0.4,
        (flags(), any::<bool>()).prop_map(move |(flags, primary)| {
            let mut view = view.clone();
            view.flags = flags;
            view.record.primary = primary;
            view
        }),
    )
}

/// A side as it would be observed.
fn observed(world: &World, mut side: Side, of: ApplicationId, type_id: &str) -> Side {
    side.existing = world.get(&side.alias, of);
    side.primary = world
        .snapshot()
        .into_iter()
        .find(|((on, other), view)| {
            *on == side.alias
                && *other != of
                && view.record.primary
                && view.record.type_id.as_str() == type_id
        })
        .map(|((_, other), _)| other);
    let snapshot = world.snapshot().into_iter();
    side.others = snapshot
        .filter(|((on, other), _)| *on == side.alias && *other != of)
        .map(|(_, view)| view.record)
        .collect();
    side
}

proptest! {
    #[test]
    fn planned_again_after_it_was_carried_out_nothing_is_left(
        local in end(on_jira(Flags::NONE)),
        remote in end(on_wiki(Flags::NONE)),
        other in any::<bool>(),
        level in proptest::option::of(prop_oneof![
            Just(Level::None), Just(Level::OAuth), Just(Level::Impersonation)
        ]),
        one_way in any::<bool>(),
        local_wish in wanted(),
        remote_wish in wanted(),
    ) {
        let mut records = Records::new();
        if other {
            let mut third = view(9, "A", "confluence", "https://third.example", Flags::OAUTH);
            third.record.primary = local.as_ref().is_none_or(|view| !view.record.primary);
            records.insert((alias("jira"), id(9)), third);
        }
        records.extend(local.map(|view| ((alias("jira"), id(WIKI)), view)));
        records.extend(remote.map(|view| ((alias("wiki"), id(JIRA)), view)));
        let world = World::of(&records);
        let look = || (
            observed(&world, jira(None), id(WIKI), "confluence"),
            observed(&world, wiki(None), id(JIRA), "jira"),
        );
        let asked = CreateRequest { level, one_way, local: local_wish, remote: remote_wish };
        let (here, there) = look();
        if let Ok(planned) = plan(&here, &there, &asked) {
            prop_assert!(planned.losses().is_empty());
            let stop = watch::channel(None).1;
            let report = run(&planned.clone().into(), Vec::new(), &world, &mut Notes::default(), &stop, &Nobody)
                .now_or_never()
                .unwrap();
            prop_assert_eq!(report.failure, None);
            // What was there reads as before, but for switches that were off at both.
            for (key, before) in &records {
                let after = world.snapshot().remove(key).unwrap();
                prop_assert_eq!(&before.record.name, &after.record.name);
                prop_assert_eq!(&before.record.rpc_url, &after.record.rpc_url);
                prop_assert_eq!(&before.record.display_url, &after.record.display_url);
                prop_assert!(
                    before.flags == after.flags || before.flags == Directions::both(Flags::NONE)
                );
            }
            let (here, there) = look();
            let again = plan(&here, &there, &asked);
            prop_assert!(again.as_ref().is_ok_and(Plan::is_empty), "{:?}", again);
            prop_assert_eq!(
                level_of(&planned),
                here.existing.map_or(Level::Unknown, |view| Level::from(view.flags.outgoing))
            );
        }
    }
}
