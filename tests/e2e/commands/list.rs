//! `applink list`

use applink_sandbox::{App, Generation, LegacyAuth, Link, OAuthFlags, Product, Role};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::output::{field_names, index_by, string};
use crate::support::terminal::{Terminal, lines};
use crate::support::worlds::{client_requests, jira, link, pair, pair_of, wiki, world, writes};

const ROW: [&str; 14] = [
    "local",
    "remote",
    "id",
    "name",
    "type",
    "application_url",
    "display_url",
    "primary",
    "system",
    "incoming",
    "outgoing",
    "two_way",
    "state",
    "consumer",
];

/// A Jira linked to a Confluence, a Bamboo without authentication, and one that knows nothing.
fn three() -> Env {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    jira.add_link_to(bamboo);
    env.add_all();
    env
}

#[test]
fn an_unknown_type_gets_a_suggestion() {
    let env = three();
    let out = env.applink("list --type conflunce").expect(0);
    assert!(out.says("did you mean confluence?"), "{}", out.transcript());
    let out = env.applink("list --type wiki").expect(0);
    assert_eq!(out.stderr, "", "{}", out.transcript());
    // One that is known, and of which there is nothing here.
    let out = env.applink("list --type crucible").expect(0);
    assert!(!out.says("is of type"), "{}", out.transcript());
}

#[test]
fn every_row_has_every_field() {
    for generation in [
        Generation::Classic,
        Generation::Modern,
        Generation::Old,
        Generation::Old4,
    ] {
        let env = Env::new(pair_of(generation, generation));
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        link(jira, wiki, OAuthFlags::IMPERSONATION);
        env.add_all();
        let json = env.applink("list -o json").expect(0).json();
        assert_eq!(
            field_names(&json),
            ["schema", "links", "oauth2_clients", "errors"]
        );
        assert_eq!(json["errors"], json!([]));
        assert_eq!(json["links"].as_array().unwrap().len(), 2);
        for row in json["links"].as_array().unwrap() {
            assert_eq!(field_names(row), ROW, "{generation:?}");
        }
        let row = &index_by(&json["links"], "local")["jira"];
        assert_eq!(
            *row,
            json!({
                "local": "jira", "remote": "wiki", "id": wiki.id(), "name": "Confluence",
                "type": "confluence", "application_url": wiki.url(), "display_url": wiki.url(),
                "primary": true, "system": false,
                "incoming": "impersonation", "outgoing": "impersonation",
                "two_way": true, "state": "active", "consumer": null,
            }),
            "{generation:?}"
        );
        assert!(writes(&env.world).is_empty());
    }
}

#[test]
fn old_versions_are_read_through_the_old_api() {
    let env = Env::new(pair_of(Generation::Old, Generation::Classic));
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    env.applink("list").expect(0);
    let asked = |alias: &str, part: &str| {
        client_requests(&env.world)
            .iter()
            .any(|request| request.app == alias && request.path.contains(part))
    };
    assert!(asked("jira", "/listApplicationlinks"));
    assert!(!asked("wiki", "/listApplicationlinks"));
}

