//! Help texts and suggestions for misspelled words.

use crate::support::env::Env;
use crate::support::worlds::{pair, world};

#[test]
fn command_names_of_other_tools_get_a_suggestion() {
    let env = Env::new(world([]));
    for (line, tip) in [
        ("add jira https://jira.example.com", "'applink app add'"),
        ("rm jira wiki", "'applink delete'"),
        ("remove jira", "'applink app remove'"),
        ("ls", "'applink list'"),
        ("mv wiki https://wiki.example.com", "'applink relocate'"),
        ("check", "'applink verify'"),
        ("login jira", "'applink app login'"),
        ("logout jira", "'applink app logout'"),
        ("app rm jira", "'applink app remove'"),
        ("app ls", "'applink app list'"),
        ("key new", "'applink key generate'"),
        ("undo", "'applink resume --undo'"),
    ] {
        env.applink(line).expect(2).expect_says(tip);
        let error = env.applink(&format!("{line} -o json")).expect(2).error();
        assert!(error.to_string().contains(tip), "{error}");
    }
    // What is asked everywhere.
    let help = env.applink("help app add").expect(0).stdout;
    assert_eq!(help, env.applink("app add --help").expect(0).stdout);
    env.applink("help").expect(0);
    let version = env.applink("--version").expect(0).stdout;
    for line in ["-V", "create -V", "app add --version", "version"] {
        let out = env.applink(line);
        if line == "version" {
            out.expect(2).expect_says("'applink --version'");
        } else {
            assert_eq!(out.expect(0).stdout, version, "{line}");
        }
    }
}

#[test]
fn misspelled_words_get_a_suggestion() {
    let env = Env::new(pair());
    env.add_all();
    for (line, code, hint) in [
        ("verfy", 2, "a similar subcommand exists: 'verify'"),
        ("app shwo", 2, "a similar subcommand exists: 'show'"),
        (
            "create --one-wey jira wiki",
            2,
            "a similar argument exists: '--one-way'",
        ),
        ("verify jria", 2, "did you mean jira?"),
        ("verify jira wkii", 2, "did you mean wiki?"),
        ("app show jria", 2, "did you mean jira?"),
        ("app remove jria", 2, "did you mean jira?"),
        ("explain CLOCK_SKWE", 2, "did you mean CLOCK_SKEW?"),
        ("man verfy", 2, "did you mean: applink man verify"),
    ] {
        env.applink(line).expect(code).expect_says(hint);
    }
}

/// The commands with those below them, as they are typed.
fn commands() -> Vec<String> {
    fn collect(command: &clap::Command, path: &str, all: &mut Vec<String>) {
        all.push(path.to_owned());
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            collect(sub, format!("{path} {}", sub.get_name()).trim(), all);
        }
    }
    let mut all = Vec::new();
    collect(&applink::cli::command(), "", &mut all);
    all
}

#[test]
fn short_help_fits_a_screen_and_long_help_has_examples() {
    let mut env = Env::new(world([]));
    env.set("COLUMNS", "80");
    for command in commands() {
        let short = env.applink(&format!("{command} -h")).expect(0).stdout;
        let lines = short.lines().count();
        // The first page names all commands; each of these fits a screen of 24 lines, with
        // room for the prompt below it.
        let most = if command.is_empty() { 33 } else { 23 };
        assert!(lines <= most, "{command} -h: {lines} lines\n{short}");
        assert!(
            short.lines().all(|line| line.chars().count() <= 80),
            "{short}"
        );
        let long = env.applink(&format!("{command} --help")).expect(0).stdout;
        let shows = long.lines().any(|line| line.starts_with("  applink "));
        assert!(shows, "{command} --help has no example");
    }
}

/// Every example under `--help` is a command line that applink takes.
#[test]
fn examples_in_help_texts_parse() {
    fn collect(command: &clap::Command, all: &mut Vec<String>) {
        all.extend(command.get_after_long_help().map(ToString::to_string));
        for sub in command.get_subcommands() {
            collect(sub, all);
        }
    }
    let mut texts = Vec::new();
    collect(&applink::cli::command(), &mut texts);
    let mut count = 0;
    for text in texts {
        let joined = text.replace("\\\n", " ");
        for line in joined.lines().filter(|line| line.starts_with("  applink ")) {
            let line = line.split(['|', '>', '#', '&']).next().unwrap();
            let words = shlex::split(line).expect("words");
            let parsed = applink::cli::parse(words.into_iter().map(Into::into));
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            count += 1;
        }
    }
    assert!(count > 50, "{count} examples");
}
