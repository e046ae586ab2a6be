//! OpenSSL and OpenSSH write keys that applink reads, and read keys that it writes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use applink::oauth::{PrivateKey, keys};

use crate::need::Need;
use crate::support::canaries::Canaries;
use crate::support::consumers;
use crate::support::consumers::key_path;
use crate::support::env::Env;
use crate::support::worlds::world;
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(openssl_reads_our_keys, needs: [Need::Program("openssl")]),
        witness_test!(keys_from_openssl_are_read, needs: [Need::Program("openssl")]),
        witness_test!(unsupported_keys_from_openssl_are_refused_by_name, needs: [Need::Program("openssl")]),
        witness_test!(passphrases_are_nowhere, needs: [Need::Program("openssl")]),
        witness_test!(keys_from_openssh_are_read, needs: [Need::Program("ssh-keygen")]),
    ]
}

/// The passphrase of throw-away test keys.
const PASSPHRASE: &str = "geheim";

/// The standard output of a program that runs in a directory.
#[track_caller]
pub(crate) fn output_of(program: &Path, directory: &Path, line: &str) -> String {
    let out = Command::new(program)
        .args(shlex::split(line).unwrap())
        .current_dir(directory)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{line}: {stderr}");
    String::from_utf8_lossy(&out.stdout).into_owned()
}

pub(crate) fn env() -> Env {
    let mut env = Env::without_credentials(world([]));
    env.set("KEY_PASSPHRASE", PASSPHRASE);
    env
}

fn openssl_reads_our_keys() {
    let openssl = Path::new("openssl");
    let env = env();
    let work = env.path("work");
    for bits in [2048, 3072, 4096] {
        let name = format!("k{bits}");
        env.applink(&format!("key generate --key-file {name}.pem --bits {bits}"))
            .expect(0);
        for form in ["pkcs1", "spki"] {
            env.applink(&format!(
                "key convert {name}.pem --to {form} --out {name}.{form}"
            ))
            .expect(0);
        }
        let check = output_of(
            openssl,
            &work,
            &format!("pkey -in {name}.pem -check -noout"),
        );
        assert!(check.contains("Key is valid"), "{check}");
        let check = output_of(
            openssl,
            &work,
            &format!("rsa -in {name}.pkcs1 -check -noout"),
        );
        assert!(check.contains("RSA key ok"), "{check}");
        let public = output_of(openssl, &work, &format!("rsa -in {name}.pem -pubout"));
        assert_eq!(
            public,
            fs::read_to_string(work.join(format!("{name}.spki"))).unwrap()
        );
        // One signature, byte for byte.
        fs::write(work.join("text"), "GET&http%3A%2F%2Fexample.com").unwrap();
        output_of(
            openssl,
            &work,
            &format!("dgst -sha1 -sign {name}.pem -out signature text"),
        );
        let key = PrivateKey::load(&work.join(format!("{name}.pem"))).unwrap();
        assert_eq!(
            fs::read(work.join("signature")).unwrap(),
            key.sign_sha1(b"GET&http%3A%2F%2Fexample.com").unwrap()
        );
    }
}

fn keys_from_openssl_are_read() {
    let openssl = Path::new("openssl");
    let env = env();
    let work = env.path("work");
    for line in [
        "genrsa -out key.pem 2048",
        "rsa -in key.pem -traditional -out pkcs1.pem",
        "rsa -in key.pem -outform DER -out pkcs8.der",
        "pkcs8 -topk8 -in key.pem -passout pass:geheim -out aes.pem",
        "pkcs8 -topk8 -scrypt -in key.pem -passout pass:geheim -out scrypt.pem",
        "req -new -x509 -key key.pem -subj /CN=x -out certificate.pem",
        "x509 -in certificate.pem -text -out talkative.pem",
        "rsa -in key.pem -pubout -out spki.pem",
        "rsa -in key.pem -RSAPublicKey_out -out pkcs1.pub",
    ] {
        output_of(openssl, &work, line);
    }
    let both =
        ["key.pem", "certificate.pem"].map(|file| fs::read_to_string(work.join(file)).unwrap());
    env.write("work/both.pem", &both.concat(), 0o600);
    for file in ["key.pem", "aes.pem", "scrypt.pem", "pkcs1.pem", "pkcs8.der"] {
        let bytes = fs::read(work.join(file)).unwrap();
        fs::remove_file(work.join(file)).unwrap();
        env.write(&format!("work/{file}"), "", 0o600);
        fs::write(work.join(file), bytes).unwrap();
    }
    let fingerprint = |file: &str| {
        let line = format!("key show {file} --passphrase env:KEY_PASSPHRASE -o json");
        env.applink(&line).expect(0).json()["key"]["fingerprint"].clone()
    };
    let own = fingerprint("key.pem");
    for file in [
        "pkcs1.pem",
        "pkcs8.der",
        "aes.pem",
        "scrypt.pem",
        "certificate.pem",
        "talkative.pem",
        "spki.pem",
        "pkcs1.pub",
        "both.pem",
    ] {
        assert_eq!(fingerprint(file), own, "{file}");
    }
    // Nobody can be asked here, and a wrong passphrase is no open door.
    env.applink("key show aes.pem")
        .expect(2)
        .expect_says("--passphrase");
    env.write("work/wrong", "falsch\n", 0o600);
    env.applink("key show aes.pem --passphrase file:wrong")
        .expect(4)
        .expect_says("the passphrase does not open it");
    env.write("work/right", "geheim\n", 0o600);
    env.applink("key convert aes.pem --to pkcs8 --out opened.pem --passphrase file:right")
        .expect(0);
    assert_eq!(fingerprint("opened.pem"), own);
}

