//! `applink verify`: how often it asks, what it watches, how it ends; and `applink explain`.

use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::time::Duration;

use applink::domain::Code;
use applink_sandbox::{App, Exchange, Fault, Generation, OAuthFlags, Product, World};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::faulty_links::{add_all, four, linked_in};
use crate::support::terminal::Terminal;
use crate::support::worlds::{jira, outside, wiki, world};

/// Long enough for a machine that has very much to do.
const PATIENCE: Duration = Duration::from_secs(60);

fn asked(world: &World) -> Vec<String> {
    let mut asked: Vec<String> = outside(world)
        .iter()
        .map(|request| format!("{} {} {}", request.app, request.method, request.target()))
        .collect();
    asked.sort();
    asked
}

#[test]
fn a_status_that_could_not_be_read_is_not_called_missing() {
    let mut env = Env::new(world([jira(), wiki()]));
    env.applink("create {jira} {wiki}").expect(0);
    env.basic("wiki", "admin", "wrong");
    let out = env.applink("verify -o json").expect(4);
    let checks = out.json()["links"][0]["checks"].clone();
    let of_wiki = |check: &&Value| check["name"] == "status" && check["end"] == "wiki";
    let status = checks.as_array().unwrap().iter().find(of_wiki).unwrap();
    let summary = status["summary"].as_str().unwrap();
    assert!(
        summary.contains("could not be read") && summary.contains("refuses the user name"),
        "{summary}"
    );
    assert_eq!(status["status"], "skip");
    assert!(!out.says("no status of its own"), "{}", out.shown());
}

/// The table goes through the pipe, the next command beside it.
#[test]
fn in_a_pipe_the_next_command_is_said_beside_it() {
    let env = Env::new(world([jira(), wiki()]));
    env.applink("create {jira} {wiki}").expect(0);
    assert_eq!(env.applink("verify").expect(0).stderr, "");
    let wiki = env.world.app("wiki").id();
    let jira = env.world.app("jira");
    jira.set_outgoing(&wiki, OAuthFlags::IMPERSONATION);
    let out = env.applink("verify").expect(6);
    let fix = env.applink("verify -o json").json()["links"][0]["fix"][0]["command"].clone();
    let hint = format!("hint: jira and wiki: {}\n", fix.as_str().unwrap());
    assert!(out.stderr.contains(&hint), "{}", out.shown());
    assert_eq!(out.stdout.lines().count(), 1, "{}", out.shown());
    assert_eq!(env.applink("verify -q").expect(6).stderr, "");
}

#[test]
fn a_program_that_is_registered_needs_nobody() {
    let env = Env::new(world([jira()]));
    env.add_all();
    env.applink("create jira --consumer Jenkins").expect(0);
    let out = env.applink("repair").expect(0);
    assert!(!out.says("GENERIC_LINK"), "{}", out.shown());
    let shown = Terminal::start(&env, "verify").ends(0);
    assert_eq!(shown.matches("Jenkins").count(), 1, "{shown}");
    assert!(!shown.contains("applink explain"), "{shown}");
    let json = env.applink("verify -o json").expect(0).json();
    assert_eq!(json["links"][0]["code"], "GENERIC_LINK");
}

#[test]
fn a_healthy_link_takes_few_requests() {
    for generation in [
        Generation::Classic,
        Generation::Modern,
        Generation::Old,
        Generation::Old4,
    ] {
        let env = Env::new(world([
            jira().generation(generation),
            wiki().generation(generation),
        ]));
        env.world.link("jira", "wiki", OAuthFlags::OAUTH);
        add_all(&env);
        env.applink("verify").expect(0);
        let asked = asked(&env.world);
        assert!(asked.len() <= 14, "{generation:?}: {asked:#?}");
    }
}

/// One Jira with five links.
fn star(generation: Generation) -> Env {
    let peers = [
        (Product::Confluence, "wiki"),
        (Product::Bitbucket, "bitbucket"),
        (Product::Bamboo, "bamboo"),
        (Product::Crowd, "crowd"),
        (Product::Fecru, "fecru"),
    ];
    let mut builder = World::builder().seed(11).app(jira().generation(generation));
    for (product, alias) in peers {
        builder = builder.app(App::new(product, alias).generation(generation));
    }
    let env = Env::new(builder.start().unwrap());
    for (_, alias) in peers {
        env.world.link("jira", alias, OAuthFlags::OAUTH);
    }
    add_all(&env);
    env
}

