//! Ctrl-C at every question of every command: it leaves with 130, the terminal is as it was, and
//! nothing is changed, here or there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use applink_sandbox::{OAuthFlags, Role};
use rustix::termios::LocalModes;

use crate::support::browser::env_with_consumer;
use crate::support::env::Env;
use crate::support::terminal::{Terminal, lines};
use crate::support::worlds::{link, pair, snapshot, writes};

/// A question, and what is answered when the run goes on past it.
enum Ask {
    /// A line.
    Line(&'static str, String),
    /// A line that is not shown.
    Hidden(&'static str, String),
    /// One of a list: so many below the first.
    List(&'static str, usize),
}

fn line(question: &'static str, answer: impl Into<String>) -> Ask {
    Ask::Line(question, answer.into())
}

fn hidden(question: &'static str, answer: impl Into<String>) -> Ask {
    Ask::Hidden(question, answer.into())
}

/// Waits until a question is open.
#[track_caller]
fn open(terminal: &mut Terminal, ask: &Ask) {
    match ask {
        Ask::Line(question, _) => terminal.words(question),
        Ask::Hidden(question, _) => terminal.sees(question).without(LocalModes::ECHO),
        Ask::List(question, _) => terminal.sees(question).without(LocalModes::ICANON),
    };
}

#[track_caller]
fn answer(terminal: &mut Terminal, ask: &Ask) {
    match ask {
        Ask::Line(_, answer) | Ask::Hidden(_, answer) => terminal.types(answer),
        Ask::List(_, down) => terminal.picks("", *down),
    };
}

/// All files but what a run may always write: the cache, and who held the lock.
fn files(env: &Env) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = env.files();
    files.retain(|path, _| {
        let name = path.to_string_lossy().into_owned();
        !name.ends_with("applink.cache.json") && !name.ends_with("applink.toml.lock")
    });
    files
}

/// Leaves at each question in turn.
#[track_caller]
fn at_each(env: &Env, command: &str, asks: &[Ask]) {
    let (here, there) = (files(env), snapshot(&env.world));
    env.world.clear_requests();
    for stop in 0..asks.len() {
        let mut terminal = Terminal::start(env, command);
        for ask in &asks[..stop] {
            open(&mut terminal, ask);
            answer(&mut terminal, ask);
        }
        open(&mut terminal, &asks[stop]);
        terminal.interrupts();
        let said = lines(&terminal.ends(130)).join("\n");
        let last = "\nerror: interrupted; nothing was changed\n";
        assert_eq!(said.matches(last).count(), 1, "{command}: {said}");
        assert_eq!(said.matches("interrupted").count(), 1, "{command}: {said}");
        assert!(!env.has_journal(), "{command}, question {stop}");
        let after = files(env);
        let names = |files: &BTreeMap<PathBuf, _>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&after), names(&here), "{command}, question {stop}");
        assert!(after == here, "{command}, question {stop}: a file differs");
        assert_eq!(snapshot(&env.world), there, "{command}, question {stop}");
    }
    assert_eq!(writes(&env.world), Vec::<String>::new(), "{command}");
}

/// Known applications with a link, and nobody's secrets in the environment.
fn linked() -> Env {
    let env = Env::without_credentials(pair());
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    link(jira, wiki, OAuthFlags::OAUTH);
    env.add_all();
    env
}

fn password(env: &Env, app: &str) -> String {
    env.world.app(app).user(Role::SystemAdmin).password.clone()
}

/// What is asked where no source is recorded.
fn login(env: &Env, app: &str) -> [Ask; 2] {
    let (user, secret) = match app {
        "jira" => ("User name on jira", "Password of admin on jira"),
        _ => ("User name on wiki", "Password of admin on wiki"),
    };
    [line(user, "admin"), hidden(secret, password(env, app))]
}

#[test]
fn create_with_known_applications_can_be_interrupted() {
    let env = Env::without_credentials(pair());
    env.add_all();
    let [.., jira] = login(&env, "jira");
    let [.., wiki] = login(&env, "wiki");
    let user = || line("empty for a personal access token", "admin");
    at_each(
        &env,
        "create",
        &[
            Ask::List("The first application", 0),
            Ask::List("Where is the secret of an administrator of jira?", 0),
            user(),
            jira,
            Ask::List("The second application", 0),
            Ask::List("Where is the secret of an administrator of wiki?", 0),
            user(),
            wiki,
            Ask::List("What may they do on each other?", 1),
            line("Go ahead? [y/N]", "y"),
        ],
    );
}

#[test]
fn relocate_delete_and_edit_can_be_interrupted() {
    let env = linked();
    env.world.move_app("wiki", "/moved").unwrap();
    let new = env.world.app("wiki").url();
    let [jira_user, jira_pw] = login(&env, "jira");
    at_each(
        &env,
        "relocate",
        &[
            Ask::List("Which application moved?", 1),
            line("Where does wiki answer now?", "http://127.0.0.1:9"),
            Ask::List("Nobody answers there now. What then?", 0),
            line("Where does wiki answer now?", new),
            jira_user,
            jira_pw,
            line("Go ahead? [y/N]", "y"),
        ],
    );
    let env = linked();
    for (command, rest) in [
        (
            "delete",
            vec![
                Ask::List("Which application keeps the link that is to go?", 0),
                line("User name on jira", "admin"),
                hidden("Password of admin on jira", password(&env, "jira")),
                Ask::List("Which link is to go?", 0),
                line("User name on wiki", "admin"),
                hidden("Password of admin on wiki", password(&env, "wiki")),
                line("Type jira to go on", "jira"),
            ],
        ),
        (
            "edit",
            vec![
                Ask::List("Which application keeps the link that is to be changed?", 0),
                line("User name on jira", "admin"),
                hidden("Password of admin on jira", password(&env, "jira")),
                Ask::List("Which link is to be changed?", 0),
                Ask::List("What is to be changed?", 1),
                line("New name", "Handbook"),
                line("Go ahead? [y/N]", "y"),
            ],
        ),
    ] {
        at_each(&env, command, &rest);
    }
}

