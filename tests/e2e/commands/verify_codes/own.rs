//! Cases for the codes that applink itself reports.

use std::fmt::Write as _;

use applink::domain::Code;
use applink_sandbox::{App, Fault, Generation, OAuthFlags, Product, Role, Tls, World};

use crate::support::code_cases::{
    CodeCase, VerifyCase, case, linked_pairs, pairs_after, refusal, two_pairs, world_after,
    write_state,
};
use crate::support::env::Env;
use crate::support::worlds::{jira, link, wiki, world};

/// Mismatches between the two ends.
pub(crate) fn mismatch_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(ClockSkew, 0, "a minute apart", || {
            pairs_after(|_, wiki| wiki.configure(|settings| settings.clock_offset = -61))
        })
        .link("warning", ClockSkew),
        case(ClockSkew, 6, "five minutes apart", || {
            world_after(without_status(), OAuthFlags::OAUTH, |_, wiki| {
                wiki.configure(|settings| settings.clock_offset = -301);
            })
        })
        .link("broken", ClockSkew)
        .says("the clock of jira is 30"),
        case(BaseUrlMismatch, 0, "a base URL that nobody uses", || {
            pairs_after(|_, wiki| {
                wiki.configure(|settings| {
                    settings.base_url = Some("https://wiki.example.com".to_owned());
                });
            })
        })
        .link("warning", BaseUrlMismatch)
        .says("https://wiki.example.com"),
        case(
            BaseUrlMismatch,
            6,
            "and signatures are refused for it",
            || {
                pairs_after(|_, wiki| {
                    wiki.configure(|settings| {
                        settings.base_url = Some("https://wiki.example.com".to_owned());
                        settings.seen_origin = Some("https://wiki.example.com".to_owned());
                    });
                })
            },
        )
        .end("jira", "broken", Some(OauthSignatureInvalid))
        .link("broken", OauthSignatureInvalid)
        .says("https://wiki.example.com"),
        case(
            BaseUrlMismatch,
            0,
            "the address is another name of the same host",
            || {
                pairs_after(|jira, wiki| {
                    let url = format!("http://localhost:{}", wiki.port());
                    assert!(jira.edit_link(&wiki.id(), |link| link.rpc_url = url));
                })
            },
        )
        .link("warning", BaseUrlMismatch)
        .repairable(),
        case(ClonedApplication, 0, "a copy that is known", || {
            let env = Env::new(world([
                jira(),
                wiki(),
                App::new(Product::Jira, "staging").clone_of("jira"),
            ]));
            env.world.link("jira", "wiki", OAuthFlags::OAUTH);
            write_state(&env);
            env
        })
        .link("warning", ClonedApplication),
        case(
            IdMismatch,
            6,
            "the address is that of another application",
            || {
                let env = linked_pairs(without_status(), OAuthFlags::OAUTH);
                lead_to(&env, &env.world.app("bitbucket").url());
                env
            },
        )
        .link("broken", IdMismatch)
        .repairable(),
        case(
            IdMismatch,
            6,
            "and the product says something else of it",
            || {
                let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
                lead_to(&env, &env.world.app("bitbucket").url());
                env
            },
        )
        .end("jira", "broken", Some(NoRemoteApplink))
        .link("broken", NoRemoteApplink)
        .repairable(),
        case(TypeMismatch, 6, "a record of another type", || {
            pairs_after(|jira, wiki| {
                assert!(jira.edit_link(&wiki.id(), |link| "bamboo".clone_into(&mut link.type_id)));
            })
        })
        .link("broken", TypeMismatch),
        case(ConsumerKeyMismatch, 6, "another key", || {
            pairs_after(|jira, _| jira.rotate_key())
        })
        .end("jira", "broken", Some(OauthSignatureInvalid))
        .link("broken", OauthSignatureInvalid)
        .says("wiki keeps another public key than jira presents")
        .repairable(),
        case(ConsumerKeyMismatch, 6, "another consumer key", || {
            world_after(without_status(), OAuthFlags::OAUTH, |jira, _| {
                jira.set_consumer_key("another");
            })
        })
        .link("broken", ConsumerKeyMismatch)
        .says("wiki keeps another consumer key than jira presents")
        .repairable(),
        case(OneWay, 6, "deleted on one side, without a status", || {
            world_after(without_status(), OAuthFlags::OAUTH, |jira, wiki| {
                assert!(wiki.remove_link(&jira.id()));
            })
        })
        .end("wiki", "broken", Some(OneWay))
        .link("broken", OneWay)
        .repairable(),
        case(OneWay, 0, "as it was wanted", || {
            let mut env = Env::new(two_pairs(jira(), wiki()));
            env.world.link("bamboo", "bitbucket", OAuthFlags::OAUTH);
            write_state(&env);
            env.logout("wiki");
            env.applink("create jira wiki --one-way").expect(0);
            env.login("wiki", Role::SystemAdmin);
            env.world.clear_requests();
            env
        })
        .end("wiki", "warning", Some(OneWay))
        .link("warning", NoRemoteApplink)
        .repairable(),
        case(WeakKey, 0, "a short key", || {
            linked_pairs(two_pairs(jira().key_bits(1024), wiki()), OAuthFlags::OAUTH)
        })
        .link("warning", WeakKey),
        case(CapabilitiesStale, 0, "a peer that is back", || {
            let env = linked_pairs(two_pairs(jira(), wiki()), OAuthFlags::OAUTH);
            env.world.app("wiki").stop();
            env.applink("verify jira wiki").expect(5);
            env.world.app("wiki").start().unwrap();
            env
        })
        .link("warning", CapabilitiesStale)
        .says("and that it works when made to look again"),
    ]
}

