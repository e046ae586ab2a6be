//! `applink plan FILE` and `applink apply FILE`: what a file comes to, and what is made of it.

use applink_sandbox::{App, OAuthFlags, Product, World};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::output::field_names;
use crate::support::plan_files::changes;
use crate::support::plan_files::{bitbucket, link_table, three_apps, write_plan_file};
use crate::support::worlds::{
    client_requests, jira, levels, link, logins, same_level, snapshot, wiki, world, writes,
};

#[test]
fn apply_creates_the_links_of_the_file_and_a_second_run_changes_nothing() {
    let env = Env::new(three_apps());
    write_plan_file(
        &env,
        &[
            link_table("jira", "wiki", "names = { jira = \"Handbook\" }"),
            link_table(
                "jira",
                "code",
                "auth = { jira = \"oauth\", code = \"none\" }",
            ),
            link_table("wiki", "code", "one_way = \"wiki\""),
        ]
        .concat(),
    );
    let before = snapshot(&env.world);
    let files = env.files();
    let planned = env
        .applink("plan links.toml --check -o json")
        .expect(8)
        .json();
    assert_eq!(
        field_names(&planned),
        [
            "schema", "changes", "drift", "summary", "errors", "warnings"
        ]
    );
    assert_eq!(
        field_names(&planned["changes"][0]),
        [
            "action", "local", "remote", "consumer", "field", "from", "to", "drift"
        ]
    );
    assert_eq!(changes(&planned), ["create -"; 3]);
    assert_eq!(
        planned["summary"],
        json!({"create": 3, "change": 0, "delete": 0})
    );
    env.applink("apply links.toml --dry-run").expect(0);
    assert!(writes(&env.world).is_empty());
    assert_eq!(snapshot(&env.world), before);
    assert_eq!(env.files(), files);

    let out = env.applink("apply links.toml -o json").expect(0);
    let done = out.json();
    assert_eq!(
        (&done["changed"], &done["partial"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(done["link"], Value::Null);
    assert_eq!(done["steps"].as_array().unwrap().len(), 9);
    assert_eq!(done["verification"].as_array().unwrap().len(), 3);
    let [jira, wiki, code] = ["jira", "wiki", "code"].map(|alias| env.world.app(alias));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!(levels(jira, code), ("none".to_owned(), "oauth".to_owned()));
    assert_eq!(levels(code, jira), ("oauth".to_owned(), "none".to_owned()));
    assert_eq!(levels(wiki, code), same_level("none"));
    assert!(code.link(&wiki.id()).is_none());
    assert_eq!(jira.link(&wiki.id()).unwrap().name, "Handbook");
    let state = env.state();
    assert!(state.contains("one-way = \"wiki\""), "{state}");
    assert!(
        state.contains("auth = { code = \"none\", jira = \"oauth\" }"),
        "{state}"
    );
    assert!(!env.has_journal());

    env.world.clear_requests();
    let again = env.applink("plan links.toml --check").expect(0);
    assert_eq!(again.stdout, "no changes: all is as the file says\n");
    assert_eq!(
        env.applink("apply links.toml -o json").expect(0).json()["changed"],
        false
    );
    assert!(writes(&env.world).is_empty());
    assert_eq!(env.state(), state);
}

#[test]
fn the_diff_and_the_result_read_as_documented() {
    let env = Env::new(three_apps());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    link(wiki, env.world.app("code"), OAuthFlags::OAUTH);
    write_plan_file(
        &env,
        &[
            link_table(
                "jira",
                "wiki",
                "auth = \"none\"\nnames = { jira = \"Handbook\" }",
            ),
            link_table(
                "jira",
                "code",
                "display_urls = { jira = \"https://code.example\" }",
            ),
        ]
        .concat(),
    );
    assert_snapshot!(env.applink("plan links.toml --prune --out kept.plan").transcript(), @r#"
    exit 0
    --- stdout
    ~ jira and wiki
        name on jira: Confluence -> Handbook
        calls from jira: oauth -> none
        calls from wiki: oauth -> none
    + jira and code
        on jira: "Bitbucket" at http://code.test, shown as https://code.example
        on code: "Jira" at http://jira.test/jira
        calls from jira: oauth
        calls from code: oauth
    - code and wiki
        on code: "Confluence"
        on wiki: "Bitbucket"
    1 to create, 1 to change, 1 to delete
    --- stderr
    warning: this cannot be taken back: tokens of users, who have to authorize again
    warning: this cannot be taken back: the link with its project links and tokens; users have to authorize again
    hint: carry it out with: applink apply kept.plan
    "#);
    // Something is lost: that is never done unasked.
    let refused = env.applink("apply links.toml --prune").expect(2);
    assert!(refused.says("This deletes a link. This ends tokens of users"));
    assert!(refused.says("--yes"));
    assert!(writes(&env.world).is_empty());
    assert_snapshot!(env.applink("apply links.toml --prune --yes -q").transcript(), @r"
    exit 0
    --- stdout
    the link of jira to wiki is changed
    jira and code are linked
    code and wiki are no longer linked
    ok code and jira: both ends work
    warning jira and wiki DISABLED: jira: authentication is off in both directions on both ends
    --- stderr
    warning: this cannot be taken back: tokens of users, who have to authorize again
    warning: this cannot be taken back: the link with its project links and tokens; users have to authorize again
    ");
}

#[test]
fn changes_made_outside_applink_are_marked_as_drift() {
    let env = Env::new(world([jira(), wiki()]));
    write_plan_file(&env, &link_table("jira", "wiki", "auth = \"oauth\""));
    env.applink("apply links.toml").expect(0);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    jira.set_outgoing(&wiki.id(), OAuthFlags::NONE);
    let planned = env.applink("plan links.toml -o json").expect(0).json();
    assert_eq!(changes(&planned), ["change auth.jira"]);
    assert_eq!(planned["changes"][0]["drift"], true);
    assert_eq!(
        planned["changes"][0]["from"],
        json!({"jira": "none", "wiki": "oauth"})
    );
    assert_eq!(
        planned["drift"],
        json!([{"local": "jira", "remote": "wiki", "consumer": null, "field": "auth.jira", "made": "oauth", "found": "none"}])
    );
    env.applink("plan links.toml")
        .expect(0)
        .expect_says("was changed by hand since applink made it");
    env.applink("apply links.toml").expect(2);
    env.applink("apply links.toml --yes").expect(0);
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    let planned = env.applink("plan links.toml -o json").expect(0).json();
    assert_eq!(planned["drift"], json!([]));
}

#[test]
fn prune_deletes_only_links_between_applications_of_the_file() {
    let env = Env::new(world([
        jira(),
        wiki(),
        bitbucket(),
        App::new(Product::Bamboo, "bamboo"),
    ]));
    env.add_all();
    let [jira, wiki, code, bamboo] =
        ["jira", "wiki", "code", "bamboo"].map(|alias| env.world.app(alias));
    for (a, b) in [(jira, wiki), (jira, code), (wiki, bamboo)] {
        link(a, b, OAuthFlags::OAUTH);
    }
    code.mark_system(&jira.id());
    let text = format!(
        "version = 1\n[applications.jira]\nurl = \"{}\"\n[applications.wiki]\nurl = \"{}\"\n[applications.code]\nurl = \"{}\"\n",
        jira.url(),
        wiki.url(),
        code.url()
    );
    env.write("work/links.toml", &text, 0o644);
    env.applink("plan links.toml --check").expect(0);
    let planned = env.applink("plan links.toml --prune -o json").expect(0);
    assert!(planned.says("stays: the product manages it by itself"));
    let planned = planned.json();
    assert_eq!(changes(&planned), ["delete -"]);
    env.applink("apply links.toml --prune")
        .expect(2)
        .expect_says("is a system link");
    let out = env
        .applink("apply links.toml --prune --yes -o json")
        .expect(0);
    assert_eq!(
        out.steps(),
        ["jira delete-link done", "wiki delete-link done"]
    );
    assert!(wiki.link(&bamboo.id()).is_some() && code.link(&jira.id()).is_some());
    // Both ends of a link that one of the products manages stay.
    assert!(jira.link(&code.id()).is_some());
}

#[test]
fn a_url_that_differs_from_the_state_is_refused() {
    let env = Env::new(three_apps());
    env.add_all();
    let text = format!(
        "version = 1\n[applications.jira]\nurl = \"{}\"\n",
        env.world.app("wiki").url()
    );
    env.write("work/links.toml", &text, 0o644);
    for command in ["plan", "apply"] {
        let out = env.applink(&format!("{command} links.toml")).expect(1);
        let jira = env.world.app("jira").url();
        assert!(
            out.says(&format!("links.toml:2:15: jira is known at {jira}")),
            "{}",
            out.transcript()
        );
        assert!(out.says("applink relocate jira"));
    }
    assert!(client_requests(&env.world).is_empty());
}

#[test]
fn an_invalid_file_is_a_usage_error_and_sends_no_request() {
    let mut env = Env::new(three_apps());
    write_plan_file(
        &env,
        "[[links]]\nbetween = [\"jira\", \"wiki\"]\nspeed = 1\n",
    );
    let out = env.applink("plan links.toml").expect(2);
    assert!(
        out.says("links.toml:10:1: unknown field `speed`"),
        "{}",
        out.transcript()
    );
    env.write(
        "work/links.toml",
        "version = 1\n[applications.wiki]\nurl = \"${WIKI_URL}\"\n",
        0o644,
    );
    let out = env.applink("apply links.toml").expect(2);
    assert!(
        out.says("links.toml:3:7: the variable WIKI_URL is not set"),
        "{}",
        out.transcript()
    );
    env.set("WIKI_URL", env.world.app("wiki").url());
    assert!(client_requests(&env.world).is_empty());
    env.applink("plan links.toml").expect(0);
    env.applink("plan nowhere.toml")
        .expect(2)
        .expect_says("cannot be read");
}

#[test]
fn consumers_of_the_file_are_registered_and_updated() {
    let env = Env::new(world([jira()]));
    let key = crate::support::consumers::write_key_pair(&env, "ci");
    let program = |rest: &str| {
        write_plan_file(
            &env,
            &format!(
                "[[consumers]]\non = \"jira\"\nname = \"ci\"\npublic_key = \"ci.pub\"\n{rest}\n"
            ),
        );
    };
    program("two_legged = true");
    env.applink("apply links.toml")
        .expect(0)
        .expect_says("\"ci\" may call jira");
    assert_eq!(
        crate::support::consumers::incoming_flags(&env),
        (true, true, false)
    );
    let accepted = [("ci".to_owned(), key.public().fingerprint())];
    assert_eq!(crate::support::consumers::registered_keys(&env), accepted);
    env.applink("plan links.toml --check").expect(0);
    program("two_legged = false\ncallback = \"https://ci.example/done\"");
    let planned = env.applink("plan links.toml -o json").expect(0).json();
    assert_eq!(changes(&planned), ["change callback", "change two_legged"]);
    env.applink("apply links.toml").expect(0);
    assert_eq!(
        crate::support::consumers::incoming_flags(&env),
        (true, false, false)
    );
    env.applink("plan links.toml --check").expect(0);
    let state = env.state();
    assert!(
        state.contains("bits = 2048") && !state.contains("two-legged"),
        "{state}"
    );
    // A private key has no place in it.
    write_plan_file(
        &env,
        "[[consumers]]\non = \"jira\"\nname = \"ci\"\npublic_key = \"ci.pem\"\n",
    );
    env.applink("plan links.toml")
        .expect(2)
        .expect_says("it is a private one");
}

#[test]
fn each_application_is_read_once_for_any_number_of_links() {
    let apps: Vec<App> = (0..8)
        .map(|n| App::new(Product::ALL[n % 4], &format!("app-{n}")))
        .collect();
    let world = World::builder().seed(3).apps(apps).start().unwrap();
    let env = Env::new(world);
    env.add_all();
    let apps = env.world.apps();
    let mut rest = String::new();
    for (n, a) in apps.iter().enumerate() {
        for b in &apps[n + 1..] {
            link(a, b, OAuthFlags::OAUTH);
            rest.push_str(&link_table(a.alias(), b.alias(), "auth = \"oauth\""));
        }
    }
    write_plan_file(&env, &rest);
    env.applink("plan links.toml --check").expect(0);
    for app in apps {
        // Who am I, what is there, and the levels of each of the seven records.
        assert!(logins(&env.world, app.alias()) <= 2 + 7, "{}", app.alias());
        let manifests = client_requests(&env.world)
            .iter()
            .filter(|request| request.app == app.alias() && request.path.ends_with("/manifest"))
            .count();
        assert_eq!(manifests, 1);
    }
}
