//! What the README and `docs/` say is run as it is written.
//!
//! Every block of commands (`console` or `sh`) is run by a shell against simulated applications; only
//! the addresses of the examples are replaced. Lines under a command are its output: `...` stands for
//! any lines, `[..]` for anything within one, `? 8` for its exit code. A block that cannot be run
//! has a comment before it, which a reader of the page does not see: `<!-- not run: REASON -->`, or
//! `<!-- run by: TEST -->` where a test of its own does. How many these are is printed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use applink_sandbox::Role;

use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::world;

/// What stands between the outputs of two commands.
const MARK: &str = "-- documented --";

/// A block of a page.
#[derive(Debug, Default)]
struct Block {
    line: usize,
    kind: String,
    text: Vec<String>,
    /// What a comment before it says.
    comment: Option<String>,
}

/// A command with what it is said to give.
#[derive(Debug, Default)]
struct Step {
    command: String,
    output: Vec<String>,
    code: i32,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The pages, the README first.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = fs::read_dir(root().join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "md"))
        .map(|name| format!("docs/{name}"))
        .collect();
    pages.sort();
    pages.insert(0, "README.md".to_owned());
    pages
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap()
}

/// The fenced blocks of a page, also those inside of lists.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    let mut comment = None;
    for (at, line) in text.lines().enumerate() {
        let words = line.trim();
        match open.take() {
            Some((block, _)) if words == "```" => blocks.push(block),
            Some((mut block, indent)) => {
                block.text.push(line.get(indent..).unwrap_or("").to_owned());
                open = Some((block, indent));
            }
            None if words.starts_with("```") => {
                let block = Block {
                    line: at + 1,
                    kind: words.trim_start_matches('`').to_owned(),
                    comment: comment.take(),
                    ..Block::default()
                };
                open = Some((block, line.len() - line.trim_start().len()));
            }
            None if words.starts_with("<!--") => {
                let inner = words.trim_start_matches("<!--").trim_end_matches("-->");
                comment = Some(inner.trim().to_owned());
            }
            None if words.is_empty() => {}
            None => comment = None,
        }
    }
    assert!(open.is_none(), "a block does not end");
    blocks
}

/// The commands of a block: in a console after `$ `, else all of it is one.
fn steps(block: &Block) -> Vec<Step> {
    if block.kind == "sh" {
        return vec![Step {
            command: block.text.join("\n"),
            ..Step::default()
        }];
    }
    let mut steps: Vec<Step> = Vec::new();
    for line in &block.text {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                ..Step::default()
            });
            continue;
        }
        let step = steps.last_mut().expect("a console begins with a command");
        match line.strip_prefix("? ") {
            Some(code) => step.code = code.trim().parse().expect("an exit code"),
            None if step.command.ends_with('\\') => {
                let _ = write!(step.command, "\n{}", line.trim_start_matches("> "));
            }
            None => step.output.push(line.clone()),
        }
    }
    steps
}

/// Whether a line is the one that is written down.
fn is_line(written: &str, found: &str) -> bool {
    let mut rest = found;
    let mut pieces = written.split("[..]").peekable();
    let first = pieces.next().unwrap_or_default();
    let Some(after) = rest.strip_prefix(first) else {
        return false;
    };
    rest = after;
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty()
}

/// Whether an output is the one that is written down.
fn is_output(written: &[String], found: &[&str]) -> bool {
    match written.split_first() {
        None => found.is_empty(),
        Some((line, rest)) if line == "..." => {
            (0..=found.len()).any(|skipped| is_output(rest, &found[skipped..]))
        }
        Some((line, rest)) => found
            .split_first()
            .is_some_and(|(first, after)| is_line(line, first) && is_output(rest, after)),
    }
}

/// What the examples call the applications, and where they are in a test.
fn addresses(env: &Env) -> Vec<(String, String)> {
    env.world
        .apps()
        .iter()
        .map(|app| (format!("https://{}.example.com", app.alias()), app.url()))
        .collect()
}

