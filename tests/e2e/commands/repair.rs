//! `applink repair`, and the commands that `verify` prints: they mend what they are printed for.

use applink_sandbox::{App, Fault, Link, OAuthFlags, Product, Role};
use serde_json::json;

use crate::commands::verify_codes::own::{address_cases, mismatch_cases};
use crate::commands::verify_codes::product::{
    configuration_cases, legacy_cases, network_cases, oauth_cases,
};
use crate::support::code_cases::{
    Repair, VerifyCase, assert_all, details, faulty_link, linked_pairs, pairs_after, two_pairs,
    write_state,
};
use crate::support::env::Env;
use crate::support::worlds::{jira, levels, pair, same_level, snapshot, wiki, world, writes};

/// Runs what is printed, and in a copy of the same world `repair`.
fn mend_all(cases: &[VerifyCase]) {
    let can = || {
        cases
            .iter()
            .filter(|case| !matches!(case.repair, Repair::None))
    };
    assert!(can().count() > 1);
    let repaired = can().filter(|case| matches!(case.repair, Repair::Works));
    assert_all(can().map(by_command).chain(repaired.map(by_repair)));
}

fn by_command(case: &VerifyCase) -> Result<(), String> {
    let env = (case.build)();
    let link = faulty_link(&env.applink("verify -o json").json()).unwrap();
    let fix = &link["fix"][0];
    let argv: Vec<String> = serde_json::from_value(fix["argv"].clone()).unwrap();
    let command = fix["command"].as_str().unwrap();
    assert_eq!(shlex::split(command).as_ref(), Some(&argv));
    let line = command.strip_prefix("applink ").unwrap();
    let out = env.applink(&format!("{line} --yes"));
    if out.code != 0 {
        return Err(format!(
            "{} ({}): {}",
            case.code,
            case.name,
            out.transcript()
        ));
    }
    is_mended(case, &env)
}

fn by_repair(case: &VerifyCase) -> Result<(), String> {
    let env = (case.build)();
    let fail =
        |what: &str, text: &str| Err(format!("{} ({}): {what}\n{text}", case.code, case.name));
    let before = (snapshot(&env.world), env.files());
    let out = env.applink("repair jira wiki --dry-run");
    if out.code != 0 || (snapshot(&env.world), env.files()) != before {
        return fail("a dry run", &out.transcript());
    }
    if !writes(&env.world).is_empty() || out.stdout.contains("nothing to do") {
        return fail("a dry run", &out.transcript());
    }
    let out = env.applink("repair jira wiki --yes");
    if out.code != 0 {
        return fail("repair", &out.transcript());
    }
    is_mended(case, &env)
}

#[test]
fn legacy_authentication_is_left_to_migrate() {
    mend_all(&legacy_cases());
}

fn is_mended(case: &VerifyCase, env: &Env) -> Result<(), String> {
    let out = env.applink("verify jira wiki -o json");
    let link = faulty_link(&out.json()).unwrap_or_default();
    if link["status"] == "ok" && link["code"].is_null() {
        Ok(())
    } else {
        Err(format!(
            "{} ({}) is not repair: {}",
            case.code,
            case.name,
            details(&out)
        ))
    }
}

#[test]
fn faults_reported_by_the_products_are_repaired() {
    mend_all(
        &[network_cases(), oauth_cases(), configuration_cases()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>(),
    );
}

#[test]
fn mismatches_between_both_ends_are_repaired() {
    mend_all(&mismatch_cases());
}

#[test]
fn wrong_addresses_are_repaired() {
    mend_all(&address_cases());
}

#[test]
fn working_links_are_left_unchanged() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    let before = (snapshot(&env.world), env.state());
    for line in [
        "repair",
        "repair jira",
        "repair jira wiki",
        "repair --yes -o json",
    ] {
        let out = env.applink(line).expect(0);
        assert!(writes(&env.world).is_empty(), "{}", out.transcript());
    }
    assert_eq!(env.applink("repair -o json").json()["changed"], false);
    assert_eq!((snapshot(&env.world), env.state()), before);
}

#[test]
fn revoking_tokens_requires_confirmation() {
    // A consumer is fetched anew by switching the direction off, which ends every token.
    let env = pairs_after(|jira, _| jira.rotate_key());
    let before = snapshot(&env.world);
    let out = env.applink("repair jira wiki").expect(2);
    assert!(
        out.says("--yes") && out.says("token"),
        "{}",
        out.transcript()
    );
    assert_eq!(snapshot(&env.world), before);
    assert!(writes(&env.world).is_empty());
    env.applink("repair jira wiki --yes").expect(0);
}

