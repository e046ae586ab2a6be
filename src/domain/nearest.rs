//! What was meant by a word that means nothing.

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
        .map(|known| (distance(&known.to_lowercase(), &word), known))
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

/// How many letters have to change to make one word of another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        let mut last = i + 1;
        for (j, y) in b.iter().enumerate() {
            let here = (before + usize::from(x != *y))
                .min(last + 1)
                .min(row.get(j + 1).copied().unwrap_or(0) + 1);
            before = row.get(j + 1).copied().unwrap_or(0);
            if let Some(slot) = row.get_mut(j) {
                *slot = last;
            }
            last = here;
        }
        if let Some(slot) = row.last_mut() {
            *slot = last;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("jira", "jira"), 0);
        assert_eq!(distance("jria", "jira"), 2);
        assert_eq!(distance("wiki", "wiki2"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn only_what_is_near_is_meant() {
        let known = ["jira", "wiki", "wiki-prod"];
        assert_eq!(nearest("Jria", known), Some("jira"));
        assert_eq!(nearest("wiki-prd", known), Some("wiki-prod"));
        assert_eq!(nearest("bamboo", known), None);
        assert_eq!(nearest("", known), None);
    }
}
