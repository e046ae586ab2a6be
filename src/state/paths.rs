//! What lies beside the state file, and under which names.

use std::path::{Path, PathBuf};

/// The state file and its neighbours. All of them are in one directory, so that a rename never
/// crosses a file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    state: PathBuf,
}

impl Paths {
    /// The neighbours of this state file.
    pub fn new(state: impl Into<PathBuf>) -> Self {
        Self {
            state: state.into(),
        }
    }

    /// The state file itself.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// The directory of the state file; relative paths in the state start here.
    pub fn directory(&self) -> &Path {
        match self.state.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        }
    }

    /// What an unfinished run did and was about to do.
    pub fn journal(&self) -> PathBuf {
        self.appended(".journal")
    }

    /// The lock of the commands that change something.
    pub fn lock(&self) -> PathBuf {
        self.appended(".lock")
    }

    /// The content before the last change.
    pub fn backup(&self) -> PathBuf {
        self.appended(".bak")
    }

    /// The backup of an earlier state file that somebody deleted.
    pub fn old_backup(&self) -> PathBuf {
        self.appended(".bak.old")
    }

    /// What was seen last; may be deleted.
    pub fn cache(&self) -> PathBuf {
        self.stemmed(".cache.json")
    }

    /// The directory of private keys and tokens.
    pub fn keys(&self) -> PathBuf {
        self.stemmed(".keys")
    }

    /// A path as the state holds it: relative ones start at the state file's directory.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        self.directory().join(path)
    }

    fn appended(&self, suffix: &str) -> PathBuf {
        let mut name = self.state.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        self.state.with_file_name(name)
    }

    fn stemmed(&self, suffix: &str) -> PathBuf {
        let is_toml = self.state.extension().is_some_and(|ext| ext == "toml");
        let stem = if is_toml {
            self.state.file_stem()
        } else {
            self.state.file_name()
        };
        let mut name = stem.unwrap_or_default().to_owned();
        name.push(suffix);
        self.state.with_file_name(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_neighbours() {
        let paths = Paths::new("/s/applink/applink.toml");
        let shown = [
            paths.journal(),
            paths.lock(),
            paths.backup(),
            paths.cache(),
            paths.keys(),
        ]
        .map(|path| path.display().to_string());
        assert_eq!(
            shown,
            [
                "/s/applink/applink.toml.journal",
                "/s/applink/applink.toml.lock",
                "/s/applink/applink.toml.bak",
                "/s/applink/applink.cache.json",
                "/s/applink/applink.keys",
            ]
        );
        assert_eq!(paths.directory(), Path::new("/s/applink"));
    }

    #[test]
    fn other_names_and_bare_names() {
        let x = Paths::new("/s/x.toml");
        assert_eq!(x.cache(), Path::new("/s/x.cache.json"));
        assert_eq!(x.keys(), Path::new("/s/x.keys"));
        let dotted = Paths::new("prod.state");
        assert_eq!(dotted.cache(), Path::new("prod.state.cache.json"));
        assert_eq!(dotted.lock(), Path::new("prod.state.lock"));
        assert_eq!(dotted.directory(), Path::new("."));
        assert_eq!(dotted.resolve(Path::new("ca.pem")), Path::new("./ca.pem"));
        assert_eq!(
            x.resolve(Path::new("/etc/ca.pem")),
            Path::new("/etc/ca.pem")
        );
    }
}
