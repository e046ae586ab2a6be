//! Tests that need more than Rust and a shell: other implementations that judge what applink
//! writes, shells, a keyring service, `strace`, or special rights.
//!
//! The needs are looked up at start-up. A test with an unmet need is reported as ignored, and a
//! line at the end names it with the need: `not run: java::java_agrees_with_the_table (needs java)`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on ends here"
)]

#[path = "../e2e/support/mod.rs"]
#[allow(dead_code, reason = "the end-to-end tests use the rest")]
mod support;

mod disks;
mod example_scripts;
mod file_operations;
mod graphviz;
mod ipv6;
mod java;
mod json_schema;
mod manual;
mod need;
mod oauthlib;
mod openssl;
mod secret_service;
mod shells;
mod strace;
mod tmux;
mod users;
mod witness_test;

use std::collections::HashMap;
use std::io::Write as _;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use need::Need;
use witness_test::WitnessTest;

fn all_tests() -> Vec<WitnessTest> {
    [
        disks::tests(),
        example_scripts::tests(),
        file_operations::tests(),
        graphviz::tests(),
        ipv6::tests(),
        java::tests(),
        json_schema::tests(),
        manual::tests(),
        oauthlib::tests(),
        openssl::tests(),
        secret_service::tests(),
        shells::tests(),
        strace::tests(),
        tmux::tests(),
        users::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut met: HashMap<Need, bool> = HashMap::new();
    let mut trials = Vec::new();
    let mut ignored = Vec::new();
    for test in all_tests() {
        let unmet = test
            .needs
            .iter()
            .find(|need| !*met.entry(**need).or_insert_with(|| need.is_met()));
        let reason = unmet
            .map(|need| format!("needs {need}"))
            .or(test.long_run.map(ToOwned::to_owned));
        let missing = unmet.map(|need| format!("needs {need}"));
        let run = test.run;
        trials.push(
            Trial::test(test.name, move || {
                if let Some(missing) = missing {
                    return Err(missing.into());
                }
                run();
                Ok(())
            })
            .with_kind(reason.clone().unwrap_or_default())
            .with_ignored_flag(reason.is_some()),
        );
        if let Some(reason) = reason
            && is_selected(&arguments, test.name)
        {
            ignored.push(format!("not run: {} ({reason})", test.name));
        }
    }
    let runs_ignored = arguments.list || arguments.ignored || arguments.include_ignored;
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !runs_ignored {
        let mut err = std::io::stderr();
        for line in ignored {
            let _ = writeln!(err, "{line}");
        }
    }
    conclusion.exit_code()
}

/// The same selection as that of the test harness.
fn is_selected(arguments: &Arguments, name: &str) -> bool {
    let matches = |pattern: &String| {
        if arguments.exact {
            name == pattern
        } else {
            name.contains(pattern.as_str())
        }
    };
    arguments.filter.as_ref().is_none_or(matches) && !arguments.skip.iter().any(matches)
}