#[test]
fn several_links_are_repaired_in_one_run() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    let [jira, wiki, bamboo, bitbucket] =
        ["jira", "wiki", "bamboo", "bitbucket"].map(|alias| env.world.app(alias));
    wiki.remove_link(&jira.id());
    bamboo.set_outgoing(&bitbucket.id(), OAuthFlags::NONE);
    env.applink("repair --yes").expect(0);
    env.applink("verify").expect(0);
    assert_eq!(levels(bamboo, bitbucket), same_level("oauth"));
    assert_eq!(levels(wiki, jira), same_level("oauth"));
}

#[test]
fn an_unreachable_application_does_not_stop_other_repairs() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    env.world
        .app("wiki")
        .remove_link(&env.world.app("jira").id());
    env.world.app("bitbucket").stop();
    let out = env.applink("repair --yes -o json").expect(3);
    assert_eq!(out.json()["changed"], true);
    env.applink("verify jira wiki").expect(0);
}

#[test]
fn a_fault_that_cannot_be_repaired_does_not_stop_the_rest() {
    let mut env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    let [jira, wiki, bamboo, bitbucket] =
        ["jira", "wiki", "bamboo", "bitbucket"].map(|alias| env.world.app(alias));
    wiki.remove_link(&jira.id());
    wiki.configure(|settings| settings.websudo = true);
    bamboo.set_outgoing(&bitbucket.id(), OAuthFlags::NONE);
    env.token("wiki", Role::SystemAdmin);
    let out = env.applink("repair --yes -o json").expect(3);
    assert_eq!(out.error_code(), "WEBSUDO_REQUIRED");
    env.applink("verify bamboo bitbucket").expect(0);
    env.applink("verify jira wiki").expect(6);
}

#[test]
fn an_intended_one_way_link_is_left_unchanged() {
    let mut env = Env::new(two_pairs(jira(), wiki()));
    write_state(&env);
    env.logout("wiki");
    env.applink("create jira wiki --one-way").expect(0);
    env.login("wiki", Role::SystemAdmin);
    let before = snapshot(&env.world);
    env.applink("repair --yes")
        .expect(0)
        .expect_says("applink create jira wiki");
    assert_eq!(snapshot(&env.world), before);
}

#[test]
fn a_record_that_leads_to_another_application_is_not_repaired() {
    // Nobody knows what answers at the record's address, and it has another id than the record.
    let env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Confluence, "new"),
    ]));
    let (jira, new) = (env.world.app("jira"), env.world.app("new"));
    env.world.link("jira", "wiki", OAuthFlags::OAUTH);
    let gone = applink_sandbox::url_derived_id("http://gone.example.invalid");
    jira.add_link(Link::new(&gone, "confluence", "Old wiki", &new.url()));
    env.write("x", "", 0o600);
    for alias in ["jira", "wiki"] {
        env.applink(&format!("app add {alias} {{{alias}.url}}"))
            .expect(0);
    }
    let out = env.applink("verify jira -o json").expect(6);
    let links = out.json()["links"].clone();
    let orphan = links
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["remote"].is_null())
        .unwrap();
    let seen = orphan["checks"]
        .as_array()
        .unwrap()
        .iter()
        .any(|check| check["code"] == "ID_MISMATCH");
    assert!(seen, "{orphan}");
    let before = snapshot(&env.world);
    let out = env.applink("repair jira").expect(2);
    assert!(
        out.says("--yes") && out.says("Old wiki"),
        "{}",
        out.transcript()
    );
    assert_eq!(snapshot(&env.world), before);
    env.applink("repair jira --yes").expect(0);
    assert_eq!(jira.links().len(), 1);
    let wiki = env.world.app("wiki");
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!(new.snapshot(), before[2]);
    env.applink("verify").expect(0);
    // The command that is printed does the same.
    jira.add_link(Link::new(&gone, "confluence", "Old wiki", &new.url()));
    let argv = orphan["fix"][0]["command"].as_str().unwrap();
    env.applink(&format!("{} --yes", argv.strip_prefix("applink ").unwrap()))
        .expect(0);
    assert_eq!(jira.links().len(), 1);
}

