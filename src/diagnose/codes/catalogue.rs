//! The catalogue as a whole: one entry a code, and a search.

use super::entry::CodeEntry;
use super::{own, product};
use crate::domain::Code;

/// What the catalogue says of a code.
pub fn entry(code: Code) -> &'static CodeEntry {
    product::entry(code)
        .or_else(|| own::entry(code))
        .unwrap_or(&product::UNKNOWN)
}

/// Every entry, the products' own codes first.
pub fn all() -> impl Iterator<Item = &'static CodeEntry> {
    Code::ALL.iter().map(|code| entry(*code))
}

/// The entries whose names, categories or texts hold every word of `text`, in any case of
/// letters; names that hold the whole of it come first.
pub fn search(text: &str) -> Vec<&'static CodeEntry> {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::diagnose::codes::{Case, OAUTH_PROBLEMS, Severity, health, severity};
    use crate::domain::Health;

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
            assert!(!entry.where_to_fix.is_empty(), "{code}");
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
            assert_eq!(entry.severity, severity(code, Case::Usual), "{code}");
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
        use Severity::{Account, Broken, Note, Unverifiable, Warning};
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
            assert_eq!(severity(code, case), expected, "{code} {case:?}");
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
}
