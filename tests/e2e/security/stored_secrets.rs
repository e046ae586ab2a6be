//! Secrets that applink itself keeps: client secrets of OAuth 2.0, private keys, and the passphrases
//! of encrypted ones. Whatever is run, and however it ends, they are in their own file and in no
//! output, log, state, backup, cache, journal, report or other file, in no form; and nothing that
//! holds one shows it to somebody who debugs.

use std::fs;

use applink::credentials::{Credential, Secret};
use applink::oauth::PrivateKey;
use applink::oauth::dance::AccessToken;
use applink::oauth::sign::{RequestStamp, UnsignedRequest, sign};
use applink_sandbox::Fault;
use secrecy::SecretString;

use crate::support::canaries::Canaries;
use crate::support::consumers::{LONG, key_path};
use crate::support::env::Env;
use crate::support::oauth2_clients::{clients, secret_path};
use crate::support::output::RunOutput;
use crate::support::secret_encodings::encodings;
use crate::support::worlds::count_writes;
use crate::support::{consumers, oauth2_clients};

/// Everything that tells much, whatever comes of it.
const TALK: [&str; 8] = [
    "list -vv --log-file {home}/log",
    "list {jira} -o json -vv",
    "verify -vv --log-file {home}/log",
    "verify --report {home}/report.md",
    "verify --report {home}/report.html",
    "verify --report {home}/report.json",
    "export -vv",
    "app show jira -o json -vv",
];

fn talk(env: &Env) -> Vec<RunOutput> {
    TALK.iter().map(|line| env.applink(line)).collect()
}

const EDIT: &str = "edit jira --oauth2-client 'My CI'";

#[test]
fn client_secrets_are_only_in_their_own_file() {
    let env = oauth2_clients::client_env();
    let app = env.world.app("jira").clone();
    let mut canaries = Canaries {
        own: vec![secret_path(&env)],
        ..Canaries::default()
    };
    let loud = "-vv --log-file {home}/log";
    let mut outs = vec![
        env.applink(&format!("{} {loud}", oauth2_clients::CREATE_CLIENT))
            .expect(0),
    ];
    let secret = |env: &Env| clients(env)[0]["secret"].as_str().unwrap().to_owned();
    canaries.add(&secret(&env));
    outs.extend(talk(&env));
    outs.push(
        env.applink(&format!("{EDIT} --scope READ {loud}"))
            .expect(0),
    );
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());

    // An application that repeats it, in an answer and on a page.
    let said = format!(r#"{{"message":"not {}","status-code":400}}"#, secret(&env));
    for fault in [
        Fault::status(400).body("application/json", said),
        Fault::html(&format!("Hello {}", secret(&env))),
        Fault::redirect(&format!("https://else.example/?secret={}", secret(&env))),
    ] {
        app.fault(fault.method("PUT"));
        outs.push(env.applink(&format!("{EDIT} --scope ADMIN {loud}")));
        assert_ne!(outs.last().unwrap().code, 0);
        app.clear_faults();
    }
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());

    // Another one, whose answer is lost; and one whose run is killed.
    app.fault(Fault::reset_after().method("PUT"));
    outs.push(env.applink(&format!("{EDIT} --reset-secret --yes {loud}")));
    canaries.add(&secret(&env));
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());
    app.clear_faults();
    outs.push(env.applink(&format!("resume {loud}")).expect(0));
    canaries.add(&secret(&env));
    app.fault(Fault::stall_after(0).method("PUT"));
    env.world.clear_requests();
    let mut child = env.start(&format!("{EDIT} --reset-secret --yes {loud}"));
    let there = env.world.wait_for_requests(LONG, |requests| {
        count_writes(requests) == 1 && requests.iter().all(|one| one.status.is_some())
    });
    assert!(there);
    child.kill().unwrap();
    outs.push(env.wait(child));
    canaries.add(&secret(&env));
    app.clear_faults();
    assert!(env.has_journal());
    outs.push(env.applink("resume --dry-run -vv"));
    outs.extend(talk(&env));
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());
    outs.push(env.applink(&format!("resume {loud}")).expect(0));
    canaries.add(&secret(&env));
    let delete = format!("delete jira --oauth2-client 'My CI' --yes {loud}");
    let said = format!(r#"{{"message":"not {}","status-code":500}}"#, secret(&env));
    app.fault(
        Fault::status(500)
            .body("application/json", said)
            .method("DELETE"),
    );
    outs.push(env.applink(&delete).expect(5));
    app.clear_faults();
    outs.push(env.applink(&delete).expect(0));
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());
    assert!(env.state_sibling(".bak").exists() && env.path("log").exists());
}

