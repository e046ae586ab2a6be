//! Positions in the text of a TOML file, and how deeply it is nested.

use std::fmt;

/// A place in a text, counted from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The place of a byte offset; bytes that are not UTF-8 count as one character each.
    pub fn of(bytes: &[u8], offset: usize) -> Self {
        let before = bytes.get(..offset).unwrap_or(bytes);
        let start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let line = before.split(|byte| *byte == b'\n').count();
        let last = before.get(start..).unwrap_or_default();
        let column = String::from_utf8_lossy(last).chars().count() + 1;
        Self { line, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Where brackets are nested deeper than that. Strings and comments are passed over the way TOML has
/// them; the parser has a limit of its own, this one only comes before it.
pub fn nested_deeper(bytes: &[u8], limit: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                if depth > limit {
                    return Some(at);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'#' => at = after_line(bytes, at),
            b'"' | b'\'' => {
                at = after_string(bytes, at, byte);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn after_line(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().position(|byte| *byte == b'\n');
    at + length.unwrap_or(rest.len())
}

fn after_string(bytes: &[u8], at: usize, quote: u8) -> usize {
    let is_triple = |at: usize| {
        bytes
            .get(at..at + 3)
            .is_some_and(|three| three.iter().all(|byte| *byte == quote))
    };
    let triple = is_triple(at);
    let mut at = at + if triple { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && quote == b'"' {
            at += 2;
        } else if triple && is_triple(at) {
            return at + 3;
        } else if !triple && (byte == quote || byte == b'\n') {
            return at + 1;
        } else {
            at += 1;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_past_strings_and_comments() {
        assert_eq!(nested_deeper(b"a = [[[]]]", 3), None);
        assert_eq!(nested_deeper(b"a = [[[]]]", 2), Some(6));
        assert_eq!(nested_deeper(b"a = \"[[[\" # [[[\nb = '[[['", 1), None);
        assert_eq!(nested_deeper(b"a = \"\"\"[[[\\\"\"\"\"", 1), None);
    }

    #[test]
    fn places_are_counted_from_one() {
        let text = "a\nbé = 1".as_bytes();
        assert_eq!(Position::of(text, 0).to_string(), "1:1");
        assert_eq!(Position::of(text, 5).to_string(), "2:3");
    }
}
