//! Every code of `applink verify`, with a case in which it is reported.

pub(crate) mod own;
pub(crate) mod product;

use applink::domain::Code;

use crate::support::code_cases::{CodeCase, VerifyCase, check_all, faulty_link};
use own::{
    account_cases, address_cases, consumer_cases, mismatch_cases, refusal_cases, with_program,
};
use product::{access_cases, configuration_cases, legacy_cases, network_cases, oauth_cases};

/// Every cause that is known.
fn causes() -> Vec<CodeCase> {
    let own = [
        mismatch_cases(),
        address_cases(),
        account_cases(),
        consumer_cases(),
    ];
    let products = [
        network_cases(),
        oauth_cases(),
        configuration_cases(),
        access_cases(),
        legacy_cases(),
    ];
    products
        .into_iter()
        .flatten()
        .map(CodeCase::Verify)
        .chain(own.into_iter().flatten().map(CodeCase::Verify))
        .chain(refusal_cases())
        .collect()
}

#[test]
fn every_code_has_a_case() {
    let causes = causes();
    for code in Code::ALL {
        assert!(
            causes.iter().any(|cause| cause.code() == *code),
            "there is no world in which {code} is said"
        );
    }
}

#[test]
fn codes_from_comparing_both_ends() {
    check_all(&verify_cases(mismatch_cases()));
}

#[test]
fn codes_about_addresses() {
    check_all(&verify_cases(address_cases()));
}

#[test]
fn codes_about_accounts() {
    check_all(&verify_cases(account_cases()));
}

#[test]
fn codes_about_stale_consumers() {
    check_all(&verify_cases(consumer_cases()));
    for case in consumer_cases() {
        let env = (case.build)();
        env.applink("verify --fail-on warning").expect(6);
        let link = faulty_link(&env.applink("verify -o json").json()).unwrap();
        let fix = link["fix"][0]["command"].as_str().unwrap();
        env.applink(&format!("{} --yes", fix.strip_prefix("applink ").unwrap()))
            .expect(0);
        let out = env.applink("verify -o json --allow-empty").expect(0);
        assert!(!out.says("CONSUMER_STILL_ACCEPTED"), "{}", out.transcript());
        env.applink("repair").expect(0);
    }
}

/// Nothing is left over, and who is nobody is told.
#[test]
fn anonymous_consumers_are_reported_as_a_note() {
    let env = with_program();
    env.applink("create jira --consumer Jenkins --two-legged --yes")
        .expect(0);
    env.world.clear_requests();
    let json = env.applink("verify -o json").expect(0).json();
    let checks = json["links"][0]["checks"].as_array().unwrap().clone();
    let note = checks.iter().find(|one| one["name"] == "two-legged");
    let note = note.expect("a note");
    assert_eq!(note["status"], "note");
    assert!(
        note["summary"]
            .as_str()
            .unwrap()
            .contains("anonymous user on jira")
    );
    assert!(checks.iter().all(|one| one["name"] != "former-consumer"));
    assert!(crate::support::worlds::writes(&env.world).is_empty());
    env.applink("create jira --consumer Jenkins --consumer-key other --yes")
        .expect(0);
    let out = env.applink("verify -o json").expect(0);
    assert!(out.stdout.contains("--retire"), "{}", out.transcript());
}

#[test]
fn codes_of_refused_commands() {
    check_all(&refusal_cases());
}

#[test]
fn codes_about_the_network_to_the_peer() {
    check_all(&verify_cases(network_cases()));
}

#[test]
fn codes_about_signed_requests() {
    check_all(&verify_cases(oauth_cases()));
}

#[test]
fn codes_about_the_configuration_of_the_ends() {
    check_all(&verify_cases(configuration_cases()));
}

#[test]
fn codes_about_accounts_at_the_peer() {
    check_all(&verify_cases(access_cases()));
}

#[test]
fn codes_about_legacy_authentication() {
    check_all(&verify_cases(legacy_cases()));
}

fn verify_cases(cases: Vec<VerifyCase>) -> Vec<CodeCase> {
    cases.into_iter().map(CodeCase::Verify).collect()
}
