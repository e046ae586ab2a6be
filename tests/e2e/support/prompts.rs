//! What the prompts for credentials ask.

use applink_sandbox::Role;

use crate::support::env::Env;
use crate::support::worlds::pair;

pub(crate) const USER_PROMPT: &str = "empty for a personal access token:";

pub(crate) fn env_without_credentials() -> Env {
    Env::without_credentials(pair())
}

pub(crate) fn admin_login(env: &Env, app: &str) -> (String, String) {
    let user = env.world.app(app).user(Role::SystemAdmin);
    (user.name.clone(), user.password.clone())
}
