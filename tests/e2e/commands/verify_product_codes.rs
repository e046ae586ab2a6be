//! Each code of the products: a world in which they say it, and what applink makes of it.

use std::time::Duration;

use applink::domain::Code;
use applink_sandbox::{
    AppHandle, Fault, Generation, LegacyAuth, Link, OAuthFlags, Role, Tls, Trust, url_derived_id,
};

use crate::support::env::Env;
use crate::support::faulty_links::{
    Case, Cause, add_all, changed, changed_in, check_all, four, linked_in, seen,
};
use crate::support::worlds::{jira, wiki};

/// What the products say about the way to their peer.
pub(crate) fn network() -> Vec<Case> {
    use Code::*;
    vec![
        seen(ConnectionRefused, 5, "the peer is down", || {
            changed(|_, wiki| wiki.stop())
        })
        .end("jira", "broken", Some(ConnectionRefused))
        .link("broken", ConnectionRefused),
        seen(ConnectionRefused, 6, "the link has another port", || {
            let env = changed(|_, _| ());
            let port = free_port();
            at(&env, &format!("http://127.0.0.1:{port}"));
            env
        })
        .end("jira", "broken", Some(ConnectionRefused))
        .link("broken", ConnectionRefused)
        .mended(),
        seen(UnknownHost, 6, "a name that nobody knows", || {
            changed(|jira, wiki| {
                jira.edit_link(&wiki.id(), |link| {
                    "http://nowhere.example.invalid".clone_into(&mut link.rpc_url);
                });
            })
        })
        .end("jira", "broken", Some(UnknownHost))
        .link("broken", UnknownHost)
        .mended(),
        seen(SslUntrusted, 6, "a lost trust store", || {
            changed_in(
                four(jira(), wiki().tls(Tls::Good)),
                OAuthFlags::OAUTH,
                |jira, _| jira.configure(|settings| settings.trust = Trust::Nothing),
            )
        })
        .end("jira", "broken", Some(SslUntrusted))
        .link("broken", SslUntrusted),
        seen(
            SslHostnameUnmatched,
            6,
            "a name that is not in the certificate",
            || {
                let env = linked_in(four(jira(), wiki().tls(Tls::Good)), OAuthFlags::OAUTH);
                let port = env.world.app("wiki").port();
                env.world.set_host("wiki.internal.invalid", port);
                at(&env, &format!("https://wiki.internal.invalid:{port}"));
                env
            },
        )
        .end("jira", "broken", Some(SslHostnameUnmatched))
        .link("broken", SslHostnameUnmatched)
        .mended(),
        seen(SslUnmatched, 5, "a client certificate is demanded", || {
            let env = linked_in(four(jira(), wiki().tls(Tls::Good)), OAuthFlags::OAUTH);
            env.world.set_tls("wiki", Tls::ClientCertificate).unwrap();
            env
        })
        .end("jira", "broken", Some(SslUnmatched))
        .link("broken", SslUnmatched),
        seen(
            UnexpectedResponse,
            6,
            "a page for people, for servers only",
            || changed(|_, wiki| wiki.fault(Fault::html("Log in").path("/oauth").from_app("jira"))),
        )
        .end("jira", "broken", Some(UnexpectedResponse))
        .link("broken", UnexpectedResponse),
        seen(
            UnexpectedResponseStatus,
            6,
            "out of service, for servers only",
            || changed(|_, wiki| wiki.fault(Fault::status(503).path("/oauth").from_app("jira"))),
        )
        .end("jira", "broken", Some(UnexpectedResponseStatus))
        .link("broken", UnexpectedResponseStatus)
        .says("503"),
        seen(Unknown, 6, "the connection ends", || {
            changed(|_, wiki| wiki.fault(Fault::reset_after().path("/oauth").from_app("jira")))
        })
        .end("jira", "broken", Some(Unknown))
        .link("broken", Unknown),
        seen(Unknown, 6, "no answer in time", || {
            changed(|jira, wiki| {
                jira.configure(|settings| settings.peer_timeout = Duration::from_millis(50));
                wiki.fault(
                    Fault::delay(Duration::from_secs(30))
                        .path("/oauth")
                        .from_app("jira"),
                );
            })
        })
        .end("jira", "broken", Some(Unknown))
        .link("broken", Unknown)
        .says("gets no answer from wiki in time; it answers from here"),
    ]
}

