//! The commands that a sweep runs, each with the world that it starts in.

use applink_sandbox::{App, Generation, OAuthFlags, Product, Role, World};

use crate::support::clones::env_with_clone;
use crate::support::env::Env;
use crate::support::legacy::env_with_trusted_apps;
use crate::support::plan_files::{link_table, three_apps, write_plan_file};
use crate::support::worlds::{jira, link, pair, pair_of, wiki, world};

/// One command in one world.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// The world, and the state of applink.
    pub(crate) build: fn() -> Env,
    pub(crate) line: &'static str,
    /// Whether a step loses something, so that an undo can be impossible.
    pub(crate) destructive: bool,
    /// Whether it has random values, so that no two goals are equal.
    pub(crate) new_key: bool,
    /// Whether consumers that no link names are compared too.
    pub(crate) all_consumers: bool,
    /// Whether running the command again at the goal leads elsewhere.
    pub(crate) repeats: bool,
}

impl Scenario {
    /// The command that it is a case of.
    pub(crate) fn command(&self) -> &'static str {
        match self.name {
            "delete-consumer" => "delete --consumer",
            "oauth2-client" => "create --oauth2-client",
            "delete-oauth2-client" => "delete --oauth2-client",
            "edit-oauth2-client" | "reset-oauth2-secret" => "edit --oauth2-client",
            "key-rotate" => "key rotate",
            "key-rotate-second" => "key rotate --new-consumer-key",
            "key-rotate-retire" => "key rotate --retire",
            "relocate-domain" => "relocate --from",
            name if name.starts_with("consumer") => "create --consumer",
            _ => self.line.split(' ').next().unwrap(),
        }
    }
}

const fn scenario(name: &'static str, build: fn() -> Env, line: &'static str) -> Scenario {
    Scenario {
        name,
        build,
        line,
        destructive: false,
        new_key: false,
        all_consumers: false,
        repeats: false,
    }
}

const fn destructive(name: &'static str, build: fn() -> Env, line: &'static str) -> Scenario {
    Scenario {
        destructive: true,
        ..scenario(name, build, line)
    }
}

const fn with_new_key(name: &'static str, build: fn() -> Env, line: &'static str) -> Scenario {
    Scenario {
        new_key: true,
        ..scenario(name, build, line)
    }
}

pub(crate) const SCENARIOS: &[Scenario] = &[
    scenario("create", fresh, "create {jira} {wiki}"),
    scenario("create-old", fresh_old, "create {jira} {wiki}"),
    scenario("create-one-way", fresh, "create {jira} {wiki} --one-way"),
    scenario("create-completing", one_way, "create jira wiki"),
    scenario(
        "create-impersonation",
        fresh,
        "create {jira} {wiki} --auth impersonation --yes --primary",
    ),
    scenario(
        "edit-up",
        linked,
        "edit jira wiki --auth impersonation --yes",
    ),
    destructive("edit-down", linked, "edit jira wiki --auth none --yes"),
    scenario(
        "edit-names",
        second,
        "edit jira wiki --name Wissen --display-url http://wissen.example.test --primary",
    ),
    scenario("relocate", moved, "relocate wiki {wiki.url} --yes"),
    scenario(
        "relocate-rewriting",
        moved_for_admins,
        "relocate wiki {wiki.url} --yes",
    ),
    destructive("delete", linked, "delete jira wiki --yes"),
    destructive(
        "delete-one-side",
        linked,
        "delete jira wiki --one-side --yes",
    ),
    scenario(
        "consumer",
        key_at_hand,
        "create {jira} --consumer Jenkins --two-legged --public-key {home}/work/program.pub",
    ),
    with_new_key(
        "consumer-new-key",
        fresh,
        "create {jira} --consumer Jenkins --two-legged",
    ),
    scenario(
        "consumer-replaced",
        with_consumer,
        "create jira --consumer Jenkins --public-key {home}/work/program.pub --yes",
    ),
    destructive(
        "delete-consumer",
        with_consumer,
        "delete jira --consumer Jenkins --yes",
    ),
    scenario("repair-levels", uneven, "repair jira wiki --yes"),
    scenario("repair-missing", half, "repair jira wiki --yes"),
    scenario("apply", with_file, "apply {home}/work/links.toml --yes"),
    scenario(
        "apply-three",
        with_three,
        "apply {home}/work/links.toml --yes",
    ),
    Scenario {
        repeats: true,
        ..with_new_key(
            "key-rotate",
            with_consumer,
            "key rotate jira --consumer Jenkins --yes",
        )
    },
    Scenario {
        all_consumers: true,
        ..with_new_key(
            "key-rotate-second",
            with_consumer,
            "key rotate jira --consumer Jenkins --new-consumer-key second",
        )
    },
    Scenario {
        all_consumers: true,
        ..destructive(
            "key-rotate-retire",
            with_two_keys,
            "key rotate jira --consumer Jenkins --retire --yes",
        )
    },
    with_new_key(
        "oauth2-client",
        fresh,
        "create {jira} --oauth2-client 'My CI' --redirect-uri https://ci.example.com/cb --scope WRITE",
    ),
    scenario(
        "edit-oauth2-client",
        with_client,
        "edit jira --oauth2-client 'My CI' --scope READ",
    ),
    Scenario {
        destructive: true,
        ..with_new_key(
            "reset-oauth2-secret",
            with_client,
            "edit jira --oauth2-client 'My CI' --reset-secret --yes",
        )
    },
    destructive(
        "delete-oauth2-client",
        with_client,
        "delete jira --oauth2-client 'My CI' --yes",
    ),
    destructive(
        "scan",
        env_with_clone,
        "scan jira-test --from *.prod.test --apply --yes",
    ),
    destructive("migrate", env_with_trusted_apps, "migrate --yes"),
    scenario(
        "relocate-domain",
        at_old_address,
        "relocate --from http://old.test --to {wiki.url} --yes",
    ),
];

