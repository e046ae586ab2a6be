//! What a crash, a full disk or a stranger may leave, and what is made of it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;

use super::*;
use crate::plan::execute::{StepState, step_states};
use crate::plan::testing::scenes::scenes;
use crate::plan::testing::world::{World, alias, id};

fn header() -> Header {
    let (_, _, _, plan) = scenes().swap_remove(0);
    Header::new(
        "create jira wiki".to_owned(),
        serde_json::json!({"jira": "https://jira.example", "wiki": "https://wïki.example"}),
        plan,
    )
}

fn entries() -> Vec<JournalEntry> {
    let (_, records, _, _) = scenes().swap_remove(4);
    let world = World::of(&records);
    let left = world.get(&alias("jira"), id(2));
    vec![
        JournalEntry::Skipped { k: 0 },
        JournalEntry::Begin { k: 1 },
        JournalEntry::Done { k: 1, left },
        JournalEntry::Begin { k: 2 },
        JournalEntry::Failed { k: 2 },
        JournalEntry::Undoing { k: 1 },
        JournalEntry::Undone { k: 1 },
    ]
}

/// A journal of a run, in a directory of its own.
fn written() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("applink.toml.journal");
    let mut journal = Journal::create(&path, &header()).unwrap();
    for entry in entries() {
        journal.note(entry).unwrap();
    }
    (directory, path)
}

fn refusal(path: &Path) -> String {
    let error = find(path).unwrap_err();
    assert_eq!(error.kind, Kind::State);
    error.message
}

#[test]
fn a_round_trip() {
    let (_directory, path) = written();
    let found = find(&path).unwrap().unwrap();
    assert_eq!(found.header, header());
    assert_eq!(found.entries, entries());
    Journal::resume(&path, &found).unwrap().finish().unwrap();
    assert_eq!(find(&path).unwrap(), None);
}

#[test]
fn every_kind_of_step_is_read_back() {
    let directory = tempfile::tempdir().unwrap();
    for (n, (_, _, _, plan)) in scenes().into_iter().enumerate() {
        let path = directory.path().join(n.to_string());
        let header = Header::new(String::new(), Value::Null, plan);
        Journal::create(&path, &header).unwrap();
        assert_eq!(find(&path).unwrap().unwrap().header, header);
    }
}

#[test]
fn cut_at_every_byte_it_holds_what_was_whole() {
    let (_directory, path) = written();
    let bytes = fs::read(&path).unwrap();
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for cut in 0..=bytes.len() {
        fs::write(&path, &bytes[..cut]).unwrap();
        let found = find(&path).unwrap();
        if cut < first {
            assert_eq!(found, None, "{cut}");
            continue;
        }
        let found = found.unwrap();
        let lines = bytes[..cut].split(|byte| *byte == b'\n').count() - 1;
        assert_eq!(found.entries, entries()[..lines - 1], "{cut}");

        // What is noted next is not swallowed by half a record.
        let mut journal = Journal::resume(&path, &found).unwrap();
        journal.note(JournalEntry::Begin { k: 3 }).unwrap();
        let again = find(&path).unwrap().unwrap();
        assert_eq!(again.entries.len(), lines, "{cut}");
        assert_eq!(
            again.entries.last(),
            Some(&JournalEntry::Begin { k: 3 }),
            "{cut}"
        );
    }
}

