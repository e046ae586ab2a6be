//! Completion scripts that work without applink.

use crate::support::completions::completion_env;

#[test]
fn static_scripts_are_available() {
    let env = completion_env();
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
