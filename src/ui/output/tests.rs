//! The tables of `docs/json.md` are the doc comments of the types in this room.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::*;
use crate::diagnose::codes;
use crate::domain::{
    Alias, ApplicationId, BaseUrl, Category, CheckStatus, Code, Health, Level, TypeId,
};

/// Types that are written as texts.
macro_rules! texts {
    ($($kind:ty),* $(,)?) => {$(
        impl JsonSchema for $kind {
            fn schema_name() -> Cow<'static, str> {
                "text".into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string" })
            }
        }
    )*};
}

texts!(
    Alias,
    ApplicationId,
    BaseUrl,
    Category,
    CheckStatus,
    Code,
    Health,
    Level,
    TypeId
);

/// The type of a field, in the words of the page.
fn kind(schema: &Value) -> String {
    if let Some(all) = schema.get("anyOf").and_then(Value::as_array) {
        return all.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap();
        return format!("[{name}](#{name})");
    }
    let word = |name: &str| match name {
        "boolean" => "true or false".to_owned(),
        "integer" => "number".to_owned(),
        "array" => format!("list of {}", kind(&schema["items"])),
        other => other.to_owned(),
    };
    match &schema["type"] {
        Value::String(name) => word(name),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            names.map(word).collect::<Vec<_>>().join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

/// A sentence as it stands in a table: without its capital letter and its full stop.
fn fragment(sentence: &str) -> String {
    let sentence = sentence.replace('\n', " ");
    let sentence = sentence.trim_end_matches('.');
    let mut letters = sentence.chars();
    match (letters.next(), letters.next()) {
        // `SHA-256` stays.
        (Some(first), Some(second)) if !second.is_uppercase() => {
            format!("{}{}", first.to_lowercase(), &sentence[first.len_utf8()..])
        }
        _ => sentence.to_owned(),
    }
}

/// The tables by the heading under which they stand.
struct Tables(BTreeMap<String, String>);

impl Tables {
    fn add<T: JsonSchema>(&mut self, is_document: bool) {
        let schema = schemars::schema_for!(T);
        let schema = schema.as_value();
        let mut table = "| field | type | what |\n| --- | --- | --- |\n".to_owned();
        if is_document {
            table.push_str("| `schema` | number | 1 |\n");
        }
        for (field, schema) in schema["properties"].as_object().unwrap() {
            let what = fragment(schema["description"].as_str().unwrap());
            let _ = writeln!(table, "| `{field}` | {} | {what} |", kind(schema));
        }
        let name = schema["title"].as_str().unwrap().to_owned();
        assert!(self.0.insert(name, table).is_none());
    }

    fn part<T: JsonSchema>(&mut self) {
        self.add::<T>(false);
    }

    fn document<T: JsonSchema + Document>(&mut self) {
        self.add::<T>(true);
    }

    fn all() -> Self {
        let mut tables = Self(BTreeMap::new());
        tables.document::<ErrorOutput>();
        tables.part::<ReasonOutput>();
        tables.part::<TroubleOutput>();
        tables.part::<WarningOutput>();
        tables.document::<ListOutput>();
        tables.part::<RecordOutput>();
        tables.part::<ConsumerOutput>();
        tables.part::<RegistrationOutput>();
        tables.document::<VerifyOutput>();
        tables.part::<VerdictOutput>();
        tables.part::<FixOutput>();
        tables.part::<EndOutput>();
        tables.part::<CheckOutput>();
        tables.part::<SummaryOutput>();
        tables.document::<WatchOutput>();
        tables.document::<ChangeOutput>();
        tables.part::<StepOutput>();
        tables.part::<PairOutput>();
        tables.part::<ProgramOutput>();
        tables.part::<ClientOutput>();
        tables.part::<ScanOutput>();
        tables.part::<FindingOutput>();
        tables.document::<PlanOutput>();
        tables.part::<DifferenceOutput>();
        tables.part::<DriftOutput>();
        tables.part::<CountsOutput>();
        tables.document::<ExportOutput>();
        tables.document::<AppListOutput>();
        tables.part::<AppOutput>();
        tables.document::<AppShowOutput>();
        tables.part::<CheckedAppOutput>();
        tables.document::<AppChangeOutput>();
        tables.document::<AppRemoveOutput>();
        tables.document::<KeyShowOutput>();
        tables.part::<KeyOutput>();
        tables.document::<KeyGenerateOutput>();
        tables.document::<KeyConvertOutput>();
        tables.part::<ConvertedOutput>();
        tables.document::<AuthorizeOutput>();
        tables.document::<ExplainOutput>();
        tables.part::<EntryOutput>();
        tables.part::<LineOutput>();
        tables.part::<PhraseOutput>();
        tables.part::<ProblemOutput>();
        tables
    }

    /// The page with these tables in place of its own; tables of other headings stay.
    fn put_into(mut self, page: &str) -> String {
        let mut out = String::with_capacity(page.len());
        let mut table = None;
        for line in page.lines() {
            if line.starts_with('#') {
                table = self.0.remove(line.trim_start_matches('#').trim());
            }
            match &table {
                Some(rows) if line.starts_with("| field") => out.push_str(rows),
                Some(_) if line.starts_with('|') => {}
                _ => {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
        assert!(self.0.is_empty(), "no heading for {:?}", self.0.keys());
        out
    }
}

#[test]
fn the_tables_of_the_page_are_the_doc_comments() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let wanted = Tables::all().put_into(&page);
    if std::env::var_os("APPLINK_BLESS").is_some() {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    assert!(
        page == wanted,
        "docs/json.md is out of date: APPLINK_BLESS=1 cargo test --lib the_tables_of_the_page"
    );
}

#[test]
fn schema_comes_first() {
    let document = AppRemoveOutput { changed: true };
    assert_eq!(
        serde_json::to_string(&Versioned::new(&document)).unwrap(),
        r#"{"schema":1,"changed":true}"#
    );
}

#[test]
fn an_entry_has_the_problems_of_its_code() {
    let entry = |code| serde_json::to_value(EntryOutput::from(codes::entry(code))).unwrap();
    let skew = entry(Code::ClockSkew);
    assert_eq!(skew["category"], "NETWORK_ERROR");
    assert_eq!(skew["status"], "warning");
    assert!(!skew["fixes"].as_array().unwrap().is_empty());
    assert_eq!(skew["oauth_problems"].as_array().unwrap().len(), 0);
    let refused = entry(Code::OauthTimestampRefused);
    assert_eq!(refused["oauth_problems"][0]["http_status"], 400);
}
