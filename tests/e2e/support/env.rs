//! A cleared environment with a world in it, and the program run inside.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use applink_sandbox::{AppHandle, OAuthFlags, Role, World};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::output::RunOutput;
use crate::support::secret_encodings::encodings;
use crate::support::worlds::{client_requests, link, pair};

/// A home directory, variables and a world of applications.
pub(crate) struct Env {
    /// The applications.
    pub(crate) world: World,
    home: tempfile::TempDir,
    variables: BTreeMap<String, OsString>,
    /// The secrets of each application, under its alias in the world.
    secrets: Vec<(String, String)>,
    /// Files in which a test put a secret on purpose.
    planted: Vec<PathBuf>,
    names: Vec<(String, String)>,
    /// Options that are added to every command line.
    always: String,
}

impl Env {
    /// An environment with the system administrators' passwords of all applications.
    pub(crate) fn new(world: World) -> Self {
        let mut env = Self::without_credentials(world);
        let apps: Vec<AppHandle> = env.world.apps().to_vec();
        for app in &apps {
            env.login(app.alias(), Role::SystemAdmin);
        }
        env
    }

    /// A pair that applink linked.
    pub(crate) fn linked() -> Self {
        let env = Self::new(pair());
        env.applink("create {jira} {wiki}").expect(0);
        env.world.clear_requests();
        env
    }

    /// A pair with a link, which applink knows.
    pub(crate) fn known() -> Self {
        let env = Self::new(pair());
        let (jira, wiki) = (env.world.app("jira"), env.world.app("wiki"));
        link(jira, wiki, OAuthFlags::OAUTH);
        env.add_all();
        env
    }

    /// An environment without any credentials.
    pub(crate) fn without_credentials(world: World) -> Self {
        let home = tempfile::tempdir().unwrap();
        for directory in ["work", "tmp", "state"] {
            fs::create_dir(home.path().join(directory)).unwrap();
        }
        let mut env = Self {
            variables: BTreeMap::new(),
            secrets: Vec::new(),
            planted: Vec::new(),
            names: Vec::new(),
            always: String::new(),
            world,
            home,
        };
        for (name, value) in [
            ("HOME", ""),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CONFIG_HOME", "config"),
            ("TMPDIR", "tmp"),
        ] {
            let path = env.path(value);
            env.variables.insert(name.to_owned(), path.into());
        }
        for (name, value) in [("COLUMNS", "100"), ("TZ", "UTC"), ("LC_ALL", "C.UTF-8")] {
            env.set(name, value);
        }
        for app in env.world.apps() {
            for user in app.users() {
                env.secrets
                    .push((app.alias().to_owned(), user.password.clone()));
            }
            for token in app.tokens() {
                env.secrets
                    .push((app.alias().to_owned(), token.token.clone()));
            }
        }
        env
    }

