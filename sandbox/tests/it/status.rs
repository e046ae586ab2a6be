//! The status of a link over two applications: every code that can be had.

use std::time::Duration;

use applink_sandbox::{
    App, Consumer, Fault, Generation, LegacyAuth, Link, OAuthFlags, Product, World,
};
use serde_json::json;

use crate::client::admin;
use crate::{code, linked, pair};

#[tokio::test]
async fn a_peer_that_is_down() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    assert_eq!(code(jira, wiki).await, "OK");
    wiki.stop();
    assert_eq!(code(jira, wiki).await, "CONNECTION_REFUSED");
    jira.forget_capabilities();
    assert_eq!(code(jira, wiki).await, "CONNECTION_REFUSED");
    jira.set_outgoing(&wiki.id(), OAuthFlags::THREE_LEGGED);
    assert_eq!(code(jira, wiki).await, "LOCAL_AUTH_TOKEN_REQUIRED");
    jira.set_outgoing(&wiki.id(), OAuthFlags::NONE);
    assert_eq!(code(jira, wiki).await, "NO_OUTGOING_AUTH");
}

#[tokio::test]
async fn stale_capabilities_hide_a_peer_that_is_back() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    wiki.stop();
    assert_eq!(code(jira, wiki).await, "CONNECTION_REFUSED");
    wiki.start().unwrap();
    assert_eq!(code(jira, wiki).await, "LOCAL_AUTH_TOKEN_REQUIRED");
    let path = format!(
        "/rest/applinks/3.0/capabilities/remote/{}?maxAge=0",
        wiki.id()
    );
    let fresh = admin(jira).get(&path).await.expect(200).json();
    assert_eq!(
        fresh["capabilities"],
        json!(["MIGRATION_API", "STATUS_API"])
    );
    assert_eq!(fresh["applinksVersion"]["major"], 9);
    assert_eq!(code(jira, wiki).await, "OK");
}

#[tokio::test]
async fn levels() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    wiki.set_outgoing(&jira.id(), OAuthFlags::IMPERSONATION);
    assert_eq!(code(jira, wiki).await, "AUTH_LEVEL_MISMATCH");
    assert_eq!(code(wiki, jira).await, "AUTH_LEVEL_MISMATCH");
    wiki.set_outgoing(&jira.id(), OAuthFlags::THREE_LEGGED);
    assert_eq!(code(jira, wiki).await, "AUTH_LEVEL_UNSUPPORTED");
    for (one, other) in [(jira, wiki), (wiki, jira)] {
        one.set_outgoing(&other.id(), OAuthFlags::NONE);
        one.set_incoming(&other.id(), OAuthFlags::NONE, other);
    }
    assert_eq!(code(jira, wiki).await, "DISABLED");
}

#[tokio::test]
async fn one_way() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    wiki.remove_link(&jira.id());
    assert_eq!(code(jira, wiki).await, "NO_REMOTE_APPLINK");
}

#[tokio::test]
async fn a_link_back_under_the_id_of_the_url_counts() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let derived = applink_sandbox::url_derived_id(&jira.base_url());
    wiki.edit_link(&jira.id(), |link| link.id = derived);
    assert_eq!(code(jira, wiki).await, "OK");
}

#[tokio::test]
async fn oauth_problems() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    wiki.configure(|settings| settings.clock_offset = 301 + 5);
    assert_eq!(code(jira, wiki).await, "OAUTH_TIMESTAMP_REFUSED");
    wiki.configure(|settings| settings.clock_offset = -290);
    assert_eq!(code(jira, wiki).await, "OK");
    wiki.configure(|settings| settings.clock_offset = 0);
    wiki.configure(|settings| settings.seen_origin = Some("http://internal:8080".to_owned()));
    assert_eq!(code(jira, wiki).await, "OAUTH_SIGNATURE_INVALID");
    wiki.configure(|settings| settings.seen_origin = None);
    jira.rotate_key();
    assert_eq!(code(jira, wiki).await, "OAUTH_SIGNATURE_INVALID");
    jira.set_consumer_key("another");
    assert_eq!(code(jira, wiki).await, "OAUTH_PROBLEM");
}

#[tokio::test]
async fn two_legged_off_at_the_peer() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    // The peer's page still says two-legged, but its consumer was replaced for another key.
    let mut consumer = jira.consumer();
    consumer.two_lo = false;
    let id = wiki.add_link(Link::new(
        &applink_sandbox::url_derived_id("http://x"),
        "generic",
        "x",
        "http://x",
    ));
    wiki.add_consumer(&id, consumer);
    let mut shown = Consumer::new("shown", "shown", &wiki.consumer().public_key.unwrap());
    shown.two_lo = true;
    wiki.add_consumer(&jira.id(), shown);
    assert_eq!(code(jira, wiki).await, "AUTH_LEVEL_UNSUPPORTED");
}

