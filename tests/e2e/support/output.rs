//! The output of one run of the program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Output and exit code of one run.
#[derive(Debug, Clone)]
pub(crate) struct RunOutput {
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// Exit code; a negative number is the signal that ended it.
    pub(crate) code: i32,
    /// Texts that differ from run to run, and their replacements.
    pub(crate) names: Vec<(String, String)>,
}

impl RunOutput {
    /// Requires this exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.transcript());
        self
    }

    /// The one JSON document on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let value: Value = serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("stdout is not one document: {error}\n{}", self.transcript())
        });
        assert_eq!(value["schema"], 1, "{}", self.transcript());
        assert!(
            self.stdout.ends_with('\n') && self.stdout.starts_with("{\"schema\":1")
                || self.stdout.starts_with("{\n  \"schema\": 1"),
            "{}",
            self.transcript()
        );
        value
    }

    /// The `error` of the last line of standard error.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let value: Value = serde_json::from_str(last)
            .unwrap_or_else(|error| panic!("no JSON error: {error}\n{}", self.transcript()));
        assert_eq!(value["schema"], 1, "{}", self.transcript());
        for field in ["kind", "code", "message", "hints"] {
            assert!(value["error"].get(field).is_some(), "{}", self.transcript());
        }
        value["error"].clone()
    }

    /// The error's `code`, empty where it is null.
    #[track_caller]
    pub(crate) fn error_code(&self) -> String {
        self.error()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// All steps as `app action status`.
    #[track_caller]
    pub(crate) fn steps(&self) -> Vec<String> {
        let steps = self.json()["steps"].clone();
        steps
            .as_array()
            .expect("steps")
            .iter()
            .map(|step| {
                assert!(step["detail"].is_string(), "{step}");
                format!(
                    "{} {} {}",
                    string(&step["app"]),
                    string(&step["action"]),
                    string(&step["status"])
                )
            })
            .collect()
    }

    /// Whether standard error has this text, with all white space alike.
    pub(crate) fn says(&self, text: &str) -> bool {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        flat(&self.stderr).contains(&flat(text)) || flat(&self.stdout).contains(&flat(text))
    }

    /// Requires this text on standard error or output.
    #[track_caller]
    pub(crate) fn expect_says(self, text: &str) -> Self {
        assert!(
            self.says(text),
            "{text:?} is not said:\n{}",
            self.transcript()
        );
        self
    }

    /// Everything in one text, the same in every run.
    pub(crate) fn transcript(&self) -> String {
        let mut text = format!("exit {}", self.code);
        for (title, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                let stream = stream.trim_end_matches('\n');
                let _ = write!(text, "\n--- {title}\n{stream}");
            }
        }
        for (from, to) in &self.names {
            text = text.replace(from, to);
        }
        text
    }
}

/// A string of a document.
pub(crate) fn string(value: &Value) -> &str {
    value.as_str().unwrap_or("null")
}

/// The elements of an array by the value of a field.
pub(crate) fn index_by(array: &Value, field: &str) -> BTreeMap<String, Value> {
    array
        .as_array()
        .expect("an array")
        .iter()
        .map(|element| (string(&element[field]).to_owned(), element.clone()))
        .collect()
}

/// The fields of an object, in their order.
pub(crate) fn field_names(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}
