//! OAuth 2.0 clients registered by `create --oauth2-client`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::worlds::{jira, world};

/// The command that most tests run.
pub(crate) const CREATE_CLIENT: &str = "create {jira} --oauth2-client 'My CI' --redirect-uri https://ci.example.com/cb --scope WRITE -o json";

pub(crate) fn client_env() -> Env {
    Env::new(world([jira()]))
}

pub(crate) fn secret_path(env: &Env) -> PathBuf {
    env.path("state/applink/applink.keys/jira.My%20CI.secret")
}

/// What the application has, secrets included.
pub(crate) fn clients(env: &Env) -> Vec<Value> {
    let snapshot = env.world.app("jira").snapshot();
    snapshot["oauth2_clients"].as_array().unwrap().clone()
}

/// Every secret that the application knows is in no output and in no file but its own.
#[track_caller]
pub(crate) fn assert_no_secret_leaks(env: &mut Env, outs: &[&RunOutput]) {
    env.allow_secrets_in(secret_path(env));
    for client in clients(env) {
        let secret = client["secret"].as_str().unwrap();
        assert!(secret.len() > 20);
        for out in outs {
            assert!(!out.stdout.contains(secret) && !out.stderr.contains(secret));
        }
        // From now on the harness looks for it after every run.
        env.secret("jira", secret);
    }
    env.applink("app list").expect(0);
}

/// The file holds what the application takes, for its owner alone.
#[track_caller]
pub(crate) fn assert_secret_stored(env: &Env) {
    let path = secret_path(env);
    let meta = fs::metadata(&path).unwrap();
    assert_eq!(meta.permissions().mode() & 0o7777, 0o600);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.trim_end(), clients(env)[0]["secret"]);
    let directory = fs::metadata(path.parent().unwrap()).unwrap();
    assert_eq!(directory.permissions().mode() & 0o7777, 0o700);
}
