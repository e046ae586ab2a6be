//! What stands at the path of the state, and is no file of its owner's alone.

use super::*;

#[test]
fn what_others_can_write_or_own_is_not_used() {
    for bits in [0o620, 0o602, 0o666] {
        let home = Home::with(BY_HAND);
        fs::set_permissions(home.path(), fs::Permissions::from_mode(bits)).unwrap();
        let error = home.refusal();
        assert_eq!(error.exit().code(), 7);
        assert!(error.message.contains("not safe"), "{error}");
    }
    // Readable by others is no danger: there is no secret in it. It becomes 0600 with the next
    // change.
    let home = Home::with(BY_HAND);
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o644)).unwrap();
    home.change(|state| add(state, 1)).unwrap();
    assert_eq!(mode(home.path()), 0o600);
    assert_eq!(mode(&home.store.paths().backup()), 0o600);

    let open = |bits| fs::set_permissions(home.dir.path(), fs::Permissions::from_mode(bits));
    open(0o777).unwrap();
    assert_eq!(home.refusal().exit().code(), 7);
    assert!(home.store.lock("test", NOW).is_err());
    open(0o1777).unwrap();
    assert!(home.store.load().is_ok());
    open(0o700).unwrap();

    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(home.path(), Some(12345), None).unwrap();
        assert!(home.refusal().message.contains("belongs to user 12345"));
    }
}

#[test]
fn what_is_not_a_file_is_refused_and_never_waited_for() {
    let home = Home::new();
    fs::create_dir(home.path()).unwrap();
    assert!(home.refusal().message.contains("a directory"));
    fs::remove_dir(home.path()).unwrap();
    let fifo = |path: &Path| {
        let made = Command::new("mkfifo").arg("-m600").arg(path).status();
        assert!(made.unwrap().success());
    };
    fifo(home.path());
    assert!(home.refusal().message.contains("a pipe"));
    fifo(&home.store.paths().lock());
    assert!(home.store.lock("test", NOW).is_err());
    let device = LocalFile::new(Path::new("/dev/full")).unwrap();
    assert!(device.load().is_err());
}

#[test]
fn a_symbolic_link_stays_one() {
    let home = Home::new();
    let elsewhere = home.dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let link = home.dir.path().join("link.toml");
    symlink("elsewhere/real.toml", &link).unwrap();
    for n in 1..3 {
        let store = LocalFile::new(&link).unwrap();
        let guard = store.lock("test", LONG).unwrap();
        let loaded = store.load().unwrap();
        let mut state = loaded.to_state();
        add(&mut state, n);
        store.save(&guard, &loaded, &state).unwrap();
        assert_eq!(store.paths().lock(), elsewhere.join("real.toml.lock"));
    }
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let real = LocalFile::new(&elsewhere.join("real.toml")).unwrap();
    assert_eq!(real.load().unwrap().state().serial, 2);
    let round = home.dir.path().join("round.toml");
    symlink("round.toml", &round).unwrap();
    assert!(LocalFile::new(&round).is_err());
}

#[test]
fn odd_names_of_the_file_itself() {
    let dir = tempfile::tempdir().unwrap();
    let store = LocalFile::new(&dir.path().join("new\nline/deep/x y.toml")).unwrap();
    let guard = store.lock("test", NOW).unwrap();
    let loaded = store.load().unwrap();
    let mut state = loaded.to_state();
    add(&mut state, 1);
    store.save(&guard, &loaded, &state).unwrap();
    assert_eq!(mode(store.paths().directory()), 0o700);
    assert_eq!(mode(store.paths().directory().parent().unwrap()), 0o700);
    let error = Error::from(store.lock("second", NOW).unwrap_err());
    assert!(!error.to_string().contains('\n'), "{error}");
}
