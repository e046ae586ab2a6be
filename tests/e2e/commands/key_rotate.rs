//! `applink key rotate`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use applink::oauth::PrivateKey;
use applink_sandbox::{Fault, World};
use insta::assert_snapshot;

use crate::support::consumers::{
    CREATE_CONSUMER, assert_no_key_leaks, consumer_env, incoming_flags, key_path, registered_keys,
};
use crate::support::key_rotation::{RETIRE, ROTATE, SECOND, fingerprint, second_path, signed_call};
use crate::support::worlds::{snapshot, writes};

/// A program that signs all the time.
struct Client {
    stop: Arc<AtomicBool>,
    good: Arc<AtomicUsize>,
    thread: thread::JoinHandle<Vec<u16>>,
}

impl Client {
    fn start(world: &World, consumer: &'static str, key: PrivateKey) -> Self {
        let url = world.app("jira").url();
        let stop = Arc::new(AtomicBool::new(false));
        let good = Arc::new(AtomicUsize::new(0));
        let (stopped, counted) = (Arc::clone(&stop), Arc::clone(&good));
        let thread = thread::spawn(move || {
            let mut bad = Vec::new();
            while !stopped.load(Ordering::SeqCst) {
                match signed_call(&url, consumer, &key) {
                    200 => drop(counted.fetch_add(1, Ordering::SeqCst)),
                    other => bad.push(other),
                }
            }
            bad
        });
        Self { stop, good, thread }
    }

    /// How many were accepted, and the status of those that were not.
    fn stop(self) -> (usize, Vec<u16>) {
        while self.good.load(Ordering::SeqCst) < 3 && !self.thread.is_finished() {
            thread::sleep(Duration::from_millis(10));
        }
        self.stop.store(true, Ordering::SeqCst);
        let bad = self.thread.join().unwrap();
        (self.good.load(Ordering::SeqCst), bad)
    }
}

#[test]
fn rotate_replaces_the_key_under_the_same_consumer_key() {
    let env = consumer_env();
    env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
        .expect(0);
    let old = PrivateKey::load(&key_path(&env)).unwrap();
    let out = env
        .applink(&format!("{ROTATE} --bits 3072 -vv --log-file {{home}}/log"))
        .expect(0);
    assert_eq!(
        out.steps(),
        ["jira put-consumer done", "jira prove-consumer done"]
    );
    let new = PrivateKey::load(&second_path(&env)).unwrap();
    let json = out.json();
    assert_eq!(json["consumer"]["key"], "jenkins");
    assert_eq!(json["consumer"]["bits"], 3072);
    assert_eq!(
        json["consumer"]["fingerprint"],
        new.public().fingerprint().as_str()
    );
    assert_eq!(
        json["consumer"]["key_file"],
        second_path(&env).display().to_string()
    );
    // What a generic link drops with every consumer that is stored is set again.
    assert_eq!(incoming_flags(&env), (true, true, false));
    let url = env.world.app("jira").url();
    assert_eq!(signed_call(&url, "jenkins", &new), 200);
    assert_eq!(signed_call(&url, "jenkins", &old), 401);
    assert!(env.state().contains(&new.public().fingerprint()));
    assert!(!env.state().contains(&old.public().fingerprint()));
    // The old one is left, and said.
    assert!(out.says("jira-jenkins.pem") && key_path(&env).exists());
    assert_no_key_leaks(&env, &[&out]);

    // A third one, in a file of one's own, and no consumer is left over.
    let out = env
        .applink(&format!("{ROTATE} --key-file own.pem"))
        .expect(0);
    assert_eq!(
        out.json()["consumer"]["fingerprint"],
        fingerprint(&env.path("work/own.pem")).as_str()
    );
    assert!(!env.state().contains("former-consumers"));
    env.applink(&format!("{ROTATE} --key-file own.pem"))
        .expect(1)
        .expect_says("holds the key that is to be replaced");
    let out = env.applink(RETIRE).expect(0);
    assert_eq!(out.json()["changed"], false);
    assert!(out.says("nothing to retire"));
}