/// A fresh home of somebody who follows a page, with the programs that its examples name.
fn reader(page: &str) -> Env {
    let mut env = Env::without_credentials(world([
        applink_sandbox::App::new(applink_sandbox::Product::Jira, "jira"),
        applink_sandbox::App::new(applink_sandbox::Product::Confluence, "wiki"),
    ]));
    let jira = env.world.app("jira").user(Role::SystemAdmin).clone();
    let token = env.world.app("wiki").token(Role::SystemAdmin);
    let pass = format!(
        "#!/bin/sh\ncase \"$2\" in\njira/admin) echo '{}' ;;\nwiki/token) echo '{}' ;;\n*) exit 1 ;;\nesac\n",
        jira.password,
        token.expect("a token")
    );
    env.write_secret("bin/pass", &pass, 0o700);
    env.write("bin/man", "#!/bin/sh\ncat > /dev/null\n", 0o700);
    let program = Path::new(env!("CARGO_BIN_EXE_applink"));
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        env.path("bin").display(),
        program.parent().unwrap().display()
    );
    env.set("PATH", path);
    env.set("EDITOR", "true");
    env.set("COLUMNS", "80");
    env.set("JIRA_PASSWORD", jira.password);
    // The README begins with nothing; the other pages come after it.
    if page != "README.md" {
        env.applink("app add jira {jira.url} --user admin --credential env:JIRA_PASSWORD")
            .expect(0);
        env.applink("app add wiki {wiki.url} --credential 'command:pass show wiki/token'")
            .expect(0);
        env.applink("create jira wiki").expect(0);
    }
    env
}

/// Runs a block and compares.
#[track_caller]
fn run(env: &Env, page: &str, block: &Block) {
    let steps = steps(block);
    let mut script = "exec 2>&1\n".to_owned();
    for step in &steps {
        let mut command = step.command.clone();
        for (name, url) in addresses(env) {
            command = command.replace(&name, &url);
        }
        let _ = writeln!(script, "{command}\necho \"{MARK} $?\"");
    }
    let path = env.write("script", &script, 0o600);
    let out = env.script("bash", path.to_str().unwrap(), &[]);
    let mut said = out.stdout.clone();
    for (name, url) in addresses(env) {
        said = said.replace(&url, &name);
    }
    let mut lines = said.lines();
    for step in steps {
        let mut found = Vec::new();
        let mut code = None;
        for line in lines.by_ref() {
            if let Some(rest) = line.strip_prefix(MARK) {
                code = rest.trim().parse::<i32>().ok();
                break;
            }
            found.push(line);
        }
        let at = format!(
            "{page}:{}: {}\n{}",
            block.line,
            step.command,
            found.join("\n")
        );
        assert_eq!(code, Some(step.code), "{at}");
        assert!(
            step.output.is_empty() || is_output(&step.output, &found),
            "another output than is written: {at}"
        );
    }
}

/// The functions that are tests here.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut left = vec![root().join("tests")];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        if path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        names.extend(
            text.lines()
                .filter_map(|line| line.strip_prefix("fn ")?.split_once("()"))
                .map(|(name, _)| name.to_owned()),
        );
    }
    names
}

#[test]
fn commands_of_the_pages_run_as_written() {
    let tests = tests();
    let mut counts = String::new();
    for page in pages() {
        let blocks: Vec<Block> = blocks(&read(&page))
            .into_iter()
            .filter(|block| matches!(block.kind.as_str(), "console" | "sh" | "bash"))
            .collect();
        if blocks.is_empty() {
            continue;
        }
        let env = reader(&page);
        let (mut run_here, mut elsewhere, mut left) = (0, 0, Vec::new());
        for block in &blocks {
            match block.comment.as_deref() {
                None => {
                    run(&env, &page, block);
                    run_here += 1;
                }
                Some(comment) => match comment.split_once(':') {
                    Some(("run by", test)) => {
                        assert!(tests.contains(test.trim()), "{page}: no test {test}");
                        elsewhere += 1;
                    }
                    Some(("not run", why)) if why.trim().len() > 10 => left.push(why.trim()),
                    _ => panic!("{page}:{}: {comment:?} says nothing", block.line),
                },
            }
        }
        let _ = writeln!(
            counts,
            "{page}: {run_here} blocks run, {elsewhere} by tests of their own, {} not: {}",
            left.len(),
            left.join("; ")
        );
    }
    let _ = write!(std::io::stderr(), "{counts}");
}

