//! One entry of the catalogue.

use super::oauth::{OAUTH_PROBLEMS, OauthProblemEntry, oauth_code};
use super::severity::Severity;
use crate::domain::Code;

/// What the catalogue says of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code.
    pub code: Code,
    /// What it makes of the link, in the ordinary case.
    pub severity: Severity,
    /// When it makes something else of it.
    pub varies: Option<&'static str>,
    /// One sentence.
    pub meaning: &'static str,
    /// Why it happens, the likeliest first.
    pub causes: &'static [&'static str],
    /// What to do, the mildest first. Commands stand between backquotes.
    pub fixes: &'static [&'static str],
    /// On which server, in whose setting, the cure lies.
    pub where_to_fix: &'static str,
}

impl CodeEntry {
    /// What the code makes of a link, in the ordinary case, in words.
    pub fn status(&self) -> &'static str {
        self.severity.as_str()
    }

    /// The values of `oauth_problem` that end in this code.
    pub fn oauth_problems(&self) -> impl Iterator<Item = &'static OauthProblemEntry> {
        let code = self.code;
        OAUTH_PROBLEMS
            .iter()
            .filter(move |known| oauth_code(known.problem) == code)
    }

    pub(super) fn holds(&self, words: &[&str]) -> bool {
        let mut text = format!(
            "{} {} {} {}",
            self.code,
            self.code.category().as_str(),
            self.meaning,
            self.where_to_fix
        );
        for part in self.causes {
            text.push(' ');
            text.push_str(part);
        }
        for known in self.oauth_problems() {
            text.push(' ');
            text.push_str(known.problem);
        }
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    }
}
