//! Applications that are a cluster of two nodes, one of which learns late.

use std::time::Duration;

use applink_sandbox::Cluster;

use crate::support::env::Env;
use crate::support::worlds::{client_requests, pair};

fn clustered(affinity: bool) -> Env {
    let env = Env::new(pair());
    for alias in ["jira", "wiki"] {
        env.world.app(alias).configure(|settings| {
            settings.cluster = Some(Cluster {
                lag: Duration::from_millis(300),
                affinity,
            });
        });
    }
    env
}

#[test]
fn a_node_that_learns_late_stops_no_change() {
    for affinity in [false, true] {
        let env = clustered(affinity);
        for line in [
            "create {jira} {wiki}",
            "edit jira wiki --auth impersonation --yes",
            "edit jira wiki --name Other",
            "delete jira wiki --yes",
        ] {
            let out = env.applink(line);
            // The closing verification may have met the other node.
            let closed = !line.starts_with("delete") && out.code == 6;
            assert!(out.code == 0 || closed, "{line}: {}", out.transcript());
            assert!(!env.has_journal(), "{line}: {}", out.transcript());
        }
    }
}

#[test]
fn the_cookie_of_a_balancer_goes_back_to_its_own_application() {
    let env = clustered(true);
    env.applink("create {jira} {wiki}").expect(0);
    for alias in ["jira", "wiki"] {
        let requests = client_requests(&env.world);
        let of_app = requests.iter().filter(|request| request.app == alias);
        let with_cookie = of_app
            .filter(|request| request.header("cookie").is_some())
            .count();
        assert!(with_cookie > 3, "{alias}");
    }
}
