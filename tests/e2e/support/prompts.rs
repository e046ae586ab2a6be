//! What the prompts for credentials ask.

use applink_sandbox::Role;
use rustix::termios::LocalModes;

use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{both, levels, pair, writes};

pub(crate) const USER: &str = "empty for a personal access token:";

pub(crate) fn nobody() -> Env {
    Env::without_credentials(pair())
}

pub(crate) fn admin(env: &Env, app: &str) -> (String, String) {
    let user = env.world.app(app).user(Role::SystemAdmin);
    (user.name.clone(), user.password.clone())
}
