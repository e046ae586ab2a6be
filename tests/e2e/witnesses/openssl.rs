//! Keys before witnesses: OpenSSL, OpenSSH and strace. Where one is not installed, that is said.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use applink::oauth::{PrivateKey, keys};

use crate::commands::key::behind;
use crate::support::env::Env;
use crate::support::worlds::world;

/// The passphrase of throw-away test keys.
const PASSPHRASE: &str = "geheim";

/// A program of this machine. That it is missing is written past the harness, which hides what
/// passing tests say.
pub(crate) fn witness(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .map(|directory| directory.join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        let mut err = std::io::stderr();
        let _ = writeln!(err, "witness {name} is not installed; not heard");
    }
    found
}

/// Runs a witness in a directory; what it says on standard output.
#[track_caller]
pub(crate) fn hear(program: &Path, directory: &Path, line: &str) -> String {
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

#[test]
fn openssl_reads_our_keys() {
    let Some(openssl) = witness("openssl") else {
        return;
    };
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
        let check = hear(
            &openssl,
            &work,
            &format!("pkey -in {name}.pem -check -noout"),
        );
        assert!(check.contains("Key is valid"), "{check}");
        let check = hear(
            &openssl,
            &work,
            &format!("rsa -in {name}.pkcs1 -check -noout"),
        );
        assert!(check.contains("RSA key ok"), "{check}");
        let public = hear(&openssl, &work, &format!("rsa -in {name}.pem -pubout"));
        assert_eq!(
            public,
            fs::read_to_string(work.join(format!("{name}.spki"))).unwrap()
        );
        // One signature, byte for byte.
        fs::write(work.join("text"), "GET&http%3A%2F%2Fexample.com").unwrap();
        hear(
            &openssl,
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

#[test]
fn keys_from_openssl_are_read() {
    let Some(openssl) = witness("openssl") else {
        return;
    };
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
        hear(&openssl, &work, line);
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

#[test]
fn unsupported_keys_from_openssl_are_refused_by_name() {
    let Some(openssl) = witness("openssl") else {
        return;
    };
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
        hear(&openssl, &work, line);
        let bytes = fs::read_to_string(work.join("x.pem")).unwrap();
        env.write("work/x.pem", &bytes, 0o600);
        env.applink("key convert x.pem --to pkcs8 --out z.pem")
            .expect(1)
            .expect_says(says);
    }
}

#[test]
fn keys_from_openssh_are_read() {
    let Some(keygen) = witness("ssh-keygen") else {
        return;
    };
    let env = env();
    let work = env.path("work");
    hear(
        &keygen,
        &work,
        "-q -t rsa -b 2048 -N '' -C jane@example.com -f id",
    );
    hear(&keygen, &work, "-q -t rsa -b 2048 -N geheim -f locked");
    let key = PrivateKey::load(&work.join("id")).unwrap();
    assert_eq!(
        keys::load_public(&work.join("id.pub")).unwrap(),
        *key.public()
    );
    env.applink("key show locked")
        .expect(1)
        .expect_says("ssh-keygen -p -m PKCS8");
}

/// Random numbers that do not come, and a crash before a key is on the disk.
#[test]
fn missing_randomness_and_a_crash_leave_no_half_written_key() {
    let Some(strace) = witness("strace") else {
        return;
    };
    let env = env();
    let strace = strace.to_str().unwrap();
    let trace = env.path("trace");
    let out = trace.to_str().unwrap();
    let probe = behind(&env, &[strace, "-f", "-o", out], "--version");
    if probe.code != 0 {
        let _ = writeln!(
            std::io::stderr(),
            "witness strace may not trace here; not heard"
        );
        return;
    }
    for error in ["EIO", "EAGAIN", "EINVAL"] {
        for from in ["1", "4", "6"] {
            let inject = format!("inject=getrandom:error={error}:when={from}+");
            let words = [
                strace,
                "-f",
                "-o",
                out,
                "-e",
                "trace=getrandom",
                "-e",
                &inject,
            ];
            let inner = env.command("key generate --key-file no.pem");
            let run = Command::new(words[0])
                .args(&words[1..])
                .arg(inner.get_program())
                .args(inner.get_args())
                .current_dir(env.path("work"))
                .output()
                .unwrap();
            // Either our error or, where the standard library needs its own first, its abort.
            assert!(!run.status.success(), "{inject}");
            assert!(!env.path("work/no.pem").exists(), "{inject}");
            assert!(run.stdout.is_empty(), "{inject}");
        }
    }
    // A disk that fails leaves no half key, and nothing is published.
    for inject in [
        "inject=fsync:error=EIO:when=1",
        "inject=fsync:error=EIO:when=2",
    ] {
        let words = [strace, "-f", "-o", out, "-e", "trace=fsync", "-e", inject];
        let run = behind(&env, &words, "key generate --key-file no.pem").expect(1);
        assert!(
            run.stdout.is_empty() && run.says("cannot be written"),
            "{}",
            run.shown()
        );
        assert!(!env.path("work/no.pem").exists(), "{inject}");
    }
    let calls = "trace=openat,fsync,write,renameat2";
    behind(
        &env,
        &[strace, "-f", "-o", out, "-e", calls],
        "key generate --key-file yes.pem",
    )
    .expect(0);
    let trace = fs::read_to_string(&trace).unwrap();
    let at = |what: &str| {
        trace
            .find(what)
            .unwrap_or_else(|| panic!("no {what} in\n{trace}"))
    };
    let made = at(".yes.pem.");
    let opened = trace[made..].lines().next().unwrap();
    assert!(
        opened.contains("O_CREAT|O_EXCL") && opened.contains("0600"),
        "{trace}"
    );
    let named = at("yes.pem\", RENAME_NOREPLACE");
    let flushed: Vec<usize> = trace.match_indices("fsync(").map(|(at, _)| at).collect();
    assert_eq!(flushed.len(), 2, "the file and its directory: {trace}");
    let shown = at("write(1, \"-----BEGIN PUBLIC KEY");
    assert!(
        made < flushed[0] && flushed[0] < named && named < flushed[1] && flushed[1] < shown,
        "{trace}"
    );
}
