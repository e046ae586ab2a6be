//! The judgement of a run that could not write its files.

use std::fs;

use crate::support::env::Env;
use crate::support::worlds::{levels, same_level, snapshot};

/// What a run may leave when the disk was full somewhere: nothing sent and the state as it was, or
/// everything known and `resume` able to go on.
pub(crate) fn assert_whole_state(
    env: &Env,
    case: &str,
    code: i32,
    before: &str,
    start: &[serde_json::Value],
) {
    let state = env.state();
    match code {
        0 => assert!(state.contains("[[links]]"), "{case}"),
        1 | 5 | 7 => {
            assert_eq!(state, before, "{case}");
            let now = snapshot(&env.world);
            for (now, start) in now.iter().zip(start) {
                assert_eq!(now["links"], start["links"], "{case}");
            }
            assert!(!env.has_journal() || journal_is_empty(env), "{case}");
        }
        3 => {
            assert_eq!(state, before, "{case}");
            assert!(env.has_journal(), "{case}");
        }
        other => panic!("{case}: an exit code of {other}"),
    }
    let out = if env.has_journal() {
        env.applink("resume -o json")
    } else {
        env.applink("create jira wiki -o json")
    };
    // A first line that did not fit was never a run.
    let out = if out.code == 0 && !env.state().contains("[[links]]") {
        env.applink("create jira wiki -o json")
    } else {
        out
    };
    assert_eq!(out.code, 0, "{case}: {}", out.transcript());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"), "{case}");
    assert_eq!(levels(wiki, jira), same_level("oauth"), "{case}");
    assert!(env.state().contains("[[links]]"), "{case}");
    assert!(!env.has_journal(), "{case}");
}

pub(crate) fn journal_is_empty(env: &Env) -> bool {
    !fs::read_to_string(env.state_sibling(".journal"))
        .unwrap_or_default()
        .contains('\n')
}
