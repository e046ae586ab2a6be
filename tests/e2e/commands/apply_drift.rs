//! What somebody changed by hand since a file was applied: shown as that, and mended.

use std::fmt::Write as _;
use std::fs;

use applink_sandbox::{App, AppHandle, OAuthFlags, Product};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::env::Env;
use crate::support::plan_files::{bitbucket, link_table, write_plan_file};
use crate::support::worlds::{jira, link, snapshot, wiki, world, writes};

/// A file that says everything, applied.
fn applied() -> Env {
    let env = Env::new(world([
        jira(),
        wiki(),
        bitbucket(),
        App::new(Product::Bitbucket, "code-2").display_name("Code 2"),
    ]));
    crate::support::consumers::write_key_pair(&env, "ci");
    crate::support::consumers::write_key_pair(&env, "other");
    // An address of the second Bitbucket that its server knows, too.
    let url = env
        .world
        .app("code-2")
        .url()
        .replace("127.0.0.1", "localhost");
    write_plan_file(
        &env,
        &[
            link_table(
                "jira",
                "wiki",
                "auth = \"oauth\"\nnames = { jira = \"Handbook\" }\ndisplay_urls = { wiki = \"https://jira.example.com\" }",
            ),
            link_table("jira", "code", "primary = [\"jira\"]"),
            link_table(
                "jira",
                "code-2",
                &format!("auth = \"none\"\napplication_urls = {{ jira = \"{url}\" }}"),
            ),
            "[[consumers]]\non = \"jira\"\nname = \"ci\"\npublic_key = \"ci.pub\"\ntwo_legged = true\n".to_owned(),
        ]
        .concat(),
    );
    env.applink("apply links.toml --yes").expect(0);
    env.applink("plan links.toml --check").expect(0);
    env
}

type Change = (&'static str, fn(&Env));

const CHANGES: [Change; 11] = [
    ("auth.jira", |env| {
        let wiki = env.world.app("wiki").id();
        env.world.app("jira").set_outgoing(&wiki, OAuthFlags::NONE);
    }),
    ("auth.wiki", |env| {
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        jira.set_incoming(&wiki.id(), OAuthFlags::IMPERSONATION, wiki);
        wiki.set_outgoing(&jira.id(), OAuthFlags::IMPERSONATION);
    }),
    ("names.jira", |env| {
        let wiki = env.world.app("wiki").id();
        let jira = env.world.app("jira");
        jira.edit_link(&wiki, |link| "Mine".clone_into(&mut link.name));
    }),
    ("display_urls.wiki", |env| {
        let jira = env.world.app("jira").id();
        env.world.app("wiki").edit_link(&jira, |link| {
            "https://x.example.com".clone_into(&mut link.display_url);
        });
    }),
    ("application_urls.jira", |env| {
        let code = env.world.app("code-2");
        let url = code.url();
        env.world
            .app("jira")
            .edit_link(&code.id(), |link| link.rpc_url = url);
    }),
    ("primary.jira", |env| {
        let jira = env.world.app("jira");
        for (alias, first) in [("code", false), ("code-2", true)] {
            jira.edit_link(&env.world.app(alias).id(), |link| link.primary = first);
        }
    }),
    ("records.wiki", |env| {
        let jira = env.world.app("jira").id();
        env.world.app("wiki").remove_link(&jira);
    }),
    ("records.jira", |env| {
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        wiki.remove_link(&jira.id());
        jira.remove_link(&wiki.id());
    }),
    ("consumer", |env| {
        let jira = env.world.app("jira");
        let generic = jira
            .links()
            .into_iter()
            .find(|link| link.type_id == "generic");
        jira.remove_link(&generic.unwrap().id);
    }),
    ("two_legged", |env| {
        consumer(env, |consumer| consumer.two_lo = false);
    }),
    ("public_key", |env| {
        let other = fs::read_to_string(env.path("work/other.pub")).unwrap();
        consumer(env, |consumer| consumer.public_key = Some(other));
    }),
];

/// Changes the consumer of the program.
fn consumer(env: &Env, change: impl FnOnce(&mut applink_sandbox::Consumer)) {
    let jira = env.world.app("jira");
    let links = jira.links();
    let generic = links.iter().find(|link| link.type_id == "generic").unwrap();
    let consumers = jira.consumers();
    let mut consumer = consumers.into_iter().find(|one| one.key == "ci").unwrap();
    change(&mut consumer);
    jira.add_consumer(&generic.id, consumer);
}

#[test]
fn every_kind_of_drift_is_shown_and_reverted() {
    let env = applied();
    for (field, change) in CHANGES {
        change(&env);
        let out = env.applink("plan links.toml --check -o json").expect(8);
        let planned = out.json();
        let drift = planned["drift"].as_array().unwrap();
        assert!(
            drift.iter().any(|one| one["field"] == field),
            "{field}: {}",
            out.transcript()
        );
        let marked = |change: &Value| change["drift"] == true;
        let changes = planned["changes"].as_array().unwrap();
        assert!(changes.iter().any(marked), "{field}: {}", out.transcript());
        let shown = env.applink("plan links.toml").expect(0);
        assert!(
            shown
                .stdout
                .contains("changed by hand since applink made it:"),
            "{field}: {}",
            shown.transcript()
        );
        let out = env.applink("apply links.toml --yes");
        assert!(
            out.code == 0 || out.code == 6,
            "{field}: {}",
            out.transcript()
        );
        let planned = env.applink("plan links.toml --check -o json").expect(0);
        assert_eq!(planned.json()["drift"], json!([]), "{field}");
    }
}

#[test]
fn changes_made_by_applink_are_not_drift() {
    let env = applied();
    for line in [
        "edit jira wiki --name Wiki",
        "edit wiki jira --display-url https://other.example.com",
        "edit jira code-2 --primary",
    ] {
        let out = env.applink(&format!("{line} --yes"));
        assert!(out.code == 0 || out.code == 6, "{}", out.transcript());
    }
    let out = env.applink("plan links.toml --check -o json").expect(8);
    let planned = out.json();
    assert_eq!(planned["drift"], json!([]), "{}", out.transcript());
    let changes = planned["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 3, "{}", out.transcript());
    assert!(changes.iter().all(|change| change["drift"] == false));
}

#[test]
fn drift_in_fields_that_the_file_no_longer_sets_is_not_reverted() {
    let env = applied();
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", ""),
            link_table("jira", "code", ""),
        ]
        .concat(),
    );
    let wiki = env.world.app("wiki").id();
    let jira = env.world.app("jira");
    jira.edit_link(&wiki, |link| "Mine".clone_into(&mut link.name));
    let before = snapshot(&env.world);
    let out = env.applink("plan links.toml --check -o json").expect(0);
    assert_eq!(
        out.json()["drift"],
        json!([{"local": "jira", "remote": "wiki", "consumer": null, "field": "names.jira",
            "made": "Handbook", "found": "Mine"}])
    );
    let out = env.applink("plan links.toml").expect(0);
    assert!(
        out.stdout
            .contains("jira and wiki: the name on jira is Mine, and was Handbook"),
        "{}",
        out.transcript()
    );
    env.applink("apply links.toml --yes").expect(0);
    assert_eq!(snapshot(&env.world), before);
}

