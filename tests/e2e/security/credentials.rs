//! Where secrets come from, and the many ways of saying no.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use applink_sandbox::{App, Generation, OAuthFlags, Product, Role};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::output::{RunOutput, index_by};
use crate::support::worlds::{
    client_requests, jira, link, logins, pair, pair_of, wiki, world, writes,
};

/// `create` ends with 4 and this code, and nothing was sent that changes anything.
#[track_caller]
fn denied(env: &Env, code: &str) -> RunOutput {
    env.world.clear_requests();
    let out = env.applink("create {jira} {wiki} -o json").expect(4);
    assert_eq!(out.error_code(), code, "{}", out.transcript());
    assert!(writes(&env.world).is_empty(), "{}", out.transcript());
    assert!(out.stdout.is_empty());
    out
}

#[test]
fn a_wrong_password_is_tried_once() {
    for alias in ["jira", "wiki"] {
        for generation in [Generation::Classic, Generation::Modern, Generation::Old] {
            let mut env = Env::new(pair_of(generation, generation));
            env.basic(alias, "admin", "wrong+horse/battery staple");
            let out = denied(&env, "BAD_CREDENTIALS");
            assert_eq!(out.error()["kind"], "auth");
            assert!(out.says(alias), "{}", out.transcript());
            assert_eq!(
                logins(&env.world, alias),
                1,
                "{generation:?} {}",
                out.transcript()
            );
        }
    }
    // Every other product has its own way of saying it.
    for product in [
        Product::Bitbucket,
        Product::Bamboo,
        Product::Crowd,
        Product::Fecru,
    ] {
        let mut env = Env::new(world([jira(), App::new(product, "wiki")]));
        env.basic("wiki", "admin", "wrong+horse/battery staple");
        let out = env.applink("create {jira} {wiki} -o json").expect(4);
        assert!(
            ["BAD_CREDENTIALS", "NOT_ADMIN"].contains(&out.error_code().as_str()),
            "{product:?} {}",
            out.transcript()
        );
        assert!(logins(&env.world, "wiki") <= 2, "{product:?}");
    }
}

#[test]
fn a_wrong_password_ends_all_requests_to_that_application() {
    let mut env = Env::new(pair());
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    env.basic("wiki", "admin", "wrong-as-can-be");
    for line in [
        "list",
        "verify",
        "list wiki jira",
        "delete jira wiki --yes",
        "edit jira wiki --name X",
    ] {
        env.world.clear_requests();
        env.applink(line);
        assert!(logins(&env.world, "wiki") <= 1, "{line}");
    }
}

#[test]
fn an_ignored_token_is_recognized() {
    let mut env = Env::new(pair());
    env.bearer("wiki", "NotAToken-0123456789-abcdefghijklmnopqrstuvw");
    let out = denied(&env, "TOKEN_IGNORED");
    assert!(out.says("token"), "{}", out.transcript());
    // Tokens switched off.
    let mut env = Env::new(pair());
    env.token("wiki", Role::SystemAdmin);
    env.world
        .app("wiki")
        .configure(|settings| settings.tokens_allowed = false);
    denied(&env, "TOKEN_IGNORED");
}

#[test]
fn tokens_are_sent_as_bearer_credentials() {
    let mut env = Env::new(pair());
    env.token("jira", Role::SystemAdmin);
    env.token("wiki", Role::Admin);
    env.applink("create {jira} {wiki}").expect(0);
    let bearers = client_requests(&env.world)
        .iter()
        .filter_map(|request| request.header("authorization").map(ToOwned::to_owned))
        .all(|header| header.starts_with("Bearer "));
    assert!(bearers);
}

#[test]
fn an_account_that_is_not_an_administrator_is_refused() {
    for token in [false, true] {
        let mut env = Env::new(pair());
        if token {
            env.token("wiki", Role::User);
        } else {
            env.login("wiki", Role::User);
        }
        let out = denied(&env, "NOT_ADMIN");
        assert_eq!(out.error()["kind"], "permission");
    }
}

#[test]
fn a_token_does_not_pass_a_secure_administrator_session() {
    for alias in ["jira", "wiki"] {
        let mut env = Env::new(pair());
        env.token(alias, Role::SystemAdmin);
        env.world
            .app(alias)
            .configure(|settings| settings.websudo = true);
        let out = denied(&env, "WEBSUDO_REQUIRED");
        assert!(out.says("password"), "{}", out.transcript());
        // A user name and password are exempt.
        env.login(alias, Role::SystemAdmin);
        env.applink("create {jira} {wiki}").expect(0);
    }
}

