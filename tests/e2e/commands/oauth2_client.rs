//! Programs that come in with OAuth 2.0: `--oauth2-client` of `create`, `edit` and `delete`.

use std::fs;

use applink_sandbox::{App, Generation, Product, Role};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::oauth2_clients::{
    CREATE_CLIENT, assert_no_secret_leaks, assert_secret_stored, client_env, clients, secret_path,
};
use crate::support::output::field_names;
use crate::support::worlds::{client_requests, jira, snapshot, world, writes};

#[test]
fn create_registers_a_client_and_stores_its_secret() {
    for (generation, tells) in [
        (Generation::Classic, true),
        (Generation::Modern, true),
        (Generation::Classic, false),
    ] {
        let mut env = Env::new(world([jira().generation(generation)]));
        env.world
            .app("jira")
            .configure(|settings| settings.oauth2_returns_secret = tells);
        let out = env
            .applink(&format!("{CREATE_CLIENT} -vv --log-file {{home}}/log"))
            .expect(0);
        let json = out.json();
        assert_eq!(json["changed"], true);
        assert_eq!(out.steps(), ["jira create-oauth2-client done"]);
        let client = clients(&env)[0].clone();
        assert_eq!(
            json["oauth2_client"],
            json!({
                "name": "My CI", "client_id": client["client_id"],
                "redirect_uris": ["https://ci.example.com/cb"], "scope": "WRITE",
                "secret_file": secret_path(&env).display().to_string(),
            })
        );
        assert_secret_stored(&env);
        let state = env.state();
        for part in ["[[oauth2-clients]]", "client-id", "secret-file"] {
            assert!(state.contains(part), "{state}");
        }
        assert!(!env.has_journal());
        assert_no_secret_leaks(&mut env, &[&out]);

        // The same again.
        env.world.clear_requests();
        let again = env.applink(CREATE_CLIENT).expect(0).json();
        assert_eq!(again["changed"], false);
        assert_eq!(again["oauth2_client"], json["oauth2_client"]);
        assert!(writes(&env.world).is_empty());
        assert_eq!(env.state(), state);
    }
}

