//! Cases for the codes that the products report.

use std::time::Duration;

use applink::domain::Code;
use applink_sandbox::{
    AppHandle, Fault, Generation, LegacyAuth, Link, OAuthFlags, Role, Tls, Trust, url_derived_id,
};

use crate::support::code_cases::{
    VerifyCase, case, linked_pairs, pairs_after, two_pairs, world_after, write_state,
};
use crate::support::env::Env;
use crate::support::worlds::{jira, wiki};

/// The network between a product and its peer.
pub(crate) fn network_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(ConnectionRefused, 5, "the peer is down", || {
            pairs_after(|_, wiki| wiki.stop())
        })
        .end("jira", "broken", Some(ConnectionRefused))
        .link("broken", ConnectionRefused),
        case(ConnectionRefused, 6, "the link has another port", || {
            let env = pairs_after(|_, _| ());
            let port = free_port();
            at(&env, &format!("http://127.0.0.1:{port}"));
            env
        })
        .end("jira", "broken", Some(ConnectionRefused))
        .link("broken", ConnectionRefused)
        .repairable(),
        case(UnknownHost, 6, "a name that nobody knows", || {
            pairs_after(|jira, wiki| {
                jira.edit_link(&wiki.id(), |link| {
                    "http://nowhere.example.invalid".clone_into(&mut link.rpc_url);
                });
            })
        })
        .end("jira", "broken", Some(UnknownHost))
        .link("broken", UnknownHost)
        .repairable(),
        case(SslUntrusted, 6, "a lost trust store", || {
            world_after(
                two_pairs(jira(), wiki().tls(Tls::Good)),
                OAuthFlags::OAUTH,
                |jira, _| jira.configure(|settings| settings.trust = Trust::Nothing),
            )
        })
        .end("jira", "broken", Some(SslUntrusted))
        .link("broken", SslUntrusted),
        case(
            SslHostnameUnmatched,
            6,
            "a name that is not in the certificate",
            || {
                let env = linked_pairs(two_pairs(jira(), wiki().tls(Tls::Good)), OAuthFlags::OAUTH);
                let port = env.world.app("wiki").port();
                env.world.set_host("wiki.internal.invalid", port);
                at(&env, &format!("https://wiki.internal.invalid:{port}"));
                env
            },
        )
        .end("jira", "broken", Some(SslHostnameUnmatched))
        .link("broken", SslHostnameUnmatched)
        .repairable(),
        case(SslUnmatched, 5, "a client certificate is demanded", || {
            let env = linked_pairs(two_pairs(jira(), wiki().tls(Tls::Good)), OAuthFlags::OAUTH);
            env.world.set_tls("wiki", Tls::ClientCertificate).unwrap();
            env
        })
        .end("jira", "broken", Some(SslUnmatched))
        .link("broken", SslUnmatched),
        case(
            UnexpectedResponse,
            6,
            "a page for people, for servers only",
            || {
                pairs_after(|_, wiki| {
                    wiki.fault(Fault::html("Log in").path("/oauth").from_app("jira"));
                })
            },
        )
        .end("jira", "broken", Some(UnexpectedResponse))
        .link("broken", UnexpectedResponse),
        case(
            UnexpectedResponseStatus,
            6,
            "out of service, for servers only",
            || {
                pairs_after(|_, wiki| {
                    wiki.fault(Fault::status(503).path("/oauth").from_app("jira"));
                })
            },
        )
        .end("jira", "broken", Some(UnexpectedResponseStatus))
        .link("broken", UnexpectedResponseStatus)
        .says("503"),
        case(Unknown, 6, "the connection ends", || {
            pairs_after(|_, wiki| wiki.fault(Fault::reset_after().path("/oauth").from_app("jira")))
        })
        .end("jira", "broken", Some(Unknown))
        .link("broken", Unknown),
        case(Unknown, 6, "no answer in time", || {
            pairs_after(|jira, wiki| {
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

/// Signed requests.
pub(crate) fn oauth_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(OauthProblem, 6, "another consumer key", || {
            pairs_after(|jira, _| jira.set_consumer_key("another"))
        })
        .end("jira", "broken", Some(OauthProblem))
        .link("broken", OauthProblem)
        .says("consumer_key_unknown")
        .repairable(),
        case(
            OauthTimestampRefused,
            6,
            "a clock that is far behind",
            || pairs_after(|_, wiki| wiki.configure(|settings| settings.clock_offset = -310)),
        )
        .end("jira", "broken", Some(OauthTimestampRefused))
        .link("broken", OauthTimestampRefused),
        case(OauthSignatureInvalid, 6, "another key", || {
            pairs_after(|jira, _| jira.rotate_key())
        })
        .end("jira", "broken", Some(OauthSignatureInvalid))
        .link("broken", OauthSignatureInvalid)
        .repairable(),
        case(
            OauthSignatureInvalid,
            6,
            "a proxy that the peer does not know of",
            || {
                pairs_after(|_, wiki| {
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

/// Configuration of the ends.
pub(crate) fn configuration_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(NoRemoteApplink, 6, "deleted on one side", || {
            pairs_after(|jira, wiki| assert!(wiki.remove_link(&jira.id())))
        })
        .end("jira", "broken", Some(NoRemoteApplink))
        .link("broken", NoRemoteApplink)
        .repairable(),
        case(
            AuthLevelMismatch,
            6,
            "one direction is off at one end",
            || pairs_after(|jira, wiki| wiki.set_incoming(&jira.id(), OAuthFlags::NONE, jira)),
        )
        .end("jira", "broken", Some(AuthLevelMismatch))
        .link("broken", AuthLevelMismatch)
        .repairable(),
        case(AuthLevelUnsupported, 0, "three-legged only", || {
            linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::THREE_LEGGED)
        })
        .end("wiki", "warning", Some(AuthLevelUnsupported))
        .link("warning", AuthLevelUnsupported)
        .repairable(),
        case(
            NoOutgoingAuth,
            6,
            "an old peer, and nothing goes out to it",
            || {
                world_after(
                    two_pairs(jira(), wiki().generation(Generation::Old)),
                    OAuthFlags::OAUTH,
                    |jira, wiki| assert!(jira.set_outgoing(&wiki.id(), OAuthFlags::NONE)),
                )
            },
        )
        .end("jira", "broken", Some(NoOutgoingAuth))
        .link("broken", NoOutgoingAuth)
        .repairable(),
        case(
            NoOutgoingAuth,
            5,
            "a peer that is down, and nothing goes out to it",
            || {
                pairs_after(|jira, wiki| {
                    assert!(jira.set_outgoing(&wiki.id(), OAuthFlags::NONE));
                    wiki.stop();
                })
            },
        )
        .end("jira", "broken", Some(NoOutgoingAuth))
        .link("broken", NoOutgoingAuth)
        .says("cannot reach wiki")
        .says("it does not answer from here either"),
        case(
            RemoteVersionIncompatible,
            6,
            "a peer that is far too old",
            || {
                linked_pairs(
                    two_pairs(jira(), wiki().generation(Generation::Ancient)),
                    OAuthFlags::OAUTH,
                )
            },
        )
        .end("jira", "broken", Some(RemoteVersionIncompatible))
        .link("broken", RemoteVersionIncompatible),
        case(Disabled, 0, "off at both ends", || {
            linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::NONE)
        })
        .end("jira", "warning", Some(Disabled))
        .link("warning", Disabled)
        .repairable(),
        case(GenericLink, 0, "a third-party program", || alone("generic"))
            .end("jira", "unverifiable", Some(GenericLink))
            .link("unverifiable", GenericLink),
        case(NonAtlassian, 0, "a type that a plugin brought", || {
            alone("remote.plugin.container")
        })
        .end("jira", "unverifiable", Some(NonAtlassian))
        .link("unverifiable", NonAtlassian),
        case(SystemLink, 0, "a link of the product's own", || {
            pairs_after(|jira, wiki| assert!(jira.mark_system(&wiki.id())))
        })
        .end("jira", "unverifiable", Some(SystemLink))
        .link("unverifiable", SystemLink),
    ]
}

/// Accounts at the peer.
pub(crate) fn access_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(
            LocalAuthTokenRequired,
            0,
            "an old peer, and no token for it",
            || world_after(old_peer(), OAuthFlags::OAUTH, |_, _| ()),
        )
        .end("jira", "unverifiable", Some(LocalAuthTokenRequired)),
        case(
            RemoteAuthTokenRequired,
            0,
            "an old peer that took the token back",
            || {
                world_after(old_peer(), OAuthFlags::OAUTH, |jira, wiki| {
                    jira.give_token(&wiki.id(), "admin", wiki, "admin");
                    wiki.revoke_tokens();
                })
            },
        )
        .end("jira", "unverifiable", Some(RemoteAuthTokenRequired)),
        case(
            InsufficientRemotePermission,
            0,
            "an old peer where the user is no administrator",
            || world_after(old_peer(), OAuthFlags::OAUTH, not_admin_there),
        )
        .end("jira", "unverifiable", Some(InsufficientRemotePermission)),
        case(
            InsufficientRemotePermission,
            4,
            "and nobody else can look there",
            || {
                let mut env = world_after(old_peer(), OAuthFlags::OAUTH, not_admin_there);
                env.login("wiki", Role::User);
                env
            },
        )
        .end("jira", "unverifiable", Some(InsufficientRemotePermission))
        .link("unverifiable", InsufficientRemotePermission),
    ]
}

/// Legacy authentication.
pub(crate) fn legacy_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(LegacyUpdate, 0, "Trusted Applications", || {
            trusted(OAuthFlags::NONE, true)
        })
        .end("jira", "warning", Some(LegacyUpdate))
        .link("warning", LegacyUpdate)
        .repairable_by_named_command(),
        case(ManualLegacyUpdate, 0, "without rights at the peer", || {
            trusted(OAuthFlags::NONE, false)
        })
        .end("jira", "warning", Some(ManualLegacyUpdate))
        .link("warning", ManualLegacyUpdate),
        case(LegacyRemoval, 0, "beside OAuth", || {
            trusted(OAuthFlags::OAUTH, true)
        })
        .end("jira", "warning", Some(LegacyRemoval))
        .link("warning", LegacyRemoval)
        .repairable_by_named_command(),
        case(
            ManualLegacyRemoval,
            0,
            "beside OAuth, without rights at the peer",
            || trusted(OAuthFlags::OAUTH, false),
        )
        .end("jira", "warning", Some(ManualLegacyRemoval))
        .link("warning", ManualLegacyRemoval),
        case(
            ManualLegacyRemovalWithOldEdit,
            0,
            "incoming, from a peer with the old pages",
            || {
                pairs_after(|jira, wiki| {
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

/// Changes the address of the link on Jira.
fn at(env: &Env, url: &str) {
    let wiki = env.world.app("wiki").id();
    assert!(
        env.world
            .app("jira")
            .edit_link(&wiki, |link| url.clone_into(&mut link.rpc_url))
    );
}

/// A port without a listener.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn old_peer() -> applink_sandbox::World {
    two_pairs(jira(), wiki().generation(Generation::Old))
}

fn not_admin_there(jira: &AppHandle, wiki: &AppHandle) {
    jira.give_token(&wiki.id(), "admin", wiki, "jane");
}

/// A link of Jira alone.
fn alone(type_id: &str) -> Env {
    let env = Env::new(two_pairs(jira(), wiki()));
    env.world.app("jira").add_link(Link::new(
        &url_derived_id("http://ci.example.invalid"),
        type_id,
        "CI",
        "http://ci.example.invalid",
    ));
    env.world.link("bamboo", "bitbucket", OAuthFlags::OAUTH);
    write_state(&env);
    env
}

fn trusted(flags: OAuthFlags, remote_sysadmin: bool) -> Env {
    let env = linked_pairs(two_pairs(jira(), wiki()), flags);
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
