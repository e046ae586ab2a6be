//! What is refused, what is replaced, and what is left of a killed run.

#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::*;

const RULES: Rules = Rules {
    forbidden: Some(OTHERS_WRITE),
    largest: 10,
    follow_links: false,
    mounted: false,
};

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn only_a_small_file_of_ones_own_is_read() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a");
    assert!(read(&path, &RULES).unwrap_err().is_missing());
    write_atomic(&path, b"0123456789", PRIVATE).unwrap();
    assert_eq!(read(&path, &RULES).unwrap(), b"0123456789");

    fs::set_permissions(&path, fs::Permissions::from_mode(0o620)).unwrap();
    let refused = read(&path, &RULES).unwrap_err();
    assert!(matches!(refused, FileError::Mode(0o620)), "{refused}");
    let public = Rules {
        forbidden: None,
        ..RULES
    };
    assert!(read(&path, &public).is_ok());

    let link = home.path().join("link");
    symlink("a", &link).unwrap();
    let refused = read(&link, &public).unwrap_err();
    assert_eq!(refused.to_string(), "is a symbolic link and not a file");
    let following = Rules {
        follow_links: true,
        mounted: false,
        ..public
    };
    assert!(read(&link, &following).is_ok());
    let refused = read(home.path(), &public).unwrap_err();
    assert_eq!(refused.to_string(), "is a directory and not a file");

    write_atomic(&path, b"0123456789a", PRIVATE).unwrap();
    assert!(matches!(read(&path, &RULES), Err(FileError::TooLarge)));
}

#[test]
fn a_new_file_replaces_nothing() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a");
    create_new(&path, b"1", PRIVATE).unwrap();
    let refused = create_new(&path, b"2", PRIVATE).unwrap_err();
    assert!(matches!(refused, FileError::Exists("a file")), "{refused}");
    let link = home.path().join("link");
    symlink("nothing", &link).unwrap();
    let refused = create_new(&link, b"2", PUBLIC).unwrap_err();
    assert!(
        matches!(refused, FileError::Exists("a symbolic link")),
        "{refused}"
    );
    assert_eq!(fs::read(&path).unwrap(), b"1");
    assert_eq!(names(home.path()), ["a", "link"]);
}

#[test]
fn a_replaced_symbolic_link_leaves_its_target_alone() {
    let home = tempfile::tempdir().unwrap();
    let (path, link) = (home.path().join("a"), home.path().join("link"));
    create_new(&path, b"1", PRIVATE).unwrap();
    symlink("a", &link).unwrap();
    write_atomic(&link, b"2", PRIVATE).unwrap();
    assert!(link.symlink_metadata().unwrap().is_file());
    assert_eq!(fs::read(&path).unwrap(), b"1");
}

#[test]
fn a_name_of_the_greatest_length_can_be_written() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("ü".repeat(127));
    write_atomic(&path, b"1", PRIVATE).unwrap();
    assert_eq!(names(home.path()).len(), 1);
}

#[test]
fn a_directory_that_everybody_can_write_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let set = |mode| fs::set_permissions(home.path(), fs::Permissions::from_mode(mode)).unwrap();
    for (mode, is_refused) in [(0o777, true), (0o1777, false), (0o770, false)] {
        set(mode);
        let refused = matches!(check_directory(home.path()), Err(FileError::OpenDirectory));
        assert_eq!(refused, is_refused, "{mode:o}");
    }
    let file = home.path().join("a");
    create_new(&file, b"1", PRIVATE).unwrap();
    assert!(matches!(
        check_directory(&file),
        Err(FileError::NotADirectory)
    ));
}

#[test]
fn leftovers_are_told_from_other_files() {
    let home = tempfile::tempdir().unwrap();
    let all = [".a.abcdef.tmp", ".a.x.abcdef.tmp", ".abcdef.tmp", "a.tmp"];
    let make = || {
        for name in all {
            let file = fs::File::create(home.path().join(name)).unwrap();
            let hour = Duration::from_secs(3600);
            file.set_modified(SystemTime::now() - hour).unwrap();
        }
    };
    make();
    remove_leftovers(home.path(), Some("a".as_ref()), None);
    assert_eq!(
        names(home.path()),
        [".a.x.abcdef.tmp", ".abcdef.tmp", "a.tmp"]
    );
    make();
    remove_leftovers(home.path(), None, Some(Duration::from_secs(7200)));
    assert_eq!(names(home.path()).len(), 4);
    remove_leftovers(home.path(), None, Some(Duration::from_secs(600)));
    assert_eq!(names(home.path()), [".abcdef.tmp", "a.tmp"]);
}
