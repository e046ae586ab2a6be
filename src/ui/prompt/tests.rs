use secrecy::ExposeSecret;

use super::*;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::{Capture, TerminalInfo, Ui, UiOptions};

fn ui(options: UiOptions, terminal: TerminalInfo) -> (Ui, Capture) {
    Ui::captured(options, terminal)
}

fn person() -> (Ui, Capture) {
    ui(UiOptions::default(), TerminalInfo::terminal(80))
}

#[test]
fn nobody_is_asked_without_a_terminal() {
    let tty = || TerminalInfo::terminal(80);
    let cases: Vec<(&str, TerminalInfo, bool)> = vec![
        (
            "input",
            TerminalInfo {
                stdin_tty: false,
                ..tty()
            },
            false,
        ),
        (
            "error",
            TerminalInfo {
                stderr_tty: false,
                ..tty()
            },
            false,
        ),
        ("CI", TerminalInfo { ci: true, ..tty() }, false),
        ("--no-input", tty(), true),
    ];
    for (why, terminal, no_input) in cases {
        let options = UiOptions {
            no_input,
            ..UiOptions::default()
        };
        let (ui, capture) = ui(options, terminal);
        assert!(!ui.can_ask());
        let items = ["a".to_owned()];
        let errors = [
            ui.confirm("Delete?", "--yes").unwrap_err(),
            ui.ask_text("Name?", None, "--name").unwrap_err(),
            ui.secret("Password", "APPLINK_JIRA_TOKEN").unwrap_err(),
            ui.choose("Which?", &items, "APP").unwrap_err(),
            ui.type_to_confirm("Delete?", "jira", "--yes").unwrap_err(),
        ];
        for (error, flag) in
            errors
                .iter()
                .zip(["--yes", "--name", "APPLINK_JIRA_TOKEN", "APP", "--yes"])
        {
            assert_eq!(error.exit(), Exit::Usage);
            assert!(error.message.contains(why), "{error}");
            assert!(error.hints[0].contains(flag), "{error:?}");
        }
        assert_eq!(capture.stderr() + &capture.stdout(), "");
    }
}

#[test]
fn yes_answers_confirmations_and_nothing_else() {
    let options = UiOptions {
        yes: true,
        no_input: true,
        ..UiOptions::default()
    };
    let (ui, _) = ui(options, TerminalInfo::piped());
    assert_eq!(ui.confirm("Delete?", "--yes"), Ok(true));
    assert_eq!(ui.type_to_confirm("Delete?", "jira", "--yes"), Ok(true));
    assert!(ui.ask_text("Name?", None, "--name").is_err());
}

#[test]
fn what_counts_as_yes() {
    for (answer, expected) in [
        ("y", true),
        ("YES", true),
        (" yes ", true),
        ("", false),
        ("n", false),
        ("No", false),
    ] {
        let (ui, capture) = person();
        capture.answer(answer);
        assert_eq!(ui.confirm("Delete?", "--yes"), Ok(expected), "{answer:?}");
    }
    let (ui, capture) = person();
    for answer in ["perhaps", "j", "yes"] {
        capture.answer(answer);
    }
    assert_eq!(ui.confirm("Delete?", "--yes"), Ok(true));
    let (ui, capture) = person();
    for answer in ["a", "b", "c", "yes"] {
        capture.answer(answer);
    }
    assert_eq!(ui.confirm("Delete?", "--yes"), Ok(false));
}

#[test]
fn texts_secrets_choices() {
    let (ui, capture) = person();
    for answer in ["", "wiki", "", "s3cret", "9", "2", "jira", "Jira"] {
        capture.answer(answer);
    }
    assert_eq!(
        ui.ask_text("Alias?", Some("jira"), "ALIAS").unwrap(),
        "jira"
    );
    assert_eq!(ui.ask_text("Alias?", None, "ALIAS").unwrap(), "wiki");
    assert!(ui.secret("Password", "APPLINK_JIRA_TOKEN").is_err());
    let secret = ui.secret("Password", "APPLINK_JIRA_TOKEN").unwrap();
    assert_eq!(secret.expose_secret(), "s3cret");
    let items = ["a".to_owned(), "b".to_owned()];
    assert_eq!(ui.choose("Which?", &items, "APP"), Ok(1));
    assert_eq!(ui.type_to_confirm("Gone.", "jira", "--yes"), Ok(true));
    assert_eq!(ui.type_to_confirm("Gone.", "jira", "--yes"), Ok(false));
    assert!(!capture.stderr().contains("s3cret"));
}

#[test]
fn a_question_cannot_steer_the_terminal() {
    let (ui, capture) = person();
    capture.answer("n");
    ui.confirm("Delete \u{1b}[2J\u{202e}x?", "--yes").unwrap();
    assert_eq!(capture.stderr(), "? Delete \\x1b[2J\\u{202e}x? [y/N]\n");
}

#[test]
fn without_a_prompt_a_signal_is_only_a_wish() {
    assert!(!is_open() && !restore_terminal());
    leave_if_open(Exit::Interrupt, || {});
    let prompt = open(false);
    assert!(is_open());
    drop(prompt);
    assert!(!is_open());
}

#[cfg(unix)]
mod pty {
    use std::time::{Duration, Instant};

    use rustix::termios::{LocalModes, tcgetattr};

    use rexpect::session::{PtySession, spawn_command};

    use super::*;

    const ASK: &str = "APPLINK_TEST_ASK";

