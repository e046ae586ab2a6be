//! Plan files, good and bad, and the schema of the plan file.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

pub(crate) fn schema() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/plan-file.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn page() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/plan-file.md");
    fs::read_to_string(path).unwrap()
}

/// The files that the page shows.
fn samples() -> Vec<String> {
    page()
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// Files, and whether they are any good.
pub(crate) fn files() -> Vec<(String, bool)> {
    let apps = "version = 1\n[applications.a]\nurl = \"https://a.example\"\n[applications.b]\nurl = \"https://b.example\"\n";
    let link = "[[links]]\nbetween = [\"a\", \"b\"]\n";
    let mut files: Vec<(String, bool)> = samples().into_iter().map(|text| (text, true)).collect();
    for (rest, is_good) in [
        (String::new(), true),
        (link.to_owned(), true),
        (format!("{link}auth = \"none\""), true),
        (format!("{link}auth = {{ a = \"impersonation\" }}"), true),
        (
            format!("{link}one_way = \"a\"\nnames = {{ a = \"B\" }}"),
            true,
        ),
        (format!("{link}auth = \"legacy\""), false),
        (format!("{link}auth = {{ a = \"three-legged\" }}"), false),
        (format!("{link}auth = 1"), false),
        (format!("{link}speed = 1"), false),
        (format!("{link}names = {{ a = \"\" }}"), false),
        (format!("{link}names = [\"a\"]"), false),
        (format!("{link}primary = \"a\""), false),
        (format!("{link}display_urls = {{ a = \"ftp://x\" }}"), false),
        ("[[links]]\nbetween = [\"a\"]".to_owned(), false),
        ("[[links]]\nauth = \"none\"".to_owned(), false),
        ("[[consumers]]\non = \"a\"\nname = \"x\"".to_owned(), true),
        ("[[consumers]]\non = \"a\"".to_owned(), false),
        (
            "[[consumers]]\non = \"a\"\nname = \"x\"\ntwo_legged = \"yes\"".to_owned(),
            false,
        ),
        ("[applications.c]\nurl = \"c.example\"".to_owned(), false),
        (
            "[applications.C]\nurl = \"https://c.example\"".to_owned(),
            false,
        ),
        ("[applications.c]\nuser = \"x\"".to_owned(), false),
    ] {
        files.push((format!("{apps}{rest}"), is_good));
    }
    files.push(("version = 2".to_owned(), false));
    files.push(("[applications]".to_owned(), false));
    files
}
