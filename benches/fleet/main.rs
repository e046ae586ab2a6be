//! How long many applications take, against what the network allows and against what else a person
//! would write.
//!
//! `cargo bench --bench fleet` prints the tables. The applications are simulated ones, served by a
//! process of their own on the same machine: with few cores the two take turns, so wall times are
//! upper bounds, and the processor time of the client is what compares between machines. Peers
//! that are not installed are left out and named.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a program that prints a table and may fail"
)]

mod local;
mod measure;
mod peers;
mod server;

use std::time::Duration;

use server::Server;

/// What every answer takes at least.
const LATENCY: Duration = Duration::from_millis(20);
/// Requests in flight, over all and to one application: the program's own defaults.
const JOBS: u32 = 64;
const PER_HOST: u32 = 4;

fn main() {
    // `cargo test` runs benches too, with an argument that says so.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    if let Ok(what) = std::env::var(server::VARIABLE) {
        return server::serve(&what);
    }
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|arg| arg == name);
    if wants("reading") {
        reading(40);
        reading(200);
    }
    if wants("verify") {
        verify(40, 400, LATENCY);
    }
    if wants("local") {
        local::start();
        local::one_link();
    }
    if wants("size") {
        size();
    }
}

/// A thousand answers of so many applications.
fn reading(applications: usize) {
    const ANSWERS: usize = 1000;
    let server = Server::start(applications, 0, LATENCY);
    let flight = JOBS.min(PER_HOST * u32::try_from(applications).unwrap());
    let ideal = LATENCY * u32::try_from(ANSWERS).unwrap() / flight;
    println!("\n{ANSWERS} answers at {LATENCY:?}, {applications} applications, {flight} in flight");
    println!("{:<28} {:>9} {:>8}", "", "wall ms", "ratio");
    let row = |name: &str, wall: Duration| {
        let ratio = wall.as_secs_f64() / ideal.as_secs_f64();
        println!(
            "{name:<28} {:>9.0} {ratio:>8.2}",
            wall.as_secs_f64() * 1000.0
        );
    };
    row("requests × latency / flight", ideal);
    let urls = server.urls(ANSWERS);
    row(
        "applink",
        measure::best(5, || peers::applink(&server, &urls)),
    );
    match peers::curl_parallel(&server, &urls, flight) {
        Some(run) => row("curl --parallel", measure::best(3, run)),
        None => println!("curl is not installed: left out"),
    }
    match peers::python(&server, &urls, flight) {
        Some(run) => row("Python requests, threads", measure::best(1, run)),
        None => println!("Python with requests is not installed: left out"),
    }
    if applications == 40 {
        // A tenth of them is enough to know.
        match peers::curl_one_by_one(&server, &urls[..ANSWERS / 10]) {
            Some(run) => row("curl, one by one", measure::best(1, run) * 10),
            None => println!("curl is not installed: left out"),
        }
    }
}

/// `applink verify` of so many links.
fn verify(applications: usize, links: usize, latency: Duration) {
    let mut server = Server::start(applications, links, latency);
    let home = server.home(links);
    println!("\napplink verify, {links} links of {applications} applications at {latency:?}");
    println!(
        "{:>9} {:>8} {:>9} {:>9} {:>14} {:>9}",
        "wall ms", "user ms", "sys ms", "peak MiB", "requests/link", "ratio"
    );
    for _ in 0..3 {
        server.count();
        let run = measure::run(home.command("verify -o json"), &[0]);
        let requests = server.count();
        let flight = JOBS.min(PER_HOST * u32::try_from(applications).unwrap());
        let ideal = latency.as_secs_f64() * f64::from(requests) / f64::from(flight);
        println!(
            "{:>9.0} {:>8.0} {:>9.0} {:>9.1} {:>14.2} {:>9.2}",
            run.wall.as_secs_f64() * 1000.0,
            run.user.as_secs_f64() * 1000.0,
            run.system.as_secs_f64() * 1000.0,
            run.peak_mib,
            f64::from(requests) / f64::from(u32::try_from(links).unwrap()),
            run.wall.as_secs_f64() / ideal,
        );
    }
}

/// The same commands with more and more links.
fn size() {
    println!("\ncost against size, without latency: wall and processor time in ms");
    println!(
        "{:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "links", "list", "cpu", "per link", "cached", "cpu", "edit one", "peak MiB"
    );
    for (applications, links) in [(6, 10), (16, 100), (46, 1000), (102, 5000)] {
        let server = Server::start(applications, links, Duration::ZERO);
        let home = server.home(links);
        let list = measure::run(home.command("list -o json"), &[0]);
        let cached = measure::run(home.command("list --cached -o json"), &[0]);
        let edit = measure::run(home.command("edit app-0 app-1 --auth oauth --yes"), &[0]);
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        let cpu = |run: &measure::Run| ms(run.user + run.system);
        println!(
            "{links:>7} {:>9.0} {:>9.0} {:>9.2} {:>9.1} {:>9.1} {:>9.1} {:>9.1}",
            ms(list.wall),
            cpu(&list),
            cpu(&list) / f64::from(u32::try_from(links).unwrap()),
            ms(cached.wall),
            cpu(&cached),
            ms(edit.wall),
            list.peak_mib,
        );
    }
}
