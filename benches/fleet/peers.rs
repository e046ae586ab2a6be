//! The same answers, read by applink's own fan-out and by what else a person would write.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use applink::credentials::{Credential, Secret};
use applink::domain::BaseUrl;
use applink::remote::session::Account;
use applink::remote::tls::TlsFiles;
use applink::remote::{Options, Session, Transport, fleet};
use reqwest::Method;

use crate::server::{Server, private};

const SCRIPT: &str = r#"
import concurrent.futures, sys, threading
import requests

local = threading.local()

def read(line):
    if not hasattr(local, "session"):
        local.session = requests.Session()
    user, password, url = line.split(" ")
    answer = local.session.get(
        url, auth=(user, password), headers={"Accept": "application/json"}
    )
    answer.raise_for_status()
    return len(answer.json())

lines = open(sys.argv[1]).read().splitlines()
with concurrent.futures.ThreadPoolExecutor(int(sys.argv[2])) as pool:
    sum(pool.map(read, lines))
"#;

/// Through the sessions and the transport that every command uses.
pub(crate) fn applink(server: &Server, urls: &[(usize, String)]) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let transport = Arc::new(Transport::new(Options::default(), Arc::new(str::to_owned)));
    let sessions: Vec<Arc<Session>> = server
        .applications
        .iter()
        .enumerate()
        .map(|(n, app)| {
            let password = Secret::new(app.password.as_str()).unwrap();
            let credential = Credential::basic(app.user.as_str(), password).unwrap();
            Arc::new(Session::new(
                format!("app-{n}").parse().unwrap(),
                BaseUrl::parse(&app.url).unwrap(),
                TlsFiles::default(),
                Some(Account::new(credential.authorization())),
                Arc::clone(&transport),
            ))
        })
        .collect();
    runtime.block_on(async {
        let answers = fleet::each(urls, |(app, _)| {
            let session = Arc::clone(&sessions[*app]);
            async move {
                session
                    .call(Method::GET, "/rest/applinks/1.0/applicationlink", None)
                    .await
            }
        });
        for answer in answers.await {
            answer.unwrap();
        }
    });
}

/// One curl with as many in flight.
pub(crate) fn curl_parallel(
    server: &Server,
    urls: &[(usize, String)],
    flight: u32,
) -> Option<impl Fn()> {
    Command::new("curl").arg("--version").output().ok()?;
    let mut config = String::new();
    for (n, (app, url)) in urls.iter().enumerate() {
        let app = &server.applications[*app];
        let next = if n == 0 { "" } else { "next\n" };
        let _ = writeln!(
            config,
            "{next}url = \"{url}\"\nuser = \"{}:{}\"\noutput = /dev/null\nfail\nsilent\n\
             header = \"Accept: application/json\"",
            app.user, app.password
        );
    }
    let path = server.directory.path().join("curl-parallel");
    private(&path, &config);
    Some(move || {
        let status = Command::new("curl")
            .args([
                "--no-progress-meter",
                "--parallel",
                "--parallel-immediate",
                "--parallel-max",
            ])
            .arg(flight.to_string())
            .arg("--config")
            .arg(&path)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "curl: {status}");
    })
}

/// A shell loop with a curl for each.
pub(crate) fn curl_one_by_one(server: &Server, urls: &[(usize, String)]) -> Option<impl Fn()> {
    Command::new("curl").arg("--version").output().ok()?;
    let mut script = String::from("set -e\n");
    for (n, app) in server.applications.iter().enumerate() {
        let netrc = server.directory.path().join(format!("curl-{n}"));
        private(
            &netrc,
            &format!("user = \"{}:{}\"\n", app.user, app.password),
        );
    }
    for (app, url) in urls {
        let config = server.directory.path().join(format!("curl-{app}"));
        let _ = writeln!(
            script,
            "curl -fs -H 'Accept: application/json' -o /dev/null -K '{}' '{url}'",
            config.display()
        );
    }
    let path = server.directory.path().join("loop.sh");
    private(&path, &script);
    Some(move || {
        let status = Command::new("sh").arg(&path).status().unwrap();
        assert!(status.success(), "the loop: {status}");
    })
}

/// A thread pool with a session for each thread.
pub(crate) fn python(server: &Server, urls: &[(usize, String)], flight: u32) -> Option<impl Fn()> {
    let there = Command::new("python3")
        .args(["-c", "import requests"])
        .stderr(Stdio::null())
        .status()
        .ok()?;
    if !there.success() {
        return None;
    }
    let mut lines = String::new();
    for (app, url) in urls {
        let app = &server.applications[*app];
        let _ = writeln!(lines, "{} {} {url}", app.user, app.password);
    }
    let list = server.directory.path().join("python-urls");
    private(&list, &lines);
    let script = server.directory.path().join("read.py");
    private(&script, SCRIPT);
    Some(move || {
        let status = Command::new("python3")
            .arg(&script)
            .arg(&list)
            .arg(flight.to_string())
            .status()
            .unwrap();
        assert!(status.success(), "python: {status}");
    })
}
