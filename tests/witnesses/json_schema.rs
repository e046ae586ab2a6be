//! Python's jsonschema judges the schema of the plan file.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::need::Need;
use crate::support::plan_file_samples::{files, schema};
use crate::witness_test::{WitnessTest, witness_test};

pub(crate) fn tests() -> Vec<WitnessTest> {
    vec![
        witness_test!(an_independent_validator_agrees_with_the_reader, needs: [Need::Python {
            modules: "jsonschema",
            package: "jsonschema",
        }]),
    ]
}

fn an_independent_validator_agrees_with_the_reader() {
    let script = "import json, sys\n\
        from jsonschema import Draft202012Validator as V\n\
        given = json.load(sys.stdin)\n\
        V.check_schema(given['schema'])\n\
        v = V(given['schema'])\n\
        print(json.dumps([v.is_valid(one) for one in given['files']]))\n";
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
