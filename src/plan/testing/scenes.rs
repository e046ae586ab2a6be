//! Plans of every kind, each with the applications that it changes.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::world::*;
use crate::domain::{ApplicationId, Flags, Level};
use crate::plan::create;
use crate::plan::side::{EndRequest, Side};
use crate::plan::{
    NewConsumer, Plan, PlanSet, PlanSource, RelocationMethod, View, consumer, delete, edit,
    relocate,
};

pub(crate) type Scene = (&'static str, Records, Option<String>, PlanSet);

pub(crate) const JIRA: u128 = 1;
pub(crate) const WIKI: u128 = 2;

pub(crate) fn side(name: &str, n: u128, type_id: &str, existing: Option<View>) -> Side {
    let url = format!("https://{name}.example");
    Side {
        alias: alias(name),
        url: base(&url),
        manifest: manifest(n, name, type_id, &url),
        existing,
        primary: None,
        others: Vec::new(),
    }
}

pub(crate) fn create_plan(local: Option<View>, remote: Option<View>, primary: bool) -> Plan {
    let mut jira = side("jira", JIRA, "jira", local);
    if primary {
        jira.primary = Some(id(9));
    }
    let request = create::CreateRequest {
        level: None,
        one_way: false,
        local: EndRequest {
            primary,
            ..EndRequest::default()
        },
        remote: EndRequest::default(),
    };
    create::plan(&jira, &side("wiki", WIKI, "confluence", remote), &request).unwrap()
}

pub(crate) fn on_jira(flags: Flags) -> View {
    view(WIKI, "Wiki", "confluence", "https://wiki.example", flags)
}

pub(crate) fn on_wiki(flags: Flags) -> View {
    view(JIRA, "Jira", "jira", "https://jira.example", flags)
}

pub(crate) fn pair(flags: Flags) -> Records {
    Records::from([
        ((alias("jira"), id(WIKI)), on_jira(flags)),
        ((alias("wiki"), id(JIRA)), on_wiki(flags)),
    ])
}

pub(crate) fn edit_plan(level: Level, from: Flags) -> Plan {
    let request = edit::EditRequest {
        level: Some(level),
        local: EndRequest {
            name: Some("Handbook".to_owned()),
            ..EndRequest::default()
        },
        remote: EndRequest {
            display_url: Some(base("https://tickets.example")),
            ..EndRequest::default()
        },
    };
    edit::plan(
        &side("jira", JIRA, "jira", Some(on_jira(from))),
        &side("wiki", WIKI, "confluence", Some(on_wiki(from))),
        &request,
    )
    .unwrap()
}

pub(crate) fn relocate_scene() -> (Records, Plan) {
    let holders: Vec<_> = [
        ("bamboo", RelocationMethod::Checked),
        ("jira", RelocationMethod::Rewritten),
        ("stash", RelocationMethod::Forced),
    ]
    .into_iter()
    .map(|(name, way)| relocate::RecordHolder {
        alias: alias(name),
        view: on_jira(Flags::OAUTH),
        method: way,
    })
    .collect();
    let records = holders
        .iter()
        .map(|holder| ((holder.alias.clone(), id(WIKI)), holder.view.clone()))
        .collect();
    let plan = relocate::plan(
        &alias("wiki"),
        &base("https://new.example/wiki"),
        Some(&base("https://www.example/wiki")),
        Some(&base("https://shown.example")),
        &holders,
    );
    (records, plan)
}

/// A program with the public key of that name, which may call as itself.
fn program(key: &str) -> consumer::ConsumerRequest {
    consumer::ConsumerRequest {
        on: alias("jira"),
        name: "jenkins".to_owned(),
        url: base("https://jenkins.example"),
        consumer: NewConsumer {
            key: "jenkins".to_owned(),
            name: "jenkins".to_owned(),
            public_key: key.to_owned(),
            fingerprint: key.to_owned(),
            callback: None,
            incoming: Flags::OAUTH,
        },
        bits: 2048,
        key_file: None,
        snippet: None,
    }
}

/// The same, registered.
fn registered() -> consumer::RegisteredConsumer {
    let request = program("a");
    let mut view = view(
        3,
        "jenkins",
        "generic",
        "https://jenkins.example",
        Flags::NONE,
    );
    view.record.id = ApplicationId::of_url(&request.url);
    view.flags.incoming = Flags::OAUTH;
    view.consumers = vec![request.consumer.identity()];
    consumer::RegisteredConsumer {
        view,
        consumer: Some(request.consumer),
    }
}

/// Links that have nothing to do with each other, each with its own plan: made, changed, deleted,
/// and a program registered.
fn parts_scene(levels: Level) -> (Records, PlanSet) {
    let on =
        |name: &str, n: u128, flags| view(n, name, name, &format!("https://{name}.example"), flags);
    let stash_on_bamboo = on("stash", 4, Flags::OAUTH);
    let bamboo_on_stash = on("bamboo", 3, Flags::OAUTH);
    let fecru_on_crowd = on("fecru", 6, Flags::NONE);
    let crowd_on_fecru = on("crowd", 5, Flags::NONE);
    let records = Records::from([
        ((alias("bamboo"), id(4)), stash_on_bamboo.clone()),
        ((alias("stash"), id(3)), bamboo_on_stash.clone()),
        ((alias("crowd"), id(6)), fecru_on_crowd.clone()),
        ((alias("fecru"), id(5)), crowd_on_fecru.clone()),
    ]);
    let request = edit::EditRequest {
        level: Some(levels),
        local: EndRequest {
            name: Some("Code".to_owned()),
            ..EndRequest::default()
        },
        remote: EndRequest::default(),
    };
    let edit = edit::plan(
        &side("bamboo", 3, "bamboo", Some(stash_on_bamboo)),
        &side("stash", 4, "stash", Some(bamboo_on_stash)),
        &request,
    );
    let ends = [("crowd", fecru_on_crowd), ("fecru", crowd_on_fecru)].map(|(name, view)| {
        delete::DeletedEnd {
            alias: alias(name),
            record: view.record,
        }
    });
    let delete = delete::plan(&alias("crowd"), Some(&alias("fecru")), false, &ends);
    let mut parts = vec![
        create_plan(None, None, false),
        edit.unwrap(),
        consumer::plan(&program("a"), None).unwrap(),
    ];
    // What is lost keeps all of it from being taken back; so there is one without.
    if levels == Level::None {
        parts.push(delete.unwrap());
    }
    let plan_set = PlanSet {
        source: PlanSource::File,
        plans: parts,
    };
    (records, plan_set)
}

pub(crate) fn scenes() -> Vec<Scene> {
    let mut scenes = plain_scenes();
    for (name, level) in [
        ("plans that stand alone", Level::Impersonation),
        ("plans that stand alone, with losses", Level::None),
    ] {
        let (records, plan_set) = parts_scene(level);
        scenes.push((name, records, None, plan_set));
    }
    scenes
}

fn plain_scenes() -> Vec<Scene> {
    let jira = ((alias("jira"), id(WIKI)), on_jira(Flags::NONE));
    let other = view(9, "wiki", "confluence", "https://old.example", Flags::OAUTH);
    let mut stands = on_jira(Flags::IMPERSONATION);
    stands.flags.incoming = Flags::OAUTH;
    let (fleet, moves) = relocate_scene();
    let ends: Vec<_> = pair(Flags::OAUTH)
        .into_iter()
        .map(|((alias, _), view)| delete::DeletedEnd {
            alias,
            record: view.record,
        })
        .collect();
    let registered = registered();
    let gone = delete::plan(&alias("jira"), Some(&alias("wiki")), false, &ends).unwrap();
    let scenes: Vec<(_, _, _, Plan)> = vec![
        (
            "create",
            Records::new(),
            None,
            create_plan(None, None, false),
        ),
        (
            "create beside another one, as the primary one",
            Records::from([((alias("jira"), id(9)), other)]),
            None,
            create_plan(None, None, true),
        ),
        (
            "complete",
            Records::from([jira]),
            None,
            create_plan(Some(on_jira(Flags::NONE)), None, false),
        ),
        (
            "complete a link with levels",
            Records::from([((alias("jira"), id(WIKI)), stands.clone())]),
            None,
            create_plan(Some(stands), None, false),
        ),
        (
            "edit",
            pair(Flags::OAUTH),
            None,
            edit_plan(Level::Impersonation, Flags::OAUTH),
        ),
        (
            "edit with a loss",
            pair(Flags::OAUTH),
            None,
            edit_plan(Level::None, Flags::OAUTH),
        ),
        (
            "relocate",
            fleet.clone(),
            Some("https://www.example/wiki".to_owned()),
            moves.clone(),
        ),
        // The server gives another display URL than was expected.
        ("relocate unseen", fleet, None, moves),
        ("delete", pair(Flags::OAUTH), None, gone),
        (
            "a consumer",
            Records::new(),
            None,
            consumer::plan(&program("a"), None).unwrap(),
        ),
        (
            "a consumer with another public key",
            Records::from([(
                (alias("jira"), registered.view.record.id),
                registered.view.clone(),
            )]),
            None,
            consumer::plan(&program("b"), Some(&registered)).unwrap(),
        ),
        (
            "no consumer any more",
            Records::from([(
                (alias("jira"), registered.view.record.id),
                registered.view.clone(),
            )]),
            None,
            consumer::plan_delete(&alias("jira"), "jenkins", Some(&registered), &[]).unwrap(),
        ),
    ];
    scenes
        .into_iter()
        .map(|(name, records, base, plan)| (name, records, base, plan.into()))
        .collect()
}

pub(crate) fn world((_, records, base_url, _): &Scene) -> World {
    World {
        base_url: base_url.clone(),
        ..World::of(records)
    }
}