/// What the products say about signed calls.
pub(crate) fn oauth() -> Vec<Case> {
    use Code::*;
    vec![
        seen(OauthProblem, 6, "another consumer key", || {
            changed(|jira, _| jira.set_consumer_key("another"))
        })
        .end("jira", "broken", Some(OauthProblem))
        .link("broken", OauthProblem)
        .says("consumer_key_unknown")
        .mended(),
        seen(
            OauthTimestampRefused,
            6,
            "a clock that is far behind",
            || changed(|_, wiki| wiki.configure(|settings| settings.clock_offset = -310)),
        )
        .end("jira", "broken", Some(OauthTimestampRefused))
        .link("broken", OauthTimestampRefused),
        seen(OauthSignatureInvalid, 6, "another key", || {
            changed(|jira, _| jira.rotate_key())
        })
        .end("jira", "broken", Some(OauthSignatureInvalid))
        .link("broken", OauthSignatureInvalid)
        .mended(),
        seen(
            OauthSignatureInvalid,
            6,
            "a proxy that the peer does not know of",
            || {
                changed(|_, wiki| {
                    wiki.configure(|settings| {
                        settings.seen_origin = Some("http://internal:8080".to_owned());
                    });
                })
            },
        )
        .end("jira", "broken", Some(OauthSignatureInvalid))
        .link("broken", OauthSignatureInvalid),
    ]
}

/// What the products say about how the ends are set up.
pub(crate) fn set_up() -> Vec<Case> {
    use Code::*;
    vec![
        seen(NoRemoteApplink, 6, "deleted on one side", || {
            changed(|jira, wiki| assert!(wiki.remove_link(&jira.id())))
        })
        .end("jira", "broken", Some(NoRemoteApplink))
        .link("broken", NoRemoteApplink)
        .mended(),
        seen(
            AuthLevelMismatch,
            6,
            "one direction is off at one end",
            || changed(|jira, wiki| wiki.set_incoming(&jira.id(), OAuthFlags::NONE, jira)),
        )
        .end("jira", "broken", Some(AuthLevelMismatch))
        .link("broken", AuthLevelMismatch)
        .mended(),
        seen(AuthLevelUnsupported, 0, "three-legged only", || {
            linked_in(four(jira(), wiki()), OAuthFlags::THREE_LEGGED)
        })
        .end("wiki", "warning", Some(AuthLevelUnsupported))
        .link("warning", AuthLevelUnsupported)
        .mended(),
        seen(
            NoOutgoingAuth,
            6,
            "an old peer, and nothing goes out to it",
            || {
                changed_in(
                    four(jira(), wiki().generation(Generation::Old)),
                    OAuthFlags::OAUTH,
                    |jira, wiki| assert!(jira.set_outgoing(&wiki.id(), OAuthFlags::NONE)),
                )
            },
        )
        .end("jira", "broken", Some(NoOutgoingAuth))
        .link("broken", NoOutgoingAuth)
        .mended(),
        seen(
            NoOutgoingAuth,
            5,
            "a peer that is down, and nothing goes out to it",
            || {
                changed(|jira, wiki| {
                    assert!(jira.set_outgoing(&wiki.id(), OAuthFlags::NONE));
                    wiki.stop();
                })
            },
        )
        .end("jira", "broken", Some(NoOutgoingAuth))
        .link("broken", NoOutgoingAuth)
        .says("cannot reach wiki")
        .says("it does not answer from here either"),
        seen(
            RemoteVersionIncompatible,
            6,
            "a peer that is far too old",
            || {
                linked_in(
                    four(jira(), wiki().generation(Generation::Ancient)),
                    OAuthFlags::OAUTH,
                )
            },
        )
        .end("jira", "broken", Some(RemoteVersionIncompatible))
        .link("broken", RemoteVersionIncompatible),
        seen(Disabled, 0, "off at both ends", || {
            linked_in(four(jira(), wiki()), OAuthFlags::NONE)
        })
        .end("jira", "warning", Some(Disabled))
        .link("warning", Disabled)
        .mended(),
        seen(GenericLink, 0, "a third-party program", || alone("generic"))
            .end("jira", "unverifiable", Some(GenericLink))
            .link("unverifiable", GenericLink),
        seen(NonAtlassian, 0, "a type that a plugin brought", || {
            alone("remote.plugin.container")
        })
        .end("jira", "unverifiable", Some(NonAtlassian))
        .link("unverifiable", NonAtlassian),
        seen(SystemLink, 0, "a link of the product's own", || {
            changed(|jira, wiki| assert!(jira.mark_system(&wiki.id())))
        })
        .end("jira", "unverifiable", Some(SystemLink))
        .link("unverifiable", SystemLink),
    ]
}

