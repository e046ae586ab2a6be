//! Links with Trusted Applications.

use applink_sandbox::{AppHandle, LegacyAuth};

use crate::support::env::Env;
use crate::support::worlds::{jira, wiki, world};

pub(crate) const TRUSTED: LegacyAuth = LegacyAuth {
    trusted_incoming: true,
    trusted_outgoing: true,
    basic_outgoing: false,
    remote_sysadmin: true,
};

/// Links two applications by Trusted Applications alone.
pub(crate) fn trust(a: &AppHandle, b: &AppHandle) {
    for (one, other) in [(a, b), (b, a)] {
        let id = one.add_link_to(other);
        one.set_legacy(&id, TRUSTED);
    }
}

pub(crate) fn env_with_trusted_apps() -> Env {
    let env = Env::new(world([jira(), wiki()]));
    trust(env.world.app("jira"), env.world.app("wiki"));
    env.add_all();
    env
}
