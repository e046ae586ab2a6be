//! `applink man`

mod after;
pub(crate) mod roff;
mod sections;
mod synopsis;

use std::fmt::Write as _;

use crate::cli::man::roff::roff;
use crate::diagnose::codes;
use crate::domain::nearest;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ui::Ui;

/// The day of the manual: the same on every machine, so that the same sources make the same pages.
const DATE: &str = "2026-11-24";

/// Write a manual page to standard output
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  applink man | man -l -\n  applink man create | man -l -")]
pub struct Args {
    /// The page of this command, such as `create` or `app add`; `codes` for the catalogue
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args, ui: &Ui, root: clap::Command) -> Result<Exit> {
    let wanted = std::iter::once("applink")
        .chain(args.command.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join("-");
    let all = pages(root)?;
    let (_, page) = all
        .iter()
        .find(|(file, _)| {
            file.rsplit_once('.')
                .is_some_and(|(name, _)| name == wanted)
        })
        .ok_or_else(|| {
            let error = Error::usage(format!("there is no command {:?}", args.command.join(" ")));
            let names: Vec<&str> = all
                .iter()
                .filter_map(|(file, _)| file.strip_prefix("applink-")?.rsplit_once('.'))
                .map(|(name, _)| name)
                .collect();
            match nearest(&args.command.join("-"), names) {
                Some(name) => error.hint(format!(
                    "did you mean: applink man {}",
                    name.replace('-', " ")
                )),
                None => error.hint("all of them: applink --help"),
            }
        })?;
    ui.block(page);
    Ok(Exit::Ok)
}

/// Every manual page: the name of its file, and its text.
pub fn pages(mut root: clap::Command) -> Result<Vec<(String, String)>> {
    root.build();
    let mut pages = Vec::new();
    collect(&root, "applink", &mut pages)?;
    pages.push(("applink-codes.7".to_owned(), codes_page()));
    for (_, page) in &mut pages {
        *page = ascii(page);
    }
    Ok(pages)
}

/// The page for readers that know nothing of UTF-8.
fn ascii(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    for c in page.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let _ = write!(out, "\\[u{:04X}]", u32::from(c));
        }
    }
    out
}

fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, String)>) -> Result<()> {
    pages.push((format!("{name}.1"), page(command, name)?));
    for sub in command.get_subcommands() {
        if sub.is_hide_set() {
            continue;
        }
        collect(sub, &format!("{name}-{}", sub.get_name()), pages)?;
    }
    Ok(())
}

fn page(command: &clap::Command, name: &str) -> Result<String> {
    let failed =
        |error: std::io::Error| Error::internal(format!("the manual page cannot be made: {error}"));
    // The texts after the options are sections of their own here.
    let examples = command
        .get_after_long_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let ids: Vec<clap::Id> = command
        .get_arguments()
        .map(|arg| arg.get_id().clone())
        .collect();
    let shown = ids.into_iter().fold(command.clone(), |command, id| {
        // What is too much for a screen has its place here.
        command.mut_arg(id, |arg| {
            let help = arg.get_long_help().or(arg.get_help()).cloned();
            arg.hide_short_help(false)
                .long_help(help.unwrap_or_default())
        })
    });
    let plain = shown
        // The commit changes more often than the pages.
        .version(env!("CARGO_PKG_VERSION"))
        .after_help(None::<&str>)
        .after_long_help(None::<&str>)
        // A static name: pages are made once and written down.
        .display_name(name.to_owned());
    let man = clap_mangen::Man::new(plain)
        .title(name.to_uppercase())
        .date(DATE)
        .source(concat!("applink ", env!("CARGO_PKG_VERSION")))
        .manual("applink manual");
    let mut out = Vec::new();
    man.render(&mut out).map_err(failed)?;
    let text =
        String::from_utf8(out).map_err(|_| Error::internal("the manual page is not UTF-8"))?;
    let mut text = with_synopsis(&tidy(&text), &synopsis::of(command, name == "applink"));
    text.push_str(&after::sections(&examples));
    text.push_str(&sections::of(name));
    text.push_str(".SH \"SEE ALSO\"\n");
    let _ = writeln!(
        text,
        "{}",
        if name == "applink" {
            "\\fBapplink\\-create\\fR(1), \\fBapplink\\-verify\\fR(1), \\fBapplink\\-explain\\fR(1)"
        } else {
            "\\fBapplink\\fR(1)"
        }
    );
    Ok(text)
}

