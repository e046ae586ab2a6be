//! Stores access tokens beside the private keys: one file for a consumer at an application.
//!
//! A token is worth nothing without the private key. It is treated as a secret all the same, and
//! appears in no other file, in no message and in no log.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use super::KeyError;
use super::dance::AccessToken;
use super::files;
use crate::domain::{Alias, ApplicationId, BaseUrl, chmod};
use crate::error::{Error, Kind};

/// The form of the file.
const VERSION: u32 = 1;

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOwner {
    /// The application that gave it.
    pub application: Alias,
    /// The application's id: a token is shown to no other one.
    pub application_id: ApplicationId,
    /// Its base URL at that time.
    pub url: BaseUrl,
    /// The consumer's name.
    pub consumer: String,
    /// Its consumer key.
    pub consumer_key: String,
}

/// A token that is kept.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// Whose it is.
    pub owner: TokenOwner,
    /// The token.
    pub token: SecretString,
    /// What it is renewed with.
    pub session_handle: Option<SecretString>,
    /// When it was given.
    pub obtained: Timestamp,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// When it can no longer be renewed.
    pub authorization_expires: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct TokenFile {
    version: u32,
    application: Alias,
    application_id: ApplicationId,
    url: BaseUrl,
    consumer: String,
    consumer_key: String,
    token: String,
    session_handle: Option<String>,
    obtained: Timestamp,
    expires: Option<Timestamp>,
    authorization_expires: Option<Timestamp>,
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        self.token.zeroize();
        self.session_handle.zeroize();
    }
}

/// A consumer's name as part of a file name: what a file name cannot have is encoded.
pub fn file_stem(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut stem = String::new();
    for (at, c) in name.char_indices() {
        if plain(c) && !(at == 0 && c == '.') {
            stem.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(stem, "%{byte:02X}");
            }
        }
    }
    stem
}

/// The file of a consumer's token for an application, in the directory of keys.
pub fn path(keys: &Path, application: &Alias, consumer: &str) -> PathBuf {
    // No alias has a dot, so no two of these names are one.
    keys.join(format!("{application}.{}.token.json", file_stem(consumer)))
}

/// The files of all tokens that are kept for an application.
pub fn paths_of(keys: &Path, application: &Alias) -> Vec<PathBuf> {
    let start = format!("{application}.");
    let is_one = |name: &str| name.starts_with(&start) && name.ends_with(".token.json");
    let Ok(entries) = fs::read_dir(keys) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().and_then(OsStr::to_str).is_some_and(is_one))
        .collect();
    paths.sort();
    paths
}

impl StoredToken {
    /// A token that was given just now.
    pub fn new(owner: TokenOwner, access: AccessToken, now: Timestamp) -> Self {
        let after = |seconds: Option<u64>| {
            let span = SignedDuration::from_secs(i64::try_from(seconds?).ok()?);
            now.checked_add(span).ok()
        };
        Self {
            owner,
            obtained: now,
            expires: after(access.expires_in),
            authorization_expires: after(access.authorization_expires_in),
            token: access.token,
            session_handle: access.session_handle,
        }
    }

    /// Whether it is time to renew it: less than a tenth of its life is left, or less than a day.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let Some(expires) = self.expires else {
            return false;
        };
        let life = expires.duration_since(self.obtained);
        let margin = (life / 10).min(SignedDuration::from_hours(24));
        expires.duration_since(now) <= margin
    }

    /// What it can be renewed with, while it can.
    pub fn renewable(&self, now: Timestamp) -> Option<&SecretString> {
        let over = self.authorization_expires.is_some_and(|end| end <= now);
        self.session_handle.as_ref().filter(|_| !over)
    }

    /// Reads a file; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Another user can read it, or it is not what was written.
    pub fn load(path: &Path) -> Result<Option<Self>, Error> {
        let key_file = match files::read(path) {
            Ok(file) => file,
            Err(KeyError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(fault) => return Err(fault.at(path)),
        };
        if key_file.check_private(path).is_err() {
            return Err(Error::new(
                Kind::Auth,
                format!(
                    "{}: others than you can read or replace this token",
                    path.display()
                ),
            )
            .hint("take the token back on the application's page, and authorize again")
            .hint(format!(
                "or, if nobody can have read it: {}",
                chmod("600", path)
            )));
        }
        let unreadable = |why: String| {
            Error::refused(format!(
                "{}: this is no token of applink's: {why}",
                path.display()
            ))
            .hint("delete the file, and authorize again")
        };
        // Positions only: the words of the parser may hold a piece of the file.
        let file: TokenFile = serde_json::from_slice(&key_file.bytes).map_err(|error| {
            unreadable(format!("line {}, column {}", error.line(), error.column()))
        })?;
        if file.version != VERSION {
            return Err(unreadable(format!("version {}", file.version)));
        }
        Ok(Some(Self {
            owner: TokenOwner {
                application: file.application.clone(),
                application_id: file.application_id,
                url: file.url.clone(),
                consumer: file.consumer.clone(),
                consumer_key: file.consumer_key.clone(),
            },
            token: SecretString::from(file.token.as_str()),
            session_handle: file.session_handle.as_deref().map(SecretString::from),
            obtained: file.obtained,
            expires: file.expires,
            authorization_expires: file.authorization_expires,
        }))
    }

    /// Writes the file whole, in the place of an older one, and makes its directory.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let directory = path.parent().unwrap_or(Path::new("."));
        files::make_directory(directory).map_err(|fault| fault.at(directory))?;
        let bytes = self
            .to_json()
            .map_err(|error| Error::internal(format!("the token cannot be written: {error}")))?;
        files::replace_private(path, &bytes).map_err(|fault| fault.at(path))
    }

    fn to_json(&self) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
        let file = TokenFile {
            version: VERSION,
            application: self.owner.application.clone(),
            application_id: self.owner.application_id,
            url: self.owner.url.clone(),
            consumer: self.owner.consumer.clone(),
            consumer_key: self.owner.consumer_key.clone(),
            token: self.token.expose_secret().to_owned(),
            session_handle: self
                .session_handle
                .as_ref()
                .map(|h| h.expose_secret().to_owned()),
            obtained: self.obtained,
            expires: self.expires,
            authorization_expires: self.authorization_expires,
        };
        // Large enough from the start: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
        serde_json::to_writer_pretty(&mut *bytes, &file)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Removes a token's file; says whether there was one. The application goes on taking the token.