#[test]
fn table_and_csv_read_as_documented() {
    let env = three();
    assert_snapshot!(env.applink("list").transcript(), @r"
    exit 0
    --- stdout
    jira	bamboo	Bamboo	Bamboo	http://bamboo.test	none	none	one-way, primary
    jira	wiki	Confluence	Confluence	http://wiki.test	oauth	oauth	primary
    wiki	jira	Jira	Jira	http://jira.test/jira	oauth	oauth	primary
    ");
    assert_snapshot!(env.applink("list -o csv").transcript(), @r#"
    exit 0
    --- stdout
    local,remote,name,type,application url,in,out,remarks
    jira,bamboo,Bamboo,Bamboo,http://bamboo.test,none,none,"one-way, primary"
    jira,wiki,Confluence,Confluence,http://wiki.test,oauth,oauth,primary
    wiki,jira,Jira,Jira,http://jira.test/jira,oauth,oauth,primary
    "#);
    assert_snapshot!(env.applink("list bamboo").transcript(), @"exit 0");
    assert_snapshot!(env.applink("list jira --type bamboo --one-way").transcript(), @r"
    exit 0
    --- stdout
    jira	bamboo	Bamboo	Bamboo	http://bamboo.test	none	none	one-way, primary
    ");
}

#[test]
fn filters_select_links() {
    let env = three();
    let names = |line: &str| -> Vec<String> {
        let json = env.applink(&format!("{line} -o json")).expect(0).json();
        let links = json["links"].as_array().unwrap().clone();
        links
            .iter()
            .map(|row| format!("{} {}", string(&row["local"]), string(&row["remote"])))
            .collect()
    };
    let all = ["jira bamboo", "jira wiki", "wiki jira"];
    assert_eq!(names("list"), all);
    assert_eq!(names("list jira wiki bamboo"), all);
    assert_eq!(names("list {jira.url}"), all[..2]);
    assert_eq!(names("list --type confluence"), all[1..2]);
    assert_eq!(names("list --type jira"), all[2..]);
    assert_eq!(names("list --type bitbucket"), [""; 0]);
    assert_eq!(names("list --auth none"), all[..1]);
    assert_eq!(names("list --auth oauth"), all[1..]);
    assert_eq!(names("list --one-way"), all[..1]);
    assert_eq!(names("list --url /jira"), all[2..]);
    let port = env.world.app("wiki").port();
    assert_eq!(names(&format!("list --url :{port}")), all[1..2]);
    env.applink("list --auth some -o json").expect(2);
}

#[test]
fn bitbucket_is_called_stash_in_the_api() {
    let env = Env::new(world([jira(), App::new(Product::Bitbucket, "code")]));
    link(
        env.world.app("jira"),
        env.world.app("code"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    let json = env
        .applink("list --type bitbucket -o json")
        .expect(0)
        .json();
    assert_eq!(json["links"][0]["type"], "stash");
    let json = env.applink("list --type stash -o json").expect(0).json();
    assert_eq!(json["links"][0]["remote"], "code");
    assert!(env.applink("list").says("Bitbucket"));
}

#[test]
fn an_unreachable_application_does_not_hide_the_others() {
    let env = three();
    env.world.app("wiki").stop();
    let out = env.applink("list -o json").expect(5);
    let json = out.json();
    let rows = json["links"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["local"] == "jira"));
    // Whether the other end has a record is not known then.
    let row = &index_by(&json["links"], "remote")["wiki"];
    assert_eq!(row["two_way"], Value::Null);
    let error = &json["errors"][0];
    assert_eq!(field_names(error), ["app", "kind", "code", "message"]);
    assert_eq!(error["app"], "wiki");
    assert_eq!(error["kind"], "unreachable");
    assert_eq!(json["errors"].as_array().unwrap().len(), 1);
    assert_snapshot!(env.applink("list").transcript(), @r"
    exit 5
    --- stdout
    jira	bamboo	Bamboo	Bamboo	http://bamboo.test	none	none	one-way, primary
    jira	wiki	Confluence	Confluence	http://wiki.test	oauth	oauth	primary
    --- stderr
    warning: wiki (wiki.test) cannot be reached: connection refused
    hint: check that the application is up and that the port is right
    ");
}

#[test]
fn rejected_credentials_outrank_an_unreachable_application_in_the_exit_code() {
    let mut env = three();
    env.world.app("wiki").stop();
    env.login("bamboo", Role::User);
    let out = env.applink("list -o json").expect(4);
    let errors = index_by(&out.json()["errors"], "app");
    assert_eq!(errors["bamboo"]["code"], "NOT_ADMIN");
    assert_eq!(errors["bamboo"]["kind"], "permission");
    assert_eq!(errors["wiki"]["kind"], "unreachable");
}

#[test]
fn an_empty_state_gives_an_empty_list() {
    let env = Env::new(pair());
    assert_snapshot!(env.applink("list").expect(0).transcript(), @r"
    exit 0
    --- stderr
    warning: no application is known: <home>/state/applink/applink.toml does not exist
    hint: name the state with --state, or begin with: applink create
    ");
    assert_snapshot!(env.applink("list -o json").expect(0).transcript(), @r#"
    exit 0
    --- stdout
    {"schema":1,"links":[],"oauth2_clients":[],"errors":[]}
    --- stderr
    warning: no application is known: <home>/state/applink/applink.toml does not exist
    hint: name the state with --state, or begin with: applink create
    "#);
    assert_snapshot!(env.applink("verify -o json --allow-empty").expect(0).transcript(), @r#"
    exit 0
    --- stdout
    {"schema":1,"links":[],"summary":{"ok":0,"warning":0,"broken":0,"unverifiable":0},"errors":[]}
    --- stderr
    warning: no application is known: <home>/state/applink/applink.toml does not exist
    hint: name the state with --state, or begin with: applink create
    "#);
}

#[test]
fn links_of_every_kind_are_listed() {
    let env = Env::new(pair());
    let jira = env.world.app("jira");
    let id = |n: u32| format!("00000000-0000-4000-8000-{n:012}");
    jira.add_link(Link::new(
        &id(1),
        "generic",
        "Jenkins",
        "https://ci.example.com",
    ));
    jira.add_link(Link::new(
        &id(2),
        "com.example.shop",
        "Shop",
        "https://shop.example.com",
    ));
    jira.add_link(Link::new(&id(3), "trello", "Boards", "https://trello.com"));
    let legacy = jira.add_link(Link::new(
        &id(4),
        "confluence",
        "Old wiki",
        "https://old.example.com",
    ));
    jira.set_legacy(
        &legacy,
        LegacyAuth {
            trusted_outgoing: true,
            ..LegacyAuth::default()
        },
    );
    let system = jira.add_link(Link::new(
        &id(5),
        "crowd",
        "System",
        "https://crowd.example.com",
    ));
    jira.mark_system(&system);
    let weak = jira.add_link(Link::new(
        &id(6),
        "bamboo",
        "Builds",
        "https://bamboo.example.com",
    ));
    jira.set_outgoing(&weak, OAuthFlags::THREE_LEGGED);
    env.applink("app add jira {jira.url}").expect(0);
    let json = env.applink("list -o json").expect(0).json();
    let rows = index_by(&json["links"], "name");
    assert_eq!(rows.len(), 6);
    assert_eq!(rows["Shop"]["type"], "com.example.shop");
    assert_eq!(rows["Boards"]["type"], "trello");
    assert_eq!(rows["Old wiki"]["outgoing"], "legacy");
    assert_eq!(rows["System"]["system"], true);
    assert_eq!(rows["Builds"]["outgoing"], "three-legged");
    assert_eq!(rows["Builds"]["incoming"], "none");
    for row in rows.values() {
        assert_eq!(field_names(row), ROW);
        assert_eq!(row["remote"], Value::Null);
        assert_eq!(row["two_way"], Value::Null);
    }
    let rows = env.applink("list --auth legacy -o json").expect(0).json();
    assert_eq!(rows["links"].as_array().unwrap().len(), 1);
}

#[test]
fn control_characters_in_names_are_escaped_in_tables_and_kept_in_json() {
    let env = Env::new(pair());
    let name = "a\u{1b}]0;pwned\u{7}b\u{1b}[2J\r\u{8}\u{202e}c\u{9b}d\u{200b}";
    let mut hostile = Link::new(
        "00000000-0000-4000-8000-000000000001",
        "confluence",
        name,
        "https://wiki.example.com",
    );
    hostile.display_url = "https://wiki.example.com/\u{1b}[31m".to_owned();
    env.world.app("jira").add_link(hostile);
    env.applink("app add jira {jira.url}").expect(0);
    let json = env.applink("list -o json").expect(0);
    assert_eq!(json.json()["links"][0]["name"], name);
    for line in [
        "list",
        "list -o json",
        "list -o csv",
        "verify",
        "verify -o json",
        "list -vv",
    ] {
        let out = env.applink(line);
        for stream in [&out.stdout, &out.stderr] {
            // CSV ends its lines as RFC 4180 says.
            let stream = stream.replace("\r\n", "\n");
            let raw = stream
                .chars()
                .find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
            assert_eq!(raw, None, "{line}: {stream:?}");
            if !line.ends_with("json") {
                assert!(
                    !stream.contains(['\u{202e}', '\u{200b}']),
                    "{line}: {stream:?}"
                );
            }
        }
    }
}

#[test]
fn formulas_in_names_are_escaped_in_csv() {
    let env = Env::new(pair());
    for (n, name) in ["=1+1", "+1", "-1", "@x", "a,\"b\"\nc"].iter().enumerate() {
        let id = format!("00000000-0000-4000-8000-{n:012}");
        env.world.app("jira").add_link(Link::new(
            &id,
            "confluence",
            name,
            "https://wiki.example.com",
        ));
    }
    env.applink("app add jira {jira.url}").expect(0);
    assert_snapshot!(env.applink("list -o csv").expect(0).transcript(), @r#"
    exit 0
    --- stdout
    local,remote,name,type,application url,in,out,remarks
    jira,,'+1,Confluence,https://wiki.example.com,none,none,
    jira,,'-1,Confluence,https://wiki.example.com,none,none,
    jira,,'=1+1,Confluence,https://wiki.example.com,none,none,primary
    jira,,'@x,Confluence,https://wiki.example.com,none,none,
    jira,,"a,""b""\x0ac",Confluence,https://wiki.example.com,none,none,
    "#);
}

#[test]
fn cached_lists_send_no_request() {
    let env = three();
    let live = env.applink("list -o json").expect(0).json();
    for app in env.world.apps() {
        app.stop();
    }
    env.world.clear_requests();
    let cached = env.applink("list --cached -o json").expect(0).json();
    assert_eq!(cached["links"], live["links"]);
    assert!(client_requests(&env.world).is_empty());
    assert!(env.applink("list --cached").says("was seen at"));
    std::fs::remove_file(env.path("state/applink/applink.cache.json")).unwrap();
    let out = env.applink("list --cached -o json").expect(0);
    assert_eq!(out.json()["links"], json!([]));
    assert!(out.says("not seen yet"));
}

#[test]
fn listing_an_unknown_application_does_not_record_it() {
    let env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    let files = env.files();
    let json = env.applink("list {jira} -o json").expect(0).json();
    assert_eq!(json["links"][0]["remote"], Value::Null);
    let json = env.applink("list {jira} {wiki} -o json").expect(0).json();
    assert_eq!(json["links"][0]["remote"], "wiki");
    assert_eq!(json["links"][0]["two_way"], true);
    assert_eq!(env.files(), files);
}

#[test]
fn each_record_is_read_once() {
    let env = three();
    env.world.clear_requests();
    env.applink("list").expect(0);
    let requests = client_requests(&env.world);
    // Manifest, permission, capabilities, list and OAuth 2.0 clients; then the levels of each record.
    assert!(requests.len() <= 3 * 5 + 2 * 3, "{}", requests.len());
    assert!(requests.iter().all(|request| request.method == "GET"));
}

#[test]
fn a_row_without_an_alias_shows_its_name_at_80_columns() {
    let env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::IMPERSONATION,
    );
    env.add_all();
    env.applink("create jira --consumer Jenkins --yes")
        .expect(0);
    let said = Terminal::start(&env, "list").ends(0);
    let said = lines(&said);
    let row = said.iter().find(|line| line.contains("\"Jenkins\""));
    assert!(row.is_some(), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("narrow")), "{said:?}");
    let shown = Terminal::start(&env, "app list").ends(0);
    assert!(
        shown.contains("USER") && !shown.contains("narrow"),
        "{shown}"
    );
}
