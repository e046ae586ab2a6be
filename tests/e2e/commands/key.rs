//! `applink key …`: what is written where, with which rights, and what is never shown.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use applink::oauth::{PrivateKey, files, keys, public_key};

use crate::support::env::Env;
use crate::support::keys::{run_under, secret_lines};
use crate::support::output::field_names;
use crate::support::worlds::world;

fn env() -> Env {
    Env::without_credentials(world([]))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_new_key_is_readable_only_by_its_owner() {
    let env = env();
    let log = "-vv --log-file {home}/log";
    let out = run_under(
        &env,
        &["/bin/sh", "-c", "umask 000; exec \"$0\" \"$@\""],
        &format!("key generate --key-file new.pem {log}"),
    )
    .expect(0);
    let path = env.path("work/new.pem");
    assert_eq!(mode(&path), 0o600);
    let key = PrivateKey::load(&path).unwrap();
    assert_eq!(key.public().bits, 2048);
    assert_eq!(out.stdout, public_key::to_pem(key.public()));
    assert!(out.says(&key.public().fingerprint()));
    let pem = fs::read_to_string(&path).unwrap();
    assert!(
        pem.starts_with("-----BEGIN PRIVATE KEY-----\n"),
        "{}",
        &pem[..30]
    );
    // Nothing of it is anywhere else.
    for line in secret_lines(&pem) {
        assert!(!out.stdout.contains(line) && !out.stderr.contains(line));
        for (file, content) in env.files() {
            let text = String::from_utf8_lossy(&content);
            assert!(file == path || !text.contains(line), "{}", file.display());
        }
    }
    // The state has nothing to do with it.
    assert!(!env.state_path().exists());

    let odd = ["/bin/sh", "-c", "umask 777; exec \"$0\" \"$@\""];
    run_under(
        &env,
        &odd,
        "key generate --key-file odd.pem --bits 1024 --allow-weak",
    )
    .expect(0)
    .expect_says("too short to be safe");
    assert_eq!(mode(&env.path("work/odd.pem")), 0o600);
}

/// The key is there, although nobody could be told of it.
#[test]
fn the_key_exists_even_when_standard_output_is_full() {
    let env = env();
    let words = ["/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full"];
    run_under(&env, &words, "key generate --key-file own.pem -o json").expect(3);
    env.applink("key show own.pem").expect(0);
}

#[test]
fn existing_files_are_never_overwritten() {
    let env = env();
    let taken = env.write("work/taken.pem", "precious", 0o600);
    for line in [
        "key generate --key-file taken.pem",
        "key generate --key-file taken.pem --dry-run",
        "key generate --key-file link.pem",
        "key generate --key-file dangling.pem",
        "key generate --key-file directory",
        "key convert own.pem --to pkcs1 --out taken.pem",
        "key convert own.pem --to spki --out link.pem",
        "key convert own.pem --to pkcs8 --out own.pem",
    ] {
        for (target, name) in [("taken.pem", "link.pem"), ("nothing.pem", "dangling.pem")] {
            let _ = symlink(target, env.path("work").join(name));
        }
        let _ = fs::create_dir(env.path("work/directory"));
        let own = env.path("work/own.pem");
        if !own.exists() {
            let pem = PrivateKey::generate(1024).unwrap().to_pkcs8_pem().unwrap();
            files::create_private(&own, &pem).unwrap();
        }
        env.applink(line)
            .expect(1)
            .expect_says("of that name already");
        assert_eq!(fs::read_to_string(&taken).unwrap(), "precious");
        assert!(!env.path("work/nothing.pem").exists());
    }
}

#[test]
fn a_directory_that_others_can_write_is_refused() {
    let env = env();
    let open = env.path("work/open");
    fs::create_dir(&open).unwrap();
    for (bits, code) in [(0o777, 4), (0o1777, 0), (0o770, 0)] {
        fs::set_permissions(&open, fs::Permissions::from_mode(bits)).unwrap();
        let line = format!("key generate --key-file open/{bits:o}.pem");
        env.applink(&line).expect(code);
        assert_eq!(open.join(format!("{bits:o}.pem")).exists(), code == 0);
    }
    let key = env.path("work/open/770.pem");
    env.applink(&format!("key show {}", key.display()))
        .expect(0);
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    env.applink(&format!("key show {}", key.display()))
        .expect(4)
        .expect_says("everybody may replace files");
    env.applink("key generate --key-file nowhere/x.pem")
        .expect(1)
        .expect_says("there is no directory for it (nowhere)");
}

#[test]
fn a_private_key_that_others_can_read_is_refused() {
    let env = env();
    env.applink("key generate --key-file own.pem").expect(0);
    let path = env.path("work/own.pem");
    symlink("own.pem", env.path("work/mounted.pem")).unwrap();
    env.applink("key show mounted.pem").expect(0);
    for bits in [0o644, 0o640, 0o604, 0o620, 0o610] {
        fs::set_permissions(&path, fs::Permissions::from_mode(bits)).unwrap();
        for line in [
            "key show own.pem -o json",
            "key show mounted.pem -o json",
            "key convert own.pem --to spki -o json",
            "key convert own.pem --to pkcs1 --out other.pem -o json",
        ] {
            let out = env.applink(line).expect(4);
            assert_eq!(out.error()["kind"], "auth");
            assert!(out.stdout.is_empty());
            assert!(!env.path("work/other.pem").exists());
        }
    }
}

#[test]
fn json_documents_have_the_documented_fields() {
    let env = env();
    let made = env.applink("key generate --key-file own.pem --bits 3072 -o json");
    let made = made.expect(0).json();
    assert_eq!(field_names(&made), ["schema", "changed", "key"]);
    assert_eq!(
        field_names(&made["key"]),
        [
            "fingerprint",
            "bits",
            "key_file",
            "public_key",
            "public_key_base64"
        ]
    );
    let key = PrivateKey::load(&env.path("work/own.pem")).unwrap();
    assert_eq!(made["key"]["bits"], 3072);
    assert_eq!(made["key"]["key_file"], "own.pem");
    assert_eq!(made["key"]["fingerprint"], key.public().fingerprint());
    let base64 = made["key"]["public_key_base64"].as_str().unwrap();
    assert_eq!(public_key::parse(base64).unwrap(), *key.public());

    let shown = env.applink("key show own.pem -o json").expect(0).json();
    assert_eq!(shown["key"], made["key"]);
    env.applink("key convert own.pem --to spki --out own.pub")
        .expect(0);
    let public = env.applink("key show own.pub -o json").expect(0).json();
    assert!(public["key"]["key_file"].is_null());
    assert_eq!(public["key"]["public_key"], made["key"]["public_key"]);
    let plain = env.applink("key show own.pem").expect(0);
    for text in ["3072", &key.public().fingerprint(), base64] {
        assert!(plain.stdout.contains(text), "{}", plain.transcript());
    }

    let dry = env
        .applink("key generate --key-file dry.pem --dry-run -o json")
        .expect(0);
    assert_eq!(dry.json()["changed"], false);
    assert!(dry.json()["key"]["fingerprint"].is_null());
    assert!(!env.path("work/dry.pem").exists());
    let dry = env.applink("key convert own.pem --to pkcs1 --out dry.pem --dry-run -o json");
    let dry = dry.expect(0).json();
    assert_eq!(dry["changed"], false);
    assert_eq!(dry["converted"]["file"], "dry.pem");
    assert!(dry["converted"]["text"].is_null());
    assert!(!env.path("work/dry.pem").exists());
}

#[test]
fn a_private_key_is_written_only_to_the_named_file() {
    let env = env();
    env.applink("key generate --key-file own.pem").expect(0);
    let pem = fs::read_to_string(env.path("work/own.pem")).unwrap();
    for form in ["pkcs1", "pkcs8"] {
        env.applink(&format!("key convert own.pem --to {form}"))
            .expect(2)
            .expect_says("--out FILE");
        env.applink(&format!("key convert own.pem --to {form} --out - -o json"))
            .expect(2);
        let out = env.applink(&format!(
            "key convert own.pem --to {form} --out {form}.pem -vv"
        ));
        let out = out.expect(0);
        let path = env.path("work").join(format!("{form}.pem"));
        assert_eq!(mode(&path), 0o600);
        let written = fs::read_to_string(&path).unwrap();
        for line in secret_lines(&written) {
            assert!(!out.stdout.contains(line) && !out.stderr.contains(line));
        }
        let piped = env.applink(&format!("key convert {form}.pem --to {form} --out -"));
        let piped = piped.expect(0);
        assert_eq!(piped.stdout, written);
        assert!(piped.stderr.is_empty(), "{}", piped.transcript());
    }
    assert_eq!(fs::read_to_string(env.path("work/pkcs8.pem")).unwrap(), pem);
    for (form, says) in [("spki", "BEGIN PUBLIC KEY"), ("jwk", "{\"kty\":\"RSA\"")] {
        let out = env
            .applink(&format!("key convert pkcs1.pem --to {form}"))
            .expect(0);
        assert!(out.stdout.contains(says), "{}", out.transcript());
    }
}

#[test]
fn a_public_key_in_place_of_a_private_one_is_named_and_the_reverse() {
    let env = env();
    env.applink("key generate --key-file own.pem").expect(0);
    env.applink("key convert own.pem --to spki --out own.pub")
        .expect(0);
    env.applink("key convert own.pub --to pkcs8 --out no.pem")
        .expect(1)
        .expect_says("this is the public key; the private one is needed");
    assert!(!env.path("work/no.pem").exists());
    let work = env.path("work");
    let fault = keys::load_public(&work.join("own.pem")).unwrap_err();
    assert!(
        fault.to_string().contains("holds the private key"),
        "{fault}"
    );
    assert_eq!(keys::load_public(&work.join("own.pub")).unwrap().bits, 2048);
    env.write("work/notes.txt", "no key at all", 0o644);
    for (file, says) in [
        ("notes.txt", "it holds no key in a known form"),
        ("missing.pem", "cannot be opened"),
        (".", "not a regular file"),
        ("/dev/zero", "not a regular file"),
    ] {
        env.applink(&format!("key show {file}"))
            .expect(1)
            .expect_says(says);
    }
}

#[test]
fn invalid_options_are_usage_errors() {
    let env = env();
    for line in [
        "key",
        "key generate",
        "key generate --key-file x.pem --bits 1024",
        "key generate --key-file x.pem --bits 2047",
        "key convert x.pem --to der",
        "key show x.pem --passphrase canary",
        "key show x.pem -o csv",
    ] {
        let out = env.applink(line).expect(2);
        assert!(!out.says("canary"), "{}", out.transcript());
    }
    assert!(!env.path("work/x.pem").exists());
}

#[test]
fn the_key_directory_is_private_and_ignored_by_git() {
    let env = env();
    let directory = env.path("state/applink.keys");
    files::make_directory(&directory).unwrap();
    files::make_directory(&directory).unwrap();
    assert_eq!(mode(&directory), 0o700);
    assert_eq!(
        fs::read_to_string(directory.join(".gitignore")).unwrap(),
        "*\n"
    );
    assert_eq!(mode(&directory.join(".gitignore")), 0o600);
    for (name, file) in [
        ("jenkins", "jenkins.pem"),
        ("../../etc/passwd", "etc-passwd.pem"),
        ("Jenkins (prod)", "Jenkins--prod-.pem"),
        ("..", "key.pem"),
        ("", "key.pem"),
    ] {
        let place = files::place(&directory, name);
        assert_eq!(place.parent().unwrap(), directory);
        assert!(
            place.file_name().unwrap().to_str().unwrap().ends_with(file),
            "{place:?}"
        );
    }
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(files::make_directory(&directory).is_err());
}
