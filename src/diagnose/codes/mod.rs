//! The catalogue: what every code means, why it happens, how it is cured, and how grave it is.
//!
//! One table for `verify`, `explain`, the man page and the documentation. Texts are short and
//! complete: they are read in the middle of the night, on one screen, by somebody who did not
//! set up the link. Names in capitals are placeholders.

mod oauth;
mod own;
mod product;

use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::{Category, Code, Health};

pub use oauth::{OAUTH_PROBLEMS, OauthProblem, oauth_code, oauth_problem};

/// What the catalogue says of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// What it makes of the link, in the ordinary case.
    pub gravity: Gravity,
    /// When it makes something else of it.
    pub varies: Option<&'static str>,
    /// One sentence.
    pub meaning: &'static str,
    /// Why it happens, the likeliest first.
    pub causes: &'static [&'static str],
    /// What to do, the mildest first. Commands stand between backquotes.
    pub fixes: &'static [&'static str],
    /// On which server, in whose setting, the cure lies.
    pub who: &'static str,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gravity {
    /// The link does not work.
    Broken,
    /// The link works, and a person should look at it.
    Warning,
    /// The link cannot be judged.
    Unverifiable,
    /// Worth knowing; sets neither a status nor a code.
    Note,
    /// Says nothing about a link: an account was refused by an application.
    Account,
}

/// What else is known where a code alone does not decide on its gravity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Nothing that matters.
    Usual,
    /// One way is what the administrator asked for.
    OneWayWanted,
    /// Both ends are on the machine that applink runs on.
    SameHost,
    /// The clocks differ by this much.
    Skew(Duration),
    /// A signature is made over the address in question.
    Signed,
}

/// From here on a difference of clocks is a warning.
pub const SKEW_WARNING: Duration = Duration::from_secs(60);

/// From here on the products refuse timestamps.
pub const SKEW_BROKEN: Duration = Duration::from_secs(300);

impl Gravity {
    /// The words used by `explain`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Warning => "warning",
            Self::Unverifiable => "unverifiable",
            Self::Note => "note",
            Self::Account => "not about the link",
        }
    }

    /// The status of an end that has such a finding and nothing graver.
    pub fn health(self) -> Health {
        match self {
            Self::Broken => Health::Broken,
            Self::Warning => Health::Warning,
            // An application that lets nobody in leaves its ends unseen.
            Self::Unverifiable | Self::Account => Health::Unverifiable,
            Self::Note => Health::Ok,
        }
    }
}

/// How grave a code is, by its category and by the few rules that go before it.
pub fn gravity(code: Code, case: Case) -> Gravity {
    match (code, case) {
        (Code::ClockSkew, Case::Skew(skew)) => {
            if skew >= SKEW_BROKEN {
                Gravity::Broken
            } else if skew >= SKEW_WARNING {
                Gravity::Warning
            } else {
                Gravity::Note
            }
        }
        (Code::BaseUrlMismatch, Case::Signed) => Gravity::Broken,
        (Code::NoRemoteApplink | Code::OneWay, Case::OneWayWanted)
        | (
            Code::ClockSkew
            | Code::BaseUrlMismatch
            | Code::ClonedApplication
            | Code::Moved
            | Code::CertExpires
            | Code::WeakKey
            | Code::ConsumerStillAccepted
            | Code::CapabilitiesStale,
            _,
        ) => Gravity::Warning,
        (Code::LoopbackUrl, Case::SameHost) | (Code::PlainHttp, _) => Gravity::Note,
        _ => match code.category() {
            Category::NetworkError
            | Category::ConfigError
            | Category::Incompatible
            | Category::Unknown => Gravity::Broken,
            Category::Deprecated | Category::Disabled => Gravity::Warning,
            Category::NonAtlassian | Category::System => Gravity::Unverifiable,
            Category::AccessError if code.is_product() => Gravity::Unverifiable,
            Category::AccessError => Gravity::Account,
        },
    }
}

/// The status of an end that has this finding and nothing graver.
pub fn health(code: Code, case: Case) -> Health {
    gravity(code, case).health()
}