#[test]
fn disabled_basic_authentication_is_recognized() {
    let mut env = Env::new(pair());
    env.world
        .app("wiki")
        .configure(|settings| settings.basic_allowed = false);
    let out = denied(&env, "BASIC_AUTH_DISABLED");
    assert!(out.says("token"), "{}", out.transcript());
    env.token("wiki", Role::SystemAdmin);
    env.applink("create {jira} {wiki}").expect(0);
}

#[test]
fn a_required_captcha_is_recognized() {
    let mut env = Env::new(pair());
    env.world
        .app("wiki")
        .configure(|settings| settings.captcha_after = Some(1));
    env.basic("wiki", "admin", "wrong-as-can-be");
    denied(&env, "BAD_CREDENTIALS");
    env.login("wiki", Role::SystemAdmin);
    let out = denied(&env, "CAPTCHA_REQUIRED");
    assert!(out.says("browser"), "{}", out.transcript());
    assert_eq!(logins(&env.world, "wiki"), 1);
    env.world.app("wiki").solve_captcha();
    env.applink("create {jira} {wiki}").expect(0);
}

#[test]
fn missing_credentials_name_the_variables() {
    let mut env = Env::without_credentials(pair());
    let out = env.applink("create {jira} {wiki}");
    assert_snapshot!(out.transcript(), @r"
    exit 4
    --- stderr
    error: jira: there are no credentials for it
    hint: set APPLINK_JIRA_TOKEN, or APPLINK_JIRA_USER and APPLINK_JIRA_PASSWORD
    hint: or record where the secret is: applink app add jira http://jira.test/jira --user NAME --credential env:VAR
    ");
    let out = env.applink("create {jira} {wiki} -o json").expect(4);
    assert_eq!(out.error()["kind"], "auth");
    for name in [
        "APPLINK_JIRA_TOKEN",
        "APPLINK_JIRA_USER",
        "APPLINK_JIRA_PASSWORD",
    ] {
        assert!(out.says(name), "{}", out.transcript());
    }
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
    // Half of them is none; empty is none.
    env.set("APPLINK_JIRA_USER", "admin");
    env.set("APPLINK_JIRA_TOKEN", "");
    let out = env.applink("create {jira} {wiki}").expect(4);
    assert!(out.says("APPLINK_JIRA_PASSWORD"), "{}", out.transcript());
}

#[test]
fn a_recorded_environment_variable_is_read() {
    let mut env = Env::without_credentials(pair());
    let admin = env.world.app("jira").user(Role::SystemAdmin).clone();
    // What is recorded may come to be later.
    env.applink("app add jira {jira.url} --user admin --credential env:JIRA_SECRET")
        .expect(0)
        .expect_says("JIRA_SECRET is not set");
    env.applink("list jira")
        .expect(4)
        .expect_says("JIRA_SECRET");
    env.set("JIRA_SECRET", admin.password);
    env.applink("app add jira {jira.url} --user admin --credential env:JIRA_SECRET")
        .expect(0);
    let apps = index_by(&env.applink("app list -o json").json()["apps"], "alias");
    assert_eq!(apps["jira"]["user"], "admin");
    assert_eq!(apps["jira"]["credential"], "env:JIRA_SECRET");
    env.applink("list jira").expect(0);
    // What is recorded goes before what is named after the alias.
    env.basic("jira", "admin", "wrong-as-can-be");
    env.applink("list jira").expect(0);
    env.unset("JIRA_SECRET");
    env.applink("list jira").expect(4);
}

#[test]
fn a_recorded_file_is_read_relative_to_the_state() {
    let mut env = Env::without_credentials(pair());
    let password = env
        .world
        .app("jira")
        .user(Role::SystemAdmin)
        .password
        .clone();
    let path = env.write_secret(
        "state/applink/secrets/jira",
        &format!("{password}\nsecond line\n"),
        0o600,
    );
    // Relative to the state file, wherever the command is run.
    let line = "app add jira {jira.url} --user admin --credential file:secrets/jira";
    env.applink(line).expect(0);
    env.applink("list jira").expect(0);
    for mode in [0o644, 0o640, 0o604] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let out = env.applink("list jira -o json").expect(4);
        assert_eq!(out.json()["errors"][0]["kind"], "auth");
        assert!(out.says("secrets/jira"), "{mode:o} {}", out.transcript());
    }
    fs::remove_file(&path).unwrap();
    env.applink("list jira")
        .expect(4)
        .expect_says("secrets/jira");
    let token = env
        .world
        .app("wiki")
        .token(Role::SystemAdmin)
        .unwrap()
        .to_owned();
    let path = env
        .write_secret("token", &token, 0o600)
        .display()
        .to_string();
    env.applink(&format!(
        "app add wiki {{wiki.url}} --credential file:{path}"
    ))
    .expect(0);
    env.applink("list wiki").expect(0);
}

