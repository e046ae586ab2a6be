//! Disks that are full or read-only.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::need::Need;
use crate::support::env::Env;
use crate::support::torn_state::assert_whole_state;
use crate::support::worlds::{pair, snapshot, writes};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(a_full_disk_never_leaves_a_torn_state, needs: [Need::Mount]),
        witness_test!(a_read_only_disk_stops_a_change_before_it_begins, needs: [Need::Mount]),
    ]
}

/// A small file system of its own, gone with this value.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path, size: &str) -> Self {
        fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={size},mode=0700"))
            .arg("applink-test")
            .arg(at)
            .status()
            .unwrap();
        assert!(mounted.success());
        Self(at.to_owned())
    }

    fn remount(&self, how: &str) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,{how}")])
            .arg(&self.0)
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Leaves that many bytes.
    fn fill(&self, left: u64) {
        let mut file = fs::File::create(self.0.join("ballast")).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        let full = file.metadata().unwrap().len();
        file.set_len(full.saturating_sub(left)).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn a_full_disk_never_leaves_a_torn_state() {
    let mut codes: BTreeMap<i32, usize> = BTreeMap::new();
    for pages in 0..8 {
        let env = Env::new(pair());
        let disk = Disk::mount(&env.path("state/applink"), "256k");
        env.add_all();
        let (before, start) = (env.state(), snapshot(&env.world));
        disk.fill(pages * 4096);
        let out = env.applink("create jira wiki -o json");
        disk.free();
        *codes.entry(out.code).or_default() += 1;
        let case = format!("{pages} pages: {}", out.transcript());
        assert_whole_state(&env, &case, out.code, &before, &start);
    }
    for code in [0, 3, 7] {
        assert!(codes.contains_key(&code), "{codes:?}");
    }
}

fn a_read_only_disk_stops_a_change_before_it_begins() {
    let env = Env::new(pair());
    let disk = Disk::mount(&env.path("state/applink"), "256k");
    env.add_all();
    disk.remount("ro");
    for line in ["create jira wiki -o json", "app remove wiki --yes -o json"] {
        let out = env.applink(line);
        assert_eq!(out.code, 7, "{line}: {}", out.transcript());
    }
    assert!(writes(&env.world).is_empty());
    // What only reads goes on.
    env.applink("list").expect(0);
    disk.remount("rw");
    env.applink("create jira wiki").expect(0);
}
