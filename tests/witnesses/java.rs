//! The public keys that the Java of the applications accepts, by a table and by Java itself.

use std::fs;
use std::path::Path;

use applink::oauth::{PrivateKey, public_key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::PublicKeyData as _;

use crate::need::Need;
use crate::openssl::{env, output_of};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(keys_that_java_accepts_are_accepted, needs: []),
        witness_test!(java_agrees_with_the_table, needs: [Need::Program("java"), Need::Program("javac")]),
    ]
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

fn keys_that_java_accepts_are_accepted() {
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

fn java_agrees_with_the_table() {
    let env = env();
    let work = env.path("work");
    fs::write(work.join("Keys.java"), JAVA).unwrap();
    let table = table();
    let mut line = "Keys.java private".to_owned();
    let key = PrivateKey::generate(2048).unwrap();
    fs::write(work.join("private"), key.to_pkcs8_pem().unwrap().as_str()).unwrap();
    for (n, (_, text, _)) in table.iter().enumerate() {
        fs::write(work.join(format!("public{n}")), text).unwrap();
        line.push_str(" public");
        line.push_str(&n.to_string());
    }
    let said = output_of(Path::new("java"), &work, &line);
    let mut said = said.lines();
    assert_eq!(said.next(), Some("private taken"));
    for ((name, _, is_taken), verdict) in table.iter().zip(said) {
        assert_eq!(verdict.ends_with(" taken"), *is_taken, "{name}: {verdict}");
    }
}
