//! `applink delete`

use applink_sandbox::{App, Fault, OAuthFlags, Product, Role};
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::browser::env_with_consumer;
use crate::support::env::Env;
use crate::support::oauth2_clients;
use crate::support::output::{field_names, index_by};
use crate::support::worlds::{
    client_requests, jira, link, own_404, pair, pair_of, snapshot, wiki, world, writes,
};

#[test]
fn both_ends_are_deleted_each_with_its_own_account() {
    use applink_sandbox::Generation::{Ancient, Classic, Modern, Old, Old4};
    for (a, b) in [
        (Classic, Modern),
        (Old, Classic),
        (Old4, Old4),
        (Ancient, Classic),
    ] {
        let env = Env::new(pair_of(a, b));
        link(
            env.world.app("jira"),
            env.world.app("wiki"),
            OAuthFlags::OAUTH,
        );
        env.add_all();
        let out = env.applink("delete jira wiki --yes -o json");
        assert_eq!(out.code, 0, "{a:?} {b:?}: {}", out.transcript());
        assert_eq!(
            out.steps(),
            ["jira delete-link done", "wiki delete-link done"]
        );
        let json = out.json();
        assert_eq!(json["changed"], true);
        assert_eq!(json["partial"], false);
        assert_eq!(json["link"], Value::Null);
        assert_eq!(writes(&env.world).len(), 2);
        for app in env.world.apps() {
            assert!(app.links().is_empty());
        }
    }
}

#[test]
fn the_link_is_removed_from_the_state() {
    let env = Env::linked();
    env.applink("delete jira wiki --yes").expect(0);
    assert!(!env.state().contains("[[links]]"), "{}", env.state());
    assert!(!env.has_journal());
    let out = env.applink("list -o json").expect(0);
    assert_eq!(out.json()["links"], serde_json::json!([]));
    let out = env.applink("verify -o json").expect(2);
    assert_eq!(out.json()["links"], serde_json::json!([]));
    env.applink("verify --allow-empty").expect(0);
}