/// What the products say about accounts: both ends side by side tell more.
pub(crate) fn access() -> Vec<Case> {
    use Code::*;
    vec![
        seen(
            LocalAuthTokenRequired,
            0,
            "an old peer, and no token for it",
            || changed_in(old_peer(), OAuthFlags::OAUTH, |_, _| ()),
        )
        .end("jira", "unverifiable", Some(LocalAuthTokenRequired)),
        seen(
            RemoteAuthTokenRequired,
            0,
            "an old peer that took the token back",
            || {
                changed_in(old_peer(), OAuthFlags::OAUTH, |jira, wiki| {
                    jira.give_token(&wiki.id(), "admin", wiki, "admin");
                    wiki.revoke_tokens();
                })
            },
        )
        .end("jira", "unverifiable", Some(RemoteAuthTokenRequired)),
        seen(
            InsufficientRemotePermission,
            0,
            "an old peer where the user is no administrator",
            || changed_in(old_peer(), OAuthFlags::OAUTH, not_admin_there),
        )
        .end("jira", "unverifiable", Some(InsufficientRemotePermission)),
        seen(
            InsufficientRemotePermission,
            4,
            "and nobody else can look there",
            || {
                let mut env = changed_in(old_peer(), OAuthFlags::OAUTH, not_admin_there);
                env.login("wiki", Role::User);
                env
            },
        )
        .end("jira", "unverifiable", Some(InsufficientRemotePermission))
        .link("unverifiable", InsufficientRemotePermission),
    ]
}

/// What the products say about the means of old times.
pub(crate) fn legacy() -> Vec<Case> {
    use Code::*;
    vec![
        seen(LegacyUpdate, 0, "Trusted Applications", || {
            trusted(OAuthFlags::NONE, true)
        })
        .end("jira", "warning", Some(LegacyUpdate))
        .link("warning", LegacyUpdate)
        .mended_by_its_command(),
        seen(ManualLegacyUpdate, 0, "without rights at the peer", || {
            trusted(OAuthFlags::NONE, false)
        })
        .end("jira", "warning", Some(ManualLegacyUpdate))
        .link("warning", ManualLegacyUpdate),
        seen(LegacyRemoval, 0, "beside OAuth", || {
            trusted(OAuthFlags::OAUTH, true)
        })
        .end("jira", "warning", Some(LegacyRemoval))
        .link("warning", LegacyRemoval)
        .mended_by_its_command(),
        seen(
            ManualLegacyRemoval,
            0,
            "beside OAuth, without rights at the peer",
            || trusted(OAuthFlags::OAUTH, false),
        )
        .end("jira", "warning", Some(ManualLegacyRemoval))
        .link("warning", ManualLegacyRemoval),
        seen(
            ManualLegacyRemovalWithOldEdit,
            0,
            "incoming, from a peer with the old pages",
            || {
                changed(|jira, wiki| {
                    let legacy = LegacyAuth {
                        trusted_incoming: true,
                        ..LegacyAuth::default()
                    };
                    assert!(jira.set_legacy(&wiki.id(), legacy));
                    wiki.configure(|settings| settings.migration_api = false);
                })
            },
        )
        .end("jira", "warning", Some(ManualLegacyRemovalWithOldEdit))
        .link("warning", ManualLegacyRemovalWithOldEdit),
    ]
}

/// All of them.
pub(crate) fn causes() -> Vec<Cause> {
    [network(), oauth(), set_up(), access(), legacy()]
        .into_iter()
        .flatten()
        .map(Cause::Seen)
        .collect()
}

#[test]
fn the_way_to_the_peer() {
    check_all(&seen_all(network()));
}

#[test]
fn signed_calls() {
    check_all(&seen_all(oauth()));
}

#[test]
fn how_the_ends_are_set_up() {
    check_all(&seen_all(set_up()));
}

#[test]
fn accounts_at_the_peer() {
    check_all(&seen_all(access()));
}

#[test]
fn means_of_old_times() {
    check_all(&seen_all(legacy()));
}

fn seen_all(cases: Vec<Case>) -> Vec<Cause> {
    cases.into_iter().map(Cause::Seen).collect()
}

/// Lets the link on Jira lead to another address.
fn at(env: &Env, url: &str) {
    let wiki = env.world.app("wiki").id();
    assert!(
        env.world
            .app("jira")
            .edit_link(&wiki, |link| url.clone_into(&mut link.rpc_url))
    );
}

/// A port on which nobody listens.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn old_peer() -> applink_sandbox::World {
    four(jira(), wiki().generation(Generation::Old))
}

fn not_admin_there(jira: &AppHandle, wiki: &AppHandle) {
    jira.give_token(&wiki.id(), "admin", wiki, "jane");
}

/// A link of Jira alone.
fn alone(type_id: &str) -> Env {
    let env = Env::new(four(jira(), wiki()));
    env.world.app("jira").add_link(Link::new(
        &url_derived_id("http://ci.example.invalid"),
        type_id,
        "CI",
        "http://ci.example.invalid",
    ));
    env.world.link("bamboo", "bitbucket", OAuthFlags::OAUTH);
    add_all(&env);
    env
}

fn trusted(flags: OAuthFlags, remote_sysadmin: bool) -> Env {
    let env = linked_in(four(jira(), wiki()), flags);
    let legacy = LegacyAuth {
        trusted_incoming: true,
        trusted_outgoing: true,
        remote_sysadmin,
        ..LegacyAuth::default()
    };
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert!(jira.set_legacy(&wiki.id(), legacy));
    assert!(wiki.set_legacy(&jira.id(), legacy));
    env
}
