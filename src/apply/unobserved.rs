//! The part of a run that could not be planned, since an application could not be observed. The
//! journal keeps the command, so that `resume` can plan and do that part too.

use serde_json::{Value, json};

use crate::error::Error;
use crate::exit::Exit;
use crate::plan::journal::OpenJournal;

const FIELD: &str = "unobserved";

/// Whether an application could not be observed. What is refused for another reason stays so when
/// it is tried again.
pub(crate) fn any(errors: &[Error]) -> bool {
    errors.iter().any(is_unobserved)
}

fn is_unobserved(error: &Error) -> bool {
    matches!(error.exit(), Exit::Unreachable | Exit::Auth)
}

/// Writes into the context of a journal what could not be observed.
pub(crate) fn note(about: &mut Value, command_line: &[String], errors: &[Error]) {
    if !any(errors) {
        return;
    }
    if let Some(fields) = about.as_object_mut() {
        let messages: Vec<&str> = errors
            .iter()
            .filter(|error| is_unobserved(error))
            .map(|error| error.message.as_str())
            .collect();
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
