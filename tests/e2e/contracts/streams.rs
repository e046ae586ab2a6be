//! What goes to which stream, and how a script can rely on it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use applink_sandbox::{Fault, Link};
use insta::assert_snapshot;

use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{client_requests, jira, pair, wiki, world, writes};

#[test]
fn an_unwritable_log_file_is_one_warning() {
    let env = Env::known();
    let out = env.applink("list --log-file /dev/full").expect(0);
    let lost = "warning: the log file cannot be written";
    assert_eq!(out.stderr.matches(lost).count(), 1, "{}", out.transcript());
}

#[test]
fn a_failed_command_prints_one_json_document() {
    let env = Env::known();
    env.world.app("wiki").stop();
    for (line, code) in [
        ("list -o json", 5),
        ("verify -o json", 5),
        ("list --output json", 5),
        ("list --output=json -q", 5),
        ("list -ojson -v", 5),
    ] {
        let out = env.applink(line).expect(code);
        assert!(out.json()["errors"].is_array(), "{}", out.transcript());
        assert_eq!(out.stdout.trim_end().lines().count(), 1);
    }
    env.world.app("wiki").start().unwrap();
    env.world
        .app("wiki")
        .fault(Fault::status(403).method("PUT"));
    let out = env
        .applink("edit jira wiki --auth impersonation --yes -o json")
        .expect(4);
    assert_eq!(out.json()["changed"], false);
    assert_eq!(out.error()["kind"], "permission");
}

#[test]
fn the_last_line_of_an_error_is_json() {
    let mut env = Env::known();
    for line in [
        "create jira -o json",
        "-o json bogus",
        "-o json",
        "create jira jirra -o json",
        "create {jira} {jira} -o json",
        "verify nobody -o json",
        "app show nobody -o json",
        "list --auth bogus -o json",
        "create jira wiki --timeout never -o json",
        "create jira wiki -o csv",
    ] {
        let out = env.applink(line);
        assert!(
            out.code == 1 || out.code == 2,
            "{line}: {}",
            out.transcript()
        );
        if line.contains("json") {
            assert!(out.error()["message"].is_string(), "{line}");
            assert!(out.stdout.is_empty(), "{line}: {}", out.transcript());
        }
    }
    env.set("APPLINK_OUTPUT", "json");
    assert_eq!(
        env.applink("create jira").expect(2).error()["kind"],
        "usage"
    );
    assert_eq!(
        env.applink("list").expect(0).json()["errors"],
        serde_json::json!([])
    );
}

