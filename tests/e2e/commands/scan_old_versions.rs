//! `applink scan` on versions without an API that reads without calling the peer.

use applink_sandbox::{App, AppHandle, Fault, Generation, LegacyAuth, OAuthFlags, Product};
use serde_json::Value;

use crate::support::clones::find_row;
use crate::support::clones::production;
use crate::support::env::Env;
use crate::support::worlds::{levels, same_level, world};

#[test]
fn an_old_version_is_read_without_calling_production() {
    for generation in [Generation::Ancient, Generation::Old4, Generation::Old] {
        let env = Env::new(world([
            production(Product::Confluence, "wiki"),
            production(Product::Bamboo, "bamboo"),
            App::new(Product::Jira, "jira-test").generation(generation),
        ]));
        let [wiki, bamboo, copy] =
            ["wiki", "bamboo", "jira-test"].map(|alias| env.world.app(alias));
        let oauth = copy.add_link_to(wiki);
        copy.set_outgoing(&oauth, OAuthFlags::OAUTH);
        copy.set_incoming(&oauth, OAuthFlags::IMPERSONATION, wiki);
        let trusted = copy.add_link_to(bamboo);
        copy.set_legacy(
            &trusted,
            LegacyAuth {
                trusted_outgoing: true,
                ..LegacyAuth::default()
            },
        );
        env.applink("app add jira-test {jira-test.url}").expect(0);
        env.world.clear_requests();
        let before: Vec<Value> = [wiki, bamboo].map(AppHandle::snapshot).to_vec();
        let out = env.applink("scan --from '*.prod.test' -o json").expect(0);
        let json = out.json();
        let found = find_row(&json, "link", "Confluence");
        assert_eq!(found["incoming"], "impersonation", "{}", out.transcript());
        assert_eq!(found["outgoing"], "oauth");
        assert_eq!(found["actions"], serde_json::json!(["set-level"]));
        let found = find_row(&json, "link", "Bamboo");
        assert_eq!(found["outgoing"], "legacy");
        assert_eq!(found["actions"], serde_json::json!(["delete-link"]));
        assert!(
            out.says("its version does not tell") && out.says("listApplicationLinks"),
            "{}",
            out.transcript()
        );
        let out = env
            .applink("scan --from '*.prod.test' --apply --yes -o json")
            .expect(0);
        assert_eq!(out.json()["changed"], true);
        assert_eq!(levels(copy, wiki), same_level("none"));
        assert!(copy.link(&trusted).is_none());
        let again = env
            .applink("scan --from '*.prod.test' --apply --yes -o json")
            .expect(0);
        assert_eq!(again.json()["changed"], false, "{}", again.transcript());
        // Neither applink nor the copy asked production anything.
        for request in env.world.requests() {
            assert_eq!(request.app, "jira-test", "{request:?}");
        }
        let after: Vec<Value> = [wiki, bamboo].map(AppHandle::snapshot).to_vec();
        assert_eq!(after, before);
    }
}

#[test]
fn a_killed_run_on_an_old_version_resumes_without_calling_production() {
    let env = Env::new(world([
        production(Product::Confluence, "wiki"),
        App::new(Product::Jira, "jira-test").generation(Generation::Old),
    ]));
    let (wiki, copy) = (env.world.app("wiki"), env.world.app("jira-test"));
    let id = copy.add_link_to(wiki);
    copy.set_outgoing(&id, OAuthFlags::OAUTH);
    env.applink("app add jira-test {jira-test.url}").expect(0);
    copy.fault(Fault::status(503).method("DELETE"));
    env.world.clear_requests();
    let line = "scan --from '*.prod.test' --apply --yes -o json";
    env.applink(line).expect(5);
    copy.clear_faults();
    env.applink(line).expect(0);
    assert_eq!(levels(copy, wiki), same_level("none"));
    for request in env.world.requests() {
        assert_eq!(request.app, "jira-test", "{request:?}");
    }
}