#[test]
fn a_flipped_bit_before_the_last_line_is_refused() {
    let (_directory, path) = written();
    let bytes = fs::read(&path).unwrap();
    let last = bytes[..bytes.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap();
    for at in 0..last {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        fs::write(&path, &flipped).unwrap();
        assert!(refusal(&path).contains("damaged in line"), "{at}");
    }
}

#[test]
fn zeros_at_the_end_are_a_torn_line() {
    let (_directory, path) = written();
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([0; 512]);
    fs::write(&path, &bytes).unwrap();
    assert_eq!(find(&path).unwrap().unwrap().entries, entries());
}

#[test]
fn another_version_is_refused_and_named() {
    let (_directory, path) = written();
    for (other, says) in [
        (VERSION + 1, "version 5, from a newer applink"),
        (VERSION - 1, "version 3, from an older applink"),
    ] {
        let mut header = serde_json::to_value(header()).unwrap();
        header["version"] = other.into();
        let line = to_line(&header).unwrap();
        fs::write(&path, &line).unwrap();
        assert!(refusal(&path).contains(says));
        assert_eq!(fs::read_to_string(&path).unwrap(), line);
    }
}

#[test]
fn an_entry_of_a_newer_kind_is_refused() {
    let (_directory, path) = written();
    let mut text = fs::read_to_string(&path).unwrap();
    text += &to_line(&serde_json::json!({"event": "dreamt", "k": 1})).unwrap();
    fs::write(&path, text).unwrap();
    assert!(refusal(&path).contains("not known"));
}

#[test]
fn a_second_journal_is_not_made() {
    let (_directory, path) = written();
    let before = fs::read(&path).unwrap();
    let error = Journal::create(&path, &header()).unwrap_err();
    assert_eq!(error.kind, Kind::State);
    assert!(error.hints.iter().any(|hint| hint.contains("resume")));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn what_never_got_a_first_line_does_not_stand_in_the_way() {
    let (_directory, path) = written();
    let bytes = fs::read(&path).unwrap();
    for cut in [0, 1, 100] {
        fs::write(&path, &bytes[..cut]).unwrap();
        assert_eq!(find(&path).unwrap(), None);
        Journal::create(&path, &header()).unwrap();
        assert_eq!(find(&path).unwrap().unwrap().header, header());
    }
}

#[test]
fn none_is_none() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(find(&directory.path().join("none")).unwrap(), None);
    assert_eq!(find(&directory.path().join("no/where")).unwrap(), None);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn only_its_owner_reads_it() {
        let (_directory, path) = written();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn one_that_others_may_write_is_refused() {
        let (_directory, path) = written();
        for mode in [0o620, 0o602] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(refusal(&path).contains("written by others"));
        }
    }

    #[test]
    fn only_a_regular_file_is_read_or_replaced() {
        let (directory, path) = written();
        let link = directory.path().join("link");
        symlink(&path, &link).unwrap();
        let dangling = directory.path().join("dangling");
        symlink(directory.path().join("none"), &dangling).unwrap();
        for other in [link.as_path(), dangling.as_path(), directory.path()] {
            assert!(refusal(other).contains("not a regular file"));
            assert!(Journal::create(other, &header()).is_err());
        }
        assert!(!directory.path().join("none").exists());
    }

    /// A disk that is full for a while: `/dev/full` takes no byte.
    #[cfg(target_os = "linux")]
    #[test]
    fn after_a_failed_note_nothing_is_noted_into_half_a_record() {
        let (_directory, path) = written();
        let found = find(&path).unwrap().unwrap();
        let mut journal = Journal::resume(&path, &found).unwrap();
        let disk = std::mem::replace(
            &mut journal.file,
            OpenOptions::new().append(true).open("/dev/full").unwrap(),
        );
        let error = journal.note(JournalEntry::Begin { k: 3 }).unwrap_err();
        assert_eq!(error.kind, Kind::State);
        // The device cannot be truncated, so the end of the last record is not known.
        journal.file = disk;
        assert!(journal.note(JournalEntry::Failed { k: 3 }).is_err());
        assert_eq!(find(&path).unwrap().unwrap(), found);
    }
}

#[test]
fn entries_fold_into_how_far_each_step_is() {
    let entries = entries();
    let JournalEntry::Done { left, .. } = entries[2].clone() else {
        return;
    };
    let at = |n: usize| step_states(3, &entries[..n]);
    assert_eq!(
        at(1),
        [StepState::Skipped, StepState::Pending, StepState::Pending]
    );
    assert_eq!(
        at(2),
        [StepState::Skipped, StepState::InFlight, StepState::Pending]
    );
    assert_eq!(at(3)[1], StepState::Done(left.clone()));
    assert_eq!(at(4)[2], StepState::InFlight);
    assert_eq!(at(5)[2], StepState::Pending);
    assert_eq!(at(6)[1], StepState::Undoing(left));
    assert_eq!(at(7)[1], StepState::Undone);
    // One that names a step that the plan does not have changes nothing.
    assert_eq!(
        step_states(1, &[JournalEntry::Begin { k: 7 }]),
        [StepState::Pending]
    );
}