/// Wrong addresses, and the answers there.
pub(crate) fn address_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(Moved, 0, "the address redirects", || moved(true, Tls::Off))
            .link("warning", Moved)
            .repairable(),
        case(Moved, 0, "the address redirects, encrypted", || {
            moved(true, Tls::Good)
        })
        .link("warning", Moved)
        .repairable(),
        case(
            Moved,
            6,
            "the address redirects, and the product says so too",
            || moved(false, Tls::Off),
        )
        .end("jira", "broken", Some(UnexpectedResponseStatus))
        .link("broken", UnexpectedResponseStatus)
        .repairable(),
        case(
            CertExpires,
            0,
            "a certificate that runs out in ten days",
            || {
                linked_pairs(
                    two_pairs(jira(), wiki().tls(Tls::ExpiresSoon)),
                    OAuthFlags::OAUTH,
                )
            },
        )
        .link("warning", CertExpires),
        case(LoginPage, 5, "a page in front of it, from outside", || {
            pairs_after(|_, wiki| wiki.fault(Fault::html("Log in").from_outside()))
        })
        .end("wiki", "unverifiable", Some(LoginPage))
        .link("unverifiable", LoginPage),
        case(LoginPage, 5, "a page in front of it, for everybody", || {
            pairs_after(|_, wiki| wiki.fault(Fault::html("Log in")))
        })
        .end("wiki", "unverifiable", Some(LoginPage))
        .link("broken", LoginPage),
        case(LoginPage, 6, "a page at the address of the link", || {
            let env = linked_pairs(
                world([
                    jira().generation(Generation::Old),
                    wiki().generation(Generation::Old),
                    App::new(Product::Bamboo, "bamboo"),
                    App::new(Product::Bitbucket, "bitbucket"),
                    App::new(Product::Crowd, "portal"),
                ]),
                OAuthFlags::OAUTH,
            );
            let portal = env.world.app("portal");
            portal.fault(Fault::html("Log in"));
            lead_to(&env, &portal.url());
            env.applink("app remove portal --yes").expect(0);
            env
        })
        .link("broken", LoginPage)
        .repairable(),
        case(LoopbackUrl, 0, "both on this machine", || {
            pairs_after(|_, _| ())
        }),
        case(
            LoopbackUrl,
            0,
            "both on another machine, where it works",
            || {
                named_host(Generation::Classic, |env| {
                    lead_to(env, &env.world.app("wiki").url());
                })
            },
        )
        .link("warning", BaseUrlMismatch)
        .repairable(),
        case(LoopbackUrl, 6, "one of them elsewhere", || {
            named_host(Generation::Old, |env| {
                lead_to(env, &env.world.app("wiki").url());
            })
        })
        .link("broken", LoopbackUrl)
        .repairable(),
        case(PlainHttp, 0, "not encrypted", || {
            named_host(Generation::Classic, |env| {
                let url = format!("http://wiki.example.test:{}", env.world.app("wiki").port());
                lead_to(env, &url);
            })
        })
        .says("which is not encrypted"),
    ]
}

/// Accounts without the necessary rights.
pub(crate) fn account_cases() -> Vec<VerifyCase> {
    use Code::*;
    let account = |code, name, build| {
        case(code, 4, name, build)
            .end("wiki", "unverifiable", Some(code))
            .link("unverifiable", code)
    };
    vec![
        account(BasicAuthDisabled, "no passwords", || {
            pairs_after(|_, wiki| wiki.configure(|settings| settings.basic_allowed = false))
        }),
        account(CaptchaRequired, "too many wrong log-ins", || {
            pairs_after(|_, wiki| wiki.configure(|settings| settings.captcha_after = Some(0)))
        }),
        account(BadCredentials, "a wrong password", || {
            let mut env = pairs_after(|_, _| ());
            env.basic("wiki", "admin", "wrong-as-can-be");
            env
        }),
        account(TokenIgnored, "a token that is none", || {
            let mut env = pairs_after(|_, _| ());
            env.bearer("wiki", "no-token-at-all");
            env
        }),
        account(NotAdmin, "a user", || {
            let mut env = pairs_after(|_, _| ());
            env.login("wiki", Role::User);
            env
        }),
        account(XsrfRejected, "a proxy that changes headers", || {
            pairs_after(|_, wiki| {
                wiki.fault(
                    Fault::status(403)
                        .body("text/html", "XSRF check failed")
                        .path("/rest/applinks/3.0/applinks")
                        .from_outside(),
                );
            })
        }),
        case(WebsudoRequired, 0, "a secure session is demanded", || {
            let mut env = pairs_after(|_, wiki| wiki.configure(|settings| settings.websudo = true));
            env.token("wiki", Role::SystemAdmin);
            env
        }),
    ]
}

