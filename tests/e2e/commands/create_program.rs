//! `applink create` towards programs of other makers: generic manifests, in JSON and in XML.

use applink_sandbox::{App, Fault, Program, url_derived_id};

use crate::support::env::Env;
use crate::support::worlds::{jira, world};

fn bridged(program: Program) -> Env {
    Env::new(world([jira(), App::program("bridge", program)]))
}

fn programs() -> [Program; 2] {
    [Program::json(), Program::xml()]
}

/// The ids of the records that Jira holds.
fn records(env: &Env) -> Vec<String> {
    let snapshot = env.world.app("jira").snapshot();
    let links = snapshot["links"].as_array().unwrap();
    links
        .iter()
        .map(|link| link["id"].as_str().unwrap().to_owned())
        .collect()
}

fn create(env: &Env) -> String {
    format!(
        "create {{jira}} bridge={} --one-way",
        env.world.app("bridge").url()
    )
}

#[test]
fn a_program_gets_a_one_way_link_under_the_id_of_its_address() {
    for program in programs() {
        let env = bridged(program);
        let bridge = env.world.app("bridge");
        env.applink(&create(&env)).expect(0);
        assert_eq!(records(&env), [url_derived_id(&bridge.url())]);
        assert!(!env.has_journal());
        // Again there is nothing to do.
        env.world.clear_requests();
        let again = env.applink(&format!("{} -o json", create(&env))).expect(0);
        assert_eq!(again.json()["changed"], false, "{}", again.transcript());
        let listed = env.applink("list jira -o json").expect(0);
        assert_eq!(listed.json()["links"][0]["remote"], "bridge");
        env.applink("verify jira bridge");
        env.applink("delete jira bridge --one-side --yes").expect(0);
        assert!(records(&env).is_empty());
    }
}

#[test]
fn a_link_to_a_program_is_never_called_gone_while_it_is_there() {
    for program in programs() {
        for skip in 0..12 {
            let env = bridged(program.clone());
            let jira = env.world.app("jira");
            // The answer to the write is lost, and after some reads everything fails.
            jira.fault(Fault::reset_after().method("PUT").nth(1));
            jira.fault(Fault::status(500).method("GET").skip(skip));
            let out = env.applink(&create(&env));
            jira.clear_faults();
            if env.has_journal() {
                assert_eq!(out.code, 3, "{}", out.transcript());
                env.applink("resume --undo").expect(0);
            }
            let is_made = out.code == 0 || out.code == 5 && out.says("are linked");
            assert_eq!(records(&env).is_empty(), !is_made, "{}", out.transcript());
        }
    }
}
