//! What the sweep found once, each in a test of its own.

use std::fs;
use std::time::Duration;

use applink_sandbox::{App, Fault, Generation, OAuthFlags, Product, TERMINAL_POISON};

use crate::support::env::Env;
use crate::support::worlds::{
    count_writes, jira, levels, link, own_404, pair, pair_of, same_level, wiki, world,
};

const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_404_is_believed_only_of_the_list() {
    for (fault, code) in [(Fault::default_backend(), 5), (own_404(), 1)] {
        let env = Env::linked();
        // Something in front of the application says 404 to everything about one link.
        let id = env.world.app("wiki").id();
        env.world.app("jira").fault(fault.path(&id).from_outside());
        let out = env.applink("delete jira wiki --one-side --yes -o json");
        assert_eq!(out.code, code, "{}", out.transcript());
        assert_eq!(out.json()["changed"], false, "{}", out.transcript());
        assert_eq!(env.world.app("jira").links().len(), 1);
        assert!(env.state().contains("[[links]]"));
        env.world.app("jira").clear_faults();
        env.applink("delete jira wiki --one-side --yes").expect(0);
    }
}

#[test]
fn a_delete_found_to_be_done_is_not_undone() {
    let env = Env::linked();
    env.world
        .app("jira")
        .fault(Fault::stall_after(0).method("DELETE"));
    let mut child = env.start("delete jira wiki --one-side --yes");
    let there = env.world.wait_for_requests(LONG, |requests| {
        count_writes(requests) == 1 && requests.iter().all(|one| one.status.is_some())
    });
    assert!(there);
    child.kill().unwrap();
    env.wait(child);
    env.world.app("jira").clear_faults();
    let out = env.applink("resume --undo -o json").expect(1);
    assert!(out.says("cannot be taken back"), "{}", out.transcript());
    assert!(out.says("go on with it instead: applink resume"));
    assert!(env.has_journal());
    env.applink("resume").expect(0);
    assert!(!env.has_journal());
}

#[test]
fn the_same_command_settles_an_uncertain_delete() {
    let env = Env::linked();
    let garbage = || Fault::raw("no HTTP\r\n").from_outside();
    env.world.app("jira").fault(garbage().method("DELETE"));
    env.world
        .app("jira")
        .fault(garbage().method("GET").path("/3.0/applinks/").skip(1));
    let out = env.applink("delete jira wiki --one-side --yes -o json");
    env.world.app("jira").clear_faults();
    assert_eq!(out.code, 3, "{}", out.transcript());
    assert!(env.state().contains("[[pending"), "{}", env.state());
    env.applink("delete jira wiki --one-side --yes").expect(0);
    assert!(env.world.app("jira").links().is_empty());
    assert!(!env.state().contains("[[pending"), "{}", env.state());
}

#[test]
fn a_half_set_level_is_completed_or_undone() {
    for undo in [false, true] {
        // An old plugin takes a level in several calls; the third of them is the last one heard.
        let env = Env::new(pair_of(Generation::Old, Generation::Classic));
        let before = env.world.app("jira").links().len();
        env.world.app("jira").fault(
            Fault::stall_after(0)
                .path("/authentication/provider")
                .skip(1),
        );
        let mut child = env.start("create {jira} {wiki}");
        let there = env.world.wait_for_requests(LONG, |requests| {
            let calls = requests
                .iter()
                .filter(|one| one.is_write() && one.path.contains("/authentication/provider"))
                .count();
            calls == 2 && requests.iter().all(|one| one.status.is_some())
        });
        assert!(there);
        child.kill().unwrap();
        env.wait(child);
        env.world.app("jira").clear_faults();
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        if undo {
            env.applink("resume --undo").expect(0);
            assert_eq!(jira.links().len(), before);
            assert!(wiki.links().is_empty());
        } else {
            env.applink("resume").expect(0);
            assert_eq!(levels(jira, wiki), same_level("oauth"));
            assert_eq!(levels(wiki, jira), same_level("oauth"));
        }
        assert!(!env.has_journal());
    }
}