#[tokio::test]
async fn kinds_of_links_without_a_status() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    jira.mark_system(&wiki.id());
    let generic = jira.add_link(Link::new(
        &applink_sandbox::url_derived_id("http://g"),
        "generic",
        "g",
        "http://g",
    ));
    let plugin = jira.add_link(Link::new(
        &applink_sandbox::url_derived_id("http://p"),
        "remote.plugin.container",
        "p",
        "http://p",
    ));
    let ids = [wiki.id(), generic, plugin];
    let mut seen = Vec::new();
    for id in ids {
        let value = admin(jira)
            .get(&format!("/rest/applinks/3.0/status/{id}"))
            .await
            .expect(200)
            .json();
        assert!(value.get("remoteAuthentication").is_none());
        seen.push((
            value["error"]["type"].clone(),
            value["error"]["category"].clone(),
        ));
    }
    assert_eq!(
        seen,
        [
            (json!("SYSTEM_LINK"), json!("SYSTEM")),
            (json!("GENERIC_LINK"), json!("NON_ATLASSIAN")),
            (json!("NON_ATLASSIAN"), json!("NON_ATLASSIAN")),
        ]
    );
}

#[tokio::test]
async fn legacy_authentication() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::NONE);
    let trusted = LegacyAuth {
        trusted_incoming: true,
        trusted_outgoing: true,
        ..LegacyAuth::default()
    };
    let set = |legacy: LegacyAuth| jira.set_legacy(&wiki.id(), legacy);
    set(LegacyAuth {
        remote_sysadmin: true,
        ..trusted
    });
    assert_eq!(code(jira, wiki).await, "LEGACY_UPDATE");
    set(trusted);
    assert_eq!(code(jira, wiki).await, "MANUAL_LEGACY_UPDATE");
    for (one, other) in [(jira, wiki), (wiki, jira)] {
        one.set_outgoing(&other.id(), OAuthFlags::OAUTH);
        one.set_incoming(&other.id(), OAuthFlags::OAUTH, other);
    }
    assert_eq!(code(jira, wiki).await, "MANUAL_LEGACY_REMOVAL");
    set(LegacyAuth {
        remote_sysadmin: true,
        ..trusted
    });
    assert_eq!(code(jira, wiki).await, "LEGACY_REMOVAL");
    set(LegacyAuth {
        trusted_incoming: true,
        ..LegacyAuth::default()
    });
    wiki.configure(|settings| settings.migration_api = false);
    jira.forget_capabilities();
    assert_eq!(
        code(jira, wiki).await,
        "MANUAL_LEGACY_REMOVAL_WITH_OLD_EDIT"
    );
}

#[tokio::test]
async fn migration_to_oauth() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::NONE);
    let trusted = LegacyAuth {
        trusted_incoming: true,
        trusted_outgoing: true,
        remote_sysadmin: true,
        ..LegacyAuth::default()
    };
    jira.set_legacy(&wiki.id(), trusted);
    wiki.set_legacy(&jira.id(), trusted);
    let path = format!("/rest/applinks/3.0/migration/{}", wiki.id());
    let moved = admin(jira).post(&path).await.expect(200).json();
    assert_eq!(moved["incoming"]["twoLoImpersonationEnabled"], true);
    assert_eq!(code(jira, wiki).await, "OK");
    assert_eq!(code(wiki, jira).await, "OK");
}

#[tokio::test]
async fn removal_of_legacy_authentication_after_oauth() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::IMPERSONATION);
    let trusted = LegacyAuth {
        trusted_incoming: true,
        trusted_outgoing: true,
        ..LegacyAuth::default()
    };
    jira.set_legacy(&wiki.id(), trusted);
    wiki.set_legacy(&jira.id(), trusted);
    // Each end speaks to the other over OAuth, and ends its own legacy authentication.
    for (one, other) in [(jira, wiki), (wiki, jira)] {
        assert_eq!(code(one, other).await, "MANUAL_LEGACY_REMOVAL");
        let path = format!("/rest/applinks/3.0/migration/{}", other.id());
        admin(one).post(&path).await.expect(200);
        assert_eq!(code(one, other).await, "OK");
    }
    // Without any access to the peer it stays.
    jira.set_outgoing(&wiki.id(), OAuthFlags::OAUTH);
    jira.set_legacy(
        &wiki.id(),
        LegacyAuth {
            trusted_incoming: true,
            ..LegacyAuth::default()
        },
    );
    let path = format!("/rest/applinks/3.0/migration/{}", wiki.id());
    admin(jira).post(&path).await.expect(409);
    assert!(jira.link(&wiki.id()).unwrap().legacy.trusted_incoming);
}

