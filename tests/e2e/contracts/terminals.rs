//! Terminals of every kind: with and without colour, dumb, narrow, and names in every script.

use std::time::Duration;

use applink_sandbox::{Fault, Role};

use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{levels, pair, same_level};

/// Answers everything about two new applications.
fn create(env: &Env, columns: u16, kind: &str) -> Terminal {
    let password = |alias: &str| {
        env.world
            .app(alias)
            .user(Role::SystemAdmin)
            .password
            .clone()
    };
    let mut terminal = Terminal::of(env, "create", columns, kind);
    let choose = |terminal: &mut Terminal, question: &str, at: usize| {
        if kind == "dumb" || columns < 80 {
            let at = (at + 1).to_string();
            terminal.words(question).answers("]", &at);
        } else {
            terminal.picks(question, at);
        }
    };
    terminal
        .words("The first application: its URL, or any page of it:")
        .types(&env.world.app("jira").url());
    choose(
        &mut terminal,
        "Where is the secret of an administrator of jira?",
        0,
    );
    terminal
        .words("empty for a personal access token:")
        .types("admin");
    terminal.words("Password of admin on jira");
    terminal.hides(":", &password("jira"));
    terminal.words("admin is an administrator of jira");
    terminal
        .words("The second application")
        .types(&env.world.app("wiki").url());
    choose(
        &mut terminal,
        "Where is the secret of an administrator of confluence?",
        0,
    );
    terminal
        .words("empty for a personal access token:")
        .types("admin");
    terminal.words("Password of admin on confluence");
    terminal.hides(":", &password("wiki"));
    terminal.words("admin is an administrator of confluence");
    choose(&mut terminal, "What may they do on each other?", 0);
    terminal.words("Go ahead? [y/N]").types("y");
    terminal.words("jira and confluence are linked");
    terminal
}

#[track_caller]
fn is_linked(env: &Env) {
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    assert_eq!(levels(jira, wiki), same_level("oauth"));
    assert_eq!(levels(wiki, jira), same_level("oauth"));
}

#[test]
fn prompts_use_colour_unless_it_is_switched_off() {
    let env = Env::without_credentials(pair());
    let said = create(&env, 80, "xterm").ends(0);
    assert!(said.contains("\u{1b}[32m"), "no colour: {said:?}");
    is_linked(&env);
    let mut env = Env::without_credentials(pair());
    env.set("NO_COLOR", "1");
    let said = create(&env, 80, "xterm").ends(0);
    for colour in 30..38 {
        assert!(!said.contains(&format!("\u{1b}[{colour}m")), "{said:?}");
    }
    is_linked(&env);
    // The keyring that is not there is mentioned once.
    assert_eq!(
        said.matches("there is no keyring here").count(),
        1,
        "{said}"
    );
}

#[test]
fn prompts_work_on_a_dumb_terminal() {
    let env = Env::without_credentials(pair());
    let said = create(&env, 80, "dumb").ends(0);
    assert!(!said.contains('\u{1b}'), "{said:?}");
    is_linked(&env);
}

#[test]
fn prompts_fit_narrow_terminals() {
    for columns in [20, 40] {
        let env = Env::without_credentials(pair());
        let said = create(&env, columns, "xterm").ends(0);
        is_linked(&env);
        // Nothing that applink writes is broken by the terminal, but for what is to be pasted.
        // Nothing that is said is broken by the terminal; what may be pasted, and a result, are.
        let broken: Vec<String> = crate::support::terminal::lines(&said)
            .into_iter()
            .filter(|line| {
                unicode_width::UnicodeWidthStr::width(line.as_str()) > usize::from(columns)
            })
            .filter(|line| !line.contains("applink ") && !line.contains("http"))
            .collect();
        let results = ["jira and confluence are linked", "both ends work"];
        assert!(
            broken
                .iter()
                .all(|line| results.iter().any(|result| line.ends_with(result))),
            "{columns}: {broken:#?}"
        );
    }
}

/// Names in every script, with emoji and with letters that combine, on narrow terminals: the choice is
/// right, and nothing steers the terminal.
#[test]
fn names_in_every_script_leave_the_choice_and_the_terminal_intact() {
    for name in [
        "東京 🚀 Wiki",
        "ויקי עברית",
        "e\u{301}a\u{308} 👩\u{200d}💻",
        "a\u{202e}b\u{1b}[2J",
    ] {
        for columns in [20, 40, 80] {
            let env = Env::known();
            let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
            jira.remove_link(&wiki.id());
            let mut record =
                applink_sandbox::Link::new(&wiki.id(), "confluence", name, &wiki.url());
            name.clone_into(&mut record.name);
            jira.add_link(record);
            let mut terminal = Terminal::of(&env, "delete jira", columns, "dumb");
            terminal.words("Which link is to go?").answers("]", "1");
            terminal.words("Type jira to go on").types("no");
            let said = terminal.ends(1);
            assert!(!said.contains('\u{1b}'), "{said:?}");
            let mut terminal = Terminal::of(&env, "list jira", columns, "dumb");
            terminal.sees("wiki");
            let said = terminal.ends(0);
            assert!(!said.contains('\u{1b}'), "{said:?}");
        }
    }
}

#[test]
fn ctrl_c_leaves_the_cursor_on_a_new_line() {
    let env = Env::new(pair());
    env.add_all();
    let mut terminal = Terminal::start(&env, "sandbox");
    terminal.sees("http://").sees("\n").interrupts();
    let said = terminal.ends(0);
    assert!(said.contains("^C\r\n"), "{said:?}");
}

#[test]
fn a_dumb_terminal_shows_one_progress_line_during_a_long_wait() {
    let env = Env::new(pair());
    env.add_all();
    env.world
        .app("wiki")
        .fault(Fault::delay(Duration::from_secs(4)).path("/manifest"));
    let said = Terminal::of(&env, "list wiki", 80, "dumb").ends(0);
    let told = said.matches("asking the applications").count();
    assert_eq!(told, 1, "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn a_choice_on_a_dumb_terminal_has_a_default() {
    let env = Env::new(pair());
    env.add_all();
    let mut terminal = Terminal::of(&env, "app show", 80, "dumb");
    terminal.answers("Which application? [1-2, 1]", "");
    let said = terminal.ends(0);
    assert!(said.contains("alias       jira"), "{said}");
}
