//! `applink verify --watch`.

use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::time::Duration;

use applink_sandbox::{Exchange, Fault, OAuthFlags, Role};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::code_cases::{linked_pairs, two_pairs};
use crate::support::env::Env;
use crate::support::worlds::{jira, logins, wiki};

/// Long enough for a machine that has very much to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that prints lines, one at a time.
struct Watch {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Watch {
    fn start(env: &Env, line: &str) -> Self {
        let mut child = env.start(line);
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Ends it, and gives what it had printed besides with its exit code.
    fn stop(self, env: &Env) -> (Vec<String>, i32) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        let rest = self.lines.lines().map(Result::unwrap).collect();
        let out = env.wait(self.child);
        (rest, out.code)
    }
}

/// Waits until so many more whole rounds were begun: each asks for this manifest once.
fn rounds(env: &Env, count: usize) {
    let begun = |requests: &[Exchange]| {
        requests
            .iter()
            .filter(|r| r.sender.is_none() && r.app == "bamboo" && r.path.ends_with("/manifest"))
            .count()
    };
    let before = begun(&env.world.requests());
    assert!(
        env.world
            .wait_for_requests(PATIENCE, |log| begun(log) >= before + count)
    );
}

#[test]
fn watch_prints_only_changes() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
    let mut watch = Watch::start(&env, "verify --watch 1");
    let first = [watch.line(), watch.line()];
    assert!(first[0].contains("bamboo and bitbucket: ok"), "{first:?}");
    assert!(first[1].contains("jira and wiki: ok"), "{first:?}");
    rounds(&env, 2);
    let mut kept = wiki.link(&jira.id()).unwrap();
    assert!(wiki.remove_link(&jira.id()));
    let line = watch.line();
    assert!(
        line.contains("jira and wiki: ok -> broken NO_REMOTE_APPLINK: "),
        "{line}"
    );
    rounds(&env, 2);
    // Back again, and what it said in between is all that it said.
    kept.primary = false;
    wiki.add_link(kept);
    wiki.set_incoming(&jira.id(), OAuthFlags::OAUTH, jira);
    let mut line = watch.line();
    // A round may have read wiki's list before the record was there, and asked jira after it.
    if line.contains("jira and wiki: broken -> broken ONE_WAY: ") {
        line = watch.line();
    }
    assert!(line.contains("jira and wiki: broken -> ok: "), "{line}");
    let (rest, code) = watch.stop(&env);
    assert_eq!(rest, Vec::<String>::new());
    assert_eq!(code, 0);
}

#[test]
fn watch_exits_with_the_last_status() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    let mut watch = Watch::start(&env, "verify --watch 1 -o json");
    let document = |line: &str| -> Value {
        let value: Value = serde_json::from_str(line).unwrap();
        assert!(line.starts_with("{\"schema\":1,"), "{line}");
        value
    };
    for expected in ["bamboo", "jira"] {
        let value = document(&watch.line());
        assert_eq!(value["local"], expected);
        assert_eq!(
            (&value["before"], &value["status"]),
            (&Value::Null, &json!("ok"))
        );
        assert_eq!(value["code"], Value::Null);
    }
    // An application that goes and comes back ends nothing.
    env.world.app("wiki").stop();
    let mut told = [document(&watch.line()), document(&watch.line())];
    told.sort_by_key(|value| value["remote"].is_null());
    assert_eq!(told[0]["status"], "broken");
    assert_eq!(told[0]["code"], "CONNECTION_REFUSED");
    assert_eq!(
        (&told[1]["local"], &told[1]["status"]),
        (&json!("wiki"), &json!("unreachable"))
    );
    let (rest, code) = watch.stop(&env);
    assert_eq!(rest, Vec::<String>::new());
    assert_eq!(code, 6);
}

#[test]
fn watch_can_be_interrupted_during_requests() {
    let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    let slow = Fault::delay(Duration::from_secs(600))
        .path("/manifest")
        .from_outside();
    env.world.app("wiki").fault(slow);
    let watch = Watch::start(&env, "verify --watch 1");
    let waits = |log: &[Exchange]| log.iter().any(|request| request.app == "wiki");
    assert!(env.world.wait_for_requests(PATIENCE, waits));
    let (rest, code) = watch.stop(&env);
    assert_eq!((rest, code), (Vec::<String>::new(), 0));
}

#[test]
fn a_refused_secret_is_tried_once_and_a_new_one_at_the_next_round() {
    let mut env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
    let admin = env.world.app("wiki").user(Role::SystemAdmin).clone();
    let path = env.write_secret("wiki.secret", &admin.password, 0o600);
    env.logout("wiki");
    env.secret("wiki", &admin.password);
    env.secret("wiki", "not-the-password");
    let url = env.world.app("wiki").base_url();
    for source in [
        format!("file:{}", path.display()),
        format!("command:cat {}", path.display()),
    ] {
        env.write_secret("wiki.secret", &admin.password, 0o600);
        env.applink(&format!(
            "app add wiki {url} --user {} --credential '{source}'",
            admin.name
        ))
        .expect(0);
        env.write_secret("wiki.secret", "not-the-password", 0o600);
        env.world.clear_requests();
        let mut watch = Watch::start(&env, "verify --watch 1");
        let first = [watch.line(), watch.line(), watch.line()];
        assert!(
            first.iter().any(|line| line.contains("BAD_CREDENTIALS")),
            "{first:?}"
        );
        rounds(&env, 3);
        assert_eq!(logins(&env.world, "wiki"), 1, "{source}");
        env.write_secret("wiki.secret", &admin.password, 0o600);
        let mut later = [watch.line(), watch.line()];
        later.sort();
        assert!(later[0].contains("jira and wiki: "), "{later:?}");
        assert!(later[0].contains("-> ok"), "{later:?}");
        assert!(later[1].contains("answers again"), "{later:?}");
        let (rest, code) = watch.stop(&env);
        assert_eq!(rest, Vec::<String>::new());
        assert_eq!(code, 0);
    }
}
