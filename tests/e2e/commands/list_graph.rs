//! `applink list --graph`, and lists of many applications.

use std::fmt::Write as _;

use applink_sandbox::{App, Fault, OAuthFlags, Product, World};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::many_links::{env_with_many_links, run_graph};
use crate::support::worlds::{client_requests, link};

#[test]
fn dot_output_reads_as_documented() {
    let env = env_with_many_links();
    let out = run_graph(&env, "list --graph dot");
    assert_snapshot!(out.transcript(), @r##"
    exit 0
    --- stdout
    digraph applink {
      graph [rankdir=LR, overlap=false, splines=true, fontname="sans-serif"];
      node [shape=box, style=rounded, fontname="sans-serif"];
      edge [fontname="sans-serif", fontsize=10];
      n0 [label="bamboo\nBamboo"];
      n1 [label="code\nBitbucket"];
      n2 [label="crowd\nCrowd"];
      n3 [label="jira\nJira"];
      n4 [label="wiki\nConfluence"];
      n5 [label="</svg>\"-->\\\\x0a\\u{202e}\ngeneric application, not known", style="dotted"];
      n0 -> n3 [dir=none, label="none, one-way", style=dashed];
      n1 -> n3 [dir=forward, label="impersonation, broken: levels differ", style=bold, penwidth=4];
      n3 -> n1 [dir=forward, label="oauth", style=bold, penwidth=4];
      n1 -> n4 [dir=both, label="legacy", color="black:white:black"];
      n3 -> n4 [dir=both, label="oauth"];
      n3 -> n5 [dir=none, label="none"];
    }
    "##);
}

#[test]
fn mermaid_output_reads_as_documented() {
    let env = env_with_many_links();
    assert_snapshot!(run_graph(&env, "list --graph mermaid").transcript(), @r##"
    exit 0
    --- stdout
    flowchart LR
      n0["bamboo<br/>Bamboo"]
      n1["code<br/>Bitbucket"]
      n2["crowd<br/>Crowd"]
      n3["jira<br/>Jira"]
      n4["wiki<br/>Confluence"]
      n5(["#60;/svg#62;#34;--#62;#92;#92;x0a#92;u#123;202e#125;<br/>generic application, not known"]):::unknown
      n0 -.-|"none, one-way"| n3
      n1 ==>|"impersonation, broken: levels differ"| n3
      n3 ==>|"oauth"| n1
      n1 <==>|"legacy"| n4
      n3 <-->|"oauth"| n4
      n3 ---|"none"| n5
      linkStyle 1 stroke-width:5px
      linkStyle 2 stroke-width:5px
      linkStyle 3 stroke-width:3px,stroke-dasharray:14 4
      classDef silent stroke-width:3px,stroke-dasharray:7 4
      classDef unknown stroke-dasharray:2 4
    "##);
}

#[test]
fn svg_output_shows_every_link() {
    let env = env_with_many_links();
    let out = run_graph(&env, "list --graph svg");
    let text = &out.stdout;
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
    assert_eq!(text.matches("</svg>").count(), 1);
    for words in [
        "jira ↔ wiki: oauth",
        "none, one-way",
        "broken: levels differ",
        "legacy",
        "not known",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // The same every time.
    assert_eq!(env.applink("list --graph svg").stdout, *text);
}

#[test]
fn filters_apply_to_the_graph() {
    let env = env_with_many_links();
    let out = run_graph(&env, "list --graph mermaid --one-way");
    assert!(
        out.stdout.contains("bamboo") && !out.stdout.contains("wiki"),
        "{}",
        out.transcript()
    );
    let out = run_graph(&env, "list --graph mermaid --auth legacy");
    assert!(
        out.stdout.contains("wiki") && !out.stdout.contains("jira"),
        "{}",
        out.transcript()
    );
    let out = run_graph(&env, "list wiki --graph dot --type jira");
    assert_eq!(out.stdout.matches("->").count(), 1, "{}", out.transcript());
    // Crowd has no links, and is shown where nothing is left out.
    assert!(run_graph(&env, "list --graph dot").stdout.contains("crowd"));
    assert!(
        !run_graph(&env, "list --graph dot --auth oauth")
            .stdout
            .contains("crowd")
    );
}

#[test]
fn unreachable_applications_are_marked() {
    let env = env_with_many_links();
    env.world.app("wiki").stop();
    let out = env.applink("list --graph dot").expect(5);
    assert!(
        out.stdout.contains("wiki\\nConfluence, no answer"),
        "{}",
        out.transcript()
    );
    assert!(out.says("cannot be reached"));
    let offline = env.applink("list --graph dot --cached").expect(0);
    assert!(
        offline.stdout.contains("wiki\\nConfluence"),
        "{}",
        offline.transcript()
    );
}

#[test]
fn pending_deletes_are_marked() {
    let env = env_with_many_links();
    env.applink("list").expect(0);
    let wiki = env.world.app("wiki");
    wiki.fault(Fault::status(503).method("DELETE"));
    env.applink("delete jira wiki --yes").expect(3);
    wiki.clear_faults();
    let out = run_graph(&env, "list --graph dot");
    assert!(
        out.stdout.contains("pending delete") && out.stdout.contains("dotted"),
        "{}",
        out.transcript()
    );
}

#[test]
fn graph_conflicts_with_other_output_formats() {
    let env = env_with_many_links();
    env.world.clear_requests();
    for output in ["json", "csv"] {
        env.applink(&format!("list --graph dot -o {output}"))
            .expect(2);
    }
    env.applink("list --graph png").expect(2);
    assert!(client_requests(&env.world).is_empty());
}

/// Forty applications in a ring.
fn many() -> Env {
    let kinds = [
        Product::Jira,
        Product::Confluence,
        Product::Bamboo,
        Product::Bitbucket,
    ];
    let apps = (0..40).map(|n| App::new(kinds[n % 4], &format!("app-{n:02}")));
    let env = Env::new(World::builder().seed(11).apps(apps).start().unwrap());
    for n in 0..40 {
        let [a, b] = [n, (n + 1) % 40].map(|n| env.world.app(&format!("app-{n:02}")));
        link(a, b, OAuthFlags::OAUTH);
    }
    let mut state =
        "version = 2\nlineage = \"6f0a4b0e-1111-4222-8333-444455556666\"\nserial = 1\n".to_owned();
    for app in env.world.apps() {
        let _ = write!(
            state,
            "[applications.{}]\nurl = {:?}\nid = {:?}\ntype = {:?}\n",
            app.alias(),
            app.url(),
            app.id(),
            app.type_id()
        );
    }
    env.write("state/applink/applink.toml", &state, 0o600);
    env
}

#[test]
fn forty_applications_are_listed_and_drawn_in_order() {
    let env = many();
    let live = env.applink("list -o json").expect(0).json();
    assert_eq!(live["links"].as_array().unwrap().len(), 80);
    let csv = env.applink("list -o csv").expect(0);
    assert_eq!(csv.stdout.lines().count(), 81);
    let mut first: Vec<&str> = csv.stdout.lines().skip(1).map(|line| &line[..6]).collect();
    assert!(first.is_sorted());
    first.dedup();
    assert_eq!(first.len(), 40);
    let count = |line: &str| {
        let json = env.applink(&format!("{line} -o json")).expect(0).json();
        json["links"].as_array().unwrap().len()
    };
    assert_eq!(count("list --type jira"), 20);
    assert_eq!(count("list app-00 app-07"), 4);
    let svg = env.applink("list --graph svg").expect(0).stdout;
    assert_eq!(svg.matches(" ↔ app-").count(), 40);
    for app in env.world.apps() {
        app.stop();
    }
    env.world.clear_requests();
    let cached = env.applink("list --cached -o json").expect(0).json();
    assert_eq!(cached["links"], live["links"]);
    assert_eq!(
        env.applink("list --cached -o csv").expect(0).stdout,
        csv.stdout
    );
    assert_eq!(
        env.applink("list --cached --graph svg").expect(0).stdout,
        svg
    );
    assert_eq!(count("list --cached --type jira --auth oauth"), 20);
    assert!(client_requests(&env.world).is_empty());
}
