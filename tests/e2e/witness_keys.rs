//! Keys before witnesses: OpenSSL, OpenSSH, the applications' Java, and strace. Where one is not
//! installed, that is said.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use applink::oauth::{PrivateKey, keys, public_key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::PublicKeyData as _;

use crate::env::Env;
use crate::estate::world;
use crate::keys::behind;

/// The passphrase of throw-away test keys.
const PASSPHRASE: &str = "geheim";

/// A program of this machine. That it is missing is written past the harness, which hides what
/// passing tests say.
fn witness(name: &str) -> Option<PathBuf> {
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
fn hear(program: &Path, directory: &Path, line: &str) -> String {
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

fn env() -> Env {
    let mut env = Env::without_credentials(world([]));
    env.set("KEY_PASSPHRASE", PASSPHRASE);
    env
}

#[test]
fn openssl_reads_what_is_written() {
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
fn what_openssl_writes_is_read() {
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
        .expect(4)
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
fn what_openssl_writes_and_is_refused() {
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
fn openssh_is_read() {
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
fn the_operating_system_as_strace_sees_it() {
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
    let calls = "trace=openat,fsync,write";
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
    let made = at("yes.pem\", O_WRONLY|O_CREAT|O_EXCL");
    assert!(
        trace[made..].lines().next().unwrap().contains("0600"),
        "{trace}"
    );
    let flushed: Vec<usize> = trace.match_indices("fsync(").map(|(at, _)| at).collect();
    assert_eq!(flushed.len(), 2, "the file and its directory: {trace}");
    let shown = at("write(1, \"-----BEGIN PUBLIC KEY");
    assert!(made < flushed[0] && flushed[1] < shown, "{trace}");
}

/// DER of any tag.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag, 0x83];
    out.extend(&u32::try_from(content.len()).unwrap().to_be_bytes()[1..]);
    // Java wants lengths as short as they can be.
    if content.len() < 0x80 {
        out = vec![tag, u8::try_from(content.len()).unwrap()];
    } else if content.len() < 0x100 {
        out = vec![tag, 0x81, u8::try_from(content.len()).unwrap()];
    } else if content.len() < 0x1_0000 {
        out = vec![tag, 0x82];
        out.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
    }
    out.extend(content);
    out
}

/// A public key that nobody has the private half of: Java looks at its frame only, as we do.
fn public(bits: usize, last: u8, exponent: u8, pss: bool) -> Vec<u8> {
    let mut modulus = vec![0xc5; bits / 8];
    *modulus.last_mut().unwrap() = last;
    modulus.insert(0, 0);
    let exponent = if exponent == 0 {
        vec![1, 0, 1]
    } else {
        vec![exponent]
    };
    let key = element(
        0x30,
        &[element(2, &modulus), element(2, &exponent)].concat(),
    );
    let oid = [
        0x2a,
        0x86,
        0x48,
        0x86,
        0xf7,
        0x0d,
        1,
        1,
        if pss { 10 } else { 1 },
    ];
    let parameters = if pss { element(0x30, &[]) } else { vec![5, 0] };
    let algorithm = element(0x30, &[element(6, &oid), parameters].concat());
    element(
        0x30,
        &[algorithm, element(3, &[vec![0], key].concat())].concat(),
    )
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// What an application is sent, and whether its Java takes it.
fn table() -> Vec<(&'static str, String, bool)> {
    let key = PrivateKey::generate(2048).unwrap();
    let own = public_key::to_pem(key.public());
    let sized = |bits| pem("PUBLIC KEY", &public(bits, 0xc5, 0, false));
    let private = key.to_pkcs8_pem().unwrap().to_string();
    let pkcs1 = {
        let der = &key.public().der;
        // The key inside: behind the frame, the algorithm and the head of the bit string.
        pem("RSA PUBLIC KEY", &der[24..])
    };
    let certificate = {
        let pair = rcgen::KeyPair::from_pkcs8_pem_and_sign_algo(&private, &rcgen::PKCS_RSA_SHA256);
        let params = rcgen::CertificateParams::new(vec!["x.example.com".to_owned()]).unwrap();
        params.self_signed(&pair.unwrap()).unwrap().pem()
    };
    let curve = {
        let pair = rcgen::KeyPair::generate().unwrap();
        pem("PUBLIC KEY", &pair.subject_public_key_info())
    };
    let ssh = {
        let string = |bytes: &[u8]| {
            let mut out = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
            out.extend(bytes);
            out
        };
        let modulus = [vec![0], vec![0xc5; 256]].concat();
        let parts = [string(b"ssh-rsa"), string(&[1, 0, 1]), string(&modulus)].concat();
        format!("ssh-rsa {} jane", STANDARD.encode(parts))
    };
    vec![
        ("512 bit", sized(512), true),
        ("1024 bit", sized(1024), true),
        ("2048 bit, ours", own.clone(), true),
        ("4096 bit", sized(4096), true),
        ("8192 bit", sized(8192), true),
        (
            "one line of base64",
            public_key::to_base64(key.public()),
            true,
        ),
        ("armour in one line", own.replace('\n', ""), true),
        ("CRLF", own.replace('\n', "\r\n"), true),
        ("trailing blanks", own.replace('\n', "  \n"), true),
        ("a BOM before it", format!("\u{feff}{own}"), true),
        (
            "the URL-safe alphabet",
            public_key::to_base64(key.public())
                .replace('+', "-")
                .replace('/', "_"),
            true,
        ),
        (
            "newlines as two characters",
            own.replace('\n', "\\n"),
            false,
        ),
        (
            "a comment before it",
            format!("# key of jenkins\n{own}"),
            false,
        ),
        ("PKCS #1", pkcs1, false),
        ("a certificate", certificate, false),
        ("a private key", private, false),
        ("OpenSSH", ssh, false),
        (
            "RSASSA-PSS",
            pem("PUBLIC KEY", &public(2048, 0xc5, 0, true)),
            false,
        ),
        ("an elliptic curve", curve, false),
        ("nothing", String::new(), false),
        ("cut off", own[..200].to_owned(), false),
        (
            "exponent 1",
            pem("PUBLIC KEY", &public(2048, 0xc5, 1, false)),
            false,
        ),
        ("longer than 16384 bit", sized(16_392), false),
        ("504 bit", sized(504), false),
        (
            "even modulus",
            pem("PUBLIC KEY", &public(2048, 0xc4, 0, false)),
            true,
        ),
    ]
}

#[test]
fn what_java_takes_is_taken() {
    for (name, text, is_taken) in table() {
        assert_eq!(public_key::parse(&text).is_ok(), is_taken, "{name}");
    }
}

/// The applications' own rule: armour and line feeds are taken out, and a lenient decoder skips
/// what is not of either alphabet.
const JAVA: &str = r#"
import java.nio.file.*;
import java.security.*;
import java.security.spec.*;
import java.util.*;

public class Keys {
    static byte[] decode(String text) {
        StringBuilder kept = new StringBuilder();
        for (char c : text.replaceAll("-----[A-Z ]*-----", "").replace("\n", "").toCharArray()) {
            if (c == '=') break;
            if (c == '-') c = '+';
            if (c == '_') c = '/';
            if (c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/')) kept.append(c);
        }
        if (kept.length() % 4 == 1) kept.setLength(kept.length() - 1);
        return Base64.getDecoder().decode(kept.toString());
    }

    public static void main(String[] args) throws Exception {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        for (String name : args) {
            String text = Files.readString(Path.of(name));
            try {
                if (name.startsWith("private")) {
                    factory.generatePrivate(new PKCS8EncodedKeySpec(decode(text)));
                } else {
                    factory.generatePublic(new X509EncodedKeySpec(decode(text)));
                }
                System.out.println(name + " taken");
            } catch (Exception e) {
                System.out.println(name + " refused: " + e.getMessage());
            }
        }
    }
}
"#;

#[test]
fn java_itself_says_the_same() {
    let (Some(java), Some(_)) = (witness("java"), witness("javac")) else {
        return;
    };
    let env = env();
    let work = env.path("work");
    fs::write(work.join("Keys.java"), JAVA).unwrap();
    let table = table();
    let mut line = "Keys.java private".to_owned();
    let key = PrivateKey::generate(2048).unwrap();
    fs::write(work.join("private"), key.to_pkcs8_pem().unwrap().as_str()).unwrap();
    for (n, (_, text, _)) in table.iter().enumerate() {
        fs::write(work.join(format!("public{n}")), text).unwrap();
        line.push_str(&format!(" public{n}"));
    }
    let said = hear(&java, &work, &line);
    let mut said = said.lines();
    assert_eq!(said.next(), Some("private taken"));
    for ((name, _, is_taken), verdict) in table.iter().zip(said) {
        assert_eq!(verdict.ends_with(" taken"), *is_taken, "{name}: {verdict}");
    }
}
