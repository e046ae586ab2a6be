//! Python's oauthlib writes the same base strings, verifies our signatures, and signs requests that
//! the application accepts like ours.

use std::io::Write as _;
use std::num::NonZeroU64;
use std::path::Path;
use std::process::{Command, Stdio};

use applink::oauth::PrivateKey;
use applink::oauth::base_string::{Parameter, encode};
use applink::oauth::sign::{RequestStamp, SignError, Signer, UnsignedRequest, sign};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::need::Need;
use crate::support::browser::{AUTHORIZE, approve, dance, env_with_consumer};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(oauthlib_writes_the_same_base_strings_and_verifies_our_signatures, needs: [OAUTHLIB]),
        witness_test!(requests_signed_by_oauthlib_are_accepted_like_ours, needs: [OAUTHLIB]),
    ]
}

const OAUTHLIB: Need = Need::Python {
    modules: "oauthlib.oauth1, jwt, cryptography",
    package: "oauthlib[signedtoken]",
};

/// Base strings that are compared, and how many of them are signed for real.
const COMPARED: usize = 10_000;
const SIGNED: usize = 1_000;

/// The answer of the Python script to this input.
#[track_caller]
fn ask_oauthlib(arguments: &[&str], input: String) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witnesses/check_signatures.py");
    let mut child = Command::new("python3")
        .arg(script)
        .args(arguments)
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn word(&mut self, longest: usize) -> String {
        const LETTERS: &[&str] = &[
            "a", "b", "B", "z", "0", "9", "-", ".", "_", "~", "%", "&", "=", "+", "*", "/", "?",
            "!", "'", "(", ")", ":", ",", "@", "\"", " ", "é", "ß", "東", "😀", "%20", "%2B",
        ];
        let length = self.below(longest + 1);
        (0..length).map(|_| self.one(LETTERS)).collect()
    }

    fn pair(&mut self) -> Parameter {
        let name = match self.below(4) {
            // Names that sort among OAuth's own. Their values are plain: the witness decodes a
            // `%25` in them twice.
            0 => {
                let name = format!("oauth_{}", self.one(&["aa", "zz", "nonce_", "u"]));
                return (name, self.one(&["", "1", "ü b", "~&="]).to_owned());
            }
            // Names that come twice.
            1 => self.one(&["a", "a", "xoauth_requestor_id"]).to_owned(),
            _ => format!("n{}", self.word(5)),
        };
        (name, self.word(8))
    }

    /// A URL whose query is written in one of the ways in which the same parameters can be.
    fn url(&mut self) -> String {
        let mut url = format!(
            "{}://{}{}{}",
            self.one(&["http", "https", "HTTPS"]),
            self.one(&["jira.example.com", "Jira.Example.COM", "10.0.0.1"]),
            self.one(&["", ":80", ":443", ":8080"]),
            self.one(&[
                "",
                "/",
                "/jira/rest/api/2/x",
                "/a%20b/%7Ec",
                "/x;y=1",
                "/A/b/"
            ]),
        );
        for at in 0..self.below(5) {
            let (name, value) = self.pair();
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(&encode(&name));
            match self.below(4) {
                0 if value.is_empty() => {}
                1 => url.extend(["=", &encode(&value).replace("%20", "+")]),
                2 => url.extend(["=", &encode(&value).replace("%2A", "*")]),
                _ => url.extend(["=", &encode(&value)]),
            }
        }
        url
    }
}

/// Where only the base string matters.
struct Nothing;

impl Signer for Nothing {
    fn sign_sha1(&self, _: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(Vec::new())
    }
}

fn oauthlib_writes_the_same_base_strings_and_verifies_our_signatures() {
    let key = PrivateKey::generate(2048).unwrap();
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut lines = String::new();
    for at in 0..COMPARED {
        let url = numbers.url();
        let form: Vec<Parameter> = (0..numbers.below(3)).map(|_| numbers.pair()).collect();
        let consumer_key = format!("Wiki:{}", numbers.word(6));
        let token = numbers.one(&["", "abc", "t=&+ %"]).to_owned();
        let extra = [("oauth_session_handle", "h&1"), ("oauth_verifier", "v+1")];
        let request = UnsignedRequest {
            method: numbers.one(&["GET", "POST", "PUT", "DELETE"]),
            url: &url,
            form: &form,
            consumer_key: &consumer_key,
            token: (numbers.below(4) > 0).then_some(token.as_str()),
            extra: &extra[..numbers.below(3)],
        };
        let stamp = RequestStamp {
            timestamp: NonZeroU64::new(1_700_000_000 + at as u64).unwrap(),
            nonce: format!("nonce {at}"),
        };
        let for_real = at < SIGNED;
        let signer: &dyn Signer = if for_real { &key } else { &Nothing };
        let signed = sign(&request, &stamp, signer).unwrap();
        let case = json!({
            "method": request.method,
            "url": url,
            "form": form,
            "authorization": *signed.authorization,
            "base_string": *signed.base_string,
            "signed": for_real,
        });
        lines.extend([case.to_string().as_str(), "\n"]);
    }
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(&key.public().der)
    );
    assert_eq!(
        ask_oauthlib(&["judge", &pem], lines),
        format!("{COMPARED} {SIGNED}")
    );
}

fn requests_signed_by_oauthlib_are_accepted_like_ours() {
    let env = env_with_consumer(|_| {});
    dance(&env, AUTHORIZE, approve).expect(0);
    let path = env.path("state/applink/applink.keys/jira.ci.token.json");
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let given = json!({
        "key": std::fs::read_to_string(env.path("work/ci.pem")).unwrap(),
        "consumer_key": "ci",
        "token": kept["token"],
        "user": "jane",
    });
    let resource = format!("{}/rest/api/2/myself", env.world.app("jira").url());
    assert_eq!(ask_oauthlib(&["ask", &resource], given.to_string()), "100");
}