#[test]
fn usage_errors_read_as_documented() {
    let env = Env::known();
    assert_snapshot!(env.applink("create jira").transcript(), @r"
    exit 2
    --- stderr
    error: the following required arguments were not provided: <REMOTE>
    see: applink create --help
    ");
    assert_snapshot!(env.applink("create jira -o json").transcript(), @r#"
    exit 2
    --- stderr
    {"schema":1,"error":{"kind":"usage","code":null,"message":"the following required arguments were not provided: <REMOTE>","hints":["see: applink create --help"]}}
    "#);
    assert_snapshot!(env.applink("crate jira wiki").transcript(), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'crate'
    hint: a similar subcommand exists: 'create'
    see: applink --help
    ");
    assert_snapshot!(env.applink("list jria").transcript(), @r"
    exit 2
    --- stderr
    error: no application is known as jria
    hint: did you mean jira?
    hint: add it with: applink app add jria URL
    ");
    assert_snapshot!(env.applink("create jira wiki -o csv").transcript(), @r"
    exit 2
    --- stderr
    error: only `list` can write csv
    hint: use -o json
    ");
    assert_snapshot!(env.applink("list --auth bogus").transcript(), @r"
    exit 2
    --- stderr
    error: invalid value 'bogus' for '--auth <LEVEL>': one of none, three-legged, oauth, impersonation, legacy, unknown
    see: applink list --help
    ");
    // No tip to give an option as a value, none that is far from the word, and no usage that is
    // another command's.
    for line in [
        "verify --watch -1",
        "verify --one-way",
        "verify --fail-on ok",
        "create --consumer x",
        "list --jobs 0",
    ] {
        let out = env.applink(line).expect(2);
        for word in ["-- -", "similar", "hint:", "Usage", "1..", "tip"] {
            assert!(!out.says(word), "{line}: {}", out.transcript());
        }
    }
    assert!(writes(&env.world).is_empty());
}

#[test]
fn help_and_version_go_to_standard_output() {
    let env = Env::known();
    for line in [
        "--help",
        "-h",
        "--version",
        "create --help",
        "app add -h",
        "help",
    ] {
        let out = env.applink(line);
        assert_eq!(out.code, 0, "{}", out.transcript());
        assert!(
            out.stderr.is_empty() && !out.stdout.is_empty(),
            "{}",
            out.transcript()
        );
    }
    assert!(env.applink("--version").stdout.starts_with("applink "));
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let env = Env::new(pair());
    let jira = env.world.app("jira");
    for n in 0..400 {
        let id = format!("00000000-0000-4000-8000-{n:012}");
        let name = format!("{n} {}", "long name ".repeat(20));
        jira.add_link(Link::new(&id, "generic", &name, "https://ci.example.com"));
    }
    env.applink("app add jira {jira.url}").expect(0);
    for line in ["list", "list -o json", "list -o csv", "verify"] {
        let mut child = env.start(line);
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        drop(stdout);
        let out = env.wait(child);
        assert!(first.len() > 2, "{line}");
        assert_eq!(out.code, 0, "{line}: {}", out.transcript());
        assert!(out.stderr.is_empty(), "{line}: {}", out.transcript());
    }
}

#[test]
fn a_full_standard_output_is_an_error() {
    let env = Env::known();
    let full = || {
        Stdio::from(
            fs::OpenOptions::new()
                .write(true)
                .open("/dev/full")
                .unwrap(),
        )
    };
    let run = |line: &str| {
        let mut command = env.command(line);
        command.stdout(full());
        env.wait(command.spawn().unwrap())
    };
    let out = run("list");
    assert_eq!(out.code, 1, "{}", out.transcript());
    assert!(out.says("could not be written"), "{}", out.transcript());
    // What was changed is changed, although nobody could be told.
    let out = run("edit jira wiki --name Wiki");
    assert_eq!(out.code, 3, "{}", out.transcript());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(jira.link(&wiki.id()).unwrap().name, "Wiki");
}

#[test]
fn quiet_and_verbose_control_standard_error() {
    let env = Env::new(pair());
    let out = env.applink("create {jira} {wiki} -q").expect(0);
    assert!(out.stderr.is_empty(), "{}", out.transcript());
    assert!(out.stdout.contains("are linked"));
    let out = env.applink("create jira jirra -q").expect(2);
    assert!(out.says("did you mean"));
    let out = env.applink("list -v").expect(0);
    let lines = out.stderr.lines().count();
    assert!(
        out.stderr.contains("/rest/applinks/"),
        "{}",
        out.transcript()
    );
    assert!(!out.stderr.contains("authenticated"));
    let more = env.applink("list -vv").expect(0);
    assert!(more.stderr.lines().count() > lines);
    // Every request is named once.
    let requests = client_requests(&env.world).len();
    env.world.clear_requests();
    let out = env.applink("verify -v").expect(0);
    assert!(requests > 0);
    let named = out.stderr.matches("GET ").count();
    assert_eq!(
        named,
        client_requests(&env.world).len(),
        "{}",
        out.transcript()
    );
    env.applink("list -q -v").expect(2);
}

#[test]
fn the_log_file_gets_the_verbose_output() {
    let env = Env::known();
    let log = env.path("logs/log");
    env.applink("list --log-file {home}/logs/log").expect(2);
    fs::create_dir(env.path("logs")).unwrap();
    let out = env.applink("list --log-file {home}/logs/log").expect(0);
    assert!(out.stderr.is_empty(), "{}", out.transcript());
    assert_eq!(
        fs::metadata(&log).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let first = fs::read_to_string(&log).unwrap();
    assert!(first.contains("GET ") && first.contains('Z'), "{first}");
    env.applink("verify -q --log-file {home}/logs/log")
        .expect(0);
    let both = fs::read_to_string(&log).unwrap();
    assert!(both.starts_with(&first) && both.len() > first.len());
}

#[test]
fn without_a_terminal_no_command_prompts() {
    let mut env = Env::known();
    for extra in ["", "--no-input"] {
        env.applink(&format!("delete jira wiki {extra}"))
            .expect(2)
            .expect_says("--yes");
        env.applink(&format!("edit jira wiki --auth none {extra}"))
            .expect(2)
            .expect_says("--yes");
    }
    env.set("CI", "true");
    env.applink("delete jira wiki")
        .expect(2)
        .expect_says("--yes");
    assert!(writes(&env.world).is_empty());
}

#[test]
fn colours_appear_only_on_request() {
    let mut env = Env::known();
    env.world
        .app("wiki")
        .remove_link(&env.world.app("jira").id());
    for line in [
        "verify",
        "list",
        "verify --color auto",
        "verify --color never",
    ] {
        let out = env.applink(line);
        assert!(
            !out.stdout.contains('\u{1b}') && !out.stderr.contains('\u{1b}'),
            "{line}"
        );
    }
    env.set("NO_COLOR", "1");
    assert!(!env.applink("verify").stdout.contains('\u{1b}'));
}

#[test]
fn app_list_has_the_documented_fields() {
    let env = Env::known();
    let out = env.applink("app list -o json").expect(0);
    for app in out.json()["apps"].as_array().unwrap() {
        assert_eq!(
            crate::support::output::field_names(app),
            [
                "alias",
                "url",
                "id",
                "type",
                "version",
                "user",
                "credential"
            ]
        );
    }
    let out = env.applink("app show jira -o json").expect(0);
    assert_eq!(out.json()["app"]["version"], "9.12.2");
    env.applink("app remove nobody").expect(2);
    env.applink("app remove wiki").expect(0);
    env.applink("list wiki").expect(2);
}

#[test]
fn missing_arguments_without_a_terminal_are_usage_errors() {
    let env = Env::new(world([jira(), wiki()]));
    for (line, missing) in [
        ("create", "<LOCAL>"),
        ("create jira", "<REMOTE>"),
        ("relocate", "<APP>"),
        ("relocate jira", "<NEW_URL>"),
        ("delete", "<LOCAL>"),
        ("delete jira", "<REMOTE>"),
        ("edit", "<LOCAL>"),
        ("edit jira wiki", "--auth <LEVEL>"),
        ("authorize", "--consumer <NAME>"),
        ("app add", "<ALIAS>"),
        ("app add jira", "<URL>"),
        ("app show", "<ALIAS>"),
        ("app remove", "<ALIAS>"),
        ("key generate", "--key-file <FILE>"),
        ("key show", "<FILE>"),
        ("key convert", "--to <FORM>"),
    ] {
        let out = env.applink(line).expect(2);
        let command = line
            .split(' ')
            .take_while(|w| *w != "jira")
            .collect::<Vec<_>>();
        assert!(
            out.says("error: the following required arguments were not provided:")
                && out.says(missing)
                && out.says(&format!("see: applink {} --help", command.join(" "))),
            "{line}: {}",
            out.transcript()
        );
        let error = env.applink(&format!("{line} -o json")).expect(2).error();
        assert_eq!(error["kind"], "usage", "{line}");
        assert!(
            error["message"].as_str().unwrap().contains(missing),
            "{error}"
        );
    }
    // On a terminal, too, where that is not wanted.
    let mut terminal = Terminal::start(&env, "create --no-input");
    terminal.sees("<LOCAL>");
    terminal.ends(2);
    let mut env = env;
    env.set("CI", "true");
    let mut terminal = Terminal::start(&env, "delete jira");
    terminal.sees("<REMOTE>");
    terminal.ends(2);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn an_empty_state_is_told_by_every_command() {
    let env = Env::new(world([jira(), wiki()]));
    for line in [
        "verify --allow-empty",
        "verify -o json --allow-empty",
        "list",
        "list --cached -o csv",
        "export --allow-empty",
        "repair",
        "migrate",
        "scan --from old.example.com",
    ] {
        let out = env.applink(line).expect(0);
        assert!(
            out.says("no application is known: ") && out.says("does not exist"),
            "{line}: {}",
            out.transcript()
        );
    }
    let wrong = env.path("wrong.toml");
    for line in [
        "verify",
        "list",
        "export",
        "app list",
        "scan --from x.example",
    ] {
        let out = env
            .applink(&format!("{line} --state {}", wrong.display()))
            .expect(7);
        assert!(
            out.says("wrong.toml does not exist"),
            "{}",
            out.transcript()
        );
    }
    for line in ["verify", "export"] {
        env.applink(line).expect(2).expect_says("nothing to");
    }
    env.add_all();
    let out = env.applink("verify --allow-empty").expect(0);
    assert!(!out.says("no application"), "{}", out.transcript());
}
