//! What looks like success and would be none: it is said, and nothing is taken for what it is not.

use std::time::Duration;

use applink_sandbox::{Fault, OAuthFlags};

use crate::support::env::Env;
use crate::support::worlds::{jira, link, pair, wiki, world, writes};

#[test]
fn a_link_both_ways_is_no_one_way_link() {
    let env = Env::linked();
    let state = env.state();
    let out = env.applink("create jira wiki --one-way -o json").expect(1);
    assert!(
        out.says("wiki has a record too") && out.says("applink delete wiki jira --one-side"),
        "{}",
        out.shown()
    );
    assert_eq!(env.state(), state);
    assert!(writes(&env.world).is_empty());

    // As the hint says: then it is one way.
    env.applink("delete wiki jira --one-side --yes").expect(0);
    let out = env.applink("create jira wiki --one-way").expect(1);
    assert!(out.says("on jira the level is"), "{}", out.shown());
    env.applink("verify jira wiki").expect(6);
}

#[test]
fn a_link_with_authentication_is_none_that_was_made_one_way() {
    let env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    let state = env.state();
    let out = env.applink("create jira wiki --one-way").expect(1);
    assert!(
        out.says("on jira the level is oauth, which takes a record on wiki too"),
        "{}",
        out.shown()
    );
    assert_eq!(env.state(), state);
}

#[test]
fn an_edit_of_one_end_says_nothing_of_the_other() {
    let env = Env::linked();
    let state = env.state();
    let out = env.applink("edit jira wiki --name Abc -o json").expect(0);
    let jira = env.world.app("jira").id();
    assert_eq!(out.json()["link"]["remote_link_id"], jira);
    let out = env.applink("edit jira wiki --name Handbook").expect(0);
    assert!(
        out.says("the link of jira to wiki is changed") && !out.says("one-way"),
        "{}",
        out.shown()
    );
    assert_eq!(env.state(), state);
}

#[test]
fn nobody_to_ask_is_said() {
    let env = Env::new(world([jira(), wiki()]));
    for line in [
        "verify",
        "verify -o json",
        "list",
        "list --cached -o csv",
        "export",
        "repair",
        "migrate",
        "scan --from old.example.com",
    ] {
        let out = env.applink(line).expect(0);
        assert!(
            out.says("no application is known: ") && out.says("does not exist"),
            "{line}: {}",
            out.shown()
        );
    }
    let wrong = env.path("wrong.toml");
    let out = env
        .applink(&format!("verify --state {}", wrong.display()))
        .expect(0);
    assert!(out.says("wrong.toml does not exist"), "{}", out.shown());
    env.add_all();
    let out = env.applink("verify").expect(0);
    assert!(!out.says("no application"), "{}", out.shown());
}

#[test]
fn a_scan_that_asks_nobody_finds_nothing_out() {
    let env = Env::linked();
    for line in [
        "scan --from 127.0.0.1",
        "scan --from 127.0.0.1 --apply --yes",
    ] {
        let out = env.applink(line).expect(2);
        assert!(
            out.says("nobody was asked") && out.says("jira, wiki"),
            "{}",
            out.shown()
        );
    }
    let out = env.applink("scan --from prod.example.com").expect(0);
    assert!(!out.says("nobody"), "{}", out.shown());
}

#[test]
fn other_files_are_left_alone() {
    let env = Env::linked();
    let text = env.applink("export").expect(0).stdout;
    let links = env.write("links.toml", &text, 0o600);
    let out = env
        .applink(&format!("plan {0} --out {0}", links.display()))
        .expect(1);
    assert!(out.says("is no plan of applink"), "{}", out.shown());
    assert_eq!(std::fs::read_to_string(&links).unwrap(), text);

    for (ending, other) in [("md", "# Notes\n"), ("html", "<p>notes"), ("json", "{}")] {
        let name = format!("notes.{ending}");
        let notes = env.write(&name, other, 0o600);
        let line = format!("verify --report {}", notes.display());
        env.world.clear_requests();
        let out = env.applink(&line).expect(1);
        assert!(out.says("is no report of applink"), "{}", out.shown());
        assert_eq!(std::fs::read_to_string(&notes).unwrap(), other);
        assert_eq!(writes(&env.world), Vec::<String>::new());
        // What it wrote itself it writes again, and an empty file is nobody's work.
        std::fs::write(&notes, "").unwrap();
        env.applink(&line).expect(0);
        env.applink(&line).expect(0);
    }
    let plan = env.path("a.plan");
    for _ in 0..2 {
        env.applink(&format!(
            "plan {} --out {}",
            links.display(),
            plan.display()
        ))
        .expect(0);
    }
    let out = env
        .applink(&format!("plan {} --out /dev/null", links.display()))
        .expect(1);
    assert!(out.says("is no regular file"), "{}", out.shown());
}

#[test]
fn a_gate_before_the_capabilities_does_not_make_a_product_old() {
    for status in [401, 403] {
        let env = Env::linked();
        for app in ["jira", "wiki"] {
            let fault = Fault::status(status).path("/3.0/capabilities");
            env.world.app(app).fault(fault);
        }
        // Neither side is taken for one that has no status of its own.
        let out = env.applink("edit jira wiki --auth none --yes -o json");
        assert_eq!(out.code, 4, "{}", out.shown());
        assert!(writes(&env.world).is_empty());
    }
}

#[test]
fn a_closing_verification_that_cannot_ask_says_so() {
    for fault in [Fault::status(502), Fault::delay(Duration::from_secs(60))] {
        let env = Env::linked();
        env.world
            .app("wiki")
            .fault(fault.path("/3.0/status/").method("GET"));
        let out = env
            .applink("edit jira wiki --name Abc --timeout 1 -o json")
            .expect(5);
        assert_eq!(out.json()["changed"], true, "{}", out.shown());
        assert_ne!(out.json()["verification"][0]["status"], "ok");
        assert_eq!(out.json()["errors"][0]["kind"], "unreachable");
    }
}

#[test]
fn who_is_left_out_is_named_in_the_document() {
    let env = Env::linked();
    env.world.app("wiki").fault(Fault::refuse());
    for line in [
        "relocate --from https://old.example.com --to https://new.example.com --yes -o json",
        "migrate --yes -o json",
        "repair --yes -o json",
    ] {
        let out = env.applink(line).expect(5);
        assert_eq!(out.json()["errors"][0]["app"], "wiki", "{}", out.shown());
    }
}
