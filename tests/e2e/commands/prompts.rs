//! The conversations of the smaller commands, and of `create` on other terminals.

use applink_sandbox::Role;

use crate::support::browser::{answer_page, registered};
use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{both, levels, pair, writes};

#[test]
fn an_application_that_moved_is_followed() {
    let env = Env::known();
    env.world.move_app("wiki", "/moved").unwrap();
    let new = env.world.app("wiki").url();
    let mut terminal = Terminal::start(&env, "relocate");
    terminal
        .picks("Which application moved?", 1)
        // A bare host gets its scheme.
        .answers("Where does wiki answer now?", "127.0.0.1:9")
        .sees("wiki (127.0.0.1:9) cannot be reached")
        .picks("Nobody answers there now.", 0)
        .answers("Where does wiki answer now?", &env.world.app("jira").url())
        .sees("applink explain TYPE_MISMATCH")
        .answers("Where does wiki answer now?", &new)
        .sees("This would be done:")
        .sees("From now on applink sends the administrator's secret for wiki to")
        .answers("Go ahead? [y/N]", "y")
        .sees("the links of wiki lead to");
    terminal.ends(0);
    assert!(env.state().contains(&new));
    env.applink("verify").expect(0);
}

#[test]
fn nobody_answers_there_yet() {
    let env = Env::known();
    let mut terminal = Terminal::start(&env, "relocate wiki");
    terminal
        .answers("Where does wiki answer now?", "http://127.0.0.1:9")
        .picks("Nobody answers there now. What then?", 1)
        .sees("as --force says")
        .answers("Go ahead? [y/N]", "n")
        .sees("not confirmed; nothing was changed");
    terminal.ends(1);
    assert!(writes(&env.world).is_empty());
}

#[test]
fn a_program_is_chosen_and_authorized() {
    let env = registered(|_| {});
    let mut terminal = Terminal::start(&env, "authorize --key-file ci.pem");
    terminal
        .picks("On which application?", 0)
        .answers("The name of the program (consumer)", "ci")
        .sees("log in there and answer:")
        .sees("oauth_token=");
    let token = terminal.next(32);
    answer_page(&env, &token, "approve");
    terminal.sees("jira takes ci for jane");
    terminal.ends(0);
}

#[test]
fn a_program_that_is_known_is_offered_and_its_key_replaced() {
    let mut env = Env::new(pair());
    env.add_all();
    env.applink("create jira --consumer Jenkins --two-legged")
        .expect(0);
    for number in ["", "-2"] {
        env.planted(env.path(&format!(
            "state/applink/applink.keys/jira-jenkins{number}.pem"
        )));
    }
    env.world.clear_requests();
    let to_the_question = |terminal: &mut Terminal| {
        terminal
            .picks("On which application?", 0)
            .picks("Which program?", 0)
            .sees("From then on jira refuses what \"Jenkins\" signs");
    };
    let mut terminal = Terminal::start(&env, "key rotate");
    to_the_question(&mut terminal);
    terminal
        .answers("Go ahead? [y/N]", "")
        .sees("not confirmed; nothing was changed");
    terminal.ends(1);
    assert!(writes(&env.world).is_empty());
    assert!(
        !env.path("state/applink/applink.keys/jira-jenkins-2.pem")
            .exists()
    );
    // Where nobody can be asked it has to be said.
    let out = env.applink("key rotate jira --consumer Jenkins").expect(2);
    assert!(out.says("answer it with --yes"), "{}", out.shown());
    assert!(writes(&env.world).is_empty());
    let mut terminal = Terminal::start(&env, "key rotate");
    to_the_question(&mut terminal);
    terminal
        .answers("Go ahead? [y/N]", "y")
        .sees("the key before is refused from now on");
    terminal.ends(0);
}

#[test]
fn a_key_pair_by_questions() {
    let mut env = Env::new(pair());
    env.planted(env.path("work/new.pem"));
    let mut terminal = Terminal::start(&env, "key generate");
    terminal
        .answers("The new file of the private key", "new.pem")
        .sees("BEGIN PUBLIC KEY");
    terminal.ends(0);
    let mut terminal = Terminal::start(&env, "key show");
    terminal
        .answers("The key file", "new.pem")
        .sees("in this file");
    terminal.ends(0);
    let mut terminal = Terminal::start(&env, "key convert");
    terminal
        .answers("The key file", "new.pem")
        .picks("Which form?", 3)
        .sees("\"kty\"");
    terminal.ends(0);
}

#[test]
fn an_empty_answer_to_a_password_says_what_would_do() {
    let env = Env::without_credentials(pair());
    env.add_all();
    let mut terminal = Terminal::start(&env, "list jira");
    terminal
        .answers("User name on jira", "admin")
        .hides("Password of admin on jira", "")
        .sees("--credential env:VAR");
    let said = terminal.ends(2);
    assert!(!said.contains("--no-input"), "{said}");
}

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
    assert_eq!(levels(jira, wiki), both("oauth"));
    assert_eq!(levels(wiki, jira), both("oauth"));
}

#[test]
fn with_colour_and_without() {
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
fn a_terminal_that_can_do_nothing() {
    let env = Env::without_credentials(pair());
    let said = create(&env, 80, "dumb").ends(0);
    assert!(!said.contains('\u{1b}'), "{said:?}");
    is_linked(&env);
}

#[test]
fn narrow_terminals() {
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
fn names_of_every_kind() {
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
fn what_plan_apply_and_scan_need() {
    let env = Env::known();
    let file = env.path("links.toml");
    let text = env.applink("export").expect(0).stdout;
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    for (line, question) in [
        ("plan", "The file of links"),
        ("apply", "The file of links, or the kept plan"),
    ] {
        env.applink(line).expect(2).expect_says("required");
        let mut terminal = Terminal::start(&env, line);
        terminal.answers(question, &file);
        terminal.ends(0);
    }
    env.applink("scan").expect(2).expect_says("--from");
    let mut terminal = Terminal::start(&env, "scan");
    terminal
        .answers("Where is production", "a b")
        .answers("Where is production", "*.example.com")
        .sees("nothing points at *.example.com");
    terminal.ends(0);
}
