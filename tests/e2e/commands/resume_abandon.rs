//! `applink resume --abandon`: the way out of a run that can neither end nor be undone.

use applink_sandbox::Fault;

use crate::support::env::Env;
use crate::support::worlds::writes;

/// Jira has lost its tokens, and Confluence refuses every change from then on.
fn stuck() -> Env {
    let env = Env::linked();
    let wiki = env.world.app("wiki");
    wiki.fault(Fault::status(403).only_writes().from_outside());
    env.applink("edit jira wiki --auth none --yes").expect(3);
    assert!(env.has_journal());
    env
}

#[test]
fn every_closed_way_names_the_open_one() {
    let env = stuck();
    for line in [
        "resume",
        "resume --undo",
        "edit jira wiki --name Other",
        "delete jira wiki --yes",
        "app remove wiki --yes",
    ] {
        let out = env.applink(line);
        assert_ne!(out.code, 0, "{line}");
        assert!(
            out.says("applink resume --abandon"),
            "{line}: {}",
            out.transcript()
        );
    }
}

#[test]
fn an_abandoned_run_is_recorded_and_frees_the_state() {
    let env = stuck();
    // It needs a yes, and sends nothing.
    env.applink("resume --abandon").expect(2);
    assert!(env.has_journal());
    env.world.clear_requests();
    let out = env.applink("resume --abandon --yes -o json").expect(0);
    assert!(writes(&env.world).is_empty());
    assert!(!env.has_journal());
    let document = out.json();
    assert_eq!(document["changed"], true, "{}", out.transcript());
    assert_eq!(document["partial"], true, "{}", out.transcript());
    assert!(env.state().contains("[[abandoned]]"), "{}", env.state());
    // list and verify show it.
    let listed = env.applink("list wiki -o json").expect(0).json();
    assert_eq!(listed["links"][0]["state"], "unfinished", "{listed}");
    let verified = env.applink("verify -o json").json();
    let checks = verified["links"][0]["checks"].as_array().unwrap();
    assert!(
        checks
            .iter()
            .any(|check| check["name"] == "abandoned" && check["end"] == "wiki"),
        "{verified}"
    );
    env.applink("verify")
        .expect_says("an abandoned run left this undone on wiki");
    // Other changes are possible again, and the one that does the rest ends the record of it.
    env.world.app("wiki").clear_faults();
    env.applink("edit jira wiki --auth none --yes").expect(0);
    assert!(!env.state().contains("[[abandoned]]"), "{}", env.state());
}

#[test]
fn with_nothing_unfinished_there_is_nothing_to_abandon() {
    let env = Env::linked();
    let out = env.applink("resume --abandon --yes").expect(0);
    assert!(out.says("nothing is unfinished"), "{}", out.transcript());
    env.applink("resume --abandon --undo").expect(2);
}