#[test]
fn a_hostile_name_is_not_copied_to_the_other_application() {
    let env = Env::new(pair());
    env.world
        .app("wiki")
        .fault(Fault::poison_names(TERMINAL_POISON).path("/manifest"));
    env.applink("create {jira} {wiki} --yes").expect(0);
    let name = env.world.app("jira").links()[0].name.clone();
    assert!(name.starts_with("Confluence"), "{name:?}");
    assert!(!name.chars().any(char::is_control), "{name:?}");
    assert!(!name.contains('\u{202e}'), "{name:?}");
}

#[test]
fn a_relocation_that_skips_an_application_is_partial() {
    let env = Env::new(world([jira(), wiki(), App::new(Product::Bamboo, "bamboo")]));
    let [jira, wiki, bamboo] = ["jira", "wiki", "bamboo"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    link(bamboo, wiki, OAuthFlags::OAUTH);
    env.add_all();
    env.world.move_app("wiki", "/confluence").unwrap();
    jira.fault(Fault::status(500).from_outside());
    let out = env
        .applink("relocate wiki {wiki.url} --yes -o json")
        .expect(3);
    let json = out.json();
    assert_eq!(
        (&json["changed"], &json["partial"]),
        (&true.into(), &true.into())
    );
    assert!(
        out.says("run the same command again"),
        "{}",
        out.transcript()
    );
    jira.clear_faults();
    env.applink("relocate wiki {wiki.url} --yes").expect(0);
    env.applink("verify").expect(0);
}

#[test]
fn a_response_about_another_link_is_rejected() {
    let env = Env::linked();
    let jira = env.world.app("jira");
    jira.fault(Fault::other_ids().path("/3.0/applinks/").from_outside());
    let out = env
        .applink("edit jira wiki --name Wissen -o json")
        .expect(5);
    assert!(
        out.says("another link than the one"),
        "{}",
        out.transcript()
    );
    jira.clear_faults();
    // A row that nobody can name may be the one that is looked for.
    jira.fault(
        Fault::poison(TERMINAL_POISON)
            .path("/3.0/applinks")
            .from_outside(),
    );
    env.applink("delete jira wiki --yes -o json").expect(3);
    assert_eq!(jira.links().len(), 1);
    jira.clear_faults();
    env.applink("resume").expect(0);
    assert!(jira.links().is_empty());
}

#[test]
fn undo_after_the_last_save_restores_the_state() {
    let env = Env::linked();
    let before: toml::Table = env.state().parse().unwrap();
    let slow = Fault::delay(Duration::from_millis(400)).method("PUT");
    env.world.app("wiki").fault(slow);
    let child = env.start("edit jira wiki --auth impersonation --yes");
    assert!(
        env.world
            .wait_for_requests(LONG, |requests| count_writes(requests) == 2)
    );
    let journal = fs::read(env.state_sibling(".journal")).unwrap();
    env.wait(child).expect(0);
    env.world.app("wiki").clear_faults();
    assert!(env.state().contains("impersonation"));
    // As if the power had gone between the save and the end of the journal.
    env.write("state/applink/applink.toml.journal", "", 0o600);
    fs::write(env.state_sibling(".journal"), journal).unwrap();
    env.applink("resume --undo").expect(0);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    let after: toml::Table = env.state().parse().unwrap();
    assert_eq!(after["links"], before["links"]);
    assert!(after["serial"].as_integer() > before["serial"].as_integer());
    env.applink("verify").expect(0);
}

#[test]
fn a_journal_without_a_first_line_is_removed() {
    let env = Env::linked();
    env.write("state/applink/applink.toml.journal", "0123", 0o600);
    env.applink("resume --undo").expect(0);
    assert!(!env.has_journal());
}

#[test]
fn undo_after_the_last_save_removes_the_former_consumer() {
    let mut env = Env::new(world([jira()]));
    env.applink("create {jira} --consumer Jenkins --two-legged")
        .expect(0);
    let keys = env.path("state/applink/applink.keys");
    for name in ["jira-jenkins.pem", "jira-jenkins-2.pem"] {
        env.allow_secrets_in(keys.join(name));
    }
    let before: toml::Table = env.state().parse().unwrap();
    env.world.clear_requests();
    let slow = Fault::delay(Duration::from_millis(400)).path("/status/");
    env.world.app("jira").fault(slow.method("PUT"));
    let child = env.start("key rotate jira --consumer Jenkins --new-consumer-key second");
    let there = env.world.wait_for_requests(LONG, |requests| {
        let mut puts = requests.iter().filter(|one| one.method == "PUT");
        puts.any(|one| one.path.contains("/status/"))
    });
    assert!(there);
    let journal = fs::read(env.state_sibling(".journal")).unwrap();
    let out = env.wait(child);
    env.world.app("jira").clear_faults();
    out.expect(0);
    assert!(env.state().contains("former-consumers"));
    // As if the power had gone between the save and the end of the journal.
    env.write("state/applink/applink.toml.journal", "", 0o600);
    fs::write(env.state_sibling(".journal"), journal).unwrap();
    env.applink("resume --undo").expect(0);
    let after: toml::Table = env.state().parse().unwrap();
    assert_eq!(after.get("former-consumers"), None);
    assert_eq!(after["consumers"], before["consumers"]);
}

#[test]
fn a_consumer_without_its_rights_is_not_left_registered() {
    let env = Env::new(world([jira()]));
    env.applink("create {jira} --consumer Jenkins --two-legged")
        .expect(0);
    let jira = env.world.app("jira");
    let before = jira.snapshot()["consumers"].clone();
    jira.fault(
        Fault::status(500)
            .method("PUT")
            .path("/status/")
            .nth(1)
            .from_outside(),
    );
    let out = env
        .applink("key rotate jira --consumer Jenkins --new-consumer-key second -o json")
        .expect(5);
    jira.clear_faults();
    assert_eq!(out.json()["changed"], false, "{}", out.transcript());
    assert_eq!(jira.snapshot()["consumers"], before, "{}", out.transcript());
}

#[test]
fn a_started_retirement_is_not_reported_as_undone() {
    let env = Env::new(world([jira()]));
    env.applink("create {jira} --consumer Jenkins --two-legged")
        .expect(0);
    env.applink("key rotate jira --consumer Jenkins --new-consumer-key second")
        .expect(0);
    env.world.clear_requests();
    let jira = env.world.app("jira");
    // The link, and then the consumer on it.
    jira.fault(Fault::stall_after(0).method("PUT").nth(2));
    let mut child = env.start("key rotate jira --consumer Jenkins --retire --yes");
    let there = env.world.wait_for_requests(LONG, |requests| {
        let puts = requests.iter().filter(|one| one.method == "PUT");
        puts.count() == 2 && requests.iter().all(|one| one.status.is_some())
    });
    assert!(there);
    child.kill().unwrap();
    env.wait(child);
    jira.clear_faults();
    let out = env.applink("resume --undo").expect(1);
    assert!(out.says("cannot be taken back"), "{}", out.transcript());
    assert!(out.says("the consumer \"jenkins\" with the tokens"));
    env.applink("resume").expect(0);
    assert!(!env.state().contains("former-consumers"));
    assert_eq!(jira.consumers().len(), 1);
}

#[test]
fn a_list_with_other_ids_does_not_prove_that_a_link_is_gone() {
    let env = Env::linked();
    for (app, line) in [
        ("jira", "delete jira wiki --one-side --yes -o json"),
        ("wiki", "delete jira wiki --yes -o json"),
    ] {
        let before = env.state();
        let app = env.world.app(app);
        app.fault(Fault::other_ids().path("/3.0/applinks").from_outside());
        let out = env.applink(line).expect(1);
        assert!(out.says("is not that of"), "{}", out.transcript());
        for app in env.world.apps() {
            assert_eq!(app.links().len(), 1);
        }
        assert_eq!(env.state(), before);
        app.clear_faults();
    }
    env.applink("delete jira wiki --yes").expect(0);
}