#[test]
fn what_does_not_depend_on_the_link_is_asked_once() {
    for generation in [Generation::Classic, Generation::Old] {
        let env = star(generation);
        let out = env.applink("verify -o json").expect(0);
        assert_eq!(out.json()["summary"]["ok"], 5, "{}", out.shown());
        let asked = asked(&env.world);
        let mut once = asked.clone();
        once.dedup();
        assert_eq!(asked, once, "{generation:?}");
        // Five more for Jira's ends than for those of each peer, and nothing else.
        let of = |alias: &str| asked.iter().filter(|line| line.starts_with(alias)).count();
        assert!(
            of("jira ") <= of("wiki ") + 4 * 2,
            "{generation:?}: {asked:#?}"
        );
    }
}

#[test]
fn links_that_work_are_ok() {
    let one_direction = |env: &Env| {
        let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
        assert!(jira.set_outgoing(&wiki.id(), OAuthFlags::NONE));
        wiki.set_incoming(&jira.id(), OAuthFlags::NONE, jira);
    };
    // A record may have the id that is derived from the other's base URL.
    let by_address = |env: &Env| {
        let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
        let derived = applink_sandbox::url_derived_id(&jira.base_url());
        assert!(wiki.edit_link(&jira.id(), |link| link.id = derived));
    };
    let written_otherwise = |env: &Env| {
        let [jira, wiki] = ["jira", "wiki"].map(|alias| env.world.app(alias));
        assert!(jira.edit_link(&wiki.id(), |link| link.rpc_url.push('/')));
        assert!(wiki.edit_link(&jira.id(), |link| link.display_url.push('/')));
    };
    let changes: [&dyn Fn(&Env); 3] = [&one_direction, &by_address, &written_otherwise];
    for change in changes {
        let env = linked_in(four(jira(), wiki()), OAuthFlags::OAUTH);
        change(&env);
        let out = env.applink("verify -o json").expect(0);
        assert_eq!(out.json()["summary"]["ok"], 2, "{}", out.shown());
        env.applink("repair --yes").expect(0);
        assert!(crate::support::worlds::writes(&env.world).is_empty());
    }
}

#[test]
fn from_which_status_on_it_fails() {
    let env = linked_in(four(jira(), wiki()), OAuthFlags::NONE);
    env.applink("verify").expect(0);
    env.applink("verify --fail-on broken").expect(0);
    env.applink("verify --fail-on warning").expect(6);
    env.applink("verify bamboo --fail-on warning").expect(0);
    env.world
        .app("wiki")
        .remove_link(&env.world.app("jira").id());
    for line in [
        "verify",
        "verify --fail-on broken",
        "verify --fail-on warning",
    ] {
        env.applink(line).expect(6);
    }
    env.applink("verify --fail-on never").expect(2);
}

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
fn watching_tells_of_changes_only() {
    let env = linked_in(four(jira(), wiki()), OAuthFlags::OAUTH);
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
fn watching_ends_with_what_was_last() {
    let env = linked_in(four(jira(), wiki()), OAuthFlags::OAUTH);
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
fn watching_is_interrupted_while_it_asks() {
    let env = linked_in(four(jira(), wiki()), OAuthFlags::OAUTH);
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
fn every_code_is_explained() {
    let env = Env::new(world([]));
    let all = env.applink("explain -o json").expect(0).json()["codes"].clone();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), Code::ALL.len());
    for (code, told) in Code::ALL.iter().zip(all) {
        assert_eq!(told["code"], code.as_str());
        assert_eq!(told["category"], code.category().as_str());
        for list in ["causes", "fixes"] {
            assert!(!told[list].as_array().unwrap().is_empty(), "{told}");
        }
        assert!(
            told["meaning"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert!(told["status"].as_str().is_some_and(|text| !text.is_empty()));
        let alone = env.applink(&format!("explain {code} -o json")).expect(0);
        assert!(
            alone.json()["codes"].as_array().unwrap().contains(told),
            "{}",
            alone.shown()
        );
        let text = env.applink(&format!("explain {code}")).expect(0);
        assert!(text.says(code.as_str()), "{}", text.shown());
    }
    env.applink("explain NO_SUCH_CODE -o json").expect(2);
}