#[test]
fn a_recorded_program_is_run_once() {
    let mut env = Env::without_credentials(pair());
    let password = env
        .world
        .app("jira")
        .user(Role::SystemAdmin)
        .password
        .clone();
    env.write_secret("secret", &format!("{password}\n"), 0o600);
    let program = env.write(
        "bin/give secret",
        "#!/bin/sh\necho run >> \"$1\"\n/bin/cat \"$2\"\n/bin/echo noise >&2\n",
        0o700,
    );
    let counter = env.path("counter");
    let secret = env.path("secret");
    let source = format!(
        "'{}' {} {}",
        program.display(),
        counter.display(),
        secret.display()
    );
    let line = format!("app add jira {{jira.url}} --user admin --credential \"command:{source}\"");
    env.applink(&line).expect(0);
    let runs = |env: &Env| {
        fs::read_to_string(env.path("counter"))
            .unwrap()
            .lines()
            .count()
    };
    let before = runs(&env);
    env.applink("list jira").expect(0);
    assert_eq!(runs(&env), before + 1);
    env.write("bin/give secret", "#!/bin/sh\nexit 3\n", 0o700);
    let out = env.applink("list jira").expect(4);
    assert!(out.says("3"), "{}", out.transcript());
}

#[test]
fn a_secret_typed_in_place_of_its_source_is_not_repeated() {
    let env = Env::without_credentials(pair());
    for form in ["-o json", ""] {
        let out = env
            .applink(&format!(
                "app add jira {{jira.url}} --credential correct-horse-9 {form}"
            ))
            .expect(2);
        assert!(!out.says("correct-horse-9"), "{}", out.transcript());
    }
}

#[test]
fn a_url_variable_pins_the_credentials_to_its_origin() {
    let mut env = Env::new(pair());
    env.set("APPLINK_WIKI_URL", "https://wiki.example.com");
    let out = env.applink("create {jira} {wiki} -o json").expect(4);
    assert!(out.says("APPLINK_WIKI_URL"), "{}", out.transcript());
    assert_eq!(logins(&env.world, "wiki"), 0);
    for broken in ["", "wiki"] {
        env.set("APPLINK_WIKI_URL", broken);
        env.applink("create {jira} {wiki}").expect(4);
        assert_eq!(logins(&env.world, "wiki"), 0);
    }
    let url = env.world.app("wiki").url();
    env.set("APPLINK_WIKI_URL", format!("{url}/"));
    env.applink("create {jira} {wiki}").expect(0);
}

#[test]
fn variables_of_an_ambiguous_automatic_alias_are_not_used() {
    let mut env = Env::without_credentials(world([
        jira(),
        App::new(Product::Jira, "other").server_id("AAAA-AAAA-AAAA-AAAA"),
    ]));
    env.login("jira", Role::SystemAdmin);
    let out = env
        .applink("create {jira.url} {other.url} -o json")
        .expect(2);
    assert_eq!(out.error()["kind"], "usage");
    assert!(out.says("jira=URL"), "{}", out.transcript());
    assert_eq!(logins(&env.world, "jira") + logins(&env.world, "other"), 0);
    // One that is known already may be meant as well.
    env.applink("app add jira {jira.url}").expect(0);
    env.set("APPLINK_JIRA_2_TOKEN", "some-token-of-somebody");
    env.applink("create jira {other.url} -o json").expect(2);
    env.unset("APPLINK_JIRA_2_TOKEN");
    env.login("other", Role::SystemAdmin);
    env.applink("create jira {other}").expect(0);
}

#[test]
fn two_aliases_with_the_same_variables_are_refused() {
    let env = Env::new(pair());
    let out = env.applink("create a-b={jira.url} a_b={wiki.url}");
    assert_eq!(out.code, 2, "{}", out.transcript());
}

#[test]
fn two_applications_on_one_host_get_their_own_credentials() {
    // The harness looks at every header after every run: here only host and context are alike.
    let mut env = Env::new(world([jira(), wiki().context("/jira")]));
    env.applink("create {jira} {wiki}").expect(0);
    env.applink("verify").expect(0);
    env.basic("wiki", "admin", "wrong-as-can-be");
    env.applink("verify").expect(4);
    env.applink("delete jira wiki --yes").expect(4);
}
