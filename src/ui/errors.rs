//! The last line of standard error for a program.

use crate::domain::Alias;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// The last line of standard error for a program: why the exit code is what it is. A person has
/// been told of every trouble already.
pub(crate) fn print_error_for_program(ui: &Ui, errors: &[(Alias, Error)], exit: Exit) {
    if ui.is_json()
        && let Some((_, error)) = errors.iter().find(|(_, error)| error.exit() == exit)
    {
        ui.error(error);
    }
}
