//! The last line of standard error for a program.

use crate::context::Context;
use crate::domain::Alias;
use crate::error::Error;
use crate::exit::Exit;

/// The last line of standard error for a program: why the exit code is what it is. A person has
/// been told of every trouble already.
pub(crate) fn print_error_for_program(context: &Context, errors: &[(Alias, Error)], exit: Exit) {
    if context.ui.is_json()
        && let Some((_, error)) = errors.iter().find(|(_, error)| error.exit() == exit)
    {
        context.ui.error(error);
    }
}