#[tokio::test]
async fn answers_that_are_no_answers() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    assert_eq!(code(jira, wiki).await, "OK");
    wiki.fault(Fault::html("Log in").path("/oauth"));
    assert_eq!(code(jira, wiki).await, "UNEXPECTED_RESPONSE");
    wiki.clear_faults();
    wiki.fault(Fault::status(503).path("/oauth"));
    let path = format!("/rest/applinks/3.0/status/{}", wiki.id());
    let status = admin(jira).get(&path).await.json();
    assert_eq!(status["error"]["type"], "UNEXPECTED_RESPONSE_STATUS");
    assert_eq!(status["error"]["details"], "503: Service Unavailable");
    wiki.clear_faults();
    wiki.fault(Fault::reset_after().path("/oauth"));
    assert_eq!(code(jira, wiki).await, "UNKNOWN");
    wiki.clear_faults();
    jira.configure(|settings| settings.peer_timeout = Duration::from_millis(100));
    wiki.fault(Fault::delay(Duration::from_secs(30)).path("/oauth"));
    let status = admin(jira).get(&path).await.json();
    assert_eq!(status["error"]["type"], "UNKNOWN");
    assert_eq!(
        status["error"]["details"],
        "java.net.SocketTimeoutException: Read timed out"
    );
}

#[tokio::test]
async fn names_that_do_not_resolve() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    jira.edit_link(&wiki.id(), |link| {
        "http://nowhere.example.test".clone_into(&mut link.rpc_url);
    });
    assert_eq!(code(jira, wiki).await, "UNKNOWN_HOST");
    world.set_host("nowhere.example.test", wiki.port());
    jira.forget_capabilities();
    // The peer does not answer to that name.
    assert_eq!(code(jira, wiki).await, "UNEXPECTED_RESPONSE_STATUS");
}

#[tokio::test]
async fn old_peers() {
    for generation in [Generation::Old, Generation::Old4] {
        let world = World::builder()
            .app(App::new(Product::Jira, "jira").context("/jira"))
            .app(App::new(Product::Confluence, "wiki").generation(generation))
            .start()
            .unwrap();
        let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
        assert_eq!(code(jira, wiki).await, "LOCAL_AUTH_TOKEN_REQUIRED");
        jira.give_token(&wiki.id(), "admin", wiki, "jane");
        assert_eq!(code(jira, wiki).await, "INSUFFICIENT_REMOTE_PERMISSION");
        jira.give_token(&wiki.id(), "admin", wiki, "admin");
        assert_eq!(code(jira, wiki).await, "OK");
        wiki.revoke_tokens();
        assert_eq!(code(jira, wiki).await, "REMOTE_AUTH_TOKEN_REQUIRED");
        let path = format!("/rest/applinks/3.0/status/{}", wiki.id());
        let status = admin(jira).get(&path).await.json();
        assert!(
            status["error"]["authorisationUri"]
                .as_str()
                .unwrap()
                .starts_with(&jira.base_url())
        );
        for (one, other) in [(jira, wiki), (wiki, jira)] {
            one.set_outgoing(&other.id(), OAuthFlags::IMPERSONATION);
            one.set_incoming(&other.id(), OAuthFlags::IMPERSONATION, other);
        }
        assert_eq!(code(jira, wiki).await, "OK");
        jira.set_outgoing(&wiki.id(), OAuthFlags::NONE);
        assert_eq!(code(jira, wiki).await, "NO_OUTGOING_AUTH");
    }
}

#[tokio::test]
async fn ancient_peers() {
    let world = World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Confluence, "wiki").generation(Generation::Ancient))
        .start()
        .unwrap();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    assert_eq!(code(jira, wiki).await, "REMOTE_VERSION_INCOMPATIBLE");
}

#[tokio::test]
async fn asks_the_peer_in_the_known_order() {
    let world = pair();
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    world.clear_requests();
    assert_eq!(code(jira, wiki).await, "OK");
    let asked: Vec<(String, bool)> = world
        .requests()
        .iter()
        .filter(|request| request.app == "wiki")
        .map(|request| {
            assert_eq!(request.sender.as_deref(), Some("jira"));
            (request.target(), request.header("authorization").is_some())
        })
        .collect();
    let expected = [
        ("/rest/applinks/1.0/manifest".to_owned(), false),
        ("/rest/applinks/latest/capabilities".to_owned(), false),
        (
            format!("/rest/applinks/3.0/status/{}/oauth", jira.id()),
            false,
        ),
        ("/rest/applinks/latest/manifest".to_owned(), true),
    ];
    assert_eq!(asked, expected);
    world.clear_requests();
    assert_eq!(code(jira, wiki).await, "OK");
    assert_eq!(
        world
            .requests()
            .iter()
            .filter(|request| request.app == "wiki")
            .count(),
        2
    );
}
