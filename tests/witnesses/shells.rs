//! Completions in the shells themselves.

use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::need::Need;
use crate::support::completions::completion_env;
use crate::support::env::Env;
use crate::support::worlds::client_requests;
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(bash_completes_from_the_state, needs: [Need::Program("bash")]),
        witness_test!(a_damaged_state_completes_nothing_and_prints_nothing, needs: [Need::Program("bash")]),
        witness_test!(bash_completes_on_a_terminal, needs: [Need::Program("bash")]),
        witness_test!(fish_completes_from_the_state, needs: [Need::Program("fish")]),
        witness_test!(zsh_completes_from_the_state, needs: [Need::Program("zsh")]),
        witness_test!(elvish_completes_from_the_state, needs: [Need::Program("elvish")]),
        witness_test!(powershell_parses_its_script, needs: [Need::Program("pwsh")]),
    ]
}

/// The same, with a program whose name has spaces and quotes in it.
fn with_a_program() -> Env {
    let mut env = completion_env();
    env.allow_secrets_in(env.path("state/applink/applink.keys/jira-my-own-program.pem"));
    let line = format!(
        "create jira --consumer {} --yes",
        shlex::try_quote(NAMED).unwrap()
    );
    env.applink(&line).expect(0);
    env
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

fn stdout_lines(command: &mut Command) -> Vec<String> {
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
         COMP_WORDS=({}); COMP_CWORD={}; COMP_TYPE=9; COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}\n\
         _applink applink '{}' x 2>/dev/null\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words
            .iter()
            .map(|word| format!("'{word}'"))
            .collect::<Vec<_>>()
            .join(" "),
        words.len() - 1,
        words.last().unwrap(),
    );
    stdout_lines(shell(env, "bash").args(["--norc", "-c", &script]))
}

/// A shell on a terminal, with its completions loaded by `start`.
fn interactive(env: &Env, name: &str, args: &[&str], start: &str) -> PtySession {
    let mut command = shell(env, name);
    command.args(args);
    let mut session = spawn_command(command, Some(30_000)).unwrap();
    session.send_line(start).unwrap();
    session.flush().unwrap();
    session.exp_string("loaded").unwrap();
    session.exp_string("ready: ").unwrap();
    session
}

/// The line after something is typed, the key for completions among it.
#[track_caller]
fn completed(session: &mut PtySession, typed: &str) -> String {
    session.send(typed).unwrap();
    session.flush().unwrap();
    // The line editor writes letters, not lines: what it has is asked of it, word by word.
    session.send("\u{1}printf '<%s>' 'got:' \n").unwrap();
    session.flush().unwrap();
    let (_, line) = session
        .exp_regex("<got:><[^\r\n]*>")
        .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
    session.exp_string("ready: ").unwrap();
    line.replace("><", " | ")
        .trim_start_matches("<got: | ")
        .trim_end_matches('>')
        .to_owned()
}

/// A program with a name that no shell takes as one word.
const NAMED: &str = "My 'own' program";

/// What is typed, and the words that it becomes.
fn lines(env: &Env) -> Vec<(String, String)> {
    let url = env.world.app("jira").url();
    [
        ("applink verif\t", "applink | verify"),
        ("applink verify ji\t", "applink | verify | jira"),
        ("applink delete jira wi\t", "applink | delete | jira | wiki"),
        (
            "applink create jira b\t",
            "applink | create | jira | builds",
        ),
        (
            "applink explain CLOCK_S\t",
            "applink | explain | CLOCK_SKEW",
        ),
        (
            "applink create --auth=im\t",
            "applink | create | --auth=impersonation",
        ),
        // After a URL, which bash takes apart.
        ("applink create URL b\t", "applink | create | URL | builds"),
        (
            "applink create x=URL b\t",
            "applink | create | x=URL | builds",
        ),
    ]
    .map(|(typed, words)| (typed.replace("URL", &url), words.replace("URL", &url)))
    .to_vec()
}

fn bash_completes_from_the_state() {
    let env = completion_env();
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
    assert!(
        client_requests(&env.world).is_empty(),
        "the network is not asked"
    );
}

