//! Contents that are refused: broken, contradictory, of another version, too deep or too large.

use super::*;

#[test]
fn broken_files_are_errors_with_a_place_and_never_empty_states() {
    let good = Home::new();
    good.change(|state| add(state, 1)).unwrap();
    let backup = good.text();
    let long = backup.clone() + &"# x\n".repeat(20);
    let cases: [(&[u8], &str); 11] = [
        (b"", ":1:1 "),
        (&[0; 4096], ":1:1 "),
        (b"\xef\xbb\xbfversion = 2\n", ":1:1 "),
        (b"version = 2\nx = \"\xff\"\n", ":2:6 "),
        (b"version = 2\nserial = \n", ":2:"),
        (b"# nothing but a remark\n", ":1:1 "),
        (b"version = 2\nlineage = 17\nserial = 1\n", ":2:11 "),
        (
            b"version = 0\nserial = 1\nlineage = \"6f0e9b0e-0d53-4f0c-9c64-5a3e3b1d2f10\"\n",
            "no version 0",
        ),
        (b"version = 2\nversion = 2\n", ":2:1 "),
        (b"version = 2\0\n", ":1:11 "),
        (b"version = 2\rserial = 1\n", ":1:"),
    ];
    for (bytes, place) in cases {
        let home = Home::with(bytes);
        let error = home.refusal();
        assert_eq!(error.exit().code(), 7);
        assert!(error.message.contains(place), "{error}");
        assert!(!error.hints[0].contains("backup"), "{error:?}");
        write(&home.store.paths().backup(), &backup);
        let error = home.refusal();
        assert!(
            error.hints[0].contains("(serial 1, 1 applications, 0 links)"),
            "{error:?}"
        );
        let refused = home.change(|state| add(state, 1)).unwrap_err();
        assert!(
            matches!(refused, StateError::Unreadable { .. }),
            "{refused}"
        );
        assert_eq!(fs::read(home.path()).unwrap(), bytes);
    }
    // Wherever a file of applink is cut off, it is not taken for a shorter one.
    assert!(Home::with(&long).store.load().is_ok());
    for length in 0..backup.len() - 1 {
        let home = Home::with(&backup[..length]);
        assert_eq!(home.refusal().exit().code(), 7, "{length}");
    }
}

#[test]
fn complaints_do_not_repeat_a_secret() {
    let place = "credential = \"env:JIRA_PW\"";
    for wrong in [
        "credential = \"canary\"",
        "credential = 12canary",
        "credential = 770077",
        "url = \"https://canary:canary@x.example\"",
        "credential = [\"canary\"]",
        "credential = \"canary",
    ] {
        let text = BY_HAND.replace(place, wrong);
        let text = if wrong.starts_with("url") {
            text.replace("url = \"https://jira.example.com/jira\"", "")
        } else {
            text
        };
        let error = format!("{:?}", Home::with(text).refusal());
        assert!(
            !error.contains("canary") && !error.contains("770077"),
            "{error}"
        );
    }
}

#[test]
fn contradictions_written_by_hand_are_refused() {
    for (from, to, says) in [
        ("[\"jira\", \"wiki\"]", "[\"jira\", \"gone\"]", "gone"),
        ("[\"jira\", \"wiki\"]", "[\"jira\", \"code\"]", "twice"),
        ("\"oauth\"\nids", "\"sideways\"\nids", "sideways"),
        ("wiki = \"none\"", "code = \"none\"", "code"),
        (
            "wiki = \"none\" }",
            "wiki = \"none\", code = \"none\" }",
            "no level",
        ),
        ("\"oauth\"\nids", "17\nids", "a level"),
    ] {
        let error = Home::with(BY_HAND.replace(from, to)).refusal();
        assert_eq!(error.exit().code(), 7);
        assert!(error.message.contains(says), "{error}");
    }
}

#[test]
fn another_version_is_named_and_left_alone() {
    let current = "version = 2";
    for text in [
        BY_HAND.replace(current, "version = 3"),
        "version = 77\n[applications]\nwhat = 'ever'\n".to_owned(),
    ] {
        let home = Home::with(&text);
        let refused = home.change(|state| add(state, 1)).unwrap_err();
        assert!(matches!(refused, StateError::TooNew { .. }), "{refused}");
        assert_eq!(home.text(), text);
    }
    for text in [
        BY_HAND.replace(current, "version = 1"),
        "version = 1\n[applications]\nwhat = 'ever'\n".to_owned(),
    ] {
        let home = Home::with(&text);
        let refused = home.change(|state| add(state, 1)).unwrap_err();
        assert!(matches!(refused, StateError::TooOld { .. }), "{refused}");
        let error = Error::from(refused);
        assert_eq!(error.exit().code(), 7);
        assert!(error.message.contains("reads only version 2"), "{error}");
        assert!(
            error.hints[1].contains("applink app add"),
            "{:?}",
            error.hints
        );
        assert_eq!(home.text(), text);
    }
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = 1_000_000;
    for text in [
        format!("x = {}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("x = {}", "{a=".repeat(deep)),
        "[".repeat(deep),
        format!("x = {}", "[ # ]\n".repeat(deep)),
        format!("{} = 1", vec!["a"; deep].join(".")),
        format!("[{}]", vec!["a"; deep].join(".")),
        format!(
            "x = [\"\\\"[[[\", '[[[', \"\"\"[\"[\"\"\", '''['[[''']\n{BY_HAND}{}",
            "[".repeat(40)
        ),
    ] {
        let error = Home::with(text).refusal();
        assert_eq!(error.exit().code(), 7);
        assert!(error.message.len() < 500);
    }
    let flat = format!("x = [\"{}\"]\n{BY_HAND}", "[".repeat(100));
    assert!(Home::with(flat).store.load().is_ok());
    let home = Home::with("");
    let file = fs::File::options().write(true).open(home.path()).unwrap();
    file.set_len(1 << 30).unwrap();
    assert!(home.refusal().message.contains("larger than 64 MiB"));
}
