//! How many requests `applink verify` sends.

use applink_sandbox::{App, Generation, OAuthFlags, Product, World};

use crate::support::code_cases::write_state;
use crate::support::env::Env;
use crate::support::worlds::{client_requests, jira, wiki, world};

fn read_requests(world: &World) -> Vec<String> {
    let mut asked: Vec<String> = client_requests(world)
        .iter()
        .map(|request| format!("{} {} {}", request.app, request.method, request.target()))
        .collect();
    asked.sort();
    asked
}

#[test]
fn verifying_a_working_link_takes_few_requests() {
    for generation in [
        Generation::Classic,
        Generation::Modern,
        Generation::Old,
        Generation::Old4,
    ] {
        let env = Env::new(world([
            jira().generation(generation),
            wiki().generation(generation),
        ]));
        env.world.link("jira", "wiki", OAuthFlags::OAUTH);
        write_state(&env);
        env.applink("verify").expect(0);
        let asked = read_requests(&env.world);
        assert!(asked.len() <= 14, "{generation:?}: {asked:#?}");
    }
}

/// One Jira with five links.
fn star(generation: Generation) -> Env {
    let peers = [
        (Product::Confluence, "wiki"),
        (Product::Bitbucket, "bitbucket"),
        (Product::Bamboo, "bamboo"),
        (Product::Crowd, "crowd"),
        (Product::Fecru, "fecru"),
    ];
    let mut builder = World::builder().seed(11).app(jira().generation(generation));
    for (product, alias) in peers {
        builder = builder.app(App::new(product, alias).generation(generation));
    }
    let env = Env::new(builder.start().unwrap());
    for (_, alias) in peers {
        env.world.link("jira", alias, OAuthFlags::OAUTH);
    }
    write_state(&env);
    env
}

#[test]
fn facts_about_an_application_are_read_once() {
    for generation in [Generation::Classic, Generation::Old] {
        let env = star(generation);
        let out = env.applink("verify -o json").expect(0);
        assert_eq!(out.json()["summary"]["ok"], 5, "{}", out.transcript());
        let asked = read_requests(&env.world);
        let mut once = asked.clone();
        once.dedup();
        assert_eq!(asked, once, "{generation:?}");
        // Five more for Jira's ends than for those of each peer, and nothing else.
        let of = |alias: &str| asked.iter().filter(|line| line.starts_with(alias)).count();
        assert!(
            of("jira ") <= of("wiki ") + 4 * 2,
            "{generation:?}: {asked:#?}"
        );
    }
}
