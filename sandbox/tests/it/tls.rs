//! Certificates and trust, between applications and from outside.

use applink_sandbox::{App, OAuthFlags, Product, Tls, Trust, World};

use crate::{code, linked};

fn world(tls: Tls) -> World {
    World::builder()
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Confluence, "wiki").tls(tls))
        .start()
        .unwrap()
}

#[tokio::test]
async fn certificates_as_a_peer_sees_them() {
    let expected = [
        (Tls::Good, "OK"),
        (Tls::Expired, "SSL_UNTRUSTED"),
        (Tls::SelfSigned, "SSL_UNTRUSTED"),
        (Tls::WrongHost, "SSL_HOSTNAME_UNMATCHED"),
        (Tls::ClientCertificate, "SSL_UNMATCHED"),
    ];
    for (tls, wanted) in expected {
        let world = world(tls);
        let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
        assert_eq!(code(jira, wiki).await, wanted, "{tls:?}");
    }
}

#[tokio::test]
async fn a_lost_trust_store() {
    let world = world(Tls::Good);
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    jira.configure(|settings| settings.trust = Trust::Nothing);
    assert_eq!(code(jira, wiki).await, "SSL_UNTRUSTED");
}

#[tokio::test]
async fn the_wrong_scheme() {
    let world = world(Tls::Off);
    let (jira, wiki) = linked(&world, OAuthFlags::OAUTH);
    let secure = wiki.url().replace("http:", "https:");
    jira.edit_link(&wiki.id(), |link| link.rpc_url = secure);
    assert_eq!(code(jira, wiki).await, "UNKNOWN");
    world.set_tls("wiki", Tls::Good).unwrap();
    jira.edit_link(&wiki.id(), |link| {
        link.rpc_url = link.rpc_url.replace("https:", "http:");
    });
    jira.forget_capabilities();
    // A TLS port answers plain HTTP with 400.
    assert_eq!(code(jira, wiki).await, "UNEXPECTED_RESPONSE_STATUS");
}

#[tokio::test]
async fn the_authority_is_given_as_a_file() {
    let world = world(Tls::Good);
    let pem = std::fs::read(world.ca_path().unwrap()).unwrap();
    assert_eq!(pem, world.ca_pem().as_bytes());
    let ca = reqwest::Certificate::from_pem(&pem).unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([ca])
        .build()
        .unwrap();
    let url = format!("{}/rest/applinks/1.0/manifest", world.app("wiki").url());
    assert!(url.starts_with("https://127.0.0.1:"));
    assert_eq!(client.get(url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn named_hosts() {
    let world = World::builder()
        .app(
            App::new(Product::Jira, "jira")
                .context("/jira")
                .host("jira.example.test")
                .base_url("http://jira.example.test:{port}/jira"),
        )
        .app(
            App::new(Product::Confluence, "wiki")
                .tls(Tls::Good)
                .host("wiki.example.test")
                .base_url("https://wiki.example.test"),
        )
        .start()
        .unwrap();
    let (jira, wiki) = linked(&world, OAuthFlags::IMPERSONATION);
    assert_eq!(code(jira, wiki).await, "OK");
    assert_eq!(code(wiki, jira).await, "OK");
    assert_eq!(jira.links()[0].rpc_url, "https://wiki.example.test");
    world.remove_host("wiki.example.test");
    assert_eq!(code(jira, wiki).await, "UNKNOWN_HOST");
}
