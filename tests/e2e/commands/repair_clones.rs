//! `applink repair` and `applink create` where clones are about.

use applink_sandbox::{App, Product};

use crate::support::clones::env_with_clone;
use crate::support::env::Env;
use crate::support::worlds::{jira, levels, same_level, wiki, world, writes};

#[test]
fn repair_does_not_re_enable_links_that_scan_disabled() {
    let env = env_with_clone();
    let [copy, there] = ["jira-test", "wiki-test"].map(|alias| env.world.app(alias));
    there.restore_from(env.world.app("wiki"));
    env.applink("app add wiki-test {wiki-test.url}").expect(0);
    env.applink("scan --from '*.prod.test' --apply --yes")
        .expect(0);
    env.world.clear_requests();
    for line in [
        "repair jira-test wiki-test",
        "repair --yes",
        "repair jira-test wiki-test --yes -o json",
    ] {
        let out = env.applink(line);
        assert!(
            writes(&env.world).is_empty(),
            "{line}: {}",
            out.transcript()
        );
        assert!(out.says("left as it is"), "{line}: {}", out.transcript());
        assert!(out.says("first: applink relocate"), "{}", out.transcript());
    }
    // What is printed first leads the records to each other; then it is asked, and done.
    for _ in 0..2 {
        let out = env.applink("verify jira-test wiki-test -o json");
        let link = out.json()["links"][0].clone();
        let command = link["fix"][0]["command"].as_str().unwrap().to_owned();
        assert!(
            command.starts_with("applink relocate"),
            "{}",
            out.transcript()
        );
        let line = command.strip_prefix("applink ").unwrap();
        env.applink(&format!("{line} --yes"));
    }
    assert_eq!(copy.link(&there.id()).unwrap().rpc_url, there.url());
    assert_eq!(there.link(&copy.id()).unwrap().rpc_url, copy.url());
    env.applink("repair jira-test wiki-test")
        .expect(2)
        .expect_says("may be disabled on purpose");
    assert_eq!(levels(copy, there), same_level("none"));
    env.applink("repair jira-test wiki-test --yes");
    assert_eq!(levels(copy, there), same_level("oauth"));
    assert_eq!(levels(there, copy), same_level("oauth"));
}

#[test]
fn a_link_to_the_original_is_not_mistaken_for_a_link_to_its_clone() {
    for linked in [true, false] {
        let env = Env::new(world([
            jira(),
            wiki(),
            App::new(Product::Jira, "staging").clone_of("jira"),
        ]));
        env.applink("app add jira {jira.url}").expect(0);
        env.applink("app add wiki {wiki.url}").expect(0);
        if linked {
            env.applink("create jira wiki").expect(0);
        }
        env.world.clear_requests();
        let line = "create wiki staging={staging.url} -o json";
        if linked {
            let out = env.applink(line).expect(1);
            assert_eq!(
                out.error_code(),
                "CLONED_APPLICATION",
                "{}",
                out.transcript()
            );
            assert!(
                out.says("leads to jira, not to staging"),
                "{}",
                out.transcript()
            );
            assert!(writes(&env.world).is_empty());
            assert!(env.world.app("staging").links().is_empty());
        } else {
            let out = env.applink(line).expect(0);
            assert!(out.says("CLONED_APPLICATION"), "{}", out.transcript());
        }
    }
}