#[test]
fn private_keys_are_only_in_their_own_file() {
    let env = consumers::consumer_env();
    let app = env.world.app("jira").clone();
    let mut canaries = Canaries::default();
    let loud = "-vv --log-file {home}/log";
    let keys = env.path("state/applink/applink.keys");
    let mut outs = vec![
        env.applink(&format!(
            "{} --two-legged {loud}",
            consumers::CREATE_CONSUMER
        ))
        .expect(0),
    ];
    canaries.add_key(&key_path(&env));
    outs.extend(talk(&env));
    for line in [
        "key show state/applink/applink.keys/jira-jenkins.pem -vv -o json",
        "authorize jira --consumer Jenkins --two-legged --test -vv --log-file {home}/log",
        "key rotate jira --consumer Jenkins --yes -vv --log-file {home}/log",
    ] {
        outs.push(
            env.applink(&line.replace("state/", "{home}/state/"))
                .expect(0),
        );
    }
    canaries.add_key(&keys.join("jira-jenkins-2.pem"));
    outs.push(
        env.applink("key rotate jira --consumer Jenkins --new-consumer-key second -vv")
            .expect(0),
    );
    canaries.add_key(&keys.join("jira-jenkins-3.pem"));
    for line in [
        "key generate --key-file own.pem -vv --log-file {home}/log",
        "key convert own.pem --to pkcs1 --out old.pem -vv --log-file {home}/log",
        "key convert own.pem --to spki -vv",
        "key convert own.pem --to jwk -vv",
    ] {
        outs.push(env.applink(line).expect(0));
    }
    canaries.add_key(&env.path("work/own.pem"));
    canaries.add_key(&env.path("work/old.pem"));
    outs.extend(talk(&env));
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());

    // Where it has no place, or cannot be read, it is not repeated either.
    let pem = fs::read_to_string(env.path("work/own.pem")).unwrap();
    let torn = pem.replacen("MII", "MIX", 1);
    env.write("work/torn.pem", &torn, 0o600);
    env.write("work/open.pem", &pem, 0o644);
    for file in ["torn.pem", "open.pem"] {
        canaries.own.push(env.path("work").join(file));
    }
    for line in [
        "key show torn.pem -vv",
        "key convert open.pem --to pkcs8 --out x.pem -vv",
        "create jira --consumer Other --public-key own.pem -vv",
        "create jira --consumer Other --key-file torn.pem -vv",
        "create jira --consumer Other --key-file open.pem -vv",
        "authorize jira --consumer Jenkins --key-file open.pem --two-legged -vv",
        "plan own.pem -vv",
        "apply own.pem --yes -vv",
        "list --state own.pem -vv",
    ] {
        let out = env.applink(line);
        assert_ne!(out.code, 0, "{line}: {}", out.transcript());
        outs.push(out);
    }
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());

    // Killed while its public half is on its way: the journal is there.
    app.fault(Fault::delay(LONG).method("PUT"));
    env.world.clear_requests();
    let mut child = env.start(&format!("key rotate jira --consumer Jenkins --yes {loud}"));
    let there = env
        .world
        .wait_for_requests(LONG, |requests| count_writes(requests) == 1);
    assert!(there);
    child.kill().unwrap();
    outs.push(env.wait(child));
    app.clear_faults();
    assert!(env.has_journal());
    let fourth = keys.join("jira-jenkins-4.pem");
    canaries.add_key(&fourth);
    outs.push(env.applink("resume --dry-run -o json -vv").expect(0));
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());
    outs.push(env.applink(&format!("resume --undo {loud}")).expect(0));
    assert!(!fourth.exists());
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());
}

/// What is written for somebody who debugs.
#[test]
fn debug_output_shows_no_secret() {
    const CANARY: &str = "c4nary-4711-secret";
    let secret = || Secret::new(CANARY).unwrap();
    let token = SecretString::from(CANARY);
    let access = AccessToken {
        token: token.clone(),
        session_handle: Some(token),
        expires_in: None,
        authorization_expires_in: None,
    };
    let key = PrivateKey::generate(2048).unwrap();
    let request = UnsignedRequest {
        method: "GET",
        url: "https://jira.example/rest",
        form: &[],
        consumer_key: "jenkins",
        token: Some(CANARY),
        extra: &[],
    };
    let stamp = RequestStamp::fresh().unwrap();
    let signed = sign(&request, &stamp, &key).unwrap();
    assert!(signed.authorization.contains(CANARY));
    let basic = Credential::basic("admin", secret()).unwrap();
    let bearer = Credential::bearer(secret()).unwrap();
    let shown = [
        format!("{:?} {basic:?} {basic:#?} {bearer:?} {access:?}", secret()),
        format!("{signed:?} {signed:#?} {request:?} {key:?} {key:#?}"),
    ]
    .concat();
    for form in encodings(CANARY) {
        assert!(!shown.contains(&form), "{shown}");
    }
    let pem = key.to_pkcs8_pem().unwrap();
    for line in pem.lines().filter(|line| line.len() > 20) {
        assert!(!shown.contains(line), "{shown}");
    }
}

/// A secret that somebody has written where it has no place is not repeated when that is said.
#[test]
fn secrets_in_the_wrong_file_are_not_repeated() {
    const CANARY: &str = "hunter2-c4nary";
    let env = oauth2_clients::client_env();
    let mut canaries = Canaries::default();
    canaries.add(CANARY);
    let id = env.world.app("jira").id();
    let head = "serial = 1\n[applications.jira]\n";
    let mut outs = Vec::new();
    for (at, rest) in [
        format!("url = \"https://jira.example\"\nid = \"{id}\"\ntype = \"jira\"\ncredential = \"{CANARY}\"\n"),
        format!("url = \"https://admin:{CANARY}@jira.example\"\nid = \"{id}\"\ntype = \"jira\"\n"),
        format!("url = \"https://jira.example\"\npassword = \"{CANARY}\n"),
        format!("url = \"https://jira.example\"\n{CANARY} = 1\npassword = {CANARY}\n"),
    ]
    .iter()
    .enumerate()
    {
        let state = env.write(&format!("work/state-{at}.toml"), &format!("version = 2\n{head}{rest}"), 0o600);
        let plan = env.write(&format!("work/plan-{at}.toml"), &format!("version = 1\n{head}{rest}"), 0o600);
        canaries.own.extend([state, plan]);
        for line in [
            format!("app list --state state-{at}.toml -vv"),
            format!("list --state state-{at}.toml -o json -vv"),
            format!("plan plan-{at}.toml -vv"),
            format!("apply plan-{at}.toml --yes -o json"),
        ] {
            let out = env.applink(&line);
            assert_ne!(out.code, 0, "{line}: {}", out.transcript());
            outs.push(out);
        }
    }
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());
}