#[test]
fn reading_commands_can_be_interrupted() {
    let env = linked();
    for command in ["verify", "list", "export"] {
        // Which of the two is asked for first is chance.
        at_each(
            &env,
            command,
            &[
                line("User name on", "admin"),
                hidden("Password of admin on", ""),
            ],
        );
    }
}

#[test]
fn app_commands_can_be_interrupted() {
    let mut env = linked();
    let url = env.world.app("jira").url();
    at_each(
        &env,
        "app show",
        &[
            Ask::List("Which application?", 0),
            line("User name on jira", "x"),
        ],
    );
    env.applink("app remove jira --yes").expect(0);
    env.mask(url.clone(), "jira");
    at_each(
        &env,
        "app add",
        &[
            line("Its URL, or any page of it", url),
            line("Its short name here", "tracker"),
            Ask::List("Where is the secret of an administrator of tracker?", 1),
            line("empty for a personal access token", "admin"),
            line("Name of the variable", "NOT_SET"),
            Ask::List("Where is the secret of an administrator of tracker?", 0),
            line("empty for a personal access token", "admin"),
            hidden("Password of admin on tracker", "wrong"),
            Ask::List("Where is the secret of an administrator of tracker?", 3),
            line("empty for a personal access token", "admin"),
            line("Path of the file", "nowhere"),
        ],
    );
    at_each(
        &env,
        "app logout",
        &[Ask::List("Whose log-in is the keyring to forget?", 0)],
    );
    at_each(
        &env,
        "app login",
        &[Ask::List("Whose log-in is the keyring to keep?", 0)],
    );
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    at_each(
        &env,
        "app remove",
        &[
            Ask::List("Which application is to be forgotten?", 0),
            line("Go on? [y/N]", "y"),
        ],
    );
}

#[test]
fn consumer_and_key_commands_can_be_interrupted() {
    let mut env = Env::new(pair());
    env.add_all();
    at_each(
        &env,
        "create --consumer Jenkins",
        &[
            Ask::List("Which application does the program call?", 0),
            line("Go ahead? [y/N]", "y"),
        ],
    );
    env.applink("create jira --consumer Jenkins").expect(0);
    let key = env.path("state/applink/applink.keys/jira-jenkins.pem");
    assert!(key.exists());
    env.allow_secrets_in(key);
    at_each(
        &env,
        "key rotate",
        &[
            Ask::List("On which application?", 0),
            Ask::List("Which program?", 0),
            line("Go ahead? [y/N]", "y"),
        ],
    );
    at_each(
        &env,
        "delete jira --consumer Jenkins",
        &[line("Type Jenkins to go on", "x")],
    );
    at_each(
        &env,
        "key generate",
        &[line("The new file of the private key", "x.pem")],
    );
    at_each(&env, "key show", &[line("The key file", "x.pem")]);
    at_each(
        &env,
        "key convert",
        &[
            line(
                "The key file",
                "../state/applink/applink.keys/jira-jenkins.pem",
            ),
            Ask::List("Which form?", 2),
        ],
    );
}

#[test]
fn authorize_can_be_interrupted() {
    let env = env_with_consumer(|_| {});
    let jira = env.world.app("jira");
    jira.configure(|settings| settings.base_url = Some("https://jira.example.com/jira".to_owned()));
    let asks = [
        Ask::List("On which application?", 0),
        line("The name of the program (consumer)", "ci"),
        line("Approve at https://jira.example.com/jira", "y"),
    ];
    at_each(&env, "authorize --key-file ci.pem", &asks);
}

#[test]
fn oauth2_client_commands_can_be_interrupted() {
    let env = Env::new(pair());
    env.add_all();
    let client = "create jira --oauth2-client Portal --redirect-uri https://portal.example.com/cb --scope WRITE";
    at_each(&env, client, &[line("Go ahead? [y/N]", "y")]);
    env.applink(client).expect(0);
    at_each(
        &env,
        "edit jira --oauth2-client Portal --reset-secret",
        &[line("Go ahead? [y/N]", "y")],
    );
    at_each(
        &env,
        "delete jira --oauth2-client Portal",
        &[line("Type Portal to go on", "x")],
    );
}

#[test]
fn apply_can_be_interrupted() {
    let env = Env::new(pair());
    env.applink("create {jira} {wiki}").expect(0);
    let file = env.applink("export").expect(0).stdout;
    env.write("work/links.toml", &file.replace("oauth", "none"), 0o600);
    at_each(&env, "apply links.toml", &[line("Go ahead? [y/N]", "y")]);
    let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
    let port = wiki.port();
    at_each(
        &env,
        &format!("scan jira --from 127.0.0.1:{port} --apply"),
        &[line("Go ahead? [y/N]", "y")],
    );
    jira.set_outgoing(&wiki.id(), OAuthFlags::IMPERSONATION);
    at_each(&env, "repair", &[line("Go ahead? [y/N]", "y")]);
}
