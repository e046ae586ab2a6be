//! The SYNOPSIS: a command's own options with their values, and what every command takes in one
//! word.

use std::fmt::Write as _;

use clap::{Arg, ArgAction};

use crate::cli::man::roff::roff;

/// The synopsis of one command, as lines of a page.
pub(super) fn of(command: &clap::Command, root: bool) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    // Lines end where an option ends, and never inside of one.
    let mut text = format!(".ad l\n.nh\n.HP\n\\fB{}\\fR\n", roff(name));
    let options = command
        .get_arguments()
        .filter(|arg| !arg.is_positional() && !arg.is_hide_set())
        .filter(|arg| root || !arg.is_global_set())
        .filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version"));
    if root {
        text.push_str("[\\fIOPTION\\fR]...\\&\n");
    } else {
        for option in options {
            text.push_str(&self::option(option));
        }
        text.push_str("[\\fIGLOBAL\\ OPTION\\fR]...\\&\n");
    }
    for arg in command.get_positionals().filter(|arg| !arg.is_hide_set()) {
        let many = arg
            .get_num_args()
            .is_some_and(|range| range.max_values() > 1);
        let more = if many { "...\\&" } else { "" };
        let value = format!("\\fI{}\\fR{more}", roff(&value(arg)));
        let (open, close) = if arg.is_required_set() {
            ("", "")
        } else {
            ("[", "]")
        };
        let _ = writeln!(text, "{open}{value}{close}");
    }
    if command.has_subcommands() {
        text.push_str("\\fICOMMAND\\fR\n");
    }
    text.push_str(".hy\n.ad\n");
    text
}

/// An option with its value, in a piece that is not broken.
fn option(arg: &Arg) -> String {
    let name = match (arg.get_short(), arg.get_long()) {
        (Some(short), _) => format!("\\fB\\-{short}\\fR"),
        (None, Some(long)) => format!("\\fB\\-\\-{}\\fR", roff(long)),
        (None, None) => return String::new(),
    };
    let value = if arg.get_action().takes_values() {
        format!("\\ \\fI{}\\fR", roff(&value(arg)))
    } else {
        String::new()
    };
    let more = if matches!(arg.get_action(), ArgAction::Append | ArgAction::Count) {
        // The end of no sentence.
        "...\\&"
    } else {
        ""
    };
    if arg.is_required_set() {
        format!("{name}{value}{more}\n")
    } else {
        format!("[{name}{value}]{more}\n")
    }
}

fn value(arg: &Arg) -> String {
    match arg.get_value_names() {
        Some(names) => names.join(" "),
        None => arg.get_id().as_str().to_uppercase(),
    }
}
