//! Completions in the shells themselves, as far as they are installed; and what a manual's reader
//! says of the manual.

use std::path::Path;
use std::process::Command;

use applink_sandbox::OAuthFlags;
use rexpect::session::spawn_command;

use crate::env::Env;
use crate::estate::{jira, link, outside, wiki, world};

/// Three applications, of which two are linked.
fn known() -> Env {
    let mut env = Env::new(world([
        jira(),
        wiki(),
        applink_sandbox::App::new(applink_sandbox::Product::Bamboo, "builds"),
    ]));
    link(
        env.world.app("jira"),
        env.world.app("wiki"),
        OAuthFlags::OAUTH,
    );
    env.add_all();
    env.applink("create jira wiki --yes").expect(0);
    env.world.clear_requests();
    let program = Path::new(env!("CARGO_BIN_EXE_applink"));
    let path = std::env::var("PATH").unwrap_or_default();
    env.set(
        "PATH",
        format!("{}:{path}", program.parent().unwrap().display()),
    );
    env.set("TERM", "xterm");
    env
}

/// Whether a program is there; otherwise says that its test was not run.
fn installed(program: &str) -> bool {
    // Some know no --version; that they run is enough.
    let found = Command::new(program)
        .arg("--version")
        .stdin(std::process::Stdio::null())
        .output()
        .is_ok();
    if !found {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "not run: {program} is not installed");
    }
    found
}

/// A shell in the environment of the program.
fn shell(env: &Env, name: &str) -> Command {
    let like = env.command("--version");
    let mut shell = Command::new(name);
    shell.env_clear().current_dir(env.path("work"));
    for (name, value) in like.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell
}

fn said(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

/// What bash offers for the last word of a line.
fn bash(env: &Env, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let script = format!(
        "source <(applink completions bash)\n\
         COMP_WORDS=({}); COMP_CWORD={}; COMP_TYPE=9\n\
         _clap_complete_applink applink '{}' x 2>/dev/null\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words
            .iter()
            .map(|word| format!("'{word}'"))
            .collect::<Vec<_>>()
            .join(" "),
        words.len() - 1,
        words.last().unwrap(),
    );
    let mut offered = said(shell(env, "bash").args(["--norc", "-c", &script]));
    // Options come last.
    offered.retain(|word| !word.starts_with("--"));
    offered
}

#[test]
fn bash_completes_from_the_state() {
    if !installed("bash") {
        return;
    }
    let env = known();
    assert_eq!(bash(&env, "applink verif"), ["verify"]);
    assert_eq!(bash(&env, "applink verify ji"), ["jira"]);
    // The other end of a link, for what is about links; the others to make one.
    assert_eq!(bash(&env, "applink verify jira "), ["wiki"]);
    assert_eq!(bash(&env, "applink delete wiki "), ["jira"]);
    assert_eq!(bash(&env, "applink create jira "), ["builds"]);
    assert_eq!(bash(&env, "applink app show b"), ["builds"]);
    assert_eq!(bash(&env, "applink explain CLOCK_S"), ["CLOCK_SKEW"]);
    assert_eq!(bash(&env, "applink create --auth im"), ["impersonation"]);
    // Another state, and none: nothing, and no complaint.
    assert_eq!(
        bash(&env, "applink --state /nowhere/x.toml verify ji"),
        [""]
    );
    assert!(outside(&env.world).is_empty(), "the network is not asked");
}

#[test]
fn a_damaged_state_offers_nothing_and_says_nothing() {
    if !installed("bash") {
        return;
    }
    let env = known();
    std::fs::write(env.state_path(), "no state").unwrap();
    assert_eq!(bash(&env, "applink verify ji"), [""]);
    assert_eq!(bash(&env, "applink verif"), ["verify"]);
}

#[test]
fn fish_completes_from_the_state() {
    if !installed("fish") {
        return;
    }
    let env = known();
    let offers = |line: &str| {
        let script = format!("applink completions fish | source; complete -C '{line}'");
        said(shell(&env, "fish").args(["--no-config", "-c", &script]))
    };
    let found = offers("applink verify ji");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("jira\tJira at http"), "{found:?}");
    let found = offers("applink verify jira ");
    assert!(
        found.iter().any(|line| line.starts_with("wiki\t")),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.starts_with("builds")),
        "{found:?}"
    );
}

#[test]
fn zsh_completes_from_the_state() {
    if !installed("zsh") {
        return;
    }
    let env = known();
    let mut command = shell(&env, "zsh");
    command.args(["-f", "-i"]);
    let mut session = spawn_command(command, Some(30_000)).unwrap();
    session
        .send_line("PS1='ready> '; autoload -Uz compinit && compinit -u -D; source <(applink completions zsh); echo loa''ded")
        .unwrap();
    session.exp_string("loaded").unwrap();
    session.exp_string("ready> ").unwrap();
    for (typed, completed) in [
        ("applink verify ji\t", "verify jira"),
        ("applink delete jira wi\t", "delete jira wiki"),
        ("applink explain CLOCK_S\t", "CLOCK_SKEW"),
    ] {
        session.send(typed).unwrap();
        session.flush().unwrap();
        // The line editor writes letters, not lines: what it has is asked of it.
        session.send("\u{1}echo got: \n").unwrap();
        session.flush().unwrap();
        let (_, line) = session
            .exp_regex("got: applink [^\r\n]*\r?\n")
            .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
        assert!(line.contains(completed), "{line:?}");
    }
}

#[test]
fn the_static_scripts_are_still_to_be_had() {
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

#[test]
fn every_page_of_the_manual_has_its_sections_and_reads_well() {
    let pages = applink::cli::man::pages().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mandoc = installed("mandoc");
    for (name, text) in pages {
        if name.ends_with(".1") {
            for section in [".SH \"EXIT STATUS\"", ".SH ENVIRONMENT", ".SH EXAMPLES"] {
                assert!(text.contains(section), "{name} has no {section}");
            }
            // An option without a word on it helps nobody.
            let lines: Vec<&str> = text.lines().collect();
            for pair in lines.windows(2) {
                let is_option = pair[0].starts_with("\\fB\\-");
                assert!(
                    !is_option || !pair[1].starts_with(".TP"),
                    "{name}: {}",
                    pair[0]
                );
            }
        }
        if mandoc {
            let path = directory.path().join(&name);
            std::fs::write(&path, &text).unwrap();
            let lint = Command::new("mandoc")
                .args(["-Tlint", "-Wwarning"])
                .arg(&path)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&lint.stdout).into_owned();
            assert!(said.is_empty(), "{said}");
        }
    }
}

#[test]
fn the_version_says_from_which_sources_it_is() {
    let env = Env::new(world([]));
    let said = env.applink("--version").expect(0).stdout;
    let number = env!("CARGO_PKG_VERSION");
    let rest = said
        .trim()
        .strip_prefix(&format!("applink {number}"))
        .expect("a number");
    if rest.is_empty() {
        // Neither a repository nor a package says.
        return;
    }
    let facts = rest
        .trim()
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let words: Vec<&str> = facts.expect("facts").split(' ').collect();
    let commit = words[0].len() == 10 && words[0].bytes().all(|b| b.is_ascii_hexdigit());
    assert!(commit || words[0].split('-').count() == 3, "{said}");
}