/// A plan that touches a link and a program, kept.
fn env_with_saved_plan() -> Env {
    let env = applied();
    let text = fs::read_to_string(env.path("work/links.toml")).unwrap();
    let text = text
        .replace("Handbook", "Wiki")
        .replace("two_legged = true", "two_legged = false")
        .replace("primary = [\"jira\"]", "names = { code = \"Tickets\" }");
    env.write("work/links.toml", &text, 0o644);
    env.applink("plan links.toml --out kept.plan").expect(0);
    env.world.clear_requests();
    env
}

#[test]
fn a_saved_plan_is_stale_only_after_changes_to_what_it_touches() {
    let env = env_with_saved_plan();
    let checkpoints: Vec<_> = env.world.apps().iter().map(AppHandle::checkpoint).collect();
    for (field, change) in CHANGES {
        // Of the second Bitbucket the plan says nothing.
        let is_touched = field != "application_urls.jira";
        change(&env);
        let before = snapshot(&env.world);
        let out = env.applink("apply kept.plan --dry-run -o json");
        if is_touched {
            assert_eq!(out.code, 1, "{field}: {}", out.transcript());
            assert!(
                out.says("the world has moved on"),
                "{field}: {}",
                out.transcript()
            );
            env.applink("apply kept.plan --yes").expect(1);
        } else {
            assert_eq!(out.code, 0, "{field}: {}", out.transcript());
        }
        assert_eq!(snapshot(&env.world), before, "{field}");
        for (app, checkpoint) in env.world.apps().iter().zip(&checkpoints) {
            app.restore(checkpoint);
        }
    }
    assert!(writes(&env.world).is_empty());
    env.applink("apply kept.plan --yes").expect(0);
}

#[test]
fn a_saved_plan_with_a_forged_address_and_a_valid_checksum_is_refused() {
    let env = env_with_saved_plan();
    let path = env.path("work/kept.plan");
    let text = fs::read_to_string(&path).unwrap();
    let evil = env.world.app("code-2").url();
    let wiki = env.world.app("wiki").url();
    let tampered = |change: &dyn Fn(&mut Value)| {
        let mut file: Value = serde_json::from_str(&text).unwrap();
        change(&mut file["plan"]);
        let sum = Sha256::digest(file["plan"].to_string().as_bytes());
        let hex = sum.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        file["sha256"] = json!(hex);
        fs::write(&path, file.to_string()).unwrap();
        env.world.clear_requests();
        let out = env.applink("apply kept.plan --yes").expect(1);
        assert!(writes(&env.world).is_empty(), "{}", out.transcript());
        // The account of the one is not shown to the other.
        assert!(
            !env.world
                .requests()
                .iter()
                .any(|request| request.app == "code-2"),
            "{}",
            out.transcript()
        );
        out
    };
    // As it is written it is the plan.
    let out = tampered(&|plan| plan["applications"]["applications"]["wiki"]["url"] = json!(evil));
    assert!(
        out.says(&format!("the url of wiki was {evil} and is {wiki}")),
        "{}",
        out.transcript()
    );
    let id = env.world.app("code-2").id();
    let out = tampered(&|plan| plan["applications"]["applications"]["wiki"]["id"] = json!(id));
    assert!(out.says("the id of wiki was"), "{}", out.transcript());
    tampered(&|plan| plan["lineage"] = json!("00000000-0000-4000-8000-000000000000"));
    tampered(&|plan| plan["plan_set"]["plans"][0]["steps"][0]["on"] = json!("nobody"));
    tampered(&|plan| plan["plan_set"]["plans"][0]["steps"][0]["step"] = json!("sing"));
    // Without its sum it is not even read.
    fs::write(&path, text.replace(&wiki, &evil)).unwrap();
    let out = env.applink("apply kept.plan --yes").expect(1);
    assert!(
        out.says("was edited since it was made"),
        "{}",
        out.transcript()
    );
    for secret in env.all_secrets() {
        assert!(!text.contains(&secret));
    }
    link(
        env.world.app("wiki"),
        env.world.app("code"),
        OAuthFlags::OAUTH,
    );
    fs::write(&path, &text).unwrap();
    env.applink("apply kept.plan --yes").expect(0);
}
