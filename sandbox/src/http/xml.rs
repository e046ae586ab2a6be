//! Writes entities as XML documents, and reads flat XML documents.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::escape::{escape, unescape};
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// `value` as a document: objects are elements, arrays repeat their element, links have attributes.
pub(crate) fn document(root: &str, value: &Value) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>");
    element(&mut text, root, value);
    text
}

fn element(text: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(items) if name.starts_with("resources-") => {
            enclose(text, name, |text| {
                for item in items {
                    element(text, "link", item);
                }
            });
        }
        Value::Array(items) => {
            for item in items {
                element(text, name, item);
            }
        }
        Value::Object(fields) if name == "link" => {
            text.push_str("<link");
            for (field, value) in fields {
                let _ = write!(text, " {field}=\"{}\"", escape(plain(value)));
            }
            text.push_str("/>");
        }
        Value::Object(fields) => enclose(text, name, |text| {
            for (field, value) in fields {
                element(text, field, value);
            }
        }),
        scalar => enclose(text, name, |text| text.push_str(&escape(plain(scalar)))),
    }
}

fn enclose(text: &mut String, name: &str, content: impl FnOnce(&mut String)) {
    let _ = write!(text, "<{name}>");
    content(text);
    let _ = write!(text, "</{name}>");
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The text of the first leaf element of each local name. `None` when `text` is no XML, or has a
/// document type declaration.
pub(crate) fn leaves(text: &str) -> Option<Map<String, Value>> {
    let mut reader = Reader::from_str(text);
    let mut found = Map::new();
    let mut open: Vec<(String, String)> = Vec::new();
    let mut seen_root = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                seen_root = true;
                if let Some((_, content)) = open.last_mut() {
                    content.clear();
                }
                open.push((start.local_name().as_ref().to_owned(), String::new()));
            }
            Event::Empty(empty) => {
                seen_root = true;
                found
                    .entry(empty.local_name().as_ref().to_owned())
                    .or_insert(Value::from(""));
            }
            Event::Text(part) => {
                if let Some((_, content)) = open.last_mut() {
                    content.push_str(&part);
                }
            }
            Event::GeneralRef(reference) => {
                if let Some((_, content)) = open.last_mut() {
                    let entity = format!("&{};", &*reference);
                    content.push_str(&unescape(&entity).ok()?);
                }
            }
            Event::CData(part) => {
                if let Some((_, content)) = open.last_mut() {
                    content.push_str(&part);
                }
            }
            Event::End(_) => {
                let (name, content) = open.pop()?;
                found
                    .entry(name)
                    .or_insert_with(|| Value::from(content.trim()));
            }
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    (seen_root && open.is_empty()).then_some(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on ends here")]
mod tests {
    use serde_json::json;

    use super::{document, leaves};

    #[test]
    fn writes_entities() {
        let value = json!({"id": "1", "isPrimary": true, "gone": null, "kinds": ["a", "b"],
            "link": [{"href": "http://x/?a&b", "rel": "self"}]});
        let text = document("applicationLink", &value);
        assert!(text.ends_with(
            "<applicationLink><id>1</id><isPrimary>true</isPrimary><kinds>a</kinds><kinds>b</kinds>\
             <link href=\"http://x/?a&amp;b\" rel=\"self\"/></applicationLink>"
        ));
    }

    #[test]
    fn reads_leaves_by_name() {
        let read =
            leaves("<document><key>a &amp; b</key><x><name>n</name></x><key>2</key></document>")
                .unwrap();
        assert_eq!(read["key"], "a & b");
        assert_eq!(read["name"], "n");
        assert!(leaves("<!DOCTYPE a><a/>").is_none());
        assert!(leaves("{}").is_none());
        assert!(leaves("<a><b></a>").is_none());
    }
}
