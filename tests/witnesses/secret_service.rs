//! `app login` and `app logout` with a real Secret Service.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use applink_sandbox::Role;
use rexpect::session::{PtySession, spawn_command};

use crate::need::Need;
use crate::support::env::Env;
use crate::support::terminal::Terminal;
use crate::support::worlds::{client_requests, levels, pair, same_level};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(login_stores_the_password_and_logout_removes_it, needs: [Need::SecretService]),
        witness_test!(prompted_create_stores_both_passwords_and_relocate_moves_one, needs: [Need::SecretService]),
    ]
}

/// Far longer than anything takes here: what hangs must fail, and not go on for ever.
const PATIENCE: Option<u64> = Some(60_000);

/// A bus of its own with a Secret Service on it.
struct Service {
    bus: Child,
    daemon: Child,
}

impl Drop for Service {
    fn drop(&mut self) {
        for child in [&mut self.daemon, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Service {
    /// Starts both, with an unlocked collection.
    fn start(env: &mut Env) -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let address = address.trim();
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", env.path(""))
            .env("XDG_RUNTIME_DIR", env.path("tmp"))
            .env("DBUS_SESSION_BUS_ADDRESS", address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The password of the collection, which is made with it.
        daemon
            .stdin
            .take()
            .unwrap()
            .write_all(b"the collection's own")
            .unwrap();
        env.set("DBUS_SESSION_BUS_ADDRESS", address);
        Self { bus, daemon }
    }
}

fn terminal(env: &Env, line: &str) -> PtySession {
    let mut command = env.command(line);
    command
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit());
    spawn_command(command, PATIENCE).unwrap()
}

/// Waits for the end of the program; gives what it still said.
fn assert_ends(mut session: PtySession, code: i32) -> String {
    let text = session.exp_eof().unwrap();
    let status = format!("{:?}", session.process().wait().unwrap());
    assert!(
        status.starts_with("Exited(") && status.ends_with(&format!(", {code})")),
        "{status}: {text}"
    );
    text
}

/// A service that is ready: it takes its name on the bus a moment after it is started.
fn ready(env: &mut Env) -> Service {
    let service = Service::start(env);
    let start = Instant::now();
    loop {
        // It gets as far as the question whom to ask only when the keyring answers; the collection
        // in which it would be kept may be made later than that.
        let out = env.applink("app login jira");
        let collection = env.path(".local/share/keyrings/login.keyring");
        if out.code == 2 && collection.exists() {
            return service;
        }
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{}",
            out.transcript()
        );
    }
}

fn login_stores_the_password_and_logout_removes_it() {
    let mut env = env();
    let _service = ready(&mut env);
    let admin = env.world.app("jira").user(Role::SystemAdmin).clone();
    env.applink("list jira").expect(4);

    // A wrong password is not kept.
    env.secret("jira", "not the password");
    let mut session = terminal(&env, "app login jira --user admin");
    session.exp_string("Password of admin").unwrap();
    session.send_line("not the password").unwrap();
    assert!(assert_ends(session, 4).contains("refuses the user name or password"));
    assert!(!env.state().contains("keyring"));

    let mut session = terminal(&env, "app login jira");
    session.exp_string("User name on jira").unwrap();
    session.send_line(&admin.name).unwrap();
    session.exp_string("Password of admin").unwrap();
    session.send_line(&admin.password).unwrap();
    let text = assert_ends(session, 0);
    assert!(text.contains("is kept in the keyring"), "{text}");
    assert!(!text.contains(&admin.password));
    let state = env.state();
    assert!(state.contains("credential = \"keyring\"") && state.contains("user = \"admin\""));

    // Found without anybody being asked.
    let out = env.applink("list jira -vv").expect(0);
    assert!(!out.stderr.contains(&admin.password));
    env.applink("app show jira")
        .expect(0)
        .expect_says("keyring");

    // At another address it is nobody's.
    let elsewhere = env.state().replace(
        &format!("url = \"{}\"", env.world.app("jira").url()),
        &format!("url = \"{}\"", env.world.app("wiki").url()),
    );
    let wrong = env.write("work/elsewhere.toml", &elsewhere, 0o600);
    env.world.clear_requests();
    let out = env
        .applink(&format!("list jira --state {}", wrong.display()))
        .expect(4);
    assert!(out.says("applink app login jira"), "{}", out.transcript());
    assert!(
        client_requests(&env.world)
            .iter()
            .all(|request| request.header("authorization").is_none())
    );

    env.applink("app logout jira").expect(0);
    assert!(!env.state().contains("keyring"));
    env.applink("list jira").expect(4);
    env.applink("app logout jira").expect(0);

    // A token, and an application that is forgotten.
    let token = env
        .world
        .app("jira")
        .token(Role::SystemAdmin)
        .unwrap()
        .to_owned();
    let mut session = terminal(&env, "app login jira --token");
    session.exp_string("Personal access token").unwrap();
    session.send_line(&token).unwrap();
    assert_ends(session, 0);
    env.applink("list jira").expect(0);
    env.applink("app remove jira --yes").expect(0);
    env.applink("app add jira {jira.url}").expect(0);
    env.applink("list jira").expect(4);
}

fn prompted_create_stores_both_passwords_and_relocate_moves_one() {
    let mut env = env();
    let _service = ready(&mut env);
    let password = |alias: &str| {
        let user = env.world.app(alias).user(Role::SystemAdmin);
        (user.name.clone(), user.password.clone())
    };
    let ((jira, jira_pw), (wiki, wiki_pw)) = (password("jira"), password("wiki"));
    let run = |line: &str| {
        let mut terminal = Terminal::start(&env, line);
        terminal
            .picks("The first application", 0)
            .picks("Where is the secret of an administrator of jira?", 1)
            .answers("empty for a personal access token:", &jira)
            .hides("Password of admin on jira", &jira_pw)
            .picks("The second application", 0)
            .picks("Where is the secret of an administrator of wiki?", 1)
            .answers("empty for a personal access token:", &wiki)
            .hides("Password of admin on wiki", &wiki_pw)
            .picks("What may they do on each other?", 0);
        terminal
    };
    // A dry run keeps nothing.
    let said = run("create --dry-run").ends(0);
    assert!(said.contains("a dry run does not"), "{said}");
    assert!(!env.state().contains("keyring"));
    let mut terminal = run("create");
    terminal
        .answers("Go ahead? [y/N]", "y")
        .sees("jira and wiki are linked");
    terminal.ends(0);
    let apps = [env.world.app("jira"), env.world.app("wiki")];
    assert_eq!(levels(apps[0], apps[1]), same_level("oauth"));
    assert_eq!(env.state().matches("credential = \"keyring\"").count(), 2);
    env.applink("verify").expect(0);

    // Confirmed, the new address has it; the old one has it no more.
    for flags in ["jira NEW", "--from OLD --to NEW"] {
        let old = env.world.app("jira").url();
        env.world.move_app("jira", "").unwrap();
        let new = env.world.app("jira").url();
        let line = flags.replace("NEW", &new).replace("OLD", &old);
        env.applink(&format!("relocate {line} --yes")).expect(0);
        env.applink("verify").expect(0);
        let elsewhere = env.state().replace(&new, &old);
        let wrong = env.write("work/elsewhere.toml", &elsewhere, 0o600);
        let out = env
            .applink(&format!("list jira --state {}", wrong.display()))
            .expect(4);
        assert!(out.says("app login jira"), "{}", out.transcript());
    }

    // Which application, is asked.
    let mut terminal = Terminal::start(&env, "app logout");
    terminal.picks("Whose log-in is the keyring to forget?", 0);
    terminal.ends(0);
    env.applink("list jira").expect(4);
    let mut terminal = Terminal::start(&env, "app login");
    terminal
        .picks("Whose log-in is the keyring to keep?", 0)
        .hides("Password of admin on jira", &jira_pw)
        .sees("is kept in the keyring");
    terminal.ends(0);
    env.applink("list jira").expect(0);
}

fn env() -> Env {
    let env = Env::without_credentials(pair());
    env.add_all();
    env
}
