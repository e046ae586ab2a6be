//! Secrets from files and from programs.

use super::*;

#[test]
fn files_are_read_by_their_first_line_and_from_the_state() {
    let world = World::new(&[]);
    for (bytes, expected) in [
        (&b"c4nary"[..], "c4nary"),
        (b"c4nary\r\nrest", "c4nary"),
        (b"\xef\xbb\xbfc4nary\n", "c4nary"),
        (b" c4nary two \n\xff", " c4nary two "),
    ] {
        world.file("pw", bytes, 0o600);
        let found = world.find(Some("jane"), Some("file:pw")).unwrap();
        assert_eq!(found, format!("jane:{expected}"));
    }
    world.file("pw", "c4nary", 0o400);
    let absolute = format!("file:{}", world.home.path().join("pw").display());
    assert_eq!(world.find(None, Some(&absolute)).unwrap(), "c4nary");
    // A mounted secret is often a link to one.
    symlink("pw", world.home.path().join("link")).unwrap();
    assert_eq!(world.find(None, Some("file:link")).unwrap(), "c4nary");
}

#[test]
fn files_that_are_refused() {
    let world = World::new(&[]);
    let error = |name: &str| world.refusal(None, Some(&format!("file:{name}")));
    assert!(error("gone").contains("cannot be opened"));
    for mode in [0o640, 0o604, 0o620, 0o602, 0o666] {
        world.file("open", "c4nary", mode);
        assert!(error("open").contains("by others"), "{mode:o}");
    }
    world.file("empty", "\nc4nary", 0o600);
    assert!(error("empty").contains("empty"));
    world.file("nul", "c4nary\0x", 0o600);
    assert!(error("nul").contains("control character"));
    world.file("odd", b"c4nary\xff", 0o600);
    assert!(error("odd").contains("not UTF-8"));
    assert!(error(".").contains("not a regular file"));
    assert!(error("/dev/zero").contains("not a regular file"));
    let fifo = world.home.path().join("fifo");
    let made = Command::new("mkfifo").arg("-m600").arg(fifo).status();
    assert!(made.unwrap().success());
    assert!(error("fifo").contains("not a regular file"));
    if rustix::process::geteuid().is_root() {
        world.file("foreign", "c4nary", 0o600);
        let path = world.home.path().join("foreign");
        std::os::unix::fs::chown(path, Some(12345), None).unwrap();
        assert!(error("foreign").contains("belongs to user 12345"));
    }
}

fn script(world: &World, name: &str, body: &str) -> String {
    world.file(name, format!("#!/bin/sh\n{body}\n"), 0o700);
    // Through its interpreter: a file that was only just written may still be open for writing
    // in a child that another test has forked meanwhile, and is then not executed.
    format!("/bin/sh {}", world.home.path().join(name).display())
}

fn runs(path: &Path) -> usize {
    fs::read_to_string(path).map_or(0, |text| text.lines().count())
}

#[test]
fn a_command_runs_once_without_a_shell_and_without_input() {
    let world = World::new(&[]);
    let log = world.home.path().join("log");
    let body = format!("echo run >> {}\ncat\necho \"$1\"\necho more", log.display());
    let program = script(&world, "pass", &body);
    let source = format!("command:{program} 'c4nary $HOME;' unused");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let found = world.find(Some("jane"), Some(&source)).unwrap();
                assert_eq!(found, "jane:c4nary $HOME;");
            });
        }
    });
    assert_eq!(runs(&log), 1);
    let other = format!("command:{program} c4nary-2");
    assert_eq!(world.find(None, Some(&other)).unwrap(), "c4nary-2");
    assert_eq!(runs(&log), 2);
}

#[test]
fn a_command_that_prints_much_or_leaves_something_running() {
    let world = World::new(&[]);
    let loud = script(&world, "loud", "echo c4nary; head -c 1000000 /dev/zero");
    assert_eq!(
        world.find(None, Some(&format!("command:{loud}"))).unwrap(),
        "c4nary"
    );
    let start = Instant::now();
    let left = script(&world, "left", "echo c4nary\nsleep 20 2>/dev/null &");
    assert_eq!(
        world.find(None, Some(&format!("command:{left}"))).unwrap(),
        "c4nary"
    );
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[test]
fn commands_that_give_no_secret() {
    let mut world = World::new(&[]);
    let log = world.home.path().join("log");
    let body = format!("echo run >> {}\necho c4nary; exit 3", log.display());
    let failing = format!("command:{}", script(&world, "failing", &body));
    let error = world.refusal(None, Some(&failing));
    assert!(error.contains("exit status: 3"), "{error}");
    world.refusal(None, Some(&failing));
    assert_eq!(runs(&log), 1, "not tried again: an account may be locked");
    let error = world.refusal(None, Some("command:/nowhere/applink-no-such"));
    assert!(error.contains("could not be started"), "{error}");
    let silent = format!("command:{}", script(&world, "silent", "true"));
    assert!(world.refusal(None, Some(&silent)).contains("empty"));
    let endless = script(&world, "long", "head -c 70000 /dev/zero | tr '\\0' c");
    let error = world.refusal(None, Some(&format!("command:{endless}")));
    assert!(error.contains("could not be read"), "{error}");

    world.resolver = world.resolver.with_command_limit(Duration::from_millis(50));
    let start = Instant::now();
    let error = world.refusal(None, Some("command:sleep 60"));
    assert!(error.contains("did not end within 50ms"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20));
}
