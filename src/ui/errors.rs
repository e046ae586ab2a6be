//! How errors are told to a program: one element of `errors`, and the last line of standard error.

use serde_json::{Value, json};

use crate::context::Context;
use crate::domain::Alias;
use crate::error::Error;
use crate::exit::Exit;

/// The last line of standard error for a program: why the exit code is what it is. A person has
/// been told of every trouble already.
pub(crate) fn print_error_for_program(context: &Context, troubles: &[(Alias, Error)], exit: Exit) {
    if context.ui.is_json()
        && let Some((_, error)) = troubles.iter().find(|(_, error)| error.exit() == exit)
    {
        context.ui.error(error);
    }
}

/// One element of the `errors` of a document.
pub(crate) fn trouble_json(alias: Option<&Alias>, error: &Error) -> Value {
    json!({
        "app": alias,
        "kind": error.kind.as_str(),
        "code": error.code,
        "message": error.to_string(),
    })
}
