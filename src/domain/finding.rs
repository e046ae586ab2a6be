//! The results of checks, and suggested commands.

use serde::Serialize;

use super::{Alias, Code};

/// The state of an end or of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Works, as far as can be seen.
    Ok,
    /// Works, and a person should look at it.
    Warning,
    /// Cannot be judged.
    Unverifiable,
    /// Does not work.
    Broken,
}

impl Health {
    /// The word used in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Unverifiable => "unverifiable",
            Self::Broken => "broken",
        }
    }
}

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// As it should be.
    Pass,
    /// Worth knowing; sets no status.
    Note,
    /// Not made, and why is said.
    Skip,
    /// A person should look at it.
    Warn,
    /// Broken.
    Fail,
}

/// One check that applink made by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at: `manifest`, `clock`, …
    pub name: &'static str,
    /// The end it belongs to; none when it is about the pair.
    pub end: Option<Alias>,
    /// How it ended.
    pub status: CheckStatus,
    /// The code of what was found.
    pub code: Option<Code>,
    /// One sentence for a person.
    pub summary: String,
}

/// A suggested command, as an argument vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedCommand {
    /// The program and its arguments.
    pub argv: Vec<String>,
}

impl SuggestedCommand {
    /// A call of applink itself. `None` when an argument must not be shown for pasting.
    pub fn applink<I, S>(args: I) -> Option<Self>
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        Self::program("applink", args)
    }

    /// A call of another program. `None` when an argument must not be shown for pasting.
    pub fn program<I, S>(name: &str, args: I) -> Option<Self>
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        let mut argv = vec![name.to_owned()];
        argv.extend(args.into_iter().map(Into::into));
        argv.iter()
            .all(|arg| super::text::is_pasteable(arg))
            .then_some(Self { argv })
    }

    /// The command as a POSIX shell reads it.
    pub fn command(&self) -> String {
        self.argv
            .iter()
            .map(|arg| quote(arg))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A file's permissions changed, as a command.
pub fn chmod(mode: &str, path: &std::path::Path) -> String {
    SuggestedCommand::program("chmod", [mode, &path.display().to_string()])
        .map_or_else(|| format!("chmod {mode} FILE"), |fix| fix.command())
}

/// The one function that quotes an argument for a shell.
fn quote(arg: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) {
        arg.to_owned()
    } else {
        format!("'{}'", arg.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_survive_a_shell() {
        let fix = SuggestedCommand::applink(["create", "jira", "it's $HOME"]).map(|f| f.command());
        assert_eq!(fix.as_deref(), Some(r"applink create jira 'it'\''s $HOME'"));
        assert_eq!(SuggestedCommand::applink(["a\u{1b}[2J"]), None);
    }
}
