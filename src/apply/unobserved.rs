//! The part of a run that could not be planned, since an application could not be observed. The
//! journal keeps the command, so that `resume` can plan and do that part too.

use serde_json::{Value, json};

use crate::error::Error;
use crate::plan::journal::OpenJournal;

const FIELD: &str = "unobserved";

/// Writes into the context of a journal what could not be observed.
pub(crate) fn note(about: &mut Value, command_line: &[String], errors: &[Error]) {
    if errors.is_empty() {
        return;
    }
    if let Some(fields) = about.as_object_mut() {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        fields.insert(
            FIELD.to_owned(),
            json!({"command": command_line, "errors": messages}),
        );
    }
}

/// The command that plans what a run could not observe, where there is such a part.
pub(crate) fn command(open: &OpenJournal) -> Option<Vec<String>> {
    let words = open.header.context.get(FIELD)?.get("command")?.as_array()?;
    words
        .iter()
        .map(|word| word.as_str().map(str::to_owned))
        .collect()
}

/// Why applications could not be observed.
pub(crate) fn reasons(open: &OpenJournal) -> Vec<String> {
    let errors = open
        .header
        .context
        .get(FIELD)
        .and_then(|it| it.get("errors"));
    let errors = errors.and_then(Value::as_array).into_iter().flatten();
    errors
        .filter_map(|error| error.as_str().map(str::to_owned))
        .collect()
}
