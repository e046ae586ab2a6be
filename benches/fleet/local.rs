//! What the program takes by itself.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::measure::{median, run};
use crate::server::Server;

const RUNS: usize = 51;

fn quiet(command: &mut Command) {
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{status}");
}

/// The smallest commands.
pub(crate) fn start() {
    let home = tempfile::tempdir().unwrap();
    println!("\nstart, median of {RUNS}, ms");
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{:<28} {:>8.2}",
        "/bin/true",
        ms(median(RUNS, || quiet(&mut Command::new("/bin/true"))))
    );
    for line in ["--help", "--version", "list"] {
        let time = median(RUNS, || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_applink"));
            command.arg(line).env_clear().env("HOME", home.path());
            quiet(&mut command);
        });
        println!("{:<28} {:>8.2}", format!("applink {line}"), ms(time));
    }
    let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_applink"))
        .unwrap()
        .len();
    println!(
        "{:<28} {:>8.2}",
        "size of the binary, MB",
        f64::from(u32::try_from(bytes / 1024).unwrap()) * 1024.0 / 1e6
    );
}

/// One link out of many; its requests go to applications without latency.
pub(crate) fn one_link() {
    const STATES: [(usize, usize); 3] = [(46, 1), (46, 1000), (143, 10_000)];
    println!("\none link of a state of many, median of 11, ms");
    println!(
        "{:>7} {:>12} {:>12} {:>14} {:>9}",
        "links", "app show", "list 1 app", "edit, no change", "peak MiB"
    );
    for (applications, links) in STATES {
        // Only the state is large: the applications have two links.
        let server = Server::start(applications, 2, Duration::ZERO);
        let home = server.home(links);
        let time = |line: &str| {
            let time = median(11, || quiet(&mut home.command(line)));
            time.as_secs_f64() * 1000.0
        };
        let peak = run(home.command("edit app-0 app-1 --auth oauth --yes"), &[0]).peak_mib;
        println!(
            "{links:>7} {:>12.1} {:>12.1} {:>14.1} {peak:>9.1}",
            time("app show app-0"),
            time("list app-0"),
            time("edit app-0 app-1 --auth oauth --yes"),
        );
    }
}
