//! Consumers registered by `create --consumer`, and what the applications store about them.

use std::path::PathBuf;
use std::time::Duration;

use applink::oauth::{PrivateKey, public_key};
use applink_sandbox::{Generation, OAuthFlags};

use crate::support::env::Env;
use crate::support::keys::secret_lines;
use crate::support::output::RunOutput;
use crate::support::worlds::{jira, world};

pub(crate) const LONG: Duration = Duration::from_secs(60);

/// The command that most tests run.
pub(crate) const CREATE_CONSUMER: &str = "create {jira} --consumer Jenkins -o json";

pub(crate) fn consumer_env() -> Env {
    Env::new(world([jira()]))
}

pub(crate) fn consumer_env_of(generation: Generation) -> Env {
    Env::new(world([jira().generation(generation)]))
}

pub(crate) fn key_path(env: &Env) -> PathBuf {
    env.path("state/applink/applink.keys/jira-jenkins.pem")
}

/// The incoming switches of the only link.
pub(crate) fn incoming_flags(env: &Env) -> (bool, bool, bool) {
    let app = env.world.app("jira");
    let links = app.links();
    assert_eq!(links.len(), 1);
    let (incoming, outgoing) = app.flags(&links[0].id).unwrap();
    assert_eq!(outgoing, OAuthFlags::NONE);
    (incoming.enabled, incoming.two_lo, incoming.two_loi)
}

/// Key and fingerprint of every consumer that is accepted.
pub(crate) fn registered_keys(env: &Env) -> Vec<(String, String)> {
    let consumers = env.world.app("jira").consumers();
    consumers
        .iter()
        .map(|one| {
            let key = public_key::parse(one.public_key.as_deref().unwrap()).unwrap();
            (one.key.clone(), key.fingerprint())
        })
        .collect()
}

/// A pair whose private half is in a file; its public half in another.
pub(crate) fn write_key_pair(env: &Env, name: &str) -> PrivateKey {
    env.applink(&format!("key generate --key-file {name}.pem"))
        .expect(0);
    let key = PrivateKey::load(&env.path(&format!("work/{name}.pem"))).unwrap();
    let public = public_key::to_pem(key.public());
    env.write(&format!("work/{name}.pub"), &public, 0o644);
    key
}

/// No private key is anywhere but in its own file.
#[track_caller]
pub(crate) fn assert_no_key_leaks(env: &Env, outs: &[&RunOutput]) {
    let files = env.files();
    let mut found = 0;
    for (path, content) in &files {
        let text = String::from_utf8_lossy(content);
        if !text.contains("PRIVATE KEY-----") {
            continue;
        }
        found += 1;
        for line in secret_lines(&text) {
            for out in outs {
                assert!(!out.stdout.contains(line) && !out.stderr.contains(line));
            }
            for (other, content) in &files {
                let text = String::from_utf8_lossy(content);
                assert!(other == path || !text.contains(line), "{}", other.display());
            }
        }
    }
    assert!(found > 0, "no private key is there");
}
