//! Whatever there is in an estate: a plan of what was exported has no changes.

use applink_sandbox::{
    App, AppHandle, Consumer, Generation, LegacyAuth, Link, OAuthFlags, Product, World,
};
use serde_json::json;

use crate::support::env::Env;
use crate::support::worlds::{snapshot, writes};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }

    fn happens(&mut self, one_in: usize) -> bool {
        self.roll(one_in) == 0
    }
}

const NAMES: [&str; 12] = [
    "Wiki \"intern\"",
    "it's",
    "back\\slash",
    "Übersicht",
    "課題管理",
    "🚀 Deploy 🚀",
    "${HOME}",
    "a = 1 # no comment",
    "'''",
    "\u{202e}gnirts",
    "Jira - 2",
    "zero\u{200b}width",
];

const FLAGS: [OAuthFlags; 4] = [
    OAuthFlags::NONE,
    OAuthFlags::THREE_LEGGED,
    OAuthFlags::OAUTH,
    OAuthFlags::IMPERSONATION,
];

const GENERATIONS: [Generation; 5] = [
    Generation::Classic,
    Generation::Modern,
    Generation::Classic,
    Generation::Old,
    Generation::Old4,
];

fn apps(dice: &mut Dice) -> Vec<App> {
    let products = [
        Product::Jira,
        Product::Confluence,
        Product::Bitbucket,
        Product::Jira,
        Product::Crowd,
    ];
    (0..4 + dice.roll(2))
        .map(|n| {
            let mut app =
                App::new(products[n], &format!("app-{n}")).generation(*dice.of(&GENERATIONS));
            if dice.happens(2) {
                app = app.context(dice.of::<&str>(&["/jira", "/a/b", "/wiki"]));
            }
            if dice.happens(3) {
                app = app.display_name(dice.of::<&str>(&NAMES));
            }
            app
        })
        .collect()
}

/// Changes one record into something that an administrator may have made of it.
fn vary(dice: &mut Dice, on: &AppHandle, id: &str, n: usize) {
    on.edit_link(id, |link| {
        if dice.happens(2) {
            link.name = format!("{} {n}", dice.of(&NAMES));
        }
        match dice.roll(5) {
            0 => "https://shown.example.com/x".clone_into(&mut link.display_url),
            1 => link.display_url.push('/'),
            2 => link.rpc_url = link.rpc_url.replace("127.0.0.1", "LOCALHOST"),
            3 => "http://u:p@shown.example.com/?q=1".clone_into(&mut link.display_url),
            _ => {}
        }
    });
    if dice.happens(6) {
        on.set_legacy(
            id,
            LegacyAuth {
                trusted_outgoing: dice.happens(2),
                trusted_incoming: dice.happens(2),
                basic_outgoing: dice.happens(2),
                ..LegacyAuth::default()
            },
        );
    }
    if dice.happens(12) {
        on.mark_system(id);
    }
}

fn between(dice: &mut Dice, a: &AppHandle, b: &AppHandle, n: usize) {
    let (there, back) = match dice.roll(6) {
        0 => return,
        1 => (true, false),
        2 => (false, true),
        _ => (true, true),
    };
    let agreed = [*dice.of(&FLAGS), *dice.of(&FLAGS)];
    for (on, of, is_made, at) in [(a, b, there, 0), (b, a, back, 1)] {
        if !is_made {
            continue;
        }
        let id = on.add_link_to(of);
        // Mostly the two ends agree.
        let flags = |dice: &mut Dice, way: usize| {
            if dice.happens(8) {
                *dice.of(&FLAGS)
            } else {
                agreed[way]
            }
        };
        let outgoing = flags(dice, at);
        let incoming = flags(dice, 1 - at);
        on.set_outgoing(&id, outgoing);
        on.set_incoming(&id, incoming, of);
        vary(dice, on, &id, n * 2 + at);
    }
}

/// What leads nowhere that applink knows, and programs.
fn strangers(dice: &mut Dice, on: &AppHandle, key: &str) {
    for (n, (kind, url)) in [
        ("jira", "https://acme.atlassian.net"),
        ("confluence", "https://elsewhere.example.com/wiki"),
        ("remote.plugin.container", "https://plugin.example.com"),
        ("generic", "https://tool.example.com"),
        ("generic", "https://build.example.com/ci"),
        ("generic", "not an address"),
    ]
    .into_iter()
    .enumerate()
    {
        if dice.happens(2) {
            continue;
        }
        let id = format!("00000000-0000-3000-8000-{n:012}");
        let name = format!("{} {n} away", dice.of(&NAMES));
        let id = on.add_link(Link::new(&id, kind, &name, url));
        if kind == "generic" && !dice.happens(3) {
            let mut consumer = Consumer::new(&format!("key-{n} \"x\""), &name, key);
            consumer.two_lo = dice.happens(2);
            consumer.two_loi = consumer.two_lo && dice.happens(2);
            if dice.happens(2) {
                consumer.callback = Some("https://tool.example.com/cb?x=${Y}".to_owned());
            }
            on.add_consumer(&id, consumer);
        }
    }
}

