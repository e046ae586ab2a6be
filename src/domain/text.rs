//! Makes remote text harmless: it can neither steer a terminal nor look like something else.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is harmless on a terminal and looks like what it is.
fn is_plain(c: char) -> bool {
    !matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' // C0, DEL, C1
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' // zero width, bidirectional
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{e0000}'..='\u{e007f}') // tags
}

/// Shows control, bidirectional and invisible characters as escapes; other text is unchanged.
///
/// A backslash stays as it is: the result is for reading, not for parsing back.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_plain(c) {
            out.push(c);
        } else if (c as u32) < 0x100 {
            let _ = write!(out, "\\x{:02x}", c as u32);
        } else {
            let _ = write!(out, "\\u{{{:x}}}", c as u32);
        }
    }
    Cow::Owned(out)
}

/// A text without control, bidirectional and invisible characters, and without white space around.
pub fn plain(text: &str) -> String {
    let plain: String = text.chars().filter(|c| is_plain(*c)).collect();
    plain.trim().to_owned()
}

/// Cleans a text and cuts it to at most `max` characters, saying that it was cut.
pub fn excerpt(text: &str, max: usize) -> String {
    let cleaned = clean(text.trim());
    if cleaned.chars().count() <= max {
        return cleaned.into_owned();
    }
    let mut out: String = cleaned.chars().take(max.saturating_sub(1)).collect();
    out.push('…');
    out
}

/// Whether a text may stand in a command that is printed to be pasted.
pub fn is_pasteable(text: &str) -> bool {
    text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(clean("Jira"), "Jira");
        assert_eq!(clean("Zürich 東京"), "Zürich 東京");
        assert_eq!(clean("a\u{1b}]0;x\u{7}b"), "a\\x1b]0;x\\x07b");
        assert_eq!(clean("a\u{9b}2J"), "a\\x9b2J");
        assert_eq!(clean("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(clean("a\r\nb"), "a\\x0d\\x0ab");
        assert!(!is_pasteable("x\u{200b}"));
        assert_eq!(plain(" J\u{1b}[2Ji\u{202e}ra\n"), "J[2Jira");
        assert_eq!(plain("\u{7}"), "");
    }

    #[test]
    fn long_text_says_that_it_was_cut() {
        assert_eq!(excerpt("abcdef", 4), "abc…");
        assert_eq!(excerpt(" abcd ", 4), "abcd");
    }
}