pub fn forget(path: &Path) -> Result<bool, Error> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::refused(format!(
            "{}: it cannot be removed: {error}",
            path.display()
        ))),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn token(expires_in: Option<u64>) -> StoredToken {
        let owner = TokenOwner {
            application: "jira".parse().unwrap(),
            application_id: "b9b4a0a5-7f5c-3f0d-9d3f-0a6a3a2b1c4d".parse().unwrap(),
            url: BaseUrl::parse("https://jira.example.com/jira").unwrap(),
            consumer: "ci server".to_owned(),
            consumer_key: "ci".to_owned(),
        };
        let access = AccessToken {
            token: SecretString::from("tok\"en"),
            session_handle: Some(SecretString::from("handle")),
            expires_in,
            authorization_expires_in: expires_in.map(|seconds| seconds * 2),
        };
        StoredToken::new(owner, access, Timestamp::from_second(1_000_000).unwrap())
    }

    #[test]
    fn names_of_files() {
        assert_eq!(file_stem("jenkins-2.prod_a"), "jenkins-2.prod_a");
        assert_eq!(file_stem("../é/"), "%2E.%2F%C3%A9%2F");
        let alias = "jira".parse().unwrap();
        assert_eq!(
            path(Path::new("/k"), &alias, "a b"),
            Path::new("/k/jira.a%20b.token.json")
        );
    }

    #[test]
    fn the_tokens_of_an_application() {
        let home = tempfile::tempdir().unwrap();
        let keys = home.path();
        let of = |alias: &str| paths_of(keys, &alias.parse().unwrap());
        assert!(of("jira").is_empty());
        for name in [
            "jira.b.token.json",
            "jira.a.token.json",
            "jira-2.a.token.json",
        ] {
            fs::write(keys.join(name), "").unwrap();
        }
        fs::write(keys.join("jira-ci.pem"), "").unwrap();
        fs::write(keys.join("jira.ci.pem"), "").unwrap();
        assert_eq!(
            of("jira"),
            ["a", "b"].map(|name| keys.join(format!("jira.{name}.token.json")))
        );
        assert!(paths_of(&keys.join("none"), &"jira".parse().unwrap()).is_empty());
    }

    #[test]
    fn what_is_written_is_read_by_its_owner_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("keys/jira.ci.token.json");
        assert!(StoredToken::load(&path).unwrap().is_none());
        let written = token(Some(1_000));
        written.save(&path).unwrap();
        written.save(&path).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
            0o600
        );
        let directory = path.parent().unwrap();
        assert_eq!(
            fs::metadata(directory).unwrap().permissions().mode() & 0o7777,
            0o700
        );
        let mut names: Vec<_> = fs::read_dir(directory)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, [".gitignore", "jira.ci.token.json"]);
        let read = StoredToken::load(&path).unwrap().unwrap();
        assert_eq!(read.owner, written.owner);
        assert_eq!(read.token.expose_secret(), "tok\"en");
        assert_eq!(read.session_handle.unwrap().expose_secret(), "handle");
        assert_eq!(
            (read.expires, read.authorization_expires),
            (written.expires, written.authorization_expires)
        );
        assert!(!format!("{written:?}").contains("tok\\"));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(StoredToken::load(&path).unwrap_err().kind, Kind::Auth);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "{\"version\":1,\"token\":\"s3cret\"").unwrap();
        let error = StoredToken::load(&path).unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
        assert!(forget(&path).unwrap());
        assert!(!forget(&path).unwrap());
    }

    #[test]
    fn when_it_is_due() {
        let at = |second| Timestamp::from_second(1_000_000 + second).unwrap();
        let hour = token(Some(3_600));
        assert!(!hour.is_due(at(0)) && !hour.is_due(at(3_000)));
        assert!(hour.is_due(at(3_300)) && hour.is_due(at(10_000)));
        assert!(hour.renewable(at(7_000)).is_some() && hour.renewable(at(7_200)).is_none());
        let years = token(Some(157_680_000));
        assert!(!years.is_due(at(157_500_000)) && years.is_due(at(157_600_000)));
        assert!(!token(None).is_due(at(i64::from(i32::MAX))));
        assert!(!token(Some(u64::MAX / 2)).is_due(at(0)));
    }
}