/// What a stranger does with the README and nothing else: the sandbox in one terminal, `create` in
/// another, with what the first has printed; and the lines to paste, as they are.
#[test]
fn a_reader_of_the_readme_links_two_simulated_applications() {
    let mut sandbox = Command::new(env!("CARGO_BIN_EXE_applink"))
        .args(["sandbox", "-o", "table"])
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(sandbox.stdout.take().unwrap()).lines();
    let mut lines: Vec<String> = Vec::new();
    while !lines
        .last()
        .is_some_and(|line| line.contains("applink create"))
    {
        lines.push(printed.next().expect("lines to paste").unwrap());
    }
    // An address under each alias, and the system administrator's log-in.
    let word = |begin: &str, at: usize, after: &str| {
        let from = lines
            .iter()
            .position(|line| line.starts_with(after))
            .unwrap();
        let line = lines[from..]
            .iter()
            .find(|line| line.trim_start().starts_with(begin))
            .unwrap();
        line.split_whitespace().nth(at).unwrap().to_owned()
    };
    let mut env = Env::without_credentials(world([]));
    let mut terminal = Terminal::start(&env, "create");
    for (nth, alias) in [("first", "jira"), ("second", "confluence")] {
        let password = word("system-admin", 2, alias);
        terminal
            .answers(
                &format!("The {nth} application: its URL"),
                &word(alias, 1, alias),
            )
            .picks(&format!("administrator of {alias}?"), 0)
            .answers(
                "empty for a personal access token:",
                &word("system-admin", 1, alias),
            )
            .hides("Password of", &password);
    }
    terminal
        .picks("What may they do on each other?", 0)
        .answers("Go ahead? [y/N]", "y")
        .sees("jira and confluence are linked")
        .sees("both ends work");
    terminal.ends(0);
    // The lines to paste, in a state of their own: the link is there already.
    let pasted: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| line.starts_with("export") || line.starts_with("applink"))
        .collect();
    assert_eq!(pasted.len(), 4, "{lines:#?}");
    let program = Path::new(env!("CARGO_BIN_EXE_applink"));
    env.set(
        "PATH",
        format!("{}:/usr/bin:/bin", program.parent().unwrap().display()),
    );
    let script = env.write_secret("pasted", &pasted.join("\n"), 0o600);
    let out = env.script("sh", script.to_str().unwrap(), &[]);
    assert_eq!(out.code, 0, "{}", out.transcript());
    assert!(out.says("nothing to do"), "{}", out.transcript());
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
}

/// The commands inside of sentences and tables: words and options that exist.
#[test]
fn named_commands_and_options_exist() {
    let root = applink::cli::command();
    let mut wrong = Vec::new();
    for page in pages() {
        let text = read(&page);
        for piece in text.split('`').skip(1).step_by(2) {
            let flat = piece.split_whitespace().collect::<Vec<_>>().join(" ");
            let line = flat.split(['|', '>', '…']).next().unwrap_or_default();
            let Some(line) = line.strip_prefix("applink ") else {
                continue;
            };
            if let Err(word) = exists(&root, line) {
                wrong.push(format!("{page}: {flat:?}: {word:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The first word of a command line that is neither a command nor an option of it.
fn exists<'a>(root: &clap::Command, line: &'a str) -> Result<(), &'a str> {
    let mut command = root;
    let global: BTreeSet<&str> = root
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .filter_map(clap::Arg::get_long)
        .chain(["help", "version"])
        .collect();
    for (at, word) in line.split(' ').enumerate() {
        if let Some(sub) = command.find_subcommand(word) {
            command = sub;
        } else if let Some(long) = word.strip_prefix("--") {
            let long = long.split(['=', ')', ',', ']']).next().unwrap_or_default();
            let known = command
                .get_arguments()
                .any(|arg| arg.get_long() == Some(long));
            if !known && !global.contains(long) {
                return Err(word);
            }
        } else if at == 0 && word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(word);
        }
    }
    Ok(())
}

/// Links between the pages lead somewhere.
#[test]
fn links_between_pages_have_targets() {
    for page in pages() {
        let text = read(&page);
        let folder = root().join(&page).parent().unwrap().to_owned();
        for rest in text.split("](").skip(1) {
            let target = rest.split(')').next().unwrap();
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() {
                root().join(&page)
            } else {
                folder.join(file)
            };
            assert!(path.exists(), "{page}: {target}");
            if !anchor.is_empty() {
                let there = fs::read_to_string(&path).unwrap();
                let found = there
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .any(|line| heading(line) == anchor);
                assert!(found, "{page}: {target}");
            }
        }
    }
}

/// The anchor of a heading.
fn heading(line: &str) -> String {
    line.trim_start_matches('#')
        .trim()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| {
            if c == ' ' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}

#[test]
fn blocks_and_steps_of_a_page_are_parsed() {
    let text = "a\n\n   ```console\n   $ one \\\n   > two\n   out [..] put\n   ...\n   $ three\n   ? 8\n   ```\n\
                <!-- not run: because -->\n```sh\nall of it\n```\n";
    let blocks = blocks(text);
    assert_eq!(blocks.len(), 2);
    let found = steps(&blocks[0]);
    assert_eq!(found[0].command, "one \\\ntwo");
    assert_eq!(found[0].output, ["out [..] put", "..."]);
    assert_eq!((found[1].command.as_str(), found[1].code), ("three", 8));
    assert_eq!(blocks[1].comment.as_deref(), Some("not run: because"));
    let written = &found[0].output;
    assert!(is_output(written, &["out is put", "x", "y"]));
    assert!(is_output(written, &["out  put"]));
    assert!(!is_output(written, &["out put"]));
    assert!(!is_output(written, &["x", "out is put"]));
    assert!(is_line("a[..]b[..]c", "a1b2c") && !is_line("a[..]b", "a1b2"));
}
