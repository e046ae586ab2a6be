//! Random applications, requests and failures: what is planned and carried out is rolled back to
//! the start, or goes on to the goal.

use futures_util::FutureExt as _;
use proptest::prelude::*;

use super::run::{converges, go, go_back, judge, nobody_stops};
use super::scenes::{JIRA, Scene, WIKI, on_jira, on_wiki, side, world};
use super::world::*;
use crate::domain::{Directions, Flags, Level};
use crate::plan::create;
use crate::plan::execute::{StepState, losses_so_far, run};
use crate::plan::side::EndRequest;
use crate::plan::{Plan, View, edit};

fn flags() -> impl Strategy<Value = Flags> {
    prop_oneof![
        Just(Flags::NONE),
        Just(Flags::OAUTH),
        Just(Flags::IMPERSONATION),
    ]
}

fn directions() -> impl Strategy<Value = Directions<Flags>> {
    (flags(), flags()).prop_map(|(incoming, outgoing)| Directions { incoming, outgoing })
}

fn level() -> impl Strategy<Value = Option<Level>> {
    prop_oneof![
        Just(None),
        Just(Some(Level::None)),
        Just(Some(Level::OAuth)),
        Just(Some(Level::Impersonation)),
    ]
}

fn name() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[A-Z][a-z]{0,8}( - [0-9])?|\\PC{1,12}")
}

/// What exists, and what is requested.
#[derive(Debug, Clone)]
struct Case {
    local: Option<Directions<Flags>>,
    remote: Option<Directions<Flags>>,
    /// Another link of the same type, which has the first place.
    other: bool,
    level: Option<Level>,
    one_way: bool,
    primary: bool,
    names: (Option<String>, Option<String>),
    edits: bool,
}

prop_compose! {
    fn case()(
        local in proptest::option::of(directions()),
        remote in proptest::option::of(directions()),
        other in any::<bool>(),
        level in level(),
        one_way in any::<bool>(),
        primary in any::<bool>(),
        names in (name(), name()),
        edits in any::<bool>(),
    ) -> Case {
        Case { local, remote, other, level, one_way, primary, names, edits }
    }
}

/// The applications and the plan of a case, where it has one.
fn scene(case: &Case) -> Option<Scene> {
    let with =
        |view: View, flags: Option<Directions<Flags>>| flags.map(|flags| View { flags, ..view });
    let local = with(on_jira(Flags::NONE), case.local);
    let remote = with(on_wiki(Flags::NONE), case.remote);
    let mut records = Records::new();
    if let Some(view) = &local {
        records.insert((alias("jira"), id(WIKI)), view.clone());
    }
    if let Some(view) = &remote {
        records.insert((alias("wiki"), id(JIRA)), view.clone());
    }
    let mut jira = side("jira", JIRA, "jira", local);
    if case.other {
        let other = view(
            9,
            "Other",
            "confluence",
            "https://old.example",
            Flags::OAUTH,
        );
        records.insert((alias("jira"), id(9)), other);
        jira.primary = Some(id(9));
    }
    let wiki = side("wiki", WIKI, "confluence", remote);
    let wanted = |name: &Option<String>, primary| EndRequest {
        name: name.clone(),
        primary,
        ..EndRequest::default()
    };
    let (ours, theirs) = (
        wanted(&case.names.0, case.primary && case.other),
        wanted(&case.names.1, false),
    );
    let plan: Plan = if case.edits {
        let request = edit::EditRequest {
            level: case.level,
            local: ours,
            remote: theirs,
        };
        edit::plan(&jira, &wiki, &request).ok()?
    } else {
        let request = create::CreateRequest {
            level: case.level,
            one_way: case.one_way,
            local: ours,
            remote: theirs,
        };
        create::plan(&jira, &wiki, &request).ok()?
    };
    let scene: Scene = ("a random one", records, None, plan.into());
    (!scene.3.is_empty()).then_some(scene)
}

fn mode() -> impl Strategy<Value = Mode> {
    proptest::sample::select(MODES.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn failures_anywhere(case in case(), faults in proptest::collection::vec((0..40_usize, mode()), 1..4)) {
        let Some(scene) = scene(&case) else { return Ok(()) };
        let whole = world(&scene);
        let report = go(&scene.3, Vec::new(), &whole, &mut Notes::default());
        prop_assert_eq!(&report.failure, &None);
        let goal = whole.snapshot();
        let broken = World { faults, ..world(&scene) };
        let mut log = Notes::default();
        let report = go(&scene.3, Vec::new(), &broken, &mut log);
        judge(&scene, &goal, &broken, &report, &log, "random");
    }

    #[test]
    fn a_crash_anywhere(case in case(), at in 0..40_usize, applied in any::<bool>()) {
        let Some(scene) = scene(&case) else { return Ok(()) };
        let whole = world(&scene);
        go(&scene.3, Vec::new(), &whole, &mut Notes::default());
        let at = at % whole.calls.get();
        let broken = World { hangs: Some((at, applied)), ..world(&scene) };
        let mut log = Notes::default();
        let ended = run(&scene.3, Vec::new(), &broken, &mut log, &nobody_stops(), &Nobody).now_or_never();
        prop_assert_eq!(ended, None);
        converges(&scene, &whole.snapshot(), &broken, &log.entries, "random");
    }

    #[test]
    fn what_is_done_is_taken_back(case in case()) {
        let Some(scene) = scene(&case) else { return Ok(()) };
        let whole = world(&scene);
        let mut log = Notes::default();
        go(&scene.3, Vec::new(), &whole, &mut log);
        let states: Vec<StepState> = crate::plan::execute::step_states(scene.3.len(), &log.entries);
        if losses_so_far(&scene.3, &states).is_empty() {
            let report = go_back(&scene.3, states, &whole, &mut log);
            prop_assert_eq!(&report.failure, &None);
            prop_assert_eq!(&whole.snapshot(), &scene.1);
        }
    }
}
