//! The page about the file of links, and its JSON Schema, held against what is read.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use applink::desired::read;
use serde_json::{Value, json};

fn schema() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/plan-file.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn page() -> String {
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

fn reads(text: &str) -> bool {
    let variable = |name: &str| (name == "WIKI_URL").then(|| "https://wiki.example.com".to_owned());
    read("sample", text.as_bytes(), &variable).is_ok()
}

/// Files, and whether they are any good.
fn files() -> Vec<(String, bool)> {
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

#[test]
fn an_independent_validator_agrees_with_the_reader() {
    let script = "import json, sys\n\
        from jsonschema import Draft202012Validator as V\n\
        given = json.load(sys.stdin)\n\
        V.check_schema(given['schema'])\n\
        v = V(given['schema'])\n\
        print(json.dumps([v.is_valid(one) for one in given['files']]))\n";
    let asked = Command::new("python3")
        .args(["-c", "import jsonschema"])
        .stderr(Stdio::null())
        .status();
    if !asked.is_ok_and(|status| status.success()) {
        let why = "not run: python3 has no jsonschema (python3 -m pip install jsonschema)";
        let _ = writeln!(std::io::stderr(), "{why}");
        return;
    }
    let files = files();
    let parsed: Vec<Value> = files
        .iter()
        .map(|(text, _)| serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap())
        .collect();
    let mut child = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let input = json!({ "schema": schema(), "files": parsed }).to_string();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let valid: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    for ((text, is_good), valid) in files.iter().zip(valid) {
        assert_eq!(valid, *is_good, "{text}");
    }
}