fn of(world: World) -> Env {
    Env::new(world)
}

fn fresh() -> Env {
    of(pair())
}

fn fresh_old() -> Env {
    of(pair_of(Generation::Old, Generation::Classic))
}

fn one_way() -> Env {
    let env = fresh();
    env.applink("create {jira} {wiki} --one-way").expect(0);
    env
}

fn linked() -> Env {
    let env = fresh();
    env.applink("create {jira} {wiki}").expect(0);
    env
}

/// Two links of one type, so that there is one to take the first place from.
fn second() -> Env {
    let env = of(world([
        jira(),
        wiki(),
        App::new(Product::Confluence, "other"),
    ]));
    env.applink("create {jira} {other}").expect(0);
    env.applink("create {jira} {wiki}").expect(0);
    env
}

fn holders() -> Env {
    let env = of(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    link(bamboo, wiki, OAuthFlags::IMPERSONATION);
    env.add_all();
    env
}

fn moved() -> Env {
    let env = holders();
    env.world.move_app("wiki", "/confluence").unwrap();
    env
}

fn moved_for_admins() -> Env {
    let mut env = moved();
    for alias in ["jira", "bamboo"] {
        env.login(alias, Role::Admin);
    }
    env
}

fn key_at_hand() -> Env {
    let mut env = fresh();
    env.applink("key generate --key-file {home}/work/program.pem")
        .expect(0);
    let private = env.path("work/program.pem");
    env.allow_secrets_in(private);
    let public = env.applink("key show {home}/work/program.pem").expect(0);
    let lines: Vec<&str> = public
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("-----BEGIN"))
        .collect();
    env.write("work/program.pub", &(lines.join("\n") + "\n"), 0o644);
    env
}

fn with_consumer() -> Env {
    let mut env = key_at_hand();
    let key = env.path("state/applink/applink.keys/jira-jenkins.pem");
    env.allow_secrets_in(key);
    env.applink("create {jira} --consumer Jenkins --two-legged")
        .expect(0);
    env
}

/// Levels that do not fit each other.
fn uneven() -> Env {
    let env = linked();
    let wiki = env.world.app("wiki");
    let id = env.world.app("jira").id();
    wiki.set_outgoing(&id, OAuthFlags::NONE);
    env
}

/// One end is gone.
fn half() -> Env {
    let env = linked();
    let id = env.world.app("jira").id();
    env.world.app("wiki").remove_link(&id);
    env
}

/// A file with two links and one of them changed.
/// Three links, each of which stands alone.
fn with_three() -> Env {
    let env = Env::new(three_apps());
    let links = [
        link_table("jira", "wiki", "names = { jira = \"Handbook\" }"),
        link_table("jira", "code", "auth = \"none\""),
        link_table("wiki", "code", "one_way = \"wiki\""),
    ];
    write_plan_file(&env, &links.concat());
    env
}

fn with_file() -> Env {
    let env = of(world([
        jira(),
        wiki(),
        App::new(Product::Bitbucket, "code"),
    ]));
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    let rest =
        link_table("jira", "wiki", "auth = \"impersonation\"") + &link_table("jira", "code", "");
    write_plan_file(&env, &rest);
    env
}

/// A program that is moving from one consumer to another.
fn with_two_keys() -> Env {
    let mut env = with_consumer();
    let key = env.path("state/applink/applink.keys/jira-jenkins-2.pem");
    env.allow_secrets_in(key);
    env.applink("key rotate jira --consumer Jenkins --new-consumer-key second")
        .expect(0);
    env
}

fn with_client() -> Env {
    let mut env = fresh();
    let path = env.path("state/applink/applink.keys/jira.My%20CI.secret");
    env.allow_secrets_in(path);
    env.applink("create {jira} --oauth2-client 'My CI' --redirect-uri https://ci.example.com/cb --scope WRITE")
        .expect(0);
    env
}

/// A wiki whose records elsewhere name an address under which nobody answers any more.
fn at_old_address() -> Env {
    let env = holders();
    let id = env.world.app("wiki").id();
    for alias in ["jira", "bamboo"] {
        env.world.app(alias).edit_link(&id, |link| {
            "http://old.test".clone_into(&mut link.rpc_url);
            "http://old.test".clone_into(&mut link.display_url);
        });
    }
    env
}
