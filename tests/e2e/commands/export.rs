//! `applink export`: what exists, as a file of which a plan has no changes.

use applink_sandbox::{App, Generation, LegacyAuth, Link, OAuthFlags, Product, World};
use insta::assert_snapshot;
use serde_json::json;

use crate::support::env::Env;
use crate::support::worlds::{jira, link, wiki, world, writes};

fn varied() -> World {
    world([
        jira(),
        App::new(Product::Jira, "jira-2")
            .context("/old/jira")
            .display_name("Old Jira"),
        wiki().context("/wiki").generation(Generation::Modern),
        App::new(Product::Bitbucket, "code").generation(Generation::Old),
        App::new(Product::Bamboo, "bamboo").generation(Generation::Old4),
        App::new(Product::Crowd, "crowd"),
    ])
}

/// An estate with everything that a file can say, and much that it cannot.
fn estate() -> Env {
    let env = Env::new(varied());
    env.add_all();
    let app = |alias: &str| env.world.app(alias);
    let [jira, second, wiki, code, bamboo, crowd] =
        ["jira", "jira-2", "wiki", "code", "bamboo", "crowd"].map(app);
    link(jira, wiki, OAuthFlags::IMPERSONATION);
    link(second, wiki, OAuthFlags::OAUTH);
    link(jira, code, OAuthFlags::OAUTH);
    link(code, bamboo, OAuthFlags::NONE);
    link(jira, bamboo, OAuthFlags::THREE_LEGGED);
    // Names, addresses, the first choice, and each direction at its own level.
    jira.edit_link(&wiki.id(), |link| {
        "Handbook \"#[x]\" \u{202e}".clone_into(&mut link.name);
        "https://handbook.example".clone_into(&mut link.display_url);
    });
    wiki.edit_link(&second.id(), |link| {
        "http://old.example/jira".clone_into(&mut link.rpc_url);
    });
    jira.set_outgoing(&code.id(), OAuthFlags::NONE);
    code.set_incoming(&jira.id(), OAuthFlags::NONE, jira);
    // One way.
    jira.add_link_to(crowd);
    // Ends that differ.
    second.add_link_to(code);
    let on_code = code.add_link_to(second);
    code.set_outgoing(&on_code, OAuthFlags::OAUTH);
    // What no file says.
    wiki.add_link_to(crowd);
    wiki.mark_system(&crowd.id());
    let legacy = second.add_link_to(bamboo);
    bamboo.add_link_to(second);
    second.set_legacy(
        &legacy,
        LegacyAuth {
            trusted_outgoing: true,
            ..LegacyAuth::default()
        },
    );
    let link = |id: &str, kind: &str, name: &str| {
        Link::new(id, kind, name, &format!("https://{kind}.example"))
    };
    jira.add_link(link(
        "11111111-1111-3111-8111-111111111111",
        "remote.plugin",
        "Plugin\u{1b}[2J",
    ));
    jira.add_link(link(
        "22222222-2222-3222-8222-222222222222",
        "confluence",
        "Elsewhere",
    ));
    jira.add_link(link(
        "33333333-3333-3333-8333-333333333333",
        "generic",
        "Nothing",
    ));
    // Programs: one that applink knows, and one that it does not.
    env.applink("create jira --consumer Jenkins --two-legged --callback https://ci.example/done")
        .expect(0);
    let aside = env.path("state/aside.toml");
    env.applink(&format!(
        "--state {} create jira={} --consumer Other --url https://other.example",
        aside.display(),
        jira.url()
    ))
    .expect(0);
    env.world.clear_requests();
    env
}

#[test]
fn planning_an_export_has_no_changes() {
    let mut env = estate();
    let out = env.applink("export").expect(0);
    assert!(writes(&env.world).is_empty());
    env.write("work/links.toml", &out.stdout, 0o644);
    let check = |env: &Env| {
        for prune in ["", "--prune"] {
            let out = env.applink(&format!("plan links.toml --check -o json {prune}"));
            let planned = out.json();
            assert_eq!(planned["changes"], json!([]), "{}", out.transcript());
            assert_eq!(planned["errors"], json!([]), "{}", out.transcript());
            assert_eq!(out.code, 0, "{}", out.transcript());
        }
    };
    // Nothing is pruned but what no file can say, and that is spared.
    let planned = env
        .applink("plan links.toml --check -o json")
        .expect(0)
        .json();
    assert_eq!(planned["errors"], json!([]));
    let again = env.applink("export").expect(0);
    assert_eq!(again.stdout, out.stdout);
    check(&env);
    // Also where nothing is remembered.
    env.set("APPLINK_STATE", env.path("state/fresh.toml"));
    check(&env);
    // And after it was made the state of another machine.
    env.applink("apply links.toml --yes").expect(0);
    check(&env);
    assert_eq!(env.applink("export").expect(0).stdout, out.stdout);
}