#[test]
fn a_script_requires_yes() {
    let env = Env::linked();
    let before = (snapshot(&env.world), env.state());
    let out = env.applink("delete jira wiki -o json").expect(2);
    assert_eq!(out.error()["kind"], "usage");
    assert!(out.says("--yes") && out.stdout.is_empty());
    env.applink("delete jira wiki --no-input").expect(2);
    assert!(writes(&env.world).is_empty());
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert_snapshot!(env.applink("delete jira wiki").transcript(), @r#"
    exit 2
    --- stderr
    note: on jira it is the primary link to Confluence applications; another one becomes it, if there is one
    note: on wiki it is the primary link to Jira applications; another one becomes it, if there is one
    error: standard input is not a terminal, so nobody can be asked: This removes the link of jira and wiki.
    hint: answer it with --yes
    "#);
    assert_snapshot!(env.applink("delete jira wiki --dry-run").transcript(), @r#"
    exit 0
    --- stdout
    jira: delete the link "Confluence"
    wiki: delete the link "Jira"
    --- stderr
    note: on jira it is the primary link to Confluence applications; another one becomes it, if there is one
    note: on wiki it is the primary link to Jira applications; another one becomes it, if there is one
    warning: this cannot be taken back: the link with its project links and tokens; users have to authorize again
    warning: this needs a yes: This removes the link of jira and wiki.
    nothing was changed: this was a dry run
    "#);
    assert_eq!((snapshot(&env.world), env.state()), before);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn dependent_projects_and_spaces_are_counted() {
    let env = Env::linked();
    let spaces = Fault::status(200).body("application/json", r#"{"entity":[{},{},{}]}"#);
    env.world
        .app("jira")
        .fault(spaces.path("/localEntitiesWithLinksTo/"));
    let out = env.applink("delete jira wiki").expect(2);
    assert!(
        out.says("on jira 3 projects or spaces have links through it"),
        "{}",
        out.transcript()
    );
    assert!(out.says("primary link to Confluence"));
}

#[test]
fn one_side_deletes_only_the_local_record() {
    let env = Env::linked();
    let mut env = env;
    env.logout("wiki");
    let out = env
        .applink("delete jira wiki --one-side --yes -o json")
        .expect(0);
    assert_eq!(out.steps(), ["jira delete-link done"]);
    assert!(env.world.app("jira").links().is_empty());
    assert_eq!(env.world.app("wiki").links().len(), 1);
    assert_eq!(writes(&env.world), ["DELETE jira 200"]);
}

#[test]
fn a_missing_end_counts_as_deleted() {
    for gone in [vec!["wiki"], vec!["jira"], vec!["jira", "wiki"]] {
        let env = Env::linked();
        for alias in &gone {
            let app = env.world.app(alias);
            for link in app.links() {
                app.remove_link(&link.id);
            }
        }
        let out = env.applink("delete jira wiki --yes -o json").expect(0);
        assert_eq!(out.json()["changed"], gone.len() < 2);
        for app in env.world.apps() {
            assert!(app.links().is_empty());
        }
        assert!(!env.state().contains("[[links]]"));
        assert_eq!(writes(&env.world).len(), 2 - gone.len());
    }
}

#[test]
fn a_404_for_a_link_that_is_still_listed_is_a_failure() {
    let env = Env::linked();
    env.world.app("wiki").fault(own_404().method("DELETE"));
    let out = env.applink("delete jira wiki --yes -o json");
    // It says that it is gone, and still shows it: that is no success, and nothing in doubt.
    assert_eq!(out.code, 3, "{}", out.transcript());
    assert_eq!(
        out.steps(),
        ["jira delete-link done", "wiki delete-link failed"]
    );
    assert!(out.says("and lists it"), "{}", out.transcript());
    let env = Env::linked();
    env.world.app("jira").fault(own_404().method("DELETE"));
    let out = env
        .applink("delete jira wiki --one-side --yes -o json")
        .expect(1);
    assert_eq!(out.json()["changed"], false);
    assert!(out.says("and lists it") && !out.says("took the change"));
}

#[test]
fn an_unreachable_end_stays_pending() {
    let env = Env::linked();
    env.world.app("wiki").stop();
    let out = env.applink("delete jira wiki --yes -o json").expect(3);
    assert_eq!(
        out.steps(),
        ["jira delete-link done", "wiki delete-link failed"]
    );
    let json = out.json();
    assert_eq!(
        (json["changed"].clone(), json["partial"].clone()),
        (true.into(), true.into())
    );
    assert_eq!(out.error()["kind"], "partial");
    assert!(out.says("applink delete jira wiki"), "{}", out.transcript());
    assert!(env.world.app("jira").links().is_empty());

    // While it is down it is listed, and nothing else is held up.
    let out = env.applink("list -o json").expect(5);
    let row = &out.json()["links"][0];
    assert_eq!(row["state"], "pending-delete");
    assert_eq!(row["local"], "wiki");
    assert_eq!(row["remote"], "jira");
    assert_eq!(row["id"], env.world.app("jira").id());
    assert_eq!(field_names(row).len(), 14);
    assert!(!env.has_journal());
    assert!(env.applink("list").says("resume"));

    // Still down: still due.
    let out = env.applink("delete jira wiki --yes -o json");
    assert!([3, 5].contains(&out.code), "{}", out.transcript());
    assert!(env.state().contains("pending"));

    env.world.app("wiki").start().unwrap();
    let out = env.applink("list -o json").expect(0);
    assert_eq!(out.json()["links"][0]["state"], "pending-delete");
    env.world.clear_requests();
    let out = env.applink("delete jira wiki --yes -o json").expect(0);
    assert_eq!(out.steps(), ["wiki delete-link done"]);
    assert_eq!(writes(&env.world), ["DELETE wiki 200"]);
    assert!(env.world.app("wiki").links().is_empty());
    assert!(!env.state().contains("pending"), "{}", env.state());
}

#[test]
fn resume_finishes_a_pending_delete() {
    let env = Env::linked();
    env.world.app("jira").stop();
    env.world.app("wiki").stop();
    // Nothing could be deleted at all: nothing was changed.
    let out = env.applink("delete jira wiki --yes -o json").expect(5);
    assert!(!env.has_journal());
    assert!(!env.state().contains("pending"), "{}", out.transcript());
    env.world.app("jira").start().unwrap();
    env.applink("delete jira wiki --yes").expect(3);
    env.applink("resume --undo").expect(1);
    env.world.app("wiki").start().unwrap();
    let out = env.applink("resume -o json").expect(0);
    assert_eq!(out.steps(), ["wiki delete-link done"]);
    assert!(env.world.app("wiki").links().is_empty());
    assert!(!env.state().contains("pending"));
    let out = env.applink("resume -o json").expect(0);
    assert_eq!(out.json()["changed"], false);
}

#[test]
fn either_end_can_be_the_unreachable_one() {
    let env = Env::linked();
    env.world.app("jira").stop();
    let out = env.applink("delete jira wiki --yes -o json");
    // Either end may be the one that is down.
    assert_eq!(out.code, 3, "{}", out.transcript());
    assert!(env.world.app("wiki").links().is_empty());
    env.world.app("jira").start().unwrap();
    env.applink("resume").expect(0);
    assert!(env.world.app("jira").links().is_empty());
}

#[test]
fn an_end_that_refuses_is_finished_by_the_next_run() {
    let env = Env::linked();
    env.world
        .app("wiki")
        .fault(Fault::status(403).method("DELETE"));
    let out = env.applink("delete jira wiki --yes -o json").expect(3);
    assert_eq!(
        out.steps(),
        ["jira delete-link done", "wiki delete-link failed"]
    );
    env.world.app("wiki").clear_faults();
    env.applink("delete jira wiki --yes").expect(0);
}

#[test]
fn missing_permissions_are_found_before_anything_is_deleted() {
    let mut env = Env::linked();
    env.login("wiki", Role::User);
    let before = snapshot(&env.world);
    let out = env.applink("delete jira wiki --yes -o json").expect(4);
    assert_eq!(out.error_code(), "NOT_ADMIN");
    assert_eq!(snapshot(&env.world), before);
}

#[test]
fn system_links_are_refused() {
    let env = Env::linked();
    let wiki = env.world.app("wiki").id();
    env.world.app("jira").mark_system(&wiki);
    let before = snapshot(&env.world);
    let out = env.applink("delete jira wiki --yes -o json").expect(1);
    assert_eq!(out.error_code(), "SYSTEM_LINK");
    env.applink("delete wiki jira --yes").expect(1);
    assert_eq!(snapshot(&env.world), before);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn other_links_are_untouched() {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    link(jira, bamboo, OAuthFlags::IMPERSONATION);
    let before = (
        bamboo.snapshot(),
        jira.link(&bamboo.id()).map(|link| link.providers),
    );
    env.applink("create {jira} {wiki}").expect(0);
    env.applink("delete jira wiki --yes").expect(0);
    assert_eq!(
        (
            bamboo.snapshot(),
            jira.link(&bamboo.id()).map(|link| link.providers)
        ),
        before
    );
    assert!(wiki.links().is_empty());
}

#[test]
fn the_record_of_a_dead_application_is_deleted_by_its_url() {
    let env = Env::new(pair());
    let jira = env.world.app("jira");
    let wiki = env.world.app("wiki");
    link(jira, wiki, OAuthFlags::OAUTH);
    wiki.stop();
    let out = env
        .applink("delete {jira} {wiki.url} --yes -o json")
        .expect(0);
    assert_eq!(out.steps(), ["jira delete-link done"]);
    assert!(out.says("only the other end"));
    assert!(jira.links().is_empty());
}

#[test]
fn unknown_names_are_refused_with_a_suggestion() {
    let env = Env::linked();
    env.applink("delete jira wikki --yes")
        .expect(2)
        .expect_says("did you mean wiki?");
    env.applink("delete jira jira --yes")
        .expect(1)
        .expect_says("itself");
    env.applink("delete jira").expect(2);
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn deleting_a_link_that_does_not_exist_changes_nothing() {
    let env = Env::new(pair());
    env.add_all();
    let out = env.applink("delete jira wiki --yes -o json").expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(writes(&env.world).is_empty());
    assert_eq!(
        index_by(&env.applink("app list -o json").json()["apps"], "alias").len(),
        2
    );
}

#[test]
fn an_unknown_consumer_gets_a_suggestion() {
    let env = env_with_consumer(|_| {});
    env.applink("create jira --consumer Jenkins --yes")
        .expect(0);
    let before = writes(&env.world).len();
    env.applink("delete jira --consumer jenkns --yes")
        .expect(0)
        .expect_says("nothing to do: jira has no program called \"jenkns\"")
        .expect_says("hint: did you mean \"Jenkins\"?");
    env.applink("key rotate jira --consumer Jenkin --yes")
        .expect(1)
        .expect_says("no program called \"Jenkin\" is registered on jira")
        .expect_says("hint: did you mean \"Jenkins\"?");
    let out = env.applink("authorize jira --consumer Jenkin").expect(1);
    out.expect_says("no program called \"Jenkin\" is registered on jira")
        .expect_says("hint: did you mean \"Jenkins\"?");
    assert_eq!(writes(&env.world).len(), before);
    let forgotten = env
        .applink("authorize jira --consumer Jenkins --forget")
        .expect(0);
    assert!(forgotten.says("no token of Jenkins for jira is kept here"));
    assert!(
        !forgotten.says("goes on taking it"),
        "{}",
        forgotten.transcript()
    );
}

#[test]
fn an_unknown_oauth2_client_gets_a_suggestion() {
    let env = oauth2_clients::client_env();
    env.applink(oauth2_clients::CREATE_CLIENT).expect(0);
    env.applink("delete jira --oauth2-client 'My CJ' --yes")
        .expect(0)
        .expect_says("nothing to do: jira has no OAuth 2.0 client called \"My CJ\"")
        .expect_says("hint: did you mean \"My CI\"?");
}

#[test]
fn a_record_left_behind_is_reported_with_its_url() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    env.world.app("wiki").fault(Fault::status(503));
    let out = env.applink("delete jira wiki --yes").expect(3);
    let page = format!("left on wiki: {}/", env.world.app("wiki").url());
    assert!(out.says(&page), "{}", out.transcript());
}