#[test]
fn the_plan_and_the_result_read_as_documented() {
    let mut env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    let out = env.applink("key rotate jira --consumer Jenkins --new-consumer-key second");
    let print = fingerprint(&second_path(&env));
    env.mask(fingerprint(&key_path(&env))[..16].to_owned(), "<start>");
    let shown = out.transcript().replace(&print, "<fingerprint>");
    assert_snapshot!(shown.replace(&print[..16], "<start>"), @r#"
    exit 0
    --- stdout
    "Jenkins" may call jira with its new key
    consumer key   second
    public key     SHA256:<fingerprint> (2048 bits)
    private key    <home>/state/applink/applink.keys/jira-jenkins-2.pem (give it to the program, and to nobody else)
    --- stderr
    ✓ jira: store the consumer "second" with the public key SHA256:<start>
    ✓ jira: prove by a signed request that "second" is accepted
    note: the consumer "jenkins" is accepted as before, with the key in <home>/state/applink/applink.keys/jira-jenkins.pem
    note: users who allowed "jenkins" have to allow "second" anew: tokens belong to a consumer key
    hint: when the program signs with the new one: applink key rotate jira --consumer Jenkins --retire
    "#);
    let out = env.applink("key rotate jira --consumer Jenkins --retire --dry-run");
    assert_snapshot!(out.transcript(), @r#"
    exit 0
    --- stdout
    jira: create the link "Jenkins (former consumers)" to https://jenkins.retired.invalid
    jira: store the consumer "jenkins" with the public key SHA256:<start>
    jira: take away the consumer "jenkins"
    jira: prove by a signed request that "jenkins" is refused
    jira: delete the link "Jenkins (former consumers)"
    jira: prove by a signed request that "second" is accepted
    --- stderr
    warning: this cannot be taken back: the consumer "jenkins" with the tokens that users gave it
    warning: this needs a yes: jira refuses "jenkins" from then on, and the tokens that users gave there end.
    nothing was changed: this was a dry run
    "#);
    let out = env.applink("key rotate jira --consumer Jenkins --retire");
    assert_snapshot!(out.transcript(), @r#"
    exit 2
    --- stderr
    error: standard input is not a terminal, so nobody can be asked: jira refuses "jenkins" from then on, and the tokens that users gave there end. Go ahead?
    hint: answer it with --yes
    "#);
    let out = env.applink("key rotate jira --consumer Jenkins --retire --yes");
    assert_snapshot!(out.transcript(), @r#"
    exit 0
    --- stdout
    "Jenkins" may call jira with its own key only
    --- stderr
    ✓ jira: create the link "Jenkins (former consumers)" to https://jenkins.retired.invalid
    ✓ jira: store the consumer "jenkins" with the public key SHA256:<start>
    ✓ jira: take away the consumer "jenkins"
    ✓ jira: prove by a signed request that "jenkins" is refused
    ✓ jira: delete the link "Jenkins (former consumers)"
    ✓ jira: prove by a signed request that "second" is accepted
    note: its private key is left in <home>/state/applink/applink.keys/jira-jenkins.pem: delete it, it opens nothing any more
    "#);
}

/// Both keys work until the old one is retired, and nobody who signs with the new one notices
/// that.
#[test]
fn a_second_consumer_key_rotates_without_an_outage() {
    let env = consumer_env();
    env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
        .expect(0);
    let old = PrivateKey::load(&key_path(&env)).unwrap();
    let url = env.world.app("jira").url();

    let client = Client::start(&env.world, "jenkins", old.clone());
    let out = env.applink(SECOND).expect(0);
    let (good, bad) = client.stop();
    assert!(good > 0 && bad.is_empty(), "{good} good, {bad:?}");
    assert_eq!(out.json()["consumer"]["key"], "second");
    let new = PrivateKey::load(&second_path(&env)).unwrap();
    assert_eq!(signed_call(&url, "second", &new), 200);
    assert_eq!(signed_call(&url, "jenkins", &old), 200);
    assert_eq!(registered_keys(&env).len(), 2);
    let state = env.state();
    for part in [
        "[[former-consumers]]",
        &old.public().fingerprint(),
        "key = \"second\"",
        &new.public().fingerprint(),
    ] {
        assert!(state.contains(part), "{state}");
    }

    // The same again: it is so already.
    env.world.clear_requests();
    let again = env.applink(SECOND).expect(0);
    assert_eq!(again.json()["changed"], false);
    assert_eq!(again.json()["consumer"], out.json()["consumer"]);
    assert!(again.says("--retire"), "{}", again.transcript());
    assert!(writes(&env.world).is_empty());
    assert_eq!(env.state(), state);

    env.applink("key rotate jira --consumer Jenkins --retire -o json")
        .expect(2)
        .expect_says("--yes");
    let client = Client::start(&env.world, "second", new.clone());
    let out = env.applink(RETIRE).expect(0);
    let (good, bad) = client.stop();
    assert!(good > 0 && bad.is_empty(), "{good} good, {bad:?}");
    assert_eq!(
        out.steps(),
        [
            "jira create-link done",
            "jira put-consumer done",
            "jira drop-consumer done",
            "jira prove-consumer done",
            "jira delete-link done",
            "jira prove-consumer done"
        ]
    );
    assert_eq!(signed_call(&url, "second", &new), 200);
    assert_eq!(signed_call(&url, "jenkins", &old), 401);
    assert_eq!(
        registered_keys(&env),
        [("second".to_owned(), new.public().fingerprint())]
    );
    assert_eq!(incoming_flags(&env), (true, true, false));
    assert!(!env.state().contains("former-consumers"));
    assert_no_key_leaks(&env, &[&out]);
}

/// Two former ones, the key file of one of them gone.
#[test]
fn retire_removes_all_former_consumers() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    env.applink(SECOND).expect(0);
    std::fs::remove_file(key_path(&env)).unwrap();
    env.applink(&SECOND.replace("second", "third")).expect(0);
    assert_eq!(registered_keys(&env).len(), 3);
    // A former one is no free consumer key.
    env.applink(&SECOND.replace("second", "jenkins"))
        .expect(1)
        .expect_says("already, though none of its links names it");
    let again = env.applink(&SECOND.replace("second", "third")).expect(0);
    assert_eq!(again.json()["changed"], false);
    env.applink(RETIRE).expect(0);
    assert_eq!(registered_keys(&env).len(), 1);
    assert_eq!(registered_keys(&env)[0].0, "third");
    assert!(!env.state().contains("former-consumers"));
}

#[test]
fn a_dry_run_changes_nothing() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    env.applink(SECOND).expect(0);
    let before = (snapshot(&env.world), env.files());
    env.world.clear_requests();
    for line in [ROTATE, &SECOND.replace("second", "third"), RETIRE] {
        let out = env.applink(&format!("{line} --dry-run")).expect(0);
        assert_eq!(out.json()["changed"], false);
    }
    assert!(writes(&env.world).is_empty());
    assert_eq!((snapshot(&env.world), env.files()), before);
    env.applink("key rotate jira --consumer Nobody")
        .expect(1)
        .expect_says("applink create jira --consumer Nobody");
}

/// Somebody deletes the link on its page, and the application goes on accepting the consumer.
#[test]
fn retire_removes_a_consumer_whose_link_was_deleted() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    env.applink(SECOND).expect(0);
    let app = env.world.app("jira");
    let id = app.links()[0].id.clone();
    app.remove_link(&id);
    assert_eq!(registered_keys(&env).len(), 2);
    let keys = env.path("state/applink/applink.keys");
    let token = keys.join("jira.Jenkins.token.json");
    std::fs::write(&token, "{}").unwrap();
    let before = env.files();
    env.applink("delete jira --consumer Jenkins --yes --dry-run")
        .expect(0);
    assert_eq!(env.files(), before);
    let out = env
        .applink("delete jira --consumer Jenkins --yes")
        .expect(0);
    assert!(registered_keys(&env).is_empty(), "{}", out.transcript());
    assert!(app.links().is_empty() && !env.state().contains("consumers"));
    assert!(out.says("the token of Jenkins for jira that was kept is dropped"));
    assert!(out.says("jira-jenkins.pem") && out.says("jira-jenkins-2.pem"));
    assert!(!token.exists());
}

#[test]
fn removing_an_application_deletes_its_tokens() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    let keys = env.path("state/applink/applink.keys");
    for name in ["jira.Jenkins", "jira-2.Jenkins"] {
        std::fs::write(keys.join(format!("{name}.token.json")), "{}").unwrap();
    }
    env.applink("app remove jira")
        .expect(0)
        .expect_says("1 token kept for jira dropped");
    assert!(!keys.join("jira.Jenkins.token.json").exists());
    assert!(keys.join("jira-2.Jenkins.token.json").exists());
}

