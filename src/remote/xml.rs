//! Reads the small XML documents of applications: a root with elements that hold text.

use quick_xml::Reader;
use quick_xml::events::Event;

/// No document of these kinds is longer.
const LONGEST: usize = 256 * 1024;

/// The elements of a document that hold text, in their order, each with its local name. Nested
/// elements are listed like the others, whatever the root is called.
///
/// A document type is refused, so nothing is fetched and nothing is expanded.
pub(super) fn elements(text: &str) -> Result<Vec<(String, String)>, String> {
    if text.len() > LONGEST {
        return Err("the page is too long".to_owned());
    }
    let mut reader = Reader::from_str(text);
    let mut elements: Vec<(String, String)> = Vec::new();
    let mut is_inside = false;
    loop {
        let piece = match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => {
                elements.push((element.local_name().as_ref().to_owned(), String::new()));
                is_inside = true;
                continue;
            }
            Event::Text(piece) => piece.to_string(),
            Event::CData(piece) => piece.to_string(),
            Event::GeneralRef(reference) => {
                let name: &str = &reference;
                quick_xml::escape::unescape(&format!("&{name};"))
                    .map_err(|error| error.to_string())?
                    .into_owned()
            }
            Event::End(_) => {
                is_inside = false;
                continue;
            }
            Event::DocType(_) => return Err("it has a document type, which is refused".to_owned()),
            Event::Eof => break,
            _ => continue,
        };
        if let (true, Some((_, text))) = (is_inside, elements.last_mut()) {
            text.push_str(&piece);
        }
    }
    for (_, text) in &mut elements {
        *text = text.trim().to_owned();
    }
    Ok(elements)
}

/// The text of the first element of that name.
pub(super) fn first<'a>(elements: &'a [(String, String)], name: &str) -> Option<&'a str> {
    elements
        .iter()
        .find(|(element, _)| element == name)
        .map(|(_, text)| text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_with_text_are_listed() {
        let text = "<?xml version=\"1.0\"?>\n<!-- a -->\n<m>\n <id> 1 </id><!-- b --><t>x</t>\n<t>y</t><n><![CDATA[a<b]]> &amp; c</n><e/></m>";
        let elements = elements(text);
        let all = elements.as_deref().unwrap_or_default();
        assert_eq!(first(all, "id"), Some("1"));
        assert_eq!(first(all, "n"), Some("a<b & c"));
        assert_eq!(first(all, "z"), None);
        let types: Vec<&str> = all
            .iter()
            .filter(|(name, _)| name == "t")
            .map(|(_, text)| text.as_str())
            .collect();
        assert_eq!(types, ["x", "y"]);
    }

    #[test]
    fn what_could_be_expanded_is_refused() {
        assert!(elements("<!DOCTYPE m [<!ENTITY a \"b\">]><m>&a;</m>").is_err());
        assert!(elements("<m>&unknown;</m>").is_err());
        assert!(elements("<m><id>1</m>").is_err());
    }
}
