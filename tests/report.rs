//! `verify --report`: the real program against simulated applications, with secrets planted
//! wherever one may stand.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use applink_sandbox::{App, AppHandle, Fault, OAuthFlags, Product, Role, World};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

/// Planted by hand, where a server or a person may have put one.
const CANARIES: &[&str] = &[
    "Canary1-in-user-info",
    "Canary2-in-a-query",
    "Canary3-in-a-header",
    "Canary4-behind-a-program",
    "Canary5-in-the-environment",
    "Canary6-in-a-cookie",
];

struct Bench {
    world: World,
    directory: tempfile::TempDir,
}

impl Bench {
    /// Jira with a password from a file, Confluence with a token from a program, linked.
    fn new() -> Self {
        let world = World::builder()
            .seed(11)
            .app(App::new(Product::Jira, "jira").context("/jira"))
            .app(App::new(Product::Confluence, "wiki"))
            .start()
            .unwrap();
        let bench = Self {
            world,
            directory: tempfile::tempdir().unwrap(),
        };
        let (jira, wiki) = (bench.app("jira"), bench.app("wiki"));
        bench.private("jira.secret", &jira.user(Role::SystemAdmin).password);
        bench.private("wiki.secret", wiki.token(Role::SystemAdmin).unwrap());
        let program = format!(
            "command:sh -c 'cat {}' Canary4-behind-a-program",
            bench.path("wiki.secret").display()
        );
        for (app, rest) in [
            (
                jira,
                ["--user", "admin", "--credential", "file:jira.secret"].as_slice(),
            ),
            (wiki, ["--credential", program.as_str()].as_slice()),
        ] {
            let url = app.url();
            let args = [["app", "add", app.alias(), &url].as_slice(), rest].concat();
            assert_eq!(code(&bench.applink(&args)), 0);
        }
        assert_eq!(
            code(&bench.applink(&["create", "jira", "wiki", "--yes"])),
            0
        );
        bench
    }

    fn app(&self, alias: &str) -> &AppHandle {
        self.world.app(alias)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn private(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn applink(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_applink"))
            .arg("--state")
            .arg(self.path("applink.toml"))
            .arg("--no-input")
            .args(args)
            .current_dir(self.directory.path())
            .env("UNRELATED_SECRET", "Canary5-in-the-environment")
            .env_remove("HTTP_PROXY")
            .env_remove("http_proxy")
            .env("NO_PROXY", "*")
            .output()
            .unwrap()
    }

    fn report(&self, name: &str) -> (Output, String) {
        let output = self.applink(&["verify", "--report", name]);
        let text = fs::read_to_string(self.path(name)).unwrap_or_default();
        (output, text)
    }

    /// What must not be in any report.
    fn secrets(&self) -> Vec<String> {
        let mut secrets: Vec<String> = CANARIES.iter().map(|text| (*text).to_owned()).collect();
        for app in self.world.apps() {
            secrets.extend(app.users().iter().map(|user| user.password.clone()));
            secrets.extend(app.tokens().iter().map(|token| token.token.clone()));
            for user in app.users() {
                secrets.push(format!("{}:{}", user.name, user.password));
            }
        }
        secrets
    }
}

fn code(output: &Output) -> i32 {
    let code = output.status.code().unwrap();
    if code != 0 {
        // Shown when the comparison with it fails.
        let said = String::from_utf8_lossy(&output.stderr);
        std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes()).unwrap();
    }
    code
}

fn hex(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Every form in which a secret may stand in a text.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        percent(secret),
        percent(secret).to_lowercase(),
        hex(secret),
        hex(secret).to_uppercase(),
    ];
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        forms.push(engine.encode(secret));
    }
    forms
}

