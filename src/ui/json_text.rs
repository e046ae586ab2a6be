//! JSON for a pipe or a terminal.

use std::fmt::Write as _;

use serde::Serialize;

use crate::domain::text::is_pasteable;

/// One document and a newline: on one line, or indented for a person.
///
/// Control, bidirectional and invisible characters are written as `\u` escapes. A reader gets
/// the same text back, and a terminal gets nothing that steers it.
pub(super) fn document<T: Serialize>(value: &T, pretty: bool) -> Result<String, serde_json::Error> {
    let text = if pretty {
        serde_json::to_string_pretty(value)?
    } else {
        serde_json::to_string(value)?
    };
    let mut out = String::with_capacity(text.len() + 1);
    let mut bytes = [0; 4];
    for c in text.chars() {
        // Outside of strings there is only ASCII, and of control characters only line ends.
        if c == '\n' || is_pasteable(c.encode_utf8(&mut bytes)) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('\n');
    Ok(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn hostile_text_is_escaped_and_comes_back() {
        let name = "a\u{1b}]0;x\u{7}\u{7f}\u{9b}2J\u{202e}\u{e0041}\u{2028}\"\\\n東京";
        let value = json!({"name": name, "n": 1});
        for pretty in [false, true] {
            let text = document(&value, pretty).unwrap();
            assert!(text.trim_end().split('\n').all(is_pasteable), "{text}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
        assert_eq!(
            document(&json!({"schema": 1, "a": "é\u{202e}"}), false).unwrap(),
            "{\"schema\":1,\"a\":\"é\\u202e\"}\n"
        );
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in any::<String>(), pretty in any::<bool>()) {
            let value = json!({ text.clone(): text });
            let shown = document(&value, pretty).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
        }
    }
}