#[test]
fn the_plan_and_the_result_read_as_documented() {
    let mut env = client_env();
    let line = CREATE_CLIENT.replace(" -o json", "");
    let out = env.applink(&line).expect(0);
    let id = clients(&env)[0]["client_id"].as_str().unwrap().to_owned();
    env.mask(&id, "<client id>");
    let shown = out.transcript().replace(&id, "<client id>");
    assert_snapshot!(shown, @r#"
    exit 0
    --- stdout
    "My CI" may call jira for users who consent
    client id      <client id>
    client secret  <home>/state/applink/applink.keys/jira.My%20CI.secret (give it to the program, and to nobody else)
    authorize      http://jira.test/jira/rest/oauth2/latest/authorize
    token          http://jira.test/jira/rest/oauth2/latest/token
    --- stderr
    ✓ jira: register the OAuth 2.0 client "My CI" with the scope WRITE
    "#);
    assert_no_secret_leaks(&mut env, &[&out]);
    assert_snapshot!(env.applink(&line).transcript(), @r#"
    exit 0
    --- stdout
    nothing to do: it is so already
    client id      <client id>
    client secret  <home>/state/applink/applink.keys/jira.My%20CI.secret (give it to the program, and to nobody else)
    authorize      http://jira.test/jira/rest/oauth2/latest/authorize
    token          http://jira.test/jira/rest/oauth2/latest/token
    "#);
    assert_snapshot!(env.applink("list jira").transcript(), @r#"
    exit 0
    --- stdout

    jira	My CI	<client id>	WRITE	https://ci.example.com/cb	<home>/state/applink/applink.keys/jira.My%20CI.secret
    "#);
    let other = line.replace("WRITE", "READ");
    assert_snapshot!(env.applink(&other).transcript(), @r#"
    exit 1
    --- stderr
    error: jira has an OAuth 2.0 client "My CI" already, and its scope is WRITE and not READ
    hint: change it with: applink edit jira --oauth2-client 'My CI' --scope READ
    "#);
    assert_snapshot!(env.applink("edit jira --oauth2-client 'My CI' --scope READ").transcript(), @r#"
    exit 0
    --- stdout
    "My CI" may call jira for users who consent
    client id      <client id>
    client secret  <home>/state/applink/applink.keys/jira.My%20CI.secret (give it to the program, and to nobody else)
    authorize      http://jira.test/jira/rest/oauth2/latest/authorize
    token          http://jira.test/jira/rest/oauth2/latest/token
    --- stderr
    ✓ jira: change the OAuth 2.0 client "My CI": scope WRITE to READ
    "#);
    assert_snapshot!(env.applink("edit jira --oauth2-client 'My CI' --reset-secret").transcript(), @r#"
    exit 2
    --- stderr
    error: standard input is not a terminal, so nobody can be asked: The client secret that "My CI" has now ends at once, and with it its log-ins until it has the new one. Go ahead?
    hint: answer it with --yes
    "#);
    assert_snapshot!(env.applink("delete jira --oauth2-client 'My CI'").transcript(), @r#"
    exit 2
    --- stderr
    error: standard input is not a terminal, so nobody can be asked: This takes the right to call jira away from "My CI", and its users' tokens with it.
    hint: answer it with --yes
    "#);
    assert_snapshot!(env.applink("delete jira --oauth2-client 'My CI' --yes").transcript(), @r#"
    exit 0
    --- stdout
    "My CI" may not call jira any more
    --- stderr
    ✓ jira: remove the OAuth 2.0 client "My CI"
    "#);
}

#[test]
fn redirect_uris_are_checked_before_any_request() {
    let env = client_env();
    let long = format!("https://ci.example.com/{}", "a".repeat(430));
    for (uri, word) in [
        (long.as_str(), "at most 450"),
        ("https://ci.example.com/#top", "fragment"),
        ("/callback", "not absolute"),
        ("http://ci.example.com/cb", "localhost"),
        ("http://127.0.0.1:8080/cb", "the name localhost is"),
        ("'https://ci.example.com/a b'", "blank"),
        ("''", "empty"),
    ] {
        let line = format!("create {{jira}} --oauth2-client CI --scope READ --redirect-uri {uri}");
        let out = env.applink(&line).expect(2);
        assert!(out.says(word), "{}", out.transcript());
    }
    for line in [
        "create {jira} --oauth2-client '' --redirect-uri https://x --scope READ",
        "create {jira} --oauth2-client CI --redirect-uri https://x",
        "create {jira} --oauth2-client CI --scope READ",
        "create {jira} --oauth2-client CI --redirect-uri https://x --scope 'READ WRITE'",
        "create {jira} --oauth2-client CI --consumer CI --redirect-uri https://x --scope READ",
        "create {jira} {jira} --oauth2-client CI --redirect-uri https://x --scope READ",
        "create {jira} --redirect-uri https://x --scope READ",
        "edit {jira} --oauth2-client CI",
        "edit {jira} {jira} --oauth2-client CI --scope READ",
        "edit {jira} --oauth2-client CI --scope READ --secret-file x",
        "edit {jira} --scope READ",
        "edit {jira} --oauth2-client CI --redirect-uri /x",
        "delete {jira} {jira} --oauth2-client CI",
        "delete {jira} --oauth2-client CI --one-side",
    ] {
        env.applink(&format!("{line} -o json")).expect(2);
    }
    assert!(client_requests(&env.world).is_empty());
    // The name localhost is exempt, custom schemes are nobody's business, and the rest the
    // application may decide when it is asked to.
    let out = env
        .applink("create {jira} --oauth2-client CI --redirect-uri http://localhost:8080/cb --redirect-uri com.example:/cb --redirect-uri com.example:/cb --scope read -o json")
        .expect(0);
    assert_eq!(
        out.json()["oauth2_client"]["redirect_uris"],
        json!(["http://localhost:8080/cb", "com.example:/cb"])
    );
    let line = "create {jira} --oauth2-client B --redirect-uri http://10.0.0.1/cb --scope READ --allow-http-redirect -o json";
    let out = env.applink(line).expect(1);
    assert_eq!(out.json()["changed"], false, "{}", out.transcript());
    assert!(!env.has_journal());
}

#[test]
fn scopes_depend_on_product_and_version() {
    let env = Env::new(world([
        jira(),
        App::new(Product::Jira, "new").generation(Generation::Modern),
        App::new(Product::Bitbucket, "code"),
        App::new(Product::Bamboo, "bamboo"),
    ]));
    let create = |app: &str, scope: &str| {
        env.applink(&format!(
            "create {{{app}}} --oauth2-client {scope} --redirect-uri https://x.example/cb --scope {scope} -o json"
        ))
    };
    for (app, scope, code) in [
        ("jira", "READ_ALL", 2),
        ("jira", "REPO_READ", 2),
        ("new", "READ_ALL", 0),
        ("code", "REPO_READ", 0),
        ("code", "READ", 2),
        ("bamboo", "TRIGGER", 0),
        ("bamboo", "ADMIN", 2),
    ] {
        env.world.clear_requests();
        let out = create(app, scope).expect(code);
        if code == 2 {
            assert!(out.says("one of: "), "{}", out.transcript());
            // Not even the account was used.
            assert!(
                client_requests(&env.world)
                    .iter()
                    .all(|one| one.header("authorization").is_none())
            );
        }
    }
}

/// What the product has not is said before an account is used.
#[test]
fn products_without_oauth2_clients_are_refused_before_login() {
    let env = Env::new(world([
        App::new(Product::Fecru, "fecru"),
        App::new(Product::Crowd, "crowd"),
        jira().generation(Generation::Old),
    ]));
    for (app, word) in [
        ("fecru", "no version of that product"),
        ("crowd", "Crowd 6"),
        ("jira", "Jira 8.22"),
    ] {
        let out = env
            .applink(&format!("create {{{app}}} --oauth2-client CI --redirect-uri https://x/cb --scope READ -o json"))
            .expect(1);
        assert_eq!(out.error()["kind"], "refused");
        assert!(out.says(word), "{}", out.transcript());
        env.applink(&format!("delete {{{app}}} --oauth2-client CI --yes"))
            .expect(1);
    }
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|one| one.header("authorization").is_none())
    );
    env.applink("list {fecru} {crowd} {jira}").expect(0);
}

#[test]
fn registration_requires_a_system_administrator() {
    let mut env = Env::new(world([jira(), App::new(Product::Bitbucket, "code")]));
    for app in ["jira", "code"] {
        env.login(app, Role::Admin);
        let before = snapshot(&env.world);
        let out = env
            .applink(&format!("create {{{app}}} --oauth2-client CI --redirect-uri https://x.example/cb --scope SYSTEM_ADMIN -o json"))
            .expect(4);
        assert_eq!(
            out.error()["code"],
            "NOT_SYSTEM_ADMIN",
            "{}",
            out.transcript()
        );
        assert_eq!(snapshot(&env.world), before);
        let out = env.applink(&format!("list {{{app}}} -o json")).expect(0);
        assert_eq!(out.json()["oauth2_clients"], json!([]));
        assert!(out.says("a system administrator sees them"));
    }
}

#[test]
fn a_base_url_without_https_is_explained() {
    let env = client_env();
    env.world
        .app("jira")
        .configure(|settings| settings.oauth2_https_only = true);
    let out = env.applink(CREATE_CLIENT).expect(1);
    assert!(
        out.says("skip.base.url.https.requirement"),
        "{}",
        out.transcript()
    );
    let out = env.applink("list {jira} -o json").expect(0);
    assert_eq!(out.json()["oauth2_clients"], json!([]));
    assert!(!secret_path(&env).exists());
}

#[test]
fn options_that_differ_from_the_existing_client_are_refused() {
    let mut env = client_env();
    let out = env.applink(CREATE_CLIENT).expect(0);
    assert_no_secret_leaks(&mut env, &[&out]);
    let before = (snapshot(&env.world), env.state());
    env.world.clear_requests();
    for line in [
        CREATE_CLIENT.replace("WRITE", "READ"),
        CREATE_CLIENT.replace("/cb", "/other"),
    ] {
        let out = env.applink(&line).expect(1);
        assert_eq!(out.error()["kind"], "conflict");
        let hint = out.error()["hints"][0].as_str().unwrap().to_owned();
        let command = hint.strip_prefix("change it with: applink ").unwrap();
        assert!(command.contains("--oauth2-client 'My CI'"), "{hint}");
        assert_eq!((snapshot(&env.world), env.state()), before);
        assert!(writes(&env.world).is_empty());
        // The hint does it.
        env.applink(&format!("{command} --dry-run")).expect(0);
        assert!(writes(&env.world).is_empty());
    }
    let out = env
        .applink("edit jira --oauth2-client 'My CI' --scope READ --redirect-uri https://a.example --redirect-uri https://b.example --yes -o json")
        .expect(0);
    assert_eq!(out.steps(), ["jira edit-oauth2-client done"]);
    assert_eq!(out.json()["oauth2_client"]["scope"], "READ");
    let client = &clients(&env)[0];
    assert_eq!(
        (&client["scope"], &client["redirects"]),
        (
            &json!("READ"),
            &json!(["https://a.example", "https://b.example"])
        )
    );
    assert_secret_stored(&env);
    let again = env
        .applink("edit jira --oauth2-client 'My CI' --scope READ -o json")
        .expect(0);
    assert_eq!(again.json()["changed"], false);
    env.applink("edit jira --oauth2-client Nobody --scope READ")
        .expect(1);
}

#[test]
fn reset_secret_replaces_the_stored_secret() {
    for tells in [true, false] {
        let mut env = client_env();
        env.world
            .app("jira")
            .configure(|settings| settings.oauth2_returns_secret = tells);
        let out = env.applink(CREATE_CLIENT).expect(0);
        assert_no_secret_leaks(&mut env, &[&out]);
        let old = clients(&env)[0].clone();
        let line = "edit jira --oauth2-client 'My CI' --reset-secret -o json";
        env.applink(line).expect(2);
        env.applink(&format!("{line} --dry-run")).expect(0);
        assert_eq!(clients(&env)[0], old);
        let out = env
            .applink(&format!("{line} --yes -vv --log-file {{home}}/log"))
            .expect(0);
        assert_eq!(out.steps(), ["jira reset-oauth2-secret done"]);
        assert_ne!(clients(&env)[0]["secret"], old["secret"]);
        assert_secret_stored(&env);
        assert_no_secret_leaks(&mut env, &[&out]);
        // And once more, since it is asked for once more.
        let now = clients(&env)[0].clone();
        let out = env.applink(&format!("{line} --yes")).expect(0);
        assert_ne!(clients(&env)[0]["secret"], now["secret"]);
        assert_secret_stored(&env);
        assert_no_secret_leaks(&mut env, &[&out]);
    }
}

/// One that somebody made on the page: it is taken note of, and its secret is where it was.
#[test]
fn an_existing_client_is_recorded_without_its_secret() {
    let mut env = client_env();
    let out = env.applink(CREATE_CLIENT).expect(0);
    assert_no_secret_leaks(&mut env, &[&out]);
    fs::remove_file(secret_path(&env)).unwrap();
    fs::remove_file(env.state_path()).unwrap();
    let out = env.applink(CREATE_CLIENT).expect(0);
    let json = out.json();
    assert_eq!(json["changed"], false);
    assert_eq!(json["oauth2_client"]["secret_file"], Value::Null);
    assert!(out.says("--reset-secret"), "{}", out.transcript());
    assert!(!secret_path(&env).exists());
    assert!(env.state().contains("[[oauth2-clients]]"));
    let out = env
        .applink("edit jira --oauth2-client 'My CI' --reset-secret --yes -o json")
        .expect(0);
    assert_secret_stored(&env);
    assert_no_secret_leaks(&mut env, &[&out]);
}

#[test]
fn secret_file_sets_where_the_secret_is_stored() {
    let mut env = client_env();
    env.allow_secrets_in(env.path("work/secret"));
    let line = format!("{CREATE_CLIENT} --secret-file secret");
    env.applink(&format!("{line} --dry-run")).expect(0);
    assert!(clients(&env).is_empty() && !env.path("work/secret").exists());
    let out = env.applink(&line).expect(0);
    let path = env.path("work/secret");
    assert_eq!(
        out.json()["oauth2_client"]["secret_file"],
        path.display().to_string()
    );
    assert!(!secret_path(&env).exists());
    let again = env.applink(CREATE_CLIENT).expect(0).json();
    assert_eq!(
        again["oauth2_client"]["secret_file"],
        path.display().to_string()
    );
    let out = env
        .applink("delete jira --oauth2-client 'My CI' --yes")
        .expect(0);
    assert!(out.says("is left in"), "{}", out.transcript());
    assert!(path.exists() && clients(&env).is_empty());
    // What is there is never written over.
    let before = snapshot(&env.world);
    let out = env.applink(&line);
    assert_eq!(out.code, 1, "{}", out.transcript());
    assert_eq!(snapshot(&env.world), before);
}

#[test]
fn delete_removes_the_client_and_its_secret() {
    let mut env = client_env();
    let out = env.applink(CREATE_CLIENT).expect(0);
    assert_no_secret_leaks(&mut env, &[&out]);
    let line = "delete jira --oauth2-client 'My CI' --yes -o json";
    env.applink(&format!("{line} --dry-run")).expect(0);
    assert!(secret_path(&env).exists() && clients(&env).len() == 1);
    let out = env.applink(line).expect(0);
    assert_eq!(out.steps(), ["jira delete-oauth2-client done"]);
    assert!(clients(&env).is_empty() && !secret_path(&env).exists());
    assert!(!env.state().contains("oauth2"), "{}", env.state());
    assert_eq!(env.applink(line).expect(0).json()["changed"], false);
    // Gone on the application, its file is here still.
    let out = env.applink(CREATE_CLIENT).expect(0);
    assert_no_secret_leaks(&mut env, &[&out]);
    env.world.app("jira").forget_oauth2_clients();
    env.applink(line).expect(0);
    assert!(!secret_path(&env).exists() && !env.state().contains("oauth2"));
}

#[test]
fn list_shows_clients() {
    let mut env = client_env();
    let out = env.applink(CREATE_CLIENT).expect(0);
    assert_no_secret_leaks(&mut env, &[&out]);
    let json = env.applink("list jira -o json").expect(0).json();
    assert_eq!(
        field_names(&json),
        ["schema", "links", "oauth2_clients", "errors"]
    );
    assert_eq!(
        json["oauth2_clients"],
        json!([{
            "local": "jira", "name": "My CI", "client_id": clients(&env)[0]["client_id"],
            "redirect_uris": ["https://ci.example.com/cb"], "scope": "WRITE",
            "secret_file": secret_path(&env).display().to_string(), "state": "active",
        }])
    );
    let cached = env.applink("list jira --cached -o json").expect(0).json();
    assert_eq!(cached["oauth2_clients"], json["oauth2_clients"]);
    env.world.clear_requests();
    for filter in ["--one-way", "--auth none", "--type jira", "-o csv"] {
        let out = env.applink(&format!("list jira {filter}")).expect(0);
        assert!(!out.says("My CI"), "{}", out.transcript());
    }
    let asked = client_requests(&env.world);
    assert!(!asked.iter().any(|one| one.path.contains("/oauth2/")));
    assert!(env.applink("list jira --url ci.example").says("My CI"));
    assert!(!env.applink("list jira --url nothing").says("My CI"));
}
