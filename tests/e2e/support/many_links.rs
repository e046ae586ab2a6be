//! An application with links of every kind.

use applink_sandbox::{App, LegacyAuth, Link, OAuthFlags, Product};

use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::worlds::{jira, link, wiki, world};

/// A Jira with a sound link, one-way links, one at two levels, a legacy one, and strangers.
pub(crate) fn env_with_many_links() -> Env {
    let env = Env::new(world([
        jira(),
        wiki(),
        App::new(Product::Bamboo, "bamboo"),
        App::new(Product::Bitbucket, "code"),
        App::new(Product::Crowd, "crowd"),
    ]));
    let [jira, wiki, bamboo, code] =
        ["jira", "wiki", "bamboo", "code"].map(|alias| env.world.app(alias));
    link(jira, wiki, OAuthFlags::OAUTH);
    jira.add_link_to(bamboo);
    link(jira, code, OAuthFlags::OAUTH);
    code.set_outgoing(&jira.id(), OAuthFlags::IMPERSONATION);
    let legacy = LegacyAuth {
        trusted_outgoing: true,
        trusted_incoming: true,
        ..LegacyAuth::default()
    };
    for (one, other) in [(wiki, code), (code, wiki)] {
        let id = one.add_link_to(other);
        one.set_legacy(&id, legacy);
    }
    jira.add_link(Link::new(
        "00000000-0000-4000-8000-000000000001",
        "generic",
        "</svg>\"-->\\\n\u{202e}",
        "https://ci.example.com",
    ));
    env.add_all();
    env
}

#[track_caller]
pub(crate) fn run_graph(env: &Env, line: &str) -> RunOutput {
    let out = env.applink(line).expect(0);
    let raw = out
        .stdout
        .chars()
        .find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
    assert_eq!(raw, None, "{}", out.transcript());
    out
}
