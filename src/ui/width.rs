//! How many columns a text takes, and how it is wrapped without losing a character.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a clean text.
pub fn of(text: &str) -> usize {
    text.width()
}

/// Columns of one character.
pub(super) fn of_char(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// After these a long word may be broken.
fn is_seam(c: char) -> bool {
    "/-.:,;?&=_@".contains(c)
}

/// A text in lines that fit. A command at its end stays in one piece, to be pasted.
pub fn folded(text: &str, columns: usize) -> Vec<String> {
    let commands = [": applink ", ": chmod ", ": cp "];
    match commands.iter().find_map(|command| text.find(command)) {
        Some(at) if of(text) > columns => {
            let (before, command) = text.split_at(at + 2);
            let mut lines = wrap(before.trim_end(), columns);
            lines.push(command.to_owned());
            lines
        }
        _ => wrap(text, columns),
    }
}

/// Breaks a text into lines of at most `columns`: at spaces, else after punctuation (addresses),
/// else anywhere. Only the space at a break is dropped. A character that is wider than
/// `columns` gets a line of its own.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    // Places at which the line may end: after a space, after a seam.
    let (mut space, mut seam) = (None, None);
    for c in text.chars() {
        // The mark that makes the character before it an emoji, two columns wide.
        let wide = if c == '\u{fe0f}' {
            let before = of(&line);
            line.push(c);
            let more = of(&line).saturating_sub(before);
            line.pop();
            more
        } else {
            of_char(c)
        };
        if c == ' ' && used + wide > columns && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            (used, space, seam) = (0, None, None);
            continue;
        }
        while used + wide > columns && !line.is_empty() {
            let at = space.or(seam).unwrap_or(line.len());
            let rest = line.split_off(at);
            while line.ends_with(' ') {
                line.pop();
            }
            lines.push(std::mem::replace(&mut line, rest));
            used = of(&line);
            space = None;
            seam = line
                .char_indices()
                .rev()
                .find(|(_, c)| is_seam(*c))
                .map(|(i, c)| i + c.len_utf8());
        }
        line.push(c);
        used += wide;
        if c == ' ' {
            space = Some(line.len());
        } else if is_seam(c) {
            seam = Some(line.len());
        }
    }
    lines.push(line);
    lines
}

/// The text, filled up with spaces to `columns`.
pub(super) fn pad(text: &str, columns: usize, right: bool) -> String {
    let fill = " ".repeat(columns.saturating_sub(of(text)));
    if right {
        format!("{fill}{text}")
    } else {
        format!("{text}{fill}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_end_at_spaces_then_seams_then_anywhere() {
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two", 3), ["one", "two"]);
        assert_eq!(
            wrap("https://jira.example.com/jira", 12),
            ["https://", "jira.", "example.com/", "jira"]
        );
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("東京都庁", 5), ["東京", "都庁"]);
        assert_eq!(wrap("東", 1), ["東"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(
            text in "[a-c/ .東é🚀]{0,40}", columns in 2_usize..12
        ) {
            let lines = wrap(&text, columns);
            for line in &lines {
                prop_assert!(of(line) <= columns, "{line:?}");
            }
            let squeezed = |text: &str| text.replace(' ', "");
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
        }
    }
}
