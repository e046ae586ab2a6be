//! Secrets that a test plants, and the search for them.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::env::Env;
use crate::support::output::RunOutput;
use crate::support::secret_encodings::encodings;

/// Texts that may be in these files and nowhere else.
#[derive(Default)]
pub(crate) struct Canaries {
    pub(crate) forms: Vec<String>,
    pub(crate) own: Vec<PathBuf>,
}

impl Canaries {
    pub(crate) fn add(&mut self, secret: &str) {
        self.forms.extend(encodings(secret));
        self.forms.sort();
        self.forms.dedup();
    }

    /// A private key: its lines, however they are written down, and its bytes in digits.
    pub(crate) fn add_key(&mut self, path: &Path) {
        let pem = fs::read_to_string(path).unwrap();
        let body: Vec<&str> = pem
            .lines()
            .filter(|line| !line.starts_with("-----") && line.len() > 20)
            .collect();
        assert!(pem.contains("PRIVATE KEY") && body.len() > 10, "{pem}");
        // The first lines are those of every such key, and then come the public numbers.
        for line in &body[body.len() / 2..] {
            self.add(line);
        }
        let der = STANDARD.decode(body.concat()).unwrap();
        let hex = der.iter().fold(String::new(), |mut hex, byte| {
            use std::fmt::Write as _;
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let last = hex[hex.len() - 128..].to_owned();
        self.forms.extend([last.to_ascii_uppercase(), last]);
        self.own.push(path.to_owned());
    }

    #[track_caller]
    pub(crate) fn search(&self, env: &Env, outs: &[&RunOutput]) {
        assert!(!self.forms.is_empty());
        for form in &self.forms {
            for out in outs {
                for stream in [&out.stdout, &out.stderr] {
                    assert!(
                        !stream.contains(form.as_str()),
                        "{form}: {}",
                        out.transcript()
                    );
                }
            }
        }
        for (path, content) in env.files() {
            let text = String::from_utf8_lossy(&content);
            for form in self.forms.iter().filter(|_| !self.own.contains(&path)) {
                assert!(!text.contains(form.as_str()), "{form}: {}", path.display());
            }
        }
    }
}