#[test]
fn no_secret_gets_into_a_report() {
    let bench = Bench::new();
    let (jira, wiki) = (bench.app("jira"), bench.app("wiki"));
    let password = jira.user(Role::SystemAdmin).password.clone();
    let token = wiki.token(Role::SystemAdmin).unwrap().to_owned();
    // The names that servers keep hold what somebody pasted into the wrong field.
    jira.edit_link(&wiki.id(), |link| {
        link.name = format!("Wiki {password} {}", STANDARD.encode(&token));
        link.display_url =
            "https://admin:Canary1-in-user-info@wiki.example.com/x?token=Canary2-in-a-query"
                .to_owned();
    });
    wiki.edit_link(&jira.id(), |link| {
        link.name = format!("Jira Bearer {token} JSESSIONID=Canary6-in-a-cookie");
        link.display_url = format!(
            "https://jira.example.com/?os_password={}",
            percent(&password)
        );
    });
    jira.configure(|settings| {
        settings.display_name = format!("Jira {} {}", hex(&password), hex(&token).to_uppercase());
    });
    // And an answer repeats what it was sent.
    let echo = format!(
        "https://login.example.com/?ticket=Canary3-in-a-header&auth={}",
        STANDARD.encode(format!("admin:{password}"))
    );
    wiki.fault(Fault::redirect(&echo).path("/rest/applinks/3.0/status"));
    for name in ["r.html", "r.md", "r.json"] {
        let (output, report) = bench.report(name);
        assert!(report.contains("jira") && report.contains("wiki"), "{name}");
        assert!(report.len() > 2_000, "{name}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("read it before you send it"), "{stderr}");
        for secret in bench.secrets() {
            for form in forms(&secret) {
                assert!(!report.contains(&form), "{name} holds {form}");
            }
        }
        // What is known to be a secret is masked where it stood; the rest of the text is there.
        assert!(report.contains("Wiki"), "{name}");
        let mode = fs::metadata(bench.path(name)).unwrap().mode();
        assert_eq!(mode & 0o7777, 0o600, "{name}");
    }
}

#[test]
fn the_report_has_what_support_asks_for() {
    let bench = Bench::new();
    let (jira, wiki) = (bench.app("jira"), bench.app("wiki"));
    let impersonation = OAuthFlags {
        enabled: true,
        two_lo: true,
        two_loi: true,
    };
    assert!(jira.set_outgoing(&wiki.id(), impersonation));
    wiki.configure(|settings| settings.clock_offset = 90);
    let (output, text) = bench.report("r.json");
    assert_eq!(output.status.code(), Some(6));
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["schema"], 1);
    let apps = &report["applications"];
    assert_eq!(apps[0]["alias"], "jira");
    assert_eq!(apps[0]["id"], jira.id().as_str());
    assert_eq!(apps[0]["base_url"], jira.url().as_str());
    assert_eq!(apps[0]["account"]["user"], "admin");
    assert_eq!(apps[0]["account"]["source"], "file");
    assert_eq!(apps[1]["account"]["source"], "command");
    assert!(apps[1]["seconds_ahead"].as_i64().unwrap() >= 88);
    let link = &report["links"][0];
    assert_eq!(link["status"], "broken");
    assert_eq!(link["code"], "AUTH_LEVEL_MISMATCH");
    let keys: Vec<&str> = link["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| question["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        keys,
        [
            "proxy",
            "base-url",
            "display-url",
            "application-url",
            "both-sides"
        ]
    );
    for question in &link["questions"].as_array().unwrap()[1..] {
        assert_eq!(question["answer"], "yes", "{question}");
    }
    let levels = link["levels"].as_array().unwrap();
    assert_eq!(
        levels.iter().filter(|flow| flow["equal"] == false).count(),
        1
    );
    let requests = report["requests"].as_array().unwrap();
    // Where something is wrong each application is also asked what it says when it refuses.
    assert!(requests.iter().all(|request| {
        let status = request["status"].as_u64().unwrap();
        matches!(status, 200 | 204)
            || (status == 401
                && request["url"]
                    .as_str()
                    .unwrap()
                    .contains("authenticationinfo"))
    }));
    assert!(requests.iter().any(|request| {
        request["url"].as_str().unwrap().contains("/status/") && request["app"] == "wiki"
    }));
}

#[test]
fn the_report_replaces_a_symbolic_link() {
    let bench = Bench::new();
    let victim = bench.path("victim");
    fs::write(&victim, "").unwrap();
    symlink(&victim, bench.path("r.md")).unwrap();
    let (output, text) = bench.report("r.md");
    assert_eq!(code(&output), 0);
    assert!(text.starts_with("# Application links"));
    assert_eq!(fs::read_to_string(&victim).unwrap(), "");
    let seen = fs::symlink_metadata(bench.path("r.md")).unwrap();
    assert!(seen.is_file());
    assert_eq!(seen.mode() & 0o7777, 0o600);
    // A report that is there is overwritten, and nobody else can read it after.
    let old = "<title>Application links: support report</title>";
    fs::write(bench.path("r.html"), old).unwrap();
    fs::set_permissions(bench.path("r.html"), fs::Permissions::from_mode(0o666)).unwrap();
    let (output, text) = bench.report("r.html");
    assert_eq!(code(&output), 0);
    assert!(text.ends_with("</html>\n"));
    assert_eq!(
        fs::metadata(bench.path("r.html")).unwrap().mode() & 0o7777,
        0o600
    );
    let left: Vec<PathBuf> = fs::read_dir(bench.directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "tmp"))
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new());
}

#[test]
fn an_unknown_extension_is_a_usage_error_before_any_request() {
    let bench = Bench::new();
    bench.world.clear_requests();
    for name in ["r.txt", "r", "r.htm"] {
        let output = bench.applink(&["verify", "--report", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(!Path::new(&bench.path(name)).exists());
    }
    assert_eq!(bench.world.requests().len(), 0);
}

#[test]
fn the_result_is_printed_before_a_write_error() {
    let bench = Bench::new();
    let output = bench.applink(&["verify", "--report", "no/such/place.md"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("jira"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be written"));
    // A broken link is worse.
    bench.app("jira").remove_link(&bench.app("wiki").id());
    let output = bench.applink(&["verify", "--report", "no/such/place.md"]);
    assert_eq!(output.status.code(), Some(6));
}

#[test]
fn an_unreachable_application_is_in_the_report() {
    let bench = Bench::new();
    bench.app("wiki").stop();
    for name in ["r.html", "r.md", "r.json"] {
        let (output, text) = bench.report(name);
        assert_eq!(output.status.code(), Some(5), "{name}");
        assert!(text.contains("connection refused"), "{name}");
    }
}