/// Stale consumers.
pub(crate) fn consumer_cases() -> Vec<VerifyCase> {
    use Code::*;
    vec![
        case(ConsumerStillAccepted, 0, "its link is deleted", || {
            let env = with_program();
            let app = env.world.app("jira");
            app.remove_link(&app.links()[0].id);
            env.world.clear_requests();
            env
        })
        .link("warning", ConsumerStillAccepted)
        .says("though its link is deleted")
        .repairable(),
        case(ConsumerStillAccepted, 0, "it got another key", || {
            let env = with_program();
            env.applink("key rotate jira --consumer Jenkins --new-consumer-key second")
                .expect(0);
            env
        })
        .end("jira", "unverifiable", Some(GenericLink))
        .link("warning", ConsumerStillAccepted)
        .says("still accepts the consumer \"jenkins\"")
        .repairable(),
    ]
}

/// Codes that only changing commands report.
pub(crate) fn refusal_cases() -> Vec<CodeCase> {
    use Code::*;
    vec![
        refusal(
            NotSystemAdmin,
            4,
            "create jira wiki --auth impersonation --yes -o json",
            || {
                let mut env = unlinked();
                env.login("jira", Role::Admin);
                env
            },
        ),
        refusal(WebsudoRequired, 4, "create jira wiki -o json", || {
            let mut env = unlinked();
            env.world
                .app("wiki")
                .configure(|settings| settings.websudo = true);
            env.token("wiki", Role::SystemAdmin);
            env
        }),
        refusal(XsrfRejected, 4, "create jira wiki -o json", || {
            let env = unlinked();
            env.world.app("wiki").fault(
                Fault::status(403)
                    .body("text/html", "XSRF check failed")
                    .method("PUT"),
            );
            env
        }),
    ]
}

/// Versions without a status resource, so that applink itself finds the fault.
fn without_status() -> World {
    two_pairs(
        jira().generation(Generation::Old),
        wiki().generation(Generation::Old),
    )
}

pub(crate) fn with_program() -> Env {
    let env = Env::new(world([jira()]));
    env.applink("create {jira} --consumer Jenkins").expect(0);
    env
}

fn unlinked() -> Env {
    let env = Env::new(two_pairs(jira(), wiki()));
    write_state(&env);
    env
}

/// Changes the address of the link on Jira.
fn lead_to(env: &Env, url: &str) {
    let wiki = env.world.app("wiki").id();
    assert!(
        env.world
            .app("jira")
            .edit_link(&wiki, |link| url.clone_into(&mut link.rpc_url))
    );
}

/// Confluence has moved, and the link on Jira leads to the old address, which only redirects.
fn moved(old: bool, tls: Tls) -> Env {
    let generation = if old {
        Generation::Old
    } else {
        Generation::Classic
    };
    let env = linked_pairs(
        world([
            jira().generation(generation),
            wiki().generation(generation).tls(tls),
            App::new(Product::Bamboo, "bamboo"),
            App::new(Product::Bitbucket, "bitbucket"),
            App::new(Product::Crowd, "front"),
        ]),
        OAuthFlags::OAUTH,
    );
    let front = env.world.app("front");
    front.fault(Fault::moved_to(&env.world.app("wiki").url()));
    lead_to(&env, &front.url());
    env.applink("app remove front --yes").expect(0);
    env.world.clear_requests();
    env
}

/// Jira and Confluence under host names of their own, after `change`.
fn named_host(generation: Generation, change: fn(&Env)) -> Env {
    let mut env = Env::new(two_pairs(
        jira().generation(generation).host("jira.example.test"),
        wiki().generation(generation).host("wiki.example.test"),
    ));
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.world.link("bamboo", "bitbucket", OAuthFlags::OAUTH);
    let mut resolve = String::new();
    let mut urls = Vec::new();
    for (alias, context) in [("jira", "/jira"), ("wiki", "")] {
        let port = env.world.app(alias).port();
        write!(resolve, " --resolve {alias}.example.test:{port}:127.0.0.1").unwrap();
        let url = format!("http://{alias}.example.test:{port}{context}");
        env.world
            .app(alias)
            .configure(|settings| settings.base_url = Some(url.clone()));
        urls.push((alias, url));
    }
    for (alias, url) in &urls {
        env.applink(&format!("app add {alias} {url}{resolve}"))
            .expect(0);
    }
    for alias in ["bamboo", "bitbucket"] {
        env.applink(&format!("app add {alias} {{{alias}.url}}"))
            .expect(0);
    }
    for ((on, _), (of, url)) in [(&urls[0], &urls[1]), (&urls[1], &urls[0])] {
        let id = env.world.app(of).id();
        env.world.app(on).edit_link(&id, |link| {
            link.display_url.clone_from(url);
            if *of == "jira" {
                link.rpc_url.clone_from(url);
            }
        });
    }
    env.add_options(&resolve);
    change(&env);
    env.world.clear_requests();
    env
}