    /// Not a test by itself: what runs inside the pseudo-terminals of the tests below.
    #[test]
    fn child() {
        let Ok(kind) = std::env::var(ASK) else { return };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let exit = runtime.block_on(async {
            let mut signal =
                tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).unwrap();
            let terminal = || TerminalInfo {
                ci: false,
                term_dumb: false,
                ..TerminalInfo::gather()
            };
            let ui = Ui::new(UiOptions::default(), terminal());
            tokio::spawn(async move {
                while signal.recv().await.is_some() {
                    leave_if_open(Exit::Interrupt, || ui.part(&Error::refused("left")));
                }
            });
            let task = tokio::spawn(async move {
                let ui = Ui::new(UiOptions::default(), terminal());
                let wait = ui.waiting("wiki: something slow");
                if kind == "spin" {
                    let mut line = String::new();
                    std::io::stdin().read_line(&mut line).unwrap();
                    ui.warn("a line between");
                    drop(wait);
                    ui.status("over");
                    return 0;
                }
                let items = ["one".to_owned(), "two".to_owned()];
                let answer = match kind.as_str() {
                    "secret" => ui
                        .secret("Password", "X")
                        .map(|s| format!("{} long", s.expose_secret().len())),
                    "confirm" => ui.confirm("Sure?", "--yes").map(|yes| yes.to_string()),
                    _ => ui.choose("Which?", &items, "X").map(|at| at.to_string()),
                };
                match answer {
                    Ok(answer) => {
                        ui.status(&format!("answer={answer}"));
                        0
                    }
                    Err(error) => error.exit().code(),
                }
            });
            task.await.unwrap()
        });
        std::process::exit(i32::from(exit));
    }

    /// A shell that runs the child, then shows how the child left the terminal.
    fn session(kind: &str) -> PtySession {
        let me = std::env::current_exe().unwrap();
        let mut shell = std::process::Command::new("sh");
        shell.arg("-c").arg(format!(
            "stty echo; trap : INT; '{}' --exact ui::prompt::tests::pty::child --nocapture; \
             echo \"code=$?\"; stty -a; echo finished",
            me.display()
        ));
        shell.env(ASK, kind).env("TERM", "xterm").env_remove("CI");
        spawn_command(shell, Some(20_000)).unwrap()
    }

    /// Waits until the child has changed the terminal for its prompt.
    fn changed(session: &PtySession, unset: LocalModes) {
        let terminal = session.process().get_file_handle().unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        while tcgetattr(&terminal).unwrap().local_modes.contains(unset) {
            assert!(Instant::now() < end, "the prompt did not open");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What `stty -a` says of a terminal that echoes and edits lines.
    fn sane(seen: &str) -> bool {
        let words: Vec<&str> = seen.split_whitespace().collect();
        ["echo", "icanon", "isig", "icrnl", "opost"]
            .iter()
            .all(|mode| words.contains(mode))
    }

    fn rest(mut session: PtySession) -> String {
        session.exp_string("finished").unwrap()
    }

    #[test]
    fn a_password_is_not_echoed() {
        let mut session = session("secret");
        session.exp_string("Password").unwrap();
        changed(&session, LocalModes::ECHO);
        session.send_line("s3cret").unwrap();
        let seen = rest(session);
        assert!(seen.contains("answer=6 long"), "{seen}");
        assert!(!seen.contains("s3cret"), "{seen}");
        assert!(sane(&seen), "{seen}");
    }

    #[test]
    fn ctrl_c_leaves_a_sane_terminal() {
        for (kind, question, unset) in [
            ("secret", "Password", LocalModes::ECHO),
            ("confirm", "Sure?", LocalModes::empty()),
            ("choose", "two", LocalModes::ICANON),
        ] {
            let mut session = session(kind);
            session.exp_string(question).unwrap();
            if !unset.is_empty() {
                changed(&session, unset);
            }
            session.send_control('c').unwrap();
            let seen = rest(session);
            assert!(seen.contains("code=130"), "{kind}: {seen}");
            // Said once, on a line of its own.
            let lines = seen.replace("\u{1b}[?25h", "");
            assert_eq!(
                lines.matches("\n\u{1b}[31merror:\u{1b}[0m left\r").count(),
                1,
                "{kind}: {seen:?}"
            );
            assert!(sane(&seen), "{seen}");
            assert!(
                kind != "choose" || seen.contains("\u{1b}[?25h"),
                "{kind}: {seen}"
            );
        }
    }

    #[test]
    fn a_long_wait_is_shown_and_goes_away() {
        let mut session = session("spin");
        let before = session.exp_string("wiki: something slow (").unwrap();
        assert!(!before.contains("a line between"));
        session.send_line("").unwrap();
        let between = session.exp_string("a line between").unwrap();
        assert!(between.contains("\r\u{1b}[2K"), "{between:?}");
        let after = session.exp_string("over").unwrap();
        assert!(after.ends_with("\r\u{1b}[2K"), "{after:?}");
        assert!(!rest(session).contains("wiki"));
    }

    #[test]
    fn a_confirmation_takes_a_word() {
        let mut session = session("confirm");
        session.exp_string("[y/N]").unwrap();
        session.send_line("yes").unwrap();
        assert!(rest(session).contains("answer=true"));
    }

    #[test]
    fn the_end_of_input_leaves() {
        let mut session = session("confirm");
        session.exp_string("[y/N]").unwrap();
        session.send_control('d').unwrap();
        assert!(rest(session).contains("code=130"));
        let mut session = self::session("secret");
        session.exp_string("Password").unwrap();
        changed(&session, LocalModes::ECHO);
        session.send_control('d').unwrap();
        let seen = rest(session);
        assert!(seen.contains("code=130") && sane(&seen), "{seen}");
    }
}