    /// Sets a variable.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.to_owned(), value.into());
    }

    /// Removes a variable.
    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Puts user and password of a role into the variables of an application.
    pub(crate) fn login(&mut self, alias: &str, role: Role) {
        let user = self.world.app(alias).user(role).clone();
        self.basic(alias, &user.name, &user.password);
    }

    /// Puts any user and password there.
    pub(crate) fn basic(&mut self, alias: &str, name: &str, password: &str) {
        self.logout(alias);
        self.set(&variable(alias, "USER"), name);
        self.set(&variable(alias, "PASSWORD"), password);
        self.secret(alias, password);
    }

    /// Puts the token of a role there.
    pub(crate) fn token(&mut self, alias: &str, role: Role) {
        let token = self
            .world
            .app(alias)
            .token(role)
            .expect("a token")
            .to_owned();
        self.bearer(alias, &token);
    }

    /// Puts any token there.
    pub(crate) fn bearer(&mut self, alias: &str, token: &str) {
        self.logout(alias);
        self.set(&variable(alias, "TOKEN"), token);
        self.secret(alias, token);
    }

    /// Removes the credentials of an application.
    pub(crate) fn logout(&mut self, alias: &str) {
        for what in ["USER", "PASSWORD", "TOKEN"] {
            self.unset(&variable(alias, what));
        }
    }

    /// Adds options to every later command line.
    pub(crate) fn add_options(&mut self, words: &str) {
        words.clone_into(&mut self.always);
    }

    /// Declares a text a secret of one application.
    pub(crate) fn secret(&mut self, alias: &str, text: &str) {
        self.secrets.push((alias.to_owned(), text.to_owned()));
    }

    /// The secrets of all applications.
    pub(crate) fn all_secrets(&self) -> Vec<String> {
        self.secrets
            .iter()
            .map(|(_, secret)| secret.clone())
            .collect()
    }

    /// A path below the home directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() {
            self.home.path().to_owned()
        } else {
            self.home.path().join(name)
        }
    }

    /// Writes a file below the home directory.
    pub(crate) fn write(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    /// Writes a file that holds a secret on purpose.
    pub(crate) fn write_secret(&mut self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.write(name, text, mode);
        self.planted.push(path.clone());
        path
    }

    /// Allows secrets in this file from now on.
    pub(crate) fn allow_secrets_in(&mut self, path: PathBuf) {
        self.planted.push(path);
    }

    /// The state file.
    pub(crate) fn state_path(&self) -> PathBuf {
        self.path("state/applink/applink.toml")
    }

    /// The content of the state file, empty where there is none.
    pub(crate) fn state(&self) -> String {
        fs::read_to_string(self.state_path()).unwrap_or_default()
    }

    /// Whether an unfinished run has left its journal.
    pub(crate) fn has_journal(&self) -> bool {
        self.state_sibling(".journal").exists()
    }

    /// A file beside the state file, with this suffix.
    pub(crate) fn state_sibling(&self, suffix: &str) -> PathBuf {
        let mut name = self.state_path().into_os_string();
        name.push(suffix);
        name.into()
    }

    /// All files with their content.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.home.path(), &mut files);
        files
    }

    /// Runs the program. `{jira}` stands for `jira=URL`, `{jira.url}` and `{jira.id}` for what
    /// they say, `{home}` for the home directory; words are split as a shell does.
    #[track_caller]
    pub(crate) fn applink(&self, line: &str) -> RunOutput {
        let output = self.command(line).output().unwrap();
        self.check_output(output)
    }

    /// Runs the first command that `verify` suggests for the first link, as printed, and says yes.
    #[track_caller]
    pub(crate) fn run_fix(&self, verdict: &serde_json::Value) -> RunOutput {
        let fix = &verdict["links"][0]["fix"][0];
        let argv: Vec<String> = serde_json::from_value(fix["argv"].clone()).expect("a fix");
        let printed = fix["command"].as_str().unwrap();
        assert_eq!(shlex::split(printed).as_ref(), Some(&argv));
        assert_eq!(argv[0], "applink");
        let line = printed.strip_prefix("applink ").unwrap();
        self.applink(&format!("{line} --yes"))
    }

    /// Starts the program, with both streams kept.
    pub(crate) fn start(&self, line: &str) -> Child {
        self.command(line).spawn().unwrap()
    }

    /// Waits for a program that was started.
    #[track_caller]
    pub(crate) fn wait(&self, child: Child) -> RunOutput {
        let output = child.wait_with_output().unwrap();
        self.check_output(output)
    }

    /// Runs a script of the repository, with the program in its path and nothing else of ours.
    #[track_caller]
    pub(crate) fn script(&self, interpreter: &str, script: &str, args: &[&str]) -> RunOutput {
        self.script_reading(interpreter, script, args, "")
    }

    /// The same, with a text on standard input.
    #[track_caller]
    pub(crate) fn script_reading(
        &self,
        interpreter: &str,
        script: &str,
        args: &[&str],
        input: &str,
    ) -> RunOutput {
        let program = Path::new(env!("CARGO_BIN_EXE_applink"));
        let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
        let mut child = Command::new(interpreter)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
            .args(args)
            .env_clear()
            .env("PATH", path)
            .envs(&self.variables)
            .current_dir(self.path("work"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        self.wait(child)
    }

    /// The program, ready to be run.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(program());
        command
            .args(self.words(&format!("{line} {}", self.always)))
            .env_clear()
            .envs(&self.variables)
            .current_dir(self.path("work"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The program, run by another one.
    pub(crate) fn command_under(&self, with: &[&str], line: &str) -> Command {
        let plain = self.command(line);
        let mut command = Command::new(with[0]);
        command
            .args(&with[1..])
            .arg(plain.get_program())
            .args(plain.get_args())
            .env_clear()
            .envs(
                plain
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .current_dir(plain.get_current_dir().unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn words(&self, line: &str) -> Vec<String> {
        let mut words = shlex::split(line).expect("words");
        for word in &mut words {
            *word = word.replace("{home}", &self.path("").display().to_string());
            for app in self.world.apps() {
                let alias = app.alias();
                *word = word
                    .replace(&format!("{{{alias}}}"), &format!("{alias}={}", app.url()))
                    .replace(&format!("{{{alias}.url}}"), &app.url())
                    .replace(&format!("{{{alias}.id}}"), &app.id());
            }
        }
        words
    }

    /// Makes all applications of the world known.
    pub(crate) fn add_all(&self) {
        for app in self.world.apps() {
            self.applink(&format!("app add {} {}", app.alias(), app.url()))
                .expect(0);
        }
        self.world.clear_requests();
    }

    /// Replaces a text that differs from run to run in snapshots.
    pub(crate) fn mask(&mut self, text: impl Into<String>, name: &str) {
        self.names.push((text.into(), name.to_owned()));
    }

    /// Checks the output of a run that a test has waited for itself.
    #[track_caller]
    pub(crate) fn check_output(&self, output: Output) -> RunOutput {
        let mut names = self.names.clone();
        names.push((self.path("").display().to_string(), "<home>".to_owned()));
        for app in self.world.apps() {
            names.push((app.id(), format!("<id of {}>", app.alias())));
            names.push((
                format!("127.0.0.1:{}", app.port()),
                format!("{}.test", app.alias()),
            ));
        }
        let status = output.status;
        let out = RunOutput {
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
            code: status
                .code()
                .unwrap_or_else(|| -status.signal().unwrap_or_default()),
            names,
        };
        self.check_always(&out);
        out
    }

    /// Checks what must hold after every run.
    #[track_caller]
    fn check_always(&self, out: &RunOutput) {
        assert!(!out.says("panicked at"), "{}", out.transcript());
        self.check_requests();
        let forms: Vec<String> = self
            .secrets
            .iter()
            .flat_map(|(_, s)| encodings(s))
            .collect();
        for form in &forms {
            for stream in [&out.stdout, &out.stderr] {
                assert!(
                    !stream.contains(form),
                    "a secret is shown: {}",
                    out.transcript()
                );
            }
        }
        for (path, content) in self.files() {
            if self.planted.contains(&path) {
                continue;
            }
            let text = String::from_utf8_lossy(&content);
            for form in &forms {
                assert!(!text.contains(form), "a secret is in {}", path.display());
            }
        }
    }

    /// Checks the headers of every request, and that credentials reach only their own application.
    #[track_caller]
    fn check_requests(&self) {
        let mut nonces = BTreeSet::new();
        for request in client_requests(&self.world) {
            let header = |name: &str| request.header(name).unwrap_or_default();
            assert_eq!(header("x-atlassian-token"), "no-check", "{request:?}");
            assert!(header("user-agent").starts_with("applink/"), "{request:?}");
            // The consumer's public key is only to be had as XML.
            let accept = if request.path.ends_with("/oauth/consumer-info") {
                "application/xml"
            } else {
                "application/json"
            };
            assert!(header("accept").contains(accept), "{request:?}");
            if request.is_write() {
                assert_eq!(header("content-type"), "application/json", "{request:?}");
            }
            // A balancer's cookie is given back, and no other.
            let cookie = header("cookie");
            assert!(
                cookie.is_empty() || cookie.starts_with("ROUTEID=.node"),
                "{request:?}"
            );
            let Some(authorization) = request.header("authorization") else {
                continue;
            };
            let given = match authorization.split_once(' ') {
                Some(("Bearer", token)) => token.to_owned(),
                Some(("Basic", encoded)) => {
                    let pair = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
                    pair.split_once(':').unwrap().1.to_owned()
                }
                // A signature gives nothing away, and counts once.
                Some(("OAuth", fields)) => {
                    let nonce = fields
                        .split(',')
                        .find(|field| field.contains("oauth_nonce="));
                    assert!(
                        nonces.insert(nonce.expect("a nonce").to_owned()),
                        "{request:?}"
                    );
                    continue;
                }
                _ => panic!("{authorization}"),
            };
            let own = self
                .secrets
                .iter()
                .any(|(alias, secret)| *alias == request.app && *secret == given);
            assert!(own, "{} got a credential of another one", request.app);
        }
    }
}

/// The program: the one of this build, or a copy that no other build takes away.
fn program() -> OsString {
    std::env::var_os("APPLINK_SWEEP_PROGRAM")
        .unwrap_or_else(|| env!("CARGO_BIN_EXE_applink").into())
}

/// The variable of an application.
pub(crate) fn variable(alias: &str, what: &str) -> String {
    let alias = alias.to_ascii_uppercase().replace('-', "_");
    format!("APPLINK_{alias}_{what}")
}

fn collect(directory: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            collect(&entry.path(), files);
        } else if kind.is_file() {
            files.insert(entry.path(), fs::read(entry.path()).unwrap_or_default());
        }
    }
}
