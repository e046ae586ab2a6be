//! Each code of applink's own: a world in which it finds that, and every code in one table.

use std::fmt::Write as _;

use applink::domain::Code;
use applink_sandbox::{App, Fault, Generation, OAuthFlags, Product, Role, Tls, World};

use crate::commands::verify_product_codes;
use crate::support::env::Env;
use crate::support::faulty_links::{
    Case, Cause, add_all, changed, changed_in, check_all, four, linked_in, refused, seen, subject,
};
use crate::support::worlds::{jira, link, wiki, world};

/// What the two ends say, side by side.
pub(crate) fn compared() -> Vec<Case> {
    use Code::*;
    vec![
        seen(ClockSkew, 0, "a minute apart", || {
            changed(|_, wiki| wiki.configure(|settings| settings.clock_offset = -61))
        })
        .link("warning", ClockSkew),
        seen(ClockSkew, 6, "five minutes apart", || {
            changed_in(without_status(), OAuthFlags::OAUTH, |_, wiki| {
                wiki.configure(|settings| settings.clock_offset = -301);
            })
        })
        .link("broken", ClockSkew)
        .says("the clock of jira is 30"),
        seen(BaseUrlMismatch, 0, "a base URL that nobody uses", || {
            changed(|_, wiki| {
                wiki.configure(|settings| {
                    settings.base_url = Some("https://wiki.example.com".to_owned());
                });
            })
        })
        .link("warning", BaseUrlMismatch)
        .says("https://wiki.example.com"),
        seen(
            BaseUrlMismatch,
            6,
            "and signatures are refused for it",
            || {
                changed(|_, wiki| {
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
        seen(
            BaseUrlMismatch,
            0,
            "the address is another name of the same host",
            || {
                changed(|jira, wiki| {
                    let url = format!("http://localhost:{}", wiki.port());
                    assert!(jira.edit_link(&wiki.id(), |link| link.rpc_url = url));
                })
            },
        )
        .link("warning", BaseUrlMismatch)
        .mended(),
        seen(ClonedApplication, 0, "a copy that is known", || {
            let env = Env::new(world([
                jira(),
                wiki(),
                App::new(Product::Jira, "staging").clone_of("jira"),
            ]));
            env.world.link("jira", "wiki", OAuthFlags::OAUTH);
            add_all(&env);
            env
        })
        .link("warning", ClonedApplication),
        seen(
            IdMismatch,
            6,
            "the address is that of another application",
            || {
                let env = linked_in(without_status(), OAuthFlags::OAUTH);
                lead_to(&env, &env.world.app("bitbucket").url());
                env
            },
        )
        .link("broken", IdMismatch)
        .mended(),
        seen(
            IdMismatch,
            6,
            "and the product says something else of it",
            || {
                let env = linked_in(four(jira(), wiki()), OAuthFlags::OAUTH);
                lead_to(&env, &env.world.app("bitbucket").url());
                env
            },
        )
        .end("jira", "broken", Some(NoRemoteApplink))
        .link("broken", NoRemoteApplink)
        .mended(),
        seen(TypeMismatch, 6, "a record of another type", || {
            changed(|jira, wiki| {
                assert!(jira.edit_link(&wiki.id(), |link| "bamboo".clone_into(&mut link.type_id)));
            })
        })
        .link("broken", TypeMismatch),
        seen(ConsumerKeyMismatch, 6, "another key", || {
            changed(|jira, _| jira.rotate_key())
        })
        .end("jira", "broken", Some(OauthSignatureInvalid))
        .link("broken", OauthSignatureInvalid)
        .says("wiki keeps another public key than jira presents")
        .mended(),
        seen(ConsumerKeyMismatch, 6, "another consumer key", || {
            changed_in(without_status(), OAuthFlags::OAUTH, |jira, _| {
                jira.set_consumer_key("another");
            })
        })
        .link("broken", ConsumerKeyMismatch)
        .says("wiki keeps another consumer key than jira presents")
        .mended(),
        seen(OneWay, 6, "deleted on one side, without a status", || {
            changed_in(without_status(), OAuthFlags::OAUTH, |jira, wiki| {
                assert!(wiki.remove_link(&jira.id()));
            })
        })
        .end("wiki", "broken", Some(OneWay))
        .link("broken", OneWay)
        .mended(),
        seen(OneWay, 0, "as it was wanted", || {
            let mut env = Env::new(four(jira(), wiki()));
            env.world.link("bamboo", "bitbucket", OAuthFlags::OAUTH);
            add_all(&env);
            env.logout("wiki");
            env.applink("create jira wiki --one-way").expect(0);
            env.login("wiki", Role::SystemAdmin);
            env.world.clear_requests();
            env
        })
        .end("wiki", "warning", Some(OneWay))
        .link("warning", NoRemoteApplink)
        .mended(),
        seen(WeakKey, 0, "a short key", || {
            linked_in(four(jira().key_bits(1024), wiki()), OAuthFlags::OAUTH)
        })
        .link("warning", WeakKey),
        seen(CapabilitiesStale, 0, "a peer that is back", || {
            let env = linked_in(four(jira(), wiki()), OAuthFlags::OAUTH);
            env.world.app("wiki").stop();
            env.applink("verify jira wiki").expect(5);
            env.world.app("wiki").start().unwrap();
            env
        })
        .link("warning", CapabilitiesStale)
        .says("and that it works when made to look again"),
    ]
}

/// What the addresses are, and what answers there.
pub(crate) fn addresses() -> Vec<Case> {
    use Code::*;
    vec![
        seen(Moved, 0, "the address redirects", || moved(true, Tls::Off))
            .link("warning", Moved)
            .mended(),
        seen(Moved, 0, "the address redirects, encrypted", || {
            moved(true, Tls::Good)
        })
        .link("warning", Moved)
        .mended(),
        seen(
            Moved,
            6,
            "the address redirects, and the product says so too",
            || moved(false, Tls::Off),
        )
        .end("jira", "broken", Some(UnexpectedResponseStatus))
        .link("broken", UnexpectedResponseStatus)
        .mended(),
        seen(
            CertExpires,
            0,
            "a certificate that runs out in ten days",
            || {
                linked_in(
                    four(jira(), wiki().tls(Tls::ExpiresSoon)),
                    OAuthFlags::OAUTH,
                )
            },
        )
        .link("warning", CertExpires),
        seen(LoginPage, 5, "a page in front of it, from outside", || {
            changed(|_, wiki| wiki.fault(Fault::html("Log in").from_outside()))
        })
        .end("wiki", "unverifiable", Some(LoginPage))
        .link("unverifiable", LoginPage),
        seen(LoginPage, 5, "a page in front of it, for everybody", || {
            changed(|_, wiki| wiki.fault(Fault::html("Log in")))
        })
        .end("wiki", "unverifiable", Some(LoginPage))
        .link("broken", LoginPage),
        seen(LoginPage, 6, "a page at the address of the link", || {
            let env = linked_in(
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
        .mended(),
        seen(LoopbackUrl, 0, "both on this machine", || {
            changed(|_, _| ())
        }),
        seen(
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
        .mended(),
        seen(LoopbackUrl, 6, "one of them elsewhere", || {
            named_host(Generation::Old, |env| {
                lead_to(env, &env.world.app("wiki").url());
            })
        })
        .link("broken", LoopbackUrl)
        .mended(),
        seen(PlainHttp, 0, "not encrypted", || {
            named_host(Generation::Classic, |env| {
                let url = format!("http://wiki.example.test:{}", env.world.app("wiki").port());
                lead_to(env, &url);
            })
        })
        .says("which is not encrypted"),
    ]
}

/// What stands in the way of an account.
pub(crate) fn accounts() -> Vec<Case> {
    use Code::*;
    let account = |code, name, build| {
        seen(code, 4, name, build)
            .end("wiki", "unverifiable", Some(code))
            .link("unverifiable", code)
    };
    vec![
        account(BasicAuthDisabled, "no passwords", || {
            changed(|_, wiki| wiki.configure(|settings| settings.basic_allowed = false))
        }),
        account(CaptchaRequired, "too many wrong log-ins", || {
            changed(|_, wiki| wiki.configure(|settings| settings.captcha_after = Some(0)))
        }),
        account(BadCredentials, "a wrong password", || {
            let mut env = changed(|_, _| ());
            env.basic("wiki", "admin", "wrong-as-can-be");
            env
        }),
        account(TokenIgnored, "a token that is none", || {
            let mut env = changed(|_, _| ());
            env.bearer("wiki", "no-token-at-all");
            env
        }),
        account(NotAdmin, "a user", || {
            let mut env = changed(|_, _| ());
            env.login("wiki", Role::User);
            env
        }),
        account(XsrfRejected, "a proxy that changes headers", || {
            changed(|_, wiki| {
                wiki.fault(
                    Fault::status(403)
                        .body("text/html", "XSRF check failed")
                        .path("/rest/applinks/3.0/applinks")
                        .from_outside(),
                );
            })
        }),
        seen(WebsudoRequired, 0, "a secure session is demanded", || {
            let mut env = changed(|_, wiki| wiki.configure(|settings| settings.websudo = true));
            env.token("wiki", Role::SystemAdmin);
            env
        }),
    ]
}

/// What third-party programs leave behind.
fn programs() -> Vec<Case> {
    use Code::*;
    vec![
        seen(ConsumerStillAccepted, 0, "its link is deleted", || {
            let env = with_program();
            let app = env.world.app("jira");
            app.remove_link(&app.links()[0].id);
            env.world.clear_requests();
            env
        })
        .link("warning", ConsumerStillAccepted)
        .says("though its link is deleted")
        .mended(),
        seen(ConsumerStillAccepted, 0, "it got another key", || {
            let env = with_program();
            env.applink("key rotate jira --consumer Jenkins --new-consumer-key second")
                .expect(0);
            env
        })
        .end("jira", "unverifiable", Some(GenericLink))
        .link("warning", ConsumerStillAccepted)
        .says("still accepts the consumer \"jenkins\"")
        .mended(),
    ]
}

/// What only a command that changes something meets.
fn refusals() -> Vec<Cause> {
    use Code::*;
    vec![
        refused(
            NotSystemAdmin,
            4,
            "create jira wiki --auth impersonation --yes -o json",
            || {
                let mut env = unlinked();
                env.login("jira", Role::Admin);
                env
            },
        ),
        refused(WebsudoRequired, 4, "create jira wiki -o json", || {
            let mut env = unlinked();
            env.world
                .app("wiki")
                .configure(|settings| settings.websudo = true);
            env.token("wiki", Role::SystemAdmin);
            env
        }),
        refused(XsrfRejected, 4, "create jira wiki -o json", || {
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

/// Every cause that is known.
fn causes() -> Vec<Cause> {
    let own = [compared(), addresses(), accounts(), programs()];
    verify_product_codes::causes()
        .into_iter()
        .chain(own.into_iter().flatten().map(Cause::Seen))
        .chain(refusals())
        .collect()
}

#[test]
fn every_code_has_a_world() {
    let causes = causes();
    for code in Code::ALL {
        assert!(
            causes.iter().any(|cause| cause.code() == *code),
            "there is no world in which {code} is said"
        );
    }
}

#[test]
fn both_ends_side_by_side() {
    check_all(&seen_all(compared()));
}

#[test]
fn addresses_of_links() {
    check_all(&seen_all(addresses()));
}

#[test]
fn accounts_that_are_refused() {
    check_all(&seen_all(accounts()));
}

#[test]
fn programs_that_are_still_let_in() {
    check_all(&seen_all(programs()));
    for case in programs() {
        let env = (case.build)();
        env.applink("verify --fail-on warning").expect(6);
        let link = subject(&env.applink("verify -o json").json()).unwrap();
        let fix = link["fix"][0]["command"].as_str().unwrap();
        env.applink(&format!("{} --yes", fix.strip_prefix("applink ").unwrap()))
            .expect(0);
        let out = env.applink("verify -o json").expect(0);
        assert!(!out.says("CONSUMER_STILL_ACCEPTED"), "{}", out.shown());
        env.applink("repair").expect(0);
    }
}

/// Nothing is left over, and who is nobody is told.
#[test]
fn programs_that_call_as_nobody() {
    let env = with_program();
    env.applink("create jira --consumer Jenkins --two-legged --yes")
        .expect(0);
    env.world.clear_requests();
    let json = env.applink("verify -o json").expect(0).json();
    let checks = json["links"][0]["checks"].as_array().unwrap().clone();
    let note = checks.iter().find(|one| one["name"] == "two-legged");
    let note = note.expect("a note");
    assert_eq!(note["status"], "note");
    assert!(
        note["summary"]
            .as_str()
            .unwrap()
            .contains("anonymous user on jira")
    );
    assert!(checks.iter().all(|one| one["name"] != "former-consumer"));
    assert!(crate::support::worlds::writes(&env.world).is_empty());
    env.applink("create jira --consumer Jenkins --consumer-key other --yes")
        .expect(0);
    let out = env.applink("verify -o json").expect(0);
    assert!(out.stdout.contains("--retire"), "{}", out.shown());
}

#[test]
fn commands_that_are_refused() {
    check_all(&refusals());
}

fn seen_all(cases: Vec<Case>) -> Vec<Cause> {
    cases.into_iter().map(Cause::Seen).collect()
}

/// Applications that have no status of their own: what is found is applink's.
fn without_status() -> World {
    four(
        jira().generation(Generation::Old),
        wiki().generation(Generation::Old),
    )
}

fn with_program() -> Env {
    let env = Env::new(world([jira()]));
    env.applink("create {jira} --consumer Jenkins").expect(0);
    env
}

fn unlinked() -> Env {
    let env = Env::new(four(jira(), wiki()));
    add_all(&env);
    env
}

/// Lets the link on Jira lead to another address.
fn lead_to(env: &Env, url: &str) {
    let wiki = env.world.app("wiki").id();
    assert!(
        env.world
            .app("jira")
            .edit_link(&wiki, |link| url.clone_into(&mut link.rpc_url))
    );
}

/// Confluence is at another address now, and the link on Jira leads to the old one, where there is
/// nothing but a redirect.
fn moved(old: bool, tls: Tls) -> Env {
    let generation = if old {
        Generation::Old
    } else {
        Generation::Classic
    };
    let env = linked_in(
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

/// Jira and Confluence under names of their own, with something done to their link.
fn named_host(generation: Generation, change: fn(&Env)) -> Env {
    let mut env = Env::new(four(
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
    env.always(&resolve);
    change(&env);
    env.world.clear_requests();
    env
}