fn unsupported_keys_from_openssl_are_refused_by_name() {
    let openssl = Path::new("openssl");
    let env = env();
    let work = env.path("work");
    for (line, says) in [
        (
            "ecparam -name prime256v1 -genkey -out x.pem",
            "an elliptic-curve key",
        ),
        ("genpkey -algorithm ed25519 -out x.pem", "an Ed25519 key"),
        (
            "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out x.pem",
            "an RSASSA-PSS key",
        ),
        ("genrsa -primes 3 -out x.pem 2048", "more than two primes"),
        ("genrsa -out x.pem 512", "512 bits are fewer"),
        (
            "genrsa -traditional -aes256 -passout pass:geheim -out x.pem 2048",
            "the old way of PEM headers",
        ),
        (
            "req -new -newkey rsa:2048 -noenc -keyout y.pem -subj /CN=x -out x.pem",
            "certificate request",
        ),
    ] {
        let _ = fs::remove_file(work.join("x.pem"));
        output_of(openssl, &work, line);
        let bytes = fs::read_to_string(work.join("x.pem")).unwrap();
        env.write("work/x.pem", &bytes, 0o600);
        env.applink("key convert x.pem --to pkcs8 --out z.pem")
            .expect(1)
            .expect_says(says);
    }
}

fn keys_from_openssh_are_read() {
    let keygen = Path::new("ssh-keygen");
    let env = env();
    let work = env.path("work");
    output_of(
        keygen,
        &work,
        "-q -t rsa -b 2048 -N '' -C jane@example.com -f id",
    );
    output_of(keygen, &work, "-q -t rsa -b 2048 -N geheim -f locked");
    let key = PrivateKey::load(&work.join("id")).unwrap();
    assert_eq!(
        keys::load_public(&work.join("id.pub")).unwrap(),
        *key.public()
    );
    env.applink("key show locked")
        .expect(1)
        .expect_says("ssh-keygen -p -m PKCS8");
}

fn passphrases_are_nowhere() {
    const PASSPHRASE: &str = "c0rrect-h@rse \"staple\"";
    let mut env = consumers::consumer_env();
    env.applink(consumers::CREATE_CONSUMER).expect(0);
    let made = std::process::Command::new("openssl")
        .args(["pkcs8", "-topk8", "-in"])
        .arg(key_path(&env))
        .args(["-passout", &format!("pass:{PASSPHRASE}"), "-out"])
        .arg(env.path("work/locked.pem"))
        .status()
        .unwrap();
    assert!(made.success());
    let locked = env.path("work/locked.pem");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o600)).unwrap();
    env.set("PASS", PASSPHRASE);
    env.write("work/pass", &format!("{PASSPHRASE}\n"), 0o600);
    let mut canaries = Canaries::default();
    canaries.add(PASSPHRASE);
    canaries.add("wr0ng-passphrase");
    canaries.add_key(&key_path(&env));
    canaries.add_key(&locked);
    env.set("WRONG", "wr0ng-passphrase");
    canaries
        .own
        .extend([env.path("work/pass"), env.path("work/plain.pem")]);
    let mut outs = Vec::new();
    for (line, code) in [
        ("key show locked.pem --passphrase env:PASS -vv", 0),
        ("key show locked.pem --passphrase file:pass -o json -vv", 0),
        ("key show locked.pem --passphrase 'command:cat pass' -vv", 0),
        (
            "key convert locked.pem --to pkcs8 --out plain.pem --passphrase env:PASS -vv",
            0,
        ),
        ("key show locked.pem --passphrase env:WRONG -vv", 4),
        ("key show locked.pem --passphrase env:WRONG -o json -vv", 4),
        (
            "authorize jira --consumer Jenkins --key-file locked.pem --two-legged --passphrase env:WRONG -vv",
            4,
        ),
        ("key show locked.pem -vv", 2),
        ("key show locked.pem --passphrase wr0ng-passphrase -vv", 2),
        (
            "key show locked.pem --passphrase 'c0rrect-h@rse \"staple\"' -o json",
            2,
        ),
    ] {
        let out = env.applink(line);
        assert_eq!(out.code, code, "{line}: {}", out.transcript());
        outs.push(out);
    }
    canaries.search(&env, &outs.iter().collect::<Vec<_>>());
}