#[test]
fn the_exported_file_reads_as_documented() {
    let env = estate();
    let shown = env.applink("export").expect(0).transcript();
    // What is between the first program and the last differs from run to run.
    let (links, rest) = shown.split_once("[[consumers]]").unwrap();
    assert_snapshot!(links, @r##"
    exit 0
    --- stdout
    version = 1

    [applications.bamboo]
    url = "http://bamboo.test"

    [applications.code]
    url = "http://code.test"

    [applications.crowd]
    url = "http://crowd.test"

    [applications.jira]
    url = "http://jira.test/jira"

    [applications.jira-2]
    url = "http://jira-2.test/old/jira"

    [applications.wiki]
    url = "http://wiki.test/wiki"

    [[links]]
    between = ["bamboo", "code"]
    auth = "none"
    names = { bamboo = "Bitbucket", code = "Bamboo" }

    # calls from bamboo use three-legged, which no file makes
    # calls from jira use three-legged, which no file makes
    [[links]]
    between = ["bamboo", "jira"]
    names = { bamboo = "Jira", jira = "Bamboo" }
    primary = ["bamboo"]

    # calls from jira-2 use authentication from before OAuth, which no file makes
    [[links]]
    between = ["bamboo", "jira-2"]
    auth = { bamboo = "none" }
    names = { bamboo = "Old Jira", jira-2 = "Bamboo" }

    [[links]]
    between = ["code", "jira"]
    auth = { code = "oauth", jira = "none" }
    names = { code = "Jira", jira = "Bitbucket" }
    primary = ["code"]

    # calls from code: oauth on code and none on jira-2; mend it with: applink repair code jira-2
    [[links]]
    between = ["code", "jira-2"]
    auth = { jira-2 = "none" }
    names = { code = "Old Jira", jira-2 = "Bitbucket" }

    [[links]]
    between = ["crowd", "jira"]
    one_way = "jira"
    names = { jira = "Crowd" }

    [[links]]
    between = ["jira", "wiki"]
    auth = "impersonation"
    names = { jira = "Handbook \"#[x]\" \u202E", wiki = "Jira" }
    display_urls = { jira = "https://handbook.example" }
    primary = ["jira", "wiki"]

    [[links]]
    between = ["jira-2", "wiki"]
    auth = "oauth"
    names = { jira-2 = "Confluence", wiki = "Old Jira" }
    application_urls = { wiki = "http://old.example/jira" }
    "##);
    assert_snapshot!(rest.rsplit_once("\"\"\"").unwrap().1.trim(), @r#"
    # the link "Plugin\u{1b}[2J" on jira is not here: its type "remote.plugin" is not known

    # the link "Elsewhere" on jira is not here: it leads to an application that is not known: applink app add

    # the link "Nothing" on jira is not here: a generic link without one consumer that can be read

    # the link "Crowd" on wiki is not here: a system link, which the product manages by itself
    "#);
}

#[test]
fn an_unreachable_application_is_reported_and_the_rest_is_exported() {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Crowd, "crowd")]));
    env.add_all();
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    link(
        env.world.app("jira"),
        env.world.app("crowd"),
        OAuthFlags::OAUTH,
    );
    env.world.app("crowd").stop();
    let out = env.applink("export").expect(5);
    assert!(
        out.stdout.contains("between = [\"jira\", \"wiki\"]"),
        "{}",
        out.transcript()
    );
    assert!(
        out.stdout.contains("# crowd could not be asked"),
        "{}",
        out.transcript()
    );
    assert!(!out.stdout.contains("[applications.crowd]"));
    env.write("work/links.toml", &out.stdout, 0o644);
    env.applink("plan links.toml --check").expect(0);
    let json = env.applink("export jira wiki -o json").expect(0).json();
    assert!(json["file"].as_str().unwrap().starts_with("version = 1\n"));
    assert!(
        json["file"]
            .as_str()
            .unwrap()
            .contains("which is not in this file")
    );
}

#[test]
fn what_a_file_cannot_express_is_reported() {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    env.add_all();
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    let one = bamboo.add_link_to(wiki);
    bamboo.set_outgoing(&one, OAuthFlags::OAUTH);
    link(jira, wiki, OAuthFlags::OAUTH);
    jira.edit_link(&wiki.id(), |link| {
        "https://wiki.example/x?y=1".clone_into(&mut link.display_url);
    });
    env.applink("create jira --consumer Jenkins --url https://jenkins.example")
        .expect(0);
    let links = jira.links();
    let program = links.iter().find(|link| link.type_id == "generic").unwrap();
    jira.edit_link(&program.id, |link| {
        "https://people.example".clone_into(&mut link.display_url);
    });
    let text = env.applink("export").expect(0).stdout;
    for remark in [
        "# on bamboo: incoming none, outgoing oauth; a file says nothing of the levels of one end alone",
        "# on jira: a display URL that no file can say",
        "# its display URL is another one, which no file says",
    ] {
        assert!(text.contains(remark), "{text}");
    }
    env.write("work/links.toml", &text, 0o600);
    env.applink("plan links.toml --check").expect(0);
}
