//! What a shell offers while a command line is typed: applications, links, programs and codes.
//!
//! Only the state file is read, and never the network; what cannot be read offers nothing. The
//! scripts of `applink completions` call the program with [`VARIABLE`] set.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

use clap_complete::env::Shells;
use clap_complete::{ArgValueCompleter, CompleteEnv, CompletionCandidate, Shell};

use crate::diagnose::codes;
use crate::domain::Alias;
use crate::error::{Error, Result};
use crate::state::{LocalFile, State, StateStore as _};

/// Set by the scripts, to the name of their shell.
const VARIABLE: &str = "_APPLINK_COMPLETE";

/// Answers a shell, where it is a shell that asks.
pub(super) fn answer(command: fn() -> clap::Command) -> Option<ExitCode> {
    let here = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(command)
        .var(VARIABLE)
        .bin("applink")
        .completer("applink")
        .try_complete(std::env::args_os(), here.as_deref());
    match asked {
        Ok(false) => None,
        Ok(true) => Some(ExitCode::SUCCESS),
        // In the middle of a line nobody can be told.
        Err(_) => Some(ExitCode::FAILURE),
    }
}

/// The script that makes a shell ask.
pub(super) fn registration(shell: Shell) -> Result<String> {
    if shell == Shell::Bash {
        // clap's own takes a line apart as bash does, at every '=' and ':', and puts names with
        // spaces into it as they are.
        return Ok(include_str!("complete.bash").to_owned());
    }
    let shells = Shells::builtins();
    let mut out = Vec::new();
    shells
        .completer(&shell.to_string())
        .ok_or_else(|| Error::internal(format!("no completions for {shell}")))?
        .write_registration(VARIABLE, "applink", "applink", "applink", &mut out)
        .map_err(|error| Error::internal(format!("the completions cannot be made: {error}")))?;
    let mut text =
        String::from_utf8(out).map_err(|_| Error::internal("the completions are not UTF-8"))?;
    if shell == Shell::Zsh {
        // Words as the program would get them.
        text = text.replace("\"${words[@]}\"", "\"${(@Q)words}\"");
        text.push_str(AT_ONCE);
    }
    Ok(text.trim_start().to_owned())
}

/// In a directory of `$fpath` the file is itself the function that completes, and the first press
/// of the key is to be answered, too.
const AT_ONCE: &str = "
if [[ ${funcstack[1]-} == _applink ]]; then
    _clap_dynamic_completer_applink \"$@\"
fi
";

/// A known application.
pub(super) fn application() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| offer(typed, |state| all(&state, |_| true)))
}

/// The other end of a link of the application that was typed before.
pub(super) fn linked() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        offer(typed, |state| match before(&state) {
            Some(first) => all(&state, |alias| state.link(&first, alias).is_some()),
            None => all(&state, |_| true),
        })
    })
}

/// An application that is not linked to the one that was typed before.
pub(super) fn unlinked() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        offer(typed, |state| match before(&state) {
            Some(first) => all(&state, |alias| {
                *alias != first
                    && state
                        .link(&first, alias)
                        .is_none_or(|link| link.one_way.is_some())
            }),
            None => all(&state, |_| true),
        })
    })
}

/// A third-party program.
pub(super) fn program() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        offer(typed, |state| {
            let on = before(&state);
            state
                .consumers
                .iter()
                .filter(|known| on.as_ref().is_none_or(|on| known.on == *on))
                .map(|known| (known.name.clone(), format!("program on {}", known.on)))
                .collect()
        })
    })
}

/// A code of the catalogue.
pub(super) fn code() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_string_lossy().to_uppercase();
        codes::all()
            .filter(|entry| entry.code.as_str().starts_with(&typed))
            .map(|entry| {
                CompletionCandidate::new(entry.code.as_str()).help(Some(entry.meaning.into()))
            })
            .collect()
    })
}

/// What begins as it was typed, of what the state holds.
fn offer(
    typed: &OsStr,
    choose: impl FnOnce(State) -> Vec<(String, String)>,
) -> Vec<CompletionCandidate> {
    let (Some(typed), Some(state)) = (typed.to_str(), state()) else {
        return Vec::new();
    };
    choose(state)
        .into_iter()
        .filter(|(name, _)| name.starts_with(typed))
        .map(|(name, words)| CompletionCandidate::new(name).help(Some(words.into())))
        .collect()
}

fn all(state: &State, wanted: impl Fn(&Alias) -> bool) -> Vec<(String, String)> {
    state
        .applications
        .iter()
        .filter(|(alias, _)| wanted(alias))
        .map(|(alias, entry)| {
            let words = format!("{} at {}", entry.type_id.name(), entry.url);
            (alias.to_string(), words)
        })
        .collect()
}

/// The words of the line that is typed, the one at the cursor left out.
fn words() -> Vec<OsString> {
    let mut words: Vec<OsString> = std::env::args_os()
        .skip_while(|word| word != "--")
        .skip(1)
        .collect();
    let at = std::env::var("_CLAP_COMPLETE_INDEX")
        .ok()
        .and_then(|at| at.parse().ok())
        .unwrap_or(words.len().saturating_sub(1));
    if at < words.len() {
        words.remove(at);
    }
    words
}

/// The first known application among the words.
fn before(state: &State) -> Option<Alias> {
    words()
        .iter()
        .skip(1)
        .filter_map(|word| word.to_str()?.parse::<Alias>().ok())
        .find(|alias| state.applications.contains_key(alias))
}

/// The state that the line means.
fn state() -> Option<State> {
    let words = words();
    let option = words.iter().enumerate().find_map(|(at, word)| {
        if word == "--state" {
            return words.get(at + 1).map(PathBuf::from);
        }
        Some(PathBuf::from(word.to_str()?.strip_prefix("--state=")?))
    });
    let path = option.or_else(|| {
        std::env::var_os("APPLINK_STATE")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    });
    let loaded = LocalFile::at(path.as_deref()).ok()?.load().ok()?;
    Some(loaded.to_state())
}
