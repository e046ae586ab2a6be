//! The simulated applications, in a process of their own.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use applink::domain::{Alias, ApplicationId, BaseUrl, Level, TypeId};
use applink::state::{AppEntry, Auth, LinkEntry, LocalFile, StateStore as _};
use applink_sandbox::{App, OAuthFlags, Product, Role, World};

/// Says what to serve: applications, links, milliseconds.
pub(crate) const VARIABLE: &str = "APPLINK_BENCH_SERVE";

/// A row of the server's first answer.
pub(crate) struct Application {
    pub(crate) url: String,
    pub(crate) id: String,
    pub(crate) user: String,
    pub(crate) password: String,
}

/// A server, ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    pub(crate) applications: Vec<Application>,
    pub(crate) directory: tempfile::TempDir,
}

/// Serves until standard input ends; each line on it is answered with the number of requests from
/// outside since the last one.
pub(crate) fn serve(what: &str) {
    let numbers: Vec<usize> = what.split(',').map(|text| text.parse().unwrap()).collect();
    let [applications, links, latency] = numbers[..] else {
        panic!("{what}");
    };
    let latency = Duration::from_millis(latency as u64);
    let apps = (0..applications).map(|n| {
        App::new(Product::Jira, &format!("app-{n}"))
            .server_id(&format!("BNCH-{n:04}-BNCH-BNCH"))
            .key_bits(1024)
            .settings(|settings| settings.latency = latency)
    });
    let world = World::builder().seed(7).apps(apps).start().unwrap();
    for (a, b) in pairs(applications).take(links) {
        world.link(&format!("app-{a}"), &format!("app-{b}"), OAuthFlags::OAUTH);
    }
    for app in world.apps() {
        let user = app.user(Role::SystemAdmin);
        println!("{} {} {} {}", app.url(), app.id(), user.name, user.password);
    }
    println!();
    let mut line = String::new();
    while std::io::stdin()
        .read_line(&mut line)
        .is_ok_and(|read| read > 0)
    {
        println!("{}", world.outside_requests().len());
        world.clear_requests();
    }
}

/// All pairs of a mesh; the first ones are spread over all applications.
fn pairs(applications: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..applications).flat_map(move |step| {
        (0..applications)
            .map(move |a| (a, (a + step) % applications))
            .filter(move |(a, b)| step * 2 < applications || (step * 2 == applications && a < b))
    })
}

impl Server {
    pub(crate) fn start(applications: usize, links: usize, latency: Duration) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .env(
                VARIABLE,
                format!("{applications},{links},{}", latency.as_millis()),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut rows = Vec::new();
        loop {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            let words: Vec<&str> = line.split_whitespace().collect();
            let [url, id, user, password] = words[..] else {
                break;
            };
            let [url, id, user, password] = [url, id, user, password].map(str::to_owned);
            rows.push(Application {
                url,
                id,
                user,
                password,
            });
        }
        assert_eq!(rows.len(), applications, "the server did not start");
        Self {
            child,
            stdin,
            stdout,
            applications: rows,
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// The requests since the last count.
    pub(crate) fn count(&mut self) -> u32 {
        writeln!(self.stdin).unwrap();
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim().parse().unwrap()
    }

    /// So many addresses to read, taking turns over the applications, with their account.
    pub(crate) fn urls(&self, count: usize) -> Vec<(usize, String)> {
        let size = self.applications.len();
        (0..count)
            .map(|n| {
                let app = n % size;
                let path = "/rest/applinks/1.0/applicationlink";
                (app, format!("{}{path}", self.applications[app].url))
            })
            .collect()
    }

    /// A home in which all applications and links are known.
    pub(crate) fn home(&self, links: usize) -> Home {
        let path = self.directory.path().join("applink.toml");
        let store = LocalFile::new(&path).unwrap();
        let guard = store.lock("bench", Duration::ZERO).unwrap();
        let loaded = store.load().unwrap();
        let mut state = loaded.to_state();
        let alias = |n: usize| -> Alias { format!("app-{n}").parse().unwrap() };
        let id = |n: usize| -> ApplicationId { self.applications[n].id.parse().unwrap() };
        for (n, app) in self.applications.iter().enumerate() {
            let url = BaseUrl::parse(&app.url).unwrap();
            let secret = self.directory.path().join(format!("secret-{n}"));
            private(&secret, &app.password);
            let mut entry = AppEntry::new(url, id(n), TypeId::from_wire("jira"));
            entry.user = Some(app.user.clone());
            entry.credential = format!("file:{}", secret.display()).parse().ok();
            state.applications.insert(alias(n), entry);
        }
        for (a, b) in pairs(self.applications.len()).take(links) {
            state.links.push(LinkEntry {
                between: [alias(a), alias(b)],
                ids: [(alias(a), id(b)), (alias(b), id(a))].into(),
                auth: Auth::Both(Level::OAuth),
                one_way: None,
                last_applied: applink::domain::LastApplied::default(),
            });
        }
        store.save(&guard, &loaded, &state).unwrap();
        Home { state: path }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A state for the program.
pub(crate) struct Home {
    pub(crate) state: std::path::PathBuf,
}

impl Home {
    /// The program with this state.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_applink"));
        command
            .args(line.split(' '))
            .arg("--state")
            .arg(&self.state)
            .env_clear();
        command
    }
}

/// Writes a file for this user alone.
pub(crate) fn private(path: &std::path::Path, text: &str) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .unwrap();
    file.write_all(text.as_bytes()).unwrap();
}