/// Without the breaks that stand beside an empty line, of which readers complain.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let empty = |at: Option<usize>| {
        at.and_then(|at| lines.get(at))
            .is_none_or(|line| line.is_empty() || line.starts_with(".SH"))
    };
    let mut out = String::with_capacity(text.len());
    for (at, line) in lines.iter().enumerate() {
        let is_idle = *line == ".br" && (empty(at.checked_sub(1)) || empty(Some(at + 1)))
            || line.is_empty()
                && lines
                    .get(at + 1)
                    .is_none_or(|next| next.starts_with('.') && *next != ".br");
        if !is_idle {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The page with another synopsis than clap's, which shows no values.
fn with_synopsis(text: &str, synopsis: &str) -> String {
    let title = ".SH SYNOPSIS\n";
    let Some((before, rest)) = text.split_once(title) else {
        return text.to_owned();
    };
    let after = rest.find(".SH ").and_then(|at| rest.get(at..));
    format!("{before}{title}{synopsis}{}", after.unwrap_or_default())
}

/// The catalogue of codes.
fn codes_page() -> String {
    let mut text = String::from(".TH APPLINK\\-CODES 7 ");
    let _ = writeln!(text, "\"{DATE}\" \"applink\" \"applink manual\"");
    text.push_str(
        ".SH NAME\napplink\\-codes \\- what can be wrong with an application link\n\
         .SH DESCRIPTION\n\
         The codes of \\fBapplink verify\\fR: first those of the products' own status pages, then those of applink. \
         \\fBapplink explain\\fR \\fICODE\\fR shows one of them.\n\
         .SH CODES\n",
    );
    for entry in codes::all() {
        let _ = writeln!(text, ".SS {}", roff(entry.code.as_str()));
        let _ = writeln!(
            text,
            "{} ({}, {})\n.br\nWhere: {}",
            roff(entry.meaning),
            roff(entry.status()),
            roff(entry.code.category().as_str()),
            roff(entry.where_to_fix)
        );
        for (title, lines) in [("Causes:", entry.causes), ("Cures:", entry.fixes)] {
            let _ = writeln!(text, ".PP\n{title}");
            for line in lines {
                let _ = writeln!(text, ".IP \\(bu 2\n{}", roff(line));
            }
        }
    }
    text.push_str(".SH \"SEE ALSO\"\n\\fBapplink\\fR(1), \\fBapplink\\-verify\\fR(1), \\fBapplink\\-explain\\fR(1)\n");
    text
}

/// The same catalogue as a page of the documentation, in Markdown.
pub fn codes_markdown() -> String {
    let mut text = String::from(
        "# Codes\n\nWhat `applink verify` can find, first the products' own status codes, then applink's. \
         `applink explain CODE` shows one of them. This page is made from the catalogue.\n",
    );
    for entry in codes::all() {
        let _ = write!(
            text,
            "\n## {}\n\n{} Status: {}. Category: {}. Where: {}\n",
            entry.code,
            entry.meaning,
            entry.status(),
            entry.code.category().as_str(),
            entry.where_to_fix
        );
        for (title, lines) in [("Causes", entry.causes), ("Cures", entry.fixes)] {
            let _ = write!(text, "\n{title}:\n\n");
            for line in lines {
                let _ = writeln!(text, "- {line}");
            }
        }
    }
    text
}
