//! Completion scripts that work without applink.

use std::path::Path;

use applink_sandbox::OAuthFlags;

use crate::support::completions::{known};
use crate::support::env::Env;
use crate::support::worlds::{jira, link, wiki, world};

#[test]
fn static_scripts_are_available() {
    let env = known();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let fixed = env
            .applink(&format!("completions {shell} --static"))
            .expect(0)
            .stdout;
        let asking = env
            .applink(&format!("completions {shell}"))
            .expect(0)
            .stdout;
        assert!(fixed.contains("relocate"), "{shell}");
        assert!(asking.contains("_APPLINK_COMPLETE"), "{shell}");
    }
}
