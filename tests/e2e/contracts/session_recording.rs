//! The recorded session of the README, made again from a real run and compared.
//!
//! The commands run as on a terminal of 80 columns, against simulated applications. Only the
//! addresses are replaced: a loopback port says nothing to a reader. `APPLINK_BLESS=1 cargo test
//! --test e2e recording` writes `docs/session.svg`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anstyle_svg::Term;
use applink::cli;
use applink::exit::Exit;
use applink::ui::{TerminalInfo, Ui};
use applink_sandbox::{App, OAuthFlags, Product, Role, World};

const PROMPT: &str = "\x1b[1;32m$\x1b[0m";

/// A session: its text with the colours, and the names that stand for the addresses.
struct Session<'a> {
    directory: &'a Path,
    names: Vec<(String, String)>,
    text: String,
}

impl Session<'_> {
    /// Runs a command line as somebody types it, and keeps what is seen.
    fn run(&mut self, line: &str, expected: Exit) {
        let mut typed = line.to_owned();
        for (address, name) in &self.names {
            typed = typed.replace(name, address);
        }
        let state = self.directory.join("applink.toml");
        let mut words: Vec<OsString> = vec!["applink".into(), "--state".into(), state.into()];
        words.extend(
            shlex::split(&typed)
                .unwrap()
                .into_iter()
                .skip(1)
                .map(OsString::from),
        );
        let cli = cli::parse(words).unwrap();
        let facts = TerminalInfo {
            stdin_tty: false,
            no_color: false,
            ..TerminalInfo::terminal(80)
        };
        let (ui, capture) = Ui::captured(cli.ui_options(), facts);
        let exit = cli::run_to_end(cli, &ui);
        let seen = format!("{}{}", capture.stderr(), capture.stdout());
        assert_eq!(exit, expected, "{line}: {seen}");
        self.show(&format!("{PROMPT} {line}\n{seen}\n"));
    }

    fn show(&mut self, text: &str) {
        let mut text = text.to_owned();
        for (address, name) in &self.names {
            text = text.replace(address, name);
        }
        self.text.push_str(&text);
    }
}

fn secret(directory: &Path, name: &str, secret: &str) {
    let path = directory.join(name);
    fs::write(&path, secret).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn session() -> String {
    let world = World::builder()
        .seed(1)
        .app(App::new(Product::Jira, "jira"))
        .app(App::new(Product::Confluence, "wiki"))
        .start()
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut session = Session {
        directory: directory.path(),
        names: Vec::new(),
        text: String::new(),
    };
    for app in world.apps() {
        session
            .names
            .push((app.url(), format!("https://{}.example.com", app.alias())));
        let file = format!("{}.secret", app.alias());
        secret(
            directory.path(),
            &file,
            &app.user(Role::SystemAdmin).password,
        );
    }
    for alias in ["jira", "wiki"] {
        session.run(
            &format!(
                "applink app add {alias} https://{alias}.example.com --user admin --credential file:{alias}.secret"
            ),
            Exit::Ok,
        );
    }
    session.run("applink create jira wiki", Exit::Ok);
    // Somebody changes one end by hand.
    let (jira, wiki) = (world.app("jira"), world.app("wiki"));
    assert!(jira.set_outgoing(&wiki.id(), OAuthFlags::IMPERSONATION));
    session.run("applink verify", Exit::Broken);
    session.run("applink repair --yes", Exit::Ok);
    session.text
}

#[test]
fn the_recorded_session_is_up_to_date() {
    let svg = Term::new().render_svg(session().trim_end());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/session.svg");
    if std::env::var_os("APPLINK_BLESS").is_some() {
        fs::write(path, svg).unwrap();
        return;
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == svg,
        "docs/session.svg is out of date: APPLINK_BLESS=1 cargo test --test e2e recording"
    );
}