/// Another first choice of its type.
fn prefer(dice: &mut Dice, on: &AppHandle) {
    let links = on.links();
    if links.is_empty() {
        return;
    }
    let first = dice.of(&links).clone();
    for link in links.iter().filter(|link| link.type_id == first.type_id) {
        on.edit_link(&link.id, |link| link.primary = link.id == first.id);
    }
}

fn any_estate(seed: u64) -> Env {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (seed + 1).wrapping_mul(0x0010_0000_01b3));
    for _ in 0..8 {
        dice.roll(2);
    }
    let world = World::builder()
        .seed(seed)
        .apps(apps(&mut dice))
        .start()
        .unwrap();
    let env = Env::new(world);
    let apps = env.world.apps();
    let key = apps[0].consumer().public_key.unwrap();
    for (n, a) in apps.iter().enumerate() {
        for (m, b) in apps.iter().enumerate().skip(n + 1) {
            between(&mut dice, a, b, n * 10 + m);
        }
        strangers(&mut dice, a, &key);
        prefer(&mut dice, a);
    }
    env.add_all();
    env
}

#[track_caller]
fn check(env: &Env, what: &str) {
    for prune in ["", "--prune"] {
        let out = env.applink(&format!("plan links.toml --check -o json {prune}"));
        let planned = out.json();
        for field in ["errors", "changes", "drift", "warnings"] {
            if prune.is_empty() || field != "changes" {
                assert_eq!(planned[field], json!([]), "{what}: {}", out.transcript());
            }
        }
        if prune.is_empty() {
            assert_eq!(out.code, 0, "{what}: {}", out.transcript());
        }
        // The same is said every time.
        let again = env.applink(&format!("plan links.toml --check -o json {prune}"));
        assert_eq!(again.stdout, out.stdout, "{what}");
    }
}

#[test]
fn planning_the_export_of_a_random_world_has_no_changes() {
    for seed in 0..8 {
        let mut env = any_estate(seed);
        let before = snapshot(&env.world);
        let out = env.applink("export").expect(0);
        assert!(!out.stdout.contains('\u{202e}') && !out.stdout.contains('\u{200b}'));
        env.write("work/links.toml", &out.stdout, 0o644);
        check(&env, &format!("seed {seed}\n{}", out.stdout));
        // Where nothing is known before, too; and nothing is to be done.
        env.set("APPLINK_STATE", env.path("state/fresh.toml"));
        check(&env, &format!("seed {seed}, fresh\n{}", out.stdout));
        let applied = env.applink("apply links.toml -o json").expect(0);
        assert_eq!(applied.json()["changed"], false, "{}", applied.transcript());
        check(&env, &format!("seed {seed}, applied"));
        env.unset("APPLINK_STATE");
        assert_eq!(
            env.applink("export").expect(0).stdout,
            out.stdout,
            "seed {seed}"
        );
        // One that is down costs its own links only.
        let last = env.world.apps().last().unwrap();
        last.stop();
        let less = env.applink("export").expect(5).stdout;
        assert!(
            !less.contains(&format!("[applications.{}]", last.alias())),
            "{less}"
        );
        env.write("work/links.toml", &less, 0o644);
        check(&env, &format!("seed {seed}, one down\n{less}"));
        assert!(writes(&env.world).is_empty());
        last.start().unwrap();
        assert_eq!(snapshot(&env.world), before, "seed {seed}");
    }
}

#[test]
fn deleted_links_are_recreated_from_the_export() {
    // Links that a file can say: taken away, the file makes them as they were.
    let mut env = Env::new(crate::support::plan_files::three_apps());
    env.add_all();
    let [jira, wiki, code] = ["jira", "wiki", "code"].map(|alias| env.world.app(alias));
    crate::support::worlds::link(jira, wiki, OAuthFlags::IMPERSONATION);
    crate::support::worlds::link(jira, code, OAuthFlags::OAUTH);
    wiki.add_link_to(code);
    jira.edit_link(&wiki.id(), |link| {
        "🚀 \"Wiki\" \\ é".clone_into(&mut link.name);
        "https://shown.example.com".clone_into(&mut link.display_url);
    });
    env.applink("create jira --consumer 'Build \"x\"' --two-legged")
        .expect(0);
    let links = |env: &Env| -> Vec<serde_json::Value> {
        let all = snapshot(&env.world);
        all.into_iter().map(|mut app| app["links"].take()).collect()
    };
    let before = links(&env);
    let text = env.applink("export").expect(0).stdout;
    env.write("work/links.toml", &text, 0o644);
    for app in env.world.apps() {
        for link in app.links() {
            app.remove_link(&link.id);
        }
    }
    env.set("APPLINK_STATE", env.path("state/fresh.toml"));
    env.applink("plan links.toml --check").expect(8);
    env.applink("apply links.toml --yes").expect(0);
    assert_eq!(env.applink("export").expect(0).stdout, text);
    assert_eq!(links(&env), before);
    env.applink("plan links.toml --check").expect(0);
}