fn a_damaged_state_completes_nothing_and_prints_nothing() {
    let env = completion_env();
    std::fs::write(env.state_path(), "no state").unwrap();
    assert_eq!(bash(&env, "applink verify ji"), [""]);
    assert_eq!(bash(&env, "applink verif"), ["verify"]);
}

fn fish_completes_from_the_state() {
    let env = with_a_program();
    let offers = |line: &str| {
        let script = format!("applink completions fish | source; complete -C '{line}'");
        stdout_lines(shell(&env, "fish").args(["--no-config", "-c", &script]))
    };
    let found = offers("applink verify ji");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("jira\tJira at http"), "{found:?}");
    let found = offers("applink delete jira --consumer My");
    assert!(found[0].starts_with(&format!("{NAMED}\t")), "{found:?}");
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

fn bash_completes_on_a_terminal() {
    let env = with_a_program();
    let start = "PS1='ready: '; bind 'set enable-bracketed-paste off'; source <(applink completions bash); echo loa''ded";
    let mut session = interactive(&env, "bash", &["--norc", "--noprofile", "-i"], start);
    for (typed, words) in lines(&env) {
        assert_eq!(completed(&mut session, &typed), words, "{typed:?}");
    }
    for begun in ["My", "My\\ ", "\"My ", "My\\ \\'own\\'\\ "] {
        let typed = format!("applink delete jira --consumer {begun}\t");
        let words = format!("applink | delete | jira | --consumer | {NAMED}");
        assert_eq!(completed(&mut session, &typed), words, "{typed:?}");
    }
}

fn zsh_completes_from_the_state() {
    let env = with_a_program();
    let common = "PS1='ready: '; autoload -Uz compinit";
    let sourced =
        format!("{common}; compinit -u -D; source <(applink completions zsh); echo loa''ded");
    // As a file of a directory where zsh looks for functions: the first press counts.
    let kept = format!(
        "{common}; mkdir -p ~/.zfunc; applink completions zsh > ~/.zfunc/_applink; fpath=(~/.zfunc $fpath); compinit -u -D; echo loa''ded"
    );
    for start in [sourced, kept] {
        let mut session = interactive(&env, "zsh", &["-f", "-i"], &start);
        for (typed, words) in lines(&env) {
            assert_eq!(completed(&mut session, &typed), words, "{typed:?}");
        }
        for begun in ["My", "My\\ "] {
            let typed = format!("applink delete jira --consumer {begun}\t");
            let words = format!("applink | delete | jira | --consumer | {NAMED}");
            assert_eq!(completed(&mut session, &typed), words, "{typed:?}");
        }
    }
}

fn elvish_completes_from_the_state() {
    let env = with_a_program();
    let start = "set edit:prompt = { put 'ready: ' }; set edit:rprompt = { }; \
                 eval (applink completions elvish | slurp); echo loa''ded\r";
    let mut session = interactive(&env, "elvish", &["-norc"], start);
    // The editor draws letter by letter: what it would offer is asked of it in words.
    for (words, offered) in [
        ("applink verify ji", "jira"),
        ("applink verify jira w", "wiki"),
        ("applink create jira b", "builds"),
        ("applink explain CLOCK_S", "CLOCK_SKEW"),
        ("applink delete jira --consumer My", NAMED),
    ] {
        let line = format!("echo 'got'': ' ($edit:completion:arg-completer[applink] {words})\r");
        session.send(&line).unwrap();
        session.flush().unwrap();
        let (_, found) = session
            .exp_regex("\rgot': +[^\r\n]*\r")
            .unwrap_or_else(|error| panic!("{words:?}: {error}"));
        assert_eq!(
            found.trim().trim_start_matches("got': ").trim(),
            offered,
            "{words:?}"
        );
    }
}

fn powershell_parses_its_script() {
    let env = completion_env();
    let script = env.applink("completions powershell").expect(0).stdout;
    env.write("work/applink.ps1", &script, 0o644);
    let parse = "[void][scriptblock]::Create((Get-Content -Raw applink.ps1))";
    let output = stdout_lines(shell(&env, "pwsh").args([
        "-NoProfile",
        "-NonInteractive",
        "-Command",
        parse,
    ]));
    assert!(output.is_empty(), "{output:?}");
}
