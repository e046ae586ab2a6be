//! Applications that hang: each costs its own time-out, and nobody else's.

use std::process::Child;
use std::time::{Duration, Instant};

use applink_sandbox::{App, AppHandle, Exchange, Fault, OAuthFlags, Product, World};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::env::Env;
use crate::support::output::index_by;
use crate::support::worlds::client_requests;

/// Long enough for a machine that has very much to do.
const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than any test.
const FOREVER: Duration = Duration::from_secs(600);

/// Linked applications: `a-0` and on answer, those after `h-0` do once they are told to.
fn mesh(healthy: usize, hanging: usize) -> Env {
    let apps = |letter: char, count: usize| {
        (0..count).map(move |n| {
            App::new(Product::Jira, &format!("{letter}-{n}")).server_id(&format!(
                "{}MSH-{n:04}-BNCH-BNCH",
                letter.to_ascii_uppercase()
            ))
        })
    };
    let all = apps('a', healthy).chain(apps('h', hanging));
    let env = Env::new(World::builder().seed(3).apps(all).start().unwrap());
    let aliases: Vec<&str> = env.world.apps().iter().map(AppHandle::alias).collect();
    for (n, one) in aliases.iter().enumerate() {
        for other in &aliases[n + 1..] {
            env.world.link(one, other, OAuthFlags::OAUTH);
        }
    }
    env.add_all();
    env
}

fn is_healthy(app: &AppHandle) -> bool {
    app.alias().starts_with('a')
}

/// Makes those hang that are to.
fn hang(env: &Env) {
    for app in env.world.apps().iter().filter(|app| !is_healthy(app)) {
        app.fault(Fault::delay(FOREVER));
    }
}

/// The addresses under which healthy applications tell of their links to each other.
fn healthy_ends(env: &Env, ending: &str) -> Vec<(String, String)> {
    let healthy = || env.world.apps().iter().filter(|app| is_healthy(app));
    healthy()
        .flat_map(|one| healthy().map(move |other| (one, other)))
        .filter(|(one, other)| one.alias() != other.alias())
        .map(|(one, other)| {
            let path = format!("/rest/applinks/3.0/status/{}{ending}", other.id());
            (one.alias().to_owned(), path)
        })
        .collect()
}

/// Waits until all that can be asked was asked, and ends the program, which has not ended yet.
fn asks_meanwhile(env: &Env, mut child: Child, wanted: &[(String, String)]) {
    let asked = |log: &[Exchange]| {
        wanted.iter().all(|(app, path)| {
            log.iter().any(|request| {
                request.sender.is_none()
                    && request.app == *app
                    && request.path == *path
                    && request.status.is_some()
            })
        })
    };
    assert!(
        env.world.wait_for_requests(PATIENCE, asked),
        "somebody waits for somebody else"
    );
    assert!(child.try_wait().unwrap().is_none());
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    env.wait(child).expect(130);
}

#[test]
fn applications_that_answer_do_not_wait_for_one_that_hangs() {
    let env = mesh(3, 1);
    hang(&env);
    let child = env.start("verify --timeout 600");
    asks_meanwhile(&env, child, &healthy_ends(&env, ""));
    env.world.clear_requests();
    let child = env.start("list --timeout 600");
    asks_meanwhile(&env, child, &healthy_ends(&env, "/oauth"));
}

#[test]
fn a_hanging_application_takes_one_connection() {
    // Eight that are asked four things at a time would take all seats.
    let env = mesh(3, 8);
    hang(&env);
    let child = env.start("verify --timeout 600 --jobs 12 --per-host 4");
    asks_meanwhile(&env, child, &healthy_ends(&env, ""));
}

#[test]
fn a_hanging_application_causes_only_its_own_errors() {
    let env = mesh(3, 1);
    hang(&env);
    let limit = Duration::from_secs(3);
    let start = Instant::now();
    let out = env.applink("verify -o json --timeout 3").expect(5);
    let took = start.elapsed();
    assert!(took < limit * 2, "{took:?}");
    let json = out.json();
    let errors: Vec<(&Value, &Value)> = json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (&error["app"], &error["kind"]))
        .collect();
    assert_eq!(errors, [(&json!("h-0"), &json!("unreachable"))]);
    let summary = &json["summary"];
    assert_eq!(
        (&summary["ok"], &summary["unverifiable"]),
        (&json!(3), &json!(3))
    );
    for link in json["links"].as_array().unwrap() {
        if link["remote"] != "h-0" {
            assert_eq!(link["status"], "ok");
            continue;
        }
        let local = link["local"].as_str().unwrap();
        assert_eq!(
            (&link["status"], &link["code"]),
            (&json!("unverifiable"), &Value::Null)
        );
        // The cause is the one that hangs; the other end says whom it waits for.
        let summary = link["summary"].as_str().unwrap();
        assert!(summary.starts_with("h-0 (") && summary.contains("no answer within 3s"));
        let ends = index_by(&link["ends"], "app");
        assert_eq!(ends[local]["status"], "unverifiable");
        let told = link["checks"]
            .as_array()
            .unwrap()
            .iter()
            .find(|check| check["name"] == "status" && check["end"] == local)
            .unwrap();
        assert_eq!(told["status"], "skip");
        let told = told["summary"].as_str().unwrap();
        assert!(
            told.starts_with(&format!("{local} has not said"))
                && told.contains("it asks h-0 first"),
            "{told}"
        );
    }
    // It was asked once, and not for every question again.
    let asked = client_requests(&env.world);
    let of_it: Vec<&str> = asked
        .iter()
        .filter(|request| request.app == "h-0")
        .map(|request| request.path.as_str())
        .collect();
    assert_eq!(of_it, ["/rest/applinks/1.0/manifest"]);
    assert!(!out.says("a-0 (127"), "{}", out.transcript());
}

