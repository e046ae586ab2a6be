//! Copies of applications: what was cut off from production stays cut off, and a link with the one
//! is none with the other. And what else is said where it was not.

use std::time::Duration;

use applink_sandbox::{App, Fault, OAuthFlags, Product};
use rustix::process::{Pid, Signal, kill_process};

use crate::commands::scan::restored;
use crate::support::env::Env;
use crate::support::faulty_links::{add_all, changed, four, linked_in, subject};
use crate::support::worlds::{both, count_writes, jira, levels, pair, wiki, world, writes};

const LONG: Duration = Duration::from_secs(20);

#[test]
fn what_was_cut_off_from_production_is_not_switched_on() {
    let env = restored();
    let [copy, there] = ["jira-test", "wiki-test"].map(|alias| env.world.app(alias));
    there.restore_from(env.world.app("wiki"));
    env.applink("app add wiki-test {wiki-test.url}").expect(0);
    env.applink("scan --from '*.prod.test' --apply --yes")
        .expect(0);
    env.world.clear_requests();
    for line in [
        "repair jira-test wiki-test",
        "repair --yes",
        "repair jira-test wiki-test --yes -o json",
    ] {
        let out = env.applink(line);
        assert!(writes(&env.world).is_empty(), "{line}: {}", out.shown());
        assert!(out.says("left as it is"), "{line}: {}", out.shown());
        assert!(out.says("first: applink relocate"), "{}", out.shown());
    }
    // What is printed first leads the records to each other; then it is asked, and done.
    for _ in 0..2 {
        let out = env.applink("verify jira-test wiki-test -o json");
        let link = out.json()["links"][0].clone();
        let command = link["fix"][0]["command"].as_str().unwrap().to_owned();
        assert!(command.starts_with("applink relocate"), "{}", out.shown());
        let line = command.strip_prefix("applink ").unwrap();
        env.applink(&format!("{line} --yes"));
    }
    assert_eq!(copy.link(&there.id()).unwrap().rpc_url, there.url());
    assert_eq!(there.link(&copy.id()).unwrap().rpc_url, copy.url());
    env.applink("repair jira-test wiki-test")
        .expect(2)
        .expect_says("which are off");
    assert_eq!(levels(copy, there), both("none"));
    env.applink("repair jira-test wiki-test --yes");
    assert_eq!(levels(copy, there), both("oauth"));
    assert_eq!(levels(there, copy), both("oauth"));
}

#[test]
fn what_is_off_is_switched_on_only_when_that_is_confirmed() {
    let env = linked_in(four(jira(), wiki()), OAuthFlags::NONE);
    let out = env.applink("repair jira wiki").expect(2);
    assert!(
        out.says("which are off") && out.says("--yes"),
        "{}",
        out.shown()
    );
    assert!(writes(&env.world).is_empty());
    env.applink("repair jira wiki --yes").expect(0);
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    assert_eq!(levels(jira, wiki), both("oauth"));
}

#[test]
fn a_link_with_the_original_is_none_with_its_copy() {
    for linked in [true, false] {
        let env = Env::new(world([
            jira(),
            wiki(),
            App::new(Product::Jira, "staging").clone_of("jira"),
        ]));
        env.applink("app add jira {jira.url}").expect(0);
        env.applink("app add wiki {wiki.url}").expect(0);
        if linked {
            env.applink("create jira wiki").expect(0);
        }
        env.world.clear_requests();
        let line = "create wiki staging={staging.url} -o json";
        if linked {
            let out = env.applink(line).expect(1);
            assert_eq!(out.error_code(), "CLONED_APPLICATION", "{}", out.shown());
            assert!(out.says("leads to jira, not to staging"), "{}", out.shown());
            assert!(writes(&env.world).is_empty());
            assert!(env.world.app("staging").links().is_empty());
        } else {
            let out = env.applink(line).expect(0);
            assert!(out.says("CLONED_APPLICATION"), "{}", out.shown());
        }
    }
}

#[test]
fn users_are_sent_to_where_the_application_is() {
    let env = changed(|jira, wiki| {
        jira.edit_link(&wiki.id(), |link| {
            "http://old.example.test".clone_into(&mut link.display_url);
        });
    });
    let out = env.applink("verify jira wiki -o json").expect(0);
    let link = subject(&out.json()).unwrap();
    assert_eq!(link["status"], "warning", "{}", out.shown());
    assert_eq!(link["code"], "BASE_URL_MISMATCH");
    assert!(
        out.stdout
            .contains("sends users to http://old.example.test")
    );
    env.applink("repair jira wiki").expect(0);
    let out = env.applink("verify jira wiki -o json").expect(0);
    assert_eq!(subject(&out.json()).unwrap()["status"], "ok");
}

#[test]
fn a_redirect_shows_no_password() {
    let env = Env::new(pair());
    add_all(&env);
    let to = "http://u:Canary7@127.0.0.1:1/x";
    env.world.app("wiki").fault(Fault::redirect(to));
    for line in ["list -vv", "verify -vv -o json", "create jira wiki -vv"] {
        let out = env.applink(line);
        assert!(out.says("127.0.0.1:1/x"), "{}", out.shown());
        assert!(!out.says("Canary7") && !out.stdout.contains("Canary7"));
    }
}

#[test]
fn the_address_of_a_page_is_taken_for_its_application() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    let url = env
        .world
        .app("jira")
        .url()
        .replace("127.0.0.1", "localhost");
    let out = env
        .applink(&format!("relocate jira {url}/secure/Dashboard.jspa --yes"))
        .expect(0);
    assert!(out.says(&format!("answers under {url}")), "{}", out.shown());
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    assert_eq!(wiki.link(&jira.id()).unwrap().rpc_url, url);
}

#[test]
fn a_run_at_work_is_not_an_unfinished_one_and_a_second_signal_leaves_with_a_word() {
    let env = Env::new(pair());
    add_all(&env);
    env.world
        .app("wiki")
        .fault(Fault::delay(LONG).method("PUT").nth(1));
    let child = env.start("create jira wiki -o json");
    assert!(
        env.world
            .wait_for_requests(LONG, |requests| count_writes(requests) == 2)
    );
    let out = env.applink("list jira").expect(0);
    assert!(out.says("another run is at work"), "{}", out.shown());
    assert!(out.says("create") && !out.says("unfinished:"));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let out = env.wait(child);
    assert_eq!(out.code, 130, "{}", out.shown());
    let last = out.stderr.lines().last().unwrap();
    let error: serde_json::Value = serde_json::from_str(last).unwrap();
    assert_eq!(error["error"]["kind"], "partial");
    assert!(last.contains("applink resume"), "{last}");
    env.applink("list jira")
        .expect(0)
        .expect_says("an earlier run is unfinished");
}

#[test]
fn what_is_neither_a_file_nor_a_plan_is_not_called_one() {
    let env = Env::new(pair());
    env.write("work/links.toml", "{{ links }}\n", 0o644);
    for line in ["plan links.toml", "apply links.toml --yes"] {
        let out = env.applink(line).expect(2);
        assert!(!out.says("plan that was kept"), "{}", out.shown());
        assert!(out.says("links.toml"), "{}", out.shown());
    }
}

#[test]
fn what_is_left_to_delete_is_shown_where_it_is() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env.world.app("wiki").fault(Fault::status(503));
    let out = env.applink("delete jira wiki --yes").expect(3);
    let page = format!("left on wiki: {}/", env.world.app("wiki").url());
    assert!(out.says(&page), "{}", out.shown());
}
