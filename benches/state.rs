//! How long a state takes to load and to save, by its number of links.
//!
//! `cargo bench --bench state` prints medians. The budget: load and save together within 30 ms
//! for 1,000 links, and within 300 ms for 10,000. Flushes to the disk are part of a save, so the
//! figures are those of the file system that holds the temporary directory as well.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program that prints a table and may fail"
)]

use std::time::{Duration, Instant};

use applink::domain::{Alias, ApplicationId, BaseUrl, Level, TypeId};
use applink::state::{AppEntry, Auth, LinkEntry, LocalFile, State, StateStore as _};
use uuid::Uuid;

const RUNS: usize = 15;

fn main() {
    // `cargo test` runs benches too, with an argument that says so.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!(
        "{:>7} {:>9} {:>10} {:>10} {:>10} {:>10}",
        "links", "KiB", "load ms", "save ms", "together", "no change"
    );
    for links in [10, 100, 1_000, 10_000] {
        measure(links);
    }
}

fn measure(links: u128) {
    let home = tempfile::tempdir().unwrap();
    let store = LocalFile::new(&home.path().join("applink.toml")).unwrap();
    let guard = store.lock("bench", Duration::ZERO).unwrap();
    let loaded = store.load().unwrap();
    let mut state = loaded.to_state();
    fill(&mut state, links);
    store.save(&guard, &loaded, &state).unwrap();
    let bytes = std::fs::metadata(store.paths().state()).unwrap().len();

    let (mut loads, mut saves, mut both, mut nothing) = (vec![], vec![], vec![], vec![]);
    for run in 0..RUNS {
        let start = Instant::now();
        let loaded = store.load().unwrap();
        let load = start.elapsed();

        let mut state = loaded.to_state();
        let middle = state.links.len() / 2;
        state.links[middle].auth = Auth::Both(if run % 2 == 0 {
            Level::Impersonation
        } else {
            Level::OAuth
        });
        let start = Instant::now();
        let again = store.save(&guard, &loaded, &state).unwrap();
        let save = start.elapsed();

        let start = Instant::now();
        store.save(&guard, &again, again.state()).unwrap();
        nothing.push(start.elapsed());
        loads.push(load);
        saves.push(save);
        both.push(load + save);
    }
    println!(
        "{links:>7} {:>9} {:>10.2} {:>10.2} {:>10.2} {:>10.2}",
        bytes / 1024,
        median(loads),
        median(saves),
        median(both),
        median(nothing)
    );
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

/// A hub with two hundred spokes, and as many of their pairs as it takes.
fn fill(state: &mut State, links: u128) {
    let alias = |n: u128| -> Alias { format!("app-{n}").parse().unwrap() };
    let id = |n: u128| ApplicationId::from(Uuid::from_u128(n + (7 << 96)));
    for n in 0..200 {
        let url = BaseUrl::parse(&format!("https://app{n}.example.com/ctx")).unwrap();
        let mut app = AppEntry::new(url, id(n), TypeId::from_wire("jira"));
        app.user = Some("admin".to_owned());
        app.credential = "env:APP_PASSWORD".parse().ok();
        state.applications.insert(alias(n), app);
    }
    let pairs = (0..200).flat_map(|a| (a + 1..200).map(move |b| (a, b)));
    for (a, b) in pairs.take(usize::try_from(links).unwrap()) {
        state.links.push(LinkEntry {
            between: [alias(a), alias(b)],
            ids: [(alias(a), id(b)), (alias(b), id(a))].into(),
            auth: Auth::Both(Level::OAuth),
            one_way: None,
            last_applied: applink::domain::LastApplied::default(),
        });
    }
}