/// From here all is well; between the two servers packets are dropped.
#[test]
fn a_hanging_connection_between_two_servers_is_reported_for_that_link() {
    let env = mesh(2, 0);
    let slow = Fault::delay(FOREVER).from_app("a-0");
    env.world.app("a-1").fault(slow);
    let out = env.applink("verify -o json --timeout 1").expect(5);
    let json = out.json();
    assert_eq!(json["errors"], json!([]));
    let link = &json["links"][0];
    assert_eq!(
        (&link["status"], &link["code"]),
        (&json!("unverifiable"), &Value::Null)
    );
    let said = "a-0 has not said within 1s how this link is: it asks a-1 first";
    assert_eq!(link["summary"], said);
    let ends = index_by(&link["ends"], "app");
    assert_eq!(
        (&ends["a-0"]["status"], &ends["a-1"]["status"]),
        (&json!("unverifiable"), &json!("ok"))
    );
    assert_eq!(out.error()["kind"], "unreachable");
    assert_eq!(out.error()["message"], said);
    env.applink("verify --timeout 1")
        .expect(5)
        .expect_says(said);
}

/// An application that answers for itself, and can reach nobody.
#[test]
fn an_application_that_waits_for_its_peers_is_timed_out() {
    let env = mesh(7, 0);
    let at = |path: &str| Fault::delay(FOREVER).path(path).from_outside();
    env.world.app("a-0").fault(at("/rest/applinks/3.0/status/"));
    let out = env
        .applink("verify a-0 -o json --timeout 2 --per-host 2")
        .expect(5);
    assert_eq!(out.json()["errors"], json!([]));
    assert_eq!(out.json()["summary"]["unverifiable"], 6);
    let asked = client_requests(&env.world)
        .iter()
        .filter(|r| r.app == "a-0" && r.path.contains("/3.0/status/"))
        .count();
    // Two at a time; when one of two is over the next one begins.
    assert!(asked <= 4, "{asked}");
}

/// An application that stops answering after it has shown its list.
#[test]
fn an_application_that_stops_responding_gets_no_more_requests() {
    let env = mesh(6, 0);
    let silent = || Fault::delay(FOREVER).path("/rest/applinks/3.0/status/");
    env.world.app("a-0").fault(silent().from_outside());
    let kept = Fault::delay(FOREVER).path("/authentication/");
    env.world.app("a-0").fault(kept);
    for line in ["verify", "list"] {
        env.world.clear_requests();
        let out = env
            .applink(&format!("{line} -o json --timeout 2 --per-host 2"))
            .expect(5);
        let errors = out.json()["errors"].clone();
        assert_eq!(errors[0]["app"], "a-0", "{}", out.transcript());
        assert_eq!(errors.as_array().unwrap().len(), 1, "{}", out.transcript());
        let in_vain = client_requests(&env.world)
            .iter()
            .filter(|request| request.app == "a-0" && request.status.is_none())
            .count();
        // What was in flight, and what may have begun before both were over.
        assert!(in_vain <= 3, "{in_vain}");
    }
}

/// One whose statuses all hang is given up with the first that does, however many links it has.
#[test]
fn hanging_statuses_cost_one_timeout_in_total() {
    let env = mesh(9, 1);
    let hanging = env.world.app("h-0");
    hanging.fault(Fault::delay(FOREVER).path("/rest/applinks/3.0/status/"));
    for line in ["export --timeout 2", "list --timeout 2"] {
        env.world.clear_requests();
        let out = env.applink(line).expect(5);
        assert!(out.says("h-0"), "{}", out.transcript());
        let asked = env.world.requests();
        let statuses = asked.iter().filter(|request| {
            request.sender.is_none()
                && request.app == "h-0"
                && request.path.contains("/rest/applinks/3.0/status/")
        });
        // Nine links, four in flight: those that waited for a turn are not sent.
        assert!(statuses.count() <= 4, "{line}");
    }
}
