//! Words in logs, pages and answers, and what they mean. The tables are data: a phrase, where it
//! comes from, its meaning, and what to do.

mod entry;
mod jvm;
mod login;
mod products;
mod proxies;

use std::cmp::Reverse;
use std::sync::LazyLock;

use crate::diagnose::codes::OAUTH_PROBLEMS;

pub use entry::Phrase;

/// All phrases; each value of `oauth_problem` is one.
pub fn all() -> impl Iterator<Item = Phrase> {
    let problems = OAUTH_PROBLEMS.iter().map(|problem| Phrase {
        text: problem.problem,
        source: "OAuth 1.0a, oauth_problem",
        meaning: problem.meaning,
        fix: problem.fix,
    });
    [
        jvm::PHRASES,
        login::PHRASES,
        products::PHRASES,
        proxies::PHRASES,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(problems)
}

/// The phrases in a line, the longest first. One that is a part of another one is left out.
pub fn find(line: &str) -> Vec<Phrase> {
    static WORDS: LazyLock<Vec<(String, Phrase)>> = LazyLock::new(|| {
        all()
            .map(|phrase| (phrase.text.to_lowercase(), phrase))
            .collect()
    });
    let plain = line.to_lowercase();
    let decoded = percent_encoding::percent_decode_str(&line.replace('+', " "))
        .decode_utf8_lossy()
        .to_lowercase();
    let mut found: Vec<&(String, Phrase)> = WORDS
        .iter()
        .filter(|(words, _)| holds(&plain, words) || holds(&decoded, words))
        .collect();
    found.sort_by_key(|(words, _)| Reverse(words.len()));
    let mut longest: Vec<&(String, Phrase)> = Vec::new();
    for entry in found {
        if !longest.iter().any(|(longer, _)| longer.contains(&entry.0)) {
            longest.push(entry);
        }
    }
    longest.into_iter().map(|(_, phrase)| *phrase).collect()
}

/// Whether a line holds the words, as words: letters and digits do not go on at their ends.
fn holds(line: &str, phrase: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let starts_word = is_word(phrase.chars().next());
    let ends_word = is_word(phrase.chars().next_back());
    line.match_indices(phrase).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line
            .get(at + phrase.len()..)
            .and_then(|text| text.chars().next());
        !(starts_word && is_word(before) || ends_word && is_word(after))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_many_and_each_is_complete() {
        let mut texts = BTreeSet::new();
        for phrase in all() {
            assert!(
                texts.insert(phrase.text.to_lowercase()),
                "{} twice",
                phrase.text
            );
            for text in [phrase.text, phrase.source, phrase.meaning, phrase.fix] {
                assert!(!text.trim().is_empty(), "{phrase:?}");
            }
            assert!(
                phrase.meaning.ends_with('.') && phrase.fix.ends_with('.'),
                "{phrase:?}"
            );
        }
        assert!(texts.len() >= 150, "{}", texts.len());
    }

    #[test]
    fn each_is_found_alone_in_a_log_line_and_in_a_query() {
        for phrase in all() {
            let text = phrase.text;
            let encoded: String =
                percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                    .to_string();
            for line in [
                text.to_owned(),
                text.to_uppercase(),
                format!(
                    "2026-11-30 02:13:44,017 http-nio-8080-exec-7 WARN admin [c.a.applinks] {text} (more)"
                ),
                format!("http://jira.example/x?reason={encoded}&y=1"),
            ] {
                let found = find(&line);
                let is_there = found
                    .iter()
                    .any(|one| one.text.to_lowercase().contains(&text.to_lowercase()));
                assert!(is_there, "{text:?} in {line:?}: {found:?}");
            }
        }
    }

    #[test]
    fn ordinary_lines_match_nothing() {
        for line in [
            "2026-11-30 02:13:44 INFO [c.a.j.startup] Jira has started in 42 s",
            "GET /rest/applinks/3.0/applinks HTTP/1.1 200 512",
            "user admin created the issue ABC-1",
            "Reindexing took 4013 ms",
            "the link of jira to confluence was created",
            "Scheduled job com.atlassian.cleanup finished",
            "a pair of keys with 2048 bits",
            "port 4040 is used",
            "4290 requests in 5 s",
            "",
        ] {
            assert_eq!(find(line), Vec::new(), "{line}");
        }
    }
}