/// What the catalogue says of a code.
pub fn entry(code: Code) -> &'static Entry {
    product::entry(code)
        .or_else(|| own::entry(code))
        .unwrap_or(&product::UNKNOWN)
}

/// Every entry, the products' own codes first.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    Code::ALL.iter().map(|code| entry(*code))
}

/// The entries whose names, categories or texts hold every word of `text`, in any case of
/// letters; names that hold the whole of it come first.
pub fn search(text: &str) -> Vec<&'static Entry> {
    let wanted = text.trim().to_lowercase();
    let name = wanted.replace([' ', '-'], "_");
    let words: Vec<&str> = wanted.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let (mut named, mut told) = (Vec::new(), Vec::new());
    for entry in all() {
        if entry.code.as_str().to_lowercase().contains(&name) {
            named.push(entry);
        } else if entry.holds(&words) {
            told.push(entry);
        }
    }
    named.append(&mut told);
    named
}

impl Entry {
    /// What the code makes of a link, in the ordinary case, in words.
    pub fn status(&self) -> &'static str {
        self.gravity.as_str()
    }

    /// The values of `oauth_problem` that end in this code.
    pub fn oauth_problems(&self) -> impl Iterator<Item = &'static OauthProblem> {
        let code = self.code;
        OAUTH_PROBLEMS
            .iter()
            .filter(move |known| oauth_code(known.problem) == code)
    }

    /// One element of the `codes` of `explain -o json`.
    pub fn to_json(&self) -> Value {
        json!({
            "code": self.code,
            "category": self.code.category(),
            "status": self.gravity.as_str(),
            "status_varies": self.varies,
            "meaning": self.meaning,
            "causes": self.causes,
            "fixes": self.fixes,
            "where": self.who,
            "oauth_problems": self.oauth_problems().map(|known| known.to_json()).collect::<Vec<_>>(),
        })
    }

    fn holds(&self, words: &[&str]) -> bool {
        let mut text = format!(
            "{} {} {} {}",
            self.code,
            self.code.category().as_str(),
            self.meaning,
            self.who
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

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: &[&str] = &[
        "add",
        "app",
        "create",
        "edit",
        "relocate",
        "delete",
        "verify",
        "list",
        "repair",
        "migrate",
        "resume",
        "key",
        "authorize",
        "explain",
        "scan",
        "plan",
        "apply",
        "export",
    ];
    const RELEASED: &[&str] = &[
        "key", "migrate", "app", "create", "edit", "relocate", "delete", "verify", "list",
        "resume", "explain",
    ];

    /// What stands between backquotes.
    fn quoted(text: &str) -> impl Iterator<Item = &str> {
        text.split('`').skip(1).step_by(2)
    }

    #[test]
    fn every_code_has_exactly_one_entry() {
        for code in Code::ALL {
            let both = [product::entry(*code), own::entry(*code)];
            let found: Vec<_> = both.iter().flatten().collect();
            assert_eq!(found.len(), 1, "{code}");
            assert_eq!(found[0].code, *code);
            assert_eq!(product::entry(*code).is_some(), code.is_product(), "{code}");
        }
        assert_eq!(all().count(), Code::ALL.len());
    }

    #[test]
    fn every_entry_is_complete() {
        for entry in all() {
            let code = entry.code;
            assert!(entry.meaning.ends_with('.'), "{code}");
            assert!(
                !entry.meaning.trim_end_matches('.').contains(". "),
                "{code}"
            );
            assert!(
                !entry.causes.is_empty() && !entry.fixes.is_empty(),
                "{code}"
            );
            assert!(!entry.who.is_empty(), "{code}");
            for text in entry
                .causes
                .iter()
                .chain(entry.fixes)
                .chain([&entry.meaning])
            {
                assert!(!text.contains("://"), "{code}");
                assert!(text.len() <= 260, "{code}: {text}");
                assert_eq!(text.matches('`').count() % 2, 0, "{code}: {text}");
                assert_eq!(text.trim(), *text);
            }
            assert_eq!(entry.gravity, gravity(code, Case::Usual), "{code}");
        }
    }

    #[test]
    fn commands_in_fixes_exist() {
        let texts = all()
            .flat_map(|entry| entry.fixes.iter().copied())
            .chain(OAUTH_PROBLEMS.iter().map(|problem| problem.fix));
        let mut commands = 0;
        for text in texts {
            assert!(!text.replace('`', "").contains("applink applink"));
            for command in quoted(text) {
                if let Some(rest) = command.strip_prefix("applink ") {
                    let word = rest.split(' ').next().unwrap_or_default();
                    assert!(COMMANDS.contains(&word), "{command}");
                    assert!(RELEASED.contains(&word), "{command} comes later");
                    commands += 1;
                }
            }
        }
        assert!(commands > 30);
    }

    #[test]
    fn the_table_of_gravity() {
        use Gravity::{Account, Broken, Note, Unverifiable, Warning};
        let skew = |seconds| Case::Skew(Duration::from_secs(seconds));
        for (code, case, expected) in [
            (Code::ConnectionRefused, Case::Usual, Broken),
            (Code::NoOutgoingAuth, Case::Usual, Broken),
            (Code::Unknown, Case::Usual, Broken),
            (Code::Disabled, Case::Usual, Warning),
            (Code::LegacyUpdate, Case::Usual, Warning),
            (Code::GenericLink, Case::Usual, Unverifiable),
            (Code::SystemLink, Case::Usual, Unverifiable),
            (
                Code::InsufficientRemotePermission,
                Case::Usual,
                Unverifiable,
            ),
            (Code::NotAdmin, Case::Usual, Account),
            (Code::WebsudoRequired, Case::Usual, Account),
            (Code::ClockSkew, skew(0), Note),
            (Code::ClockSkew, skew(59), Note),
            (Code::ClockSkew, skew(60), Warning),
            (Code::ClockSkew, skew(299), Warning),
            (Code::ClockSkew, skew(300), Broken),
            (Code::BaseUrlMismatch, Case::Usual, Warning),
            (Code::BaseUrlMismatch, Case::Signed, Broken),
            (Code::OneWay, Case::Usual, Broken),
            (Code::OneWay, Case::OneWayWanted, Warning),
            (Code::NoRemoteApplink, Case::OneWayWanted, Warning),
            (Code::AuthLevelMismatch, Case::OneWayWanted, Broken),
            (Code::LoopbackUrl, Case::Usual, Broken),
            (Code::LoopbackUrl, Case::SameHost, Note),
            (Code::PlainHttp, Case::Usual, Note),
            (Code::LoginPage, Case::Usual, Broken),
            (Code::Moved, Case::Usual, Warning),
        ] {
            assert_eq!(gravity(code, case), expected, "{code} {case:?}");
        }
        assert_eq!(health(Code::PlainHttp, Case::Usual), Health::Ok);
        assert_eq!(health(Code::NotAdmin, Case::Usual), Health::Unverifiable);
    }

    #[test]
    fn search_finds_names_before_texts() {
        let names =
            |text: &str| -> Vec<&str> { search(text).iter().map(|e| e.code.as_str()).collect() };
        assert_eq!(names("clock skew")[0], "CLOCK_SKEW");
        assert!(names("timestamp").contains(&"OAUTH_TIMESTAMP_REFUSED"));
        assert!(names("LEGACY").len() >= 5);
        assert!(names("truststore").contains(&"SSL_UNTRUSTED"));
        assert!(names("permission_unknown").contains(&"OAUTH_PROBLEM"));
        assert!(names("  ").is_empty());
        assert!(names("no such thing at all").is_empty());
    }

    #[test]
    fn the_json_of_an_entry() {
        let value = entry(Code::ClockSkew).to_json();
        assert_eq!(value["category"], "NETWORK_ERROR");
        assert_eq!(value["status"], "warning");
        assert!(
            value["fixes"]
                .as_array()
                .is_some_and(|list| !list.is_empty())
        );
        assert_eq!(value["oauth_problems"], json!([]));
        let value = entry(Code::OauthTimestampRefused).to_json();
        assert_eq!(value["oauth_problems"][0]["http_status"], 400);
    }
}