#[test]
fn a_reinstalled_application_is_not_taken_for_the_old_one() {
    // Its address is known and linked, and another application answers there now.
    let mut env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Confluence, "fresh"),
    ]));
    env.applink("create {jira} {wiki}").expect(0);
    let [jira, wiki, fresh] = ["jira", "wiki", "fresh"].map(|alias| env.world.app(alias));
    let (old, new) = (wiki.url(), fresh.url());
    let admin = fresh.user(Role::SystemAdmin).clone();
    jira.edit_link(&wiki.id(), |link| link.rpc_url.clone_from(&new));
    env.write(
        "state/applink/applink.toml",
        &env.state().replace(&old, &new),
        0o600,
    );
    env.basic("wiki", &admin.name, &admin.password);
    env.secret("fresh", &admin.password);
    let out = env.applink("verify -o json").expect(6);
    let links = out.json()["links"].clone();
    let known = links
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["remote"] == "wiki")
        .unwrap();
    assert_eq!(known["code"], "ID_MISMATCH", "{}", out.transcript());
    assert!(
        out.says("wiki is known as application"),
        "{}",
        out.transcript()
    );
    // A link with what answers now is not made under the name of another.
    assert_eq!(known["fix"], json!([]));
    env.applink("repair --yes").expect(6);
    assert!(env.world.app("jira").links().is_empty());
    assert!(env.world.app("fresh").links().is_empty());
    env.applink("app remove wiki --yes").expect(0);
    env.applink("create jira wiki={fresh.url}").expect(0);
    env.applink("verify").expect(0);
}

#[test]
fn a_clone_is_not_linked_because_it_holds_the_originals_records() {
    let env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Jira, "staging").clone_of("jira"),
    ]));
    env.world.link("jira", "wiki", OAuthFlags::OAUTH);
    env.world.app("staging").restore_from(env.world.app("jira"));
    write_state(&env);
    let before = snapshot(&env.world);
    let out = env.applink("verify -o json").expect(0);
    for link in out.json()["links"].as_array().unwrap() {
        assert_eq!(link["status"], "warning", "{}", out.transcript());
        assert_eq!(link["code"], "CLONED_APPLICATION");
        assert_eq!(link["fix"], json!([]));
    }
    env.applink("repair --yes").expect(0);
    assert_eq!(snapshot(&env.world), before);
}

#[test]
fn a_disabled_link_is_re_enabled_only_after_confirmation() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::NONE);
    let out = env.applink("repair jira wiki").expect(2);
    assert!(
        out.says("may be disabled on purpose") && out.says("--yes"),
        "{}",
        out.transcript()
    );
    assert!(writes(&env.world).is_empty());
    env.applink("repair jira wiki --yes").expect(0);
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
}

#[test]
fn a_level_that_was_lowered_is_not_raised_without_a_yes() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki} --auth impersonation --yes")
        .expect(0);
    // An administrator lowers it on both ends.
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    jira.set_incoming(&wiki.id(), OAuthFlags::OAUTH, wiki);
    jira.set_outgoing(&wiki.id(), OAuthFlags::OAUTH);
    wiki.set_incoming(&jira.id(), OAuthFlags::OAUTH, jira);
    wiki.set_outgoing(&jira.id(), OAuthFlags::OAUTH);
    let before = (levels(jira, wiki), levels(wiki, jira));
    env.world.clear_requests();
    let out = env.applink("repair");
    assert!([0, 2].contains(&out.code), "{}", out.transcript());
    assert!(writes(&env.world).is_empty(), "{}", out.transcript());
    assert_eq!((levels(jira, wiki), levels(wiki, jira)), before);
    // One end only: the levels differ, and the higher one is what the state remembers.
    jira.set_incoming(&wiki.id(), OAuthFlags::IMPERSONATION, wiki);
    jira.set_outgoing(&wiki.id(), OAuthFlags::IMPERSONATION);
    env.world.clear_requests();
    let out = env.applink("repair").expect(2);
    assert!(out.says("--yes"), "{}", out.transcript());
    assert!(writes(&env.world).is_empty(), "{}", out.transcript());
}

#[test]
fn what_could_not_be_asked_is_told() {
    let env = Env::linked();
    env.world
        .app("wiki")
        .fault(Fault::status(500).path("/3.0/status/").from_outside());
    env.applink("verify").expect(5);
    let out = env.applink("repair -o json").expect(5);
    let errors = out.json()["errors"].as_array().unwrap().len();
    assert!(errors > 0, "{}", out.transcript());
}
