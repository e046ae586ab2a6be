//! The page about the file of links, and its JSON Schema, held against what is read.

use applink::desired::read;

use crate::support::plan_file_samples::{files, page, schema};

fn reads(text: &str) -> bool {
    let variable = |name: &str| (name == "WIKI_URL").then(|| "https://wiki.example.com".to_owned());
    read("sample", text.as_bytes(), &variable).is_ok()
}

#[test]
fn every_field_is_documented_and_every_sample_parses() {
    let page = page();
    let schema = schema();
    for table in ["Application", "Link", "Consumer"] {
        for field in schema["$defs"][table]["properties"]
            .as_object()
            .unwrap()
            .keys()
        {
            assert!(
                page.contains(&format!("| `{field}` |")),
                "{field} is not on the page"
            );
        }
    }
    for (text, is_good) in files() {
        assert_eq!(reads(&text), is_good, "{text}");
    }
}