#[test]
fn an_unreadable_registered_key_stops_the_rotation() {
    let env = consumer_env();
    env.applink(CREATE_CONSUMER).expect(0);
    let app = env.world.app("jira");
    let mut consumer = app.consumers().remove(0);
    consumer.public_key = Some("no key at all".to_owned());
    app.add_consumer(&app.links()[0].id, consumer);
    for line in [CREATE_CONSUMER, ROTATE] {
        env.applink(line)
            .expect(1)
            .expect_says("cannot be read")
            .expect_says("applink delete jira --consumer Jenkins");
    }
    env.applink("delete jira --consumer Jenkins --yes")
        .expect(0);
    env.applink(CREATE_CONSUMER).expect(0);
}

#[test]
fn authorize_reports_an_unfinished_delete() {
    let env = consumer_env();
    env.applink(&format!("{CREATE_CONSUMER} --two-legged"))
        .expect(0);
    let app = env.world.app("jira");
    app.fault(Fault::status(403).method("DELETE"));
    env.applink("delete jira --consumer Jenkins --yes")
        .expect(3);
    app.clear_faults();
    let out = env.applink("authorize jira --consumer Jenkins --two-legged");
    assert!(
        out.says("an earlier run is unfinished"),
        "{}",
        out.transcript()
    );
    assert!(out.says("applink resume"));
}
