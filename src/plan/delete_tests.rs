//! Every end that exists goes, and none that the product manages.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::domain::Flags;
use crate::plan::testing::world::*;

fn end(on: &str, n: u128) -> DeletedEnd {
    DeletedEnd {
        alias: alias(on),
        record: view(n, "Peer", "jira", "https://peer.example", Flags::OAUTH).record,
    }
}

#[test]
fn each_end_that_exists_is_a_step() {
    let (jira, wiki) = (alias("jira"), alias("wiki"));
    let both = [end("jira", 2), end("wiki", 1)];
    let planned = plan(&jira, Some(&wiki), false, &both).unwrap();
    assert_eq!(planned.steps.len(), 2);
    // What both ends lose alike is said once.
    assert_eq!(planned.losses().len(), 1);
    // One end that cannot be deleted does not keep the other.
    assert_eq!(planned.policy, Policy::Continue);
    assert!(plan(&jira, None, true, &[]).unwrap().is_empty());
}

#[test]
fn a_system_link_at_either_end_is_refused() {
    for at in [0, 1] {
        let mut ends = [end("jira", 2), end("wiki", 1)];
        if let Some(end) = ends.get_mut(at) {
            end.record.system = true;
        }
        let error = plan(&alias("jira"), Some(&alias("wiki")), false, &ends).unwrap_err();
        assert_eq!(error.code, Some(Code::SystemLink));
    }
}
