//! Suggestions for a mistyped word.

use strsim::levenshtein;

/// The one of `words` that differs least from `word`, where it differs little.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let most = match word.chars().count() {
        0..=2 => 1,
        3..=9 => 2,
        _ => 3,
    };
    words
        .into_iter()
        .map(|known| (levenshtein(&known.to_lowercase(), &word), known))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, known)| known)
}

/// What to say of it, where one of them may have been meant.
pub fn did_you_mean<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // The word itself is not there, whoever knows it.
    let others = words.into_iter().filter(|known| *known != word);
    nearest(word, others).map(|known| format!("did you mean {known:?}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_meant() {
        let known = ["jira", "wiki", "wiki-prod"];
        assert_eq!(nearest("Jria", known), Some("jira"));
        assert_eq!(nearest("wiki-prd", known), Some("wiki-prod"));
        assert_eq!(nearest("bamboo", known), None);
        assert_eq!(nearest("", known), None);
    }
}
