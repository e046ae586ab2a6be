//! What was meant by a command that does not exist: the words that other programs use for it.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Words of other programs, below which command, and what they are called here.
const WORDS: &[(&str, &[&str], &str)] = &[
    (
        "",
        &["add", "new", "link", "connect", "init", "make"],
        "'applink create' makes a link, and 'applink app add' makes an application known",
    ),
    (
        "",
        &["rm", "remove", "del", "unlink", "disconnect", "destroy"],
        "'applink delete' removes a link, and 'applink app remove' forgets an application",
    ),
    (
        "",
        &["ls", "show", "get", "links", "view", "describe"],
        "'applink list' shows the links, and 'applink app list' the applications",
    ),
    (
        "",
        &["apps", "applications"],
        "'applink app list' shows the applications",
    ),
    (
        "",
        &["mv", "move", "rename"],
        "'applink relocate' follows an application to its new address",
    ),
    (
        "",
        &[
            "check", "test", "status", "doctor", "diagnose", "health", "validate",
        ],
        "'applink verify' tells whether links work, and why not",
    ),
    (
        "",
        &["fix", "mend", "heal"],
        "'applink repair' mends what 'applink verify' finds",
    ),
    (
        "",
        &["set", "update", "change", "modify", "configure"],
        "'applink edit' changes a link",
    ),
    (
        "",
        &["login", "signin"],
        "'applink app login' keeps a log-in in the keyring; 'applink authorize' lets a program act for you",
    ),
    (
        "",
        &["logout", "signout"],
        "'applink app logout' takes a log-in out of the keyring",
    ),
    (
        "",
        &["auth", "oauth"],
        "'applink app login' keeps a log-in in the keyring; 'applink authorize' lets a program act for you",
    ),
    (
        "",
        &["undo", "rollback", "revert"],
        "'applink resume --undo' takes back what an interrupted run did",
    ),
    (
        "",
        &["continue", "retry"],
        "'applink resume' continues what an interrupted run left",
    ),
    (
        "",
        &["diff", "preview"],
        "'applink plan FILE' shows what would change",
    ),
    (
        "",
        &["import", "sync"],
        "'applink apply FILE' makes the links of a file",
    ),
    (
        "",
        &["dump", "backup"],
        "'applink export' writes what exists into a file",
    ),
    (
        "",
        &["consumer", "consumers"],
        "'applink create LOCAL --consumer NAME' registers a program",
    ),
    (
        "",
        &["keys", "rotate"],
        "'applink key rotate' gives a program another key pair",
    ),
    (
        "",
        &["version"],
        "'applink --version' says which one this is",
    ),
    (
        "",
        &["completion"],
        "'applink completions SHELL' writes them",
    ),
    (
        "app",
        &["rm", "delete", "del", "forget"],
        "'applink app remove' forgets an application",
    ),
    ("app", &["ls"], "'applink app list' shows the applications"),
    (
        "app",
        &["get", "view", "status", "info"],
        "'applink app show' shows one, and whether the log-in works",
    ),
    (
        "app",
        &["new", "create", "set", "edit"],
        "'applink app add' makes an application known, or changes what is known of it",
    ),
    (
        "app",
        &["mv", "move", "relocate"],
        "'applink relocate' follows an application to its new address",
    ),
    (
        "key",
        &["new", "create", "gen", "make"],
        "'applink key generate' makes a key pair",
    ),
    (
        "key",
        &["view", "get", "info"],
        "'applink key show' shows the public half of a key file",
    ),
    (
        "key",
        &["replace", "renew"],
        "'applink key rotate' gives a program another key pair",
    ),
];

/// Adds what was meant to what clap says of an unknown command.
pub(crate) fn with_synonym(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return error;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let Some(tip) = tip(&below(&error), word) else {
        return error;
    };
    // What is merely written alike is not meant.
    error.remove(ContextKind::SuggestedSubcommand);
    let tips = vec![StyledStr::from(tip)];
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    error
}

fn tip(below: &str, word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    WORDS
        .iter()
        .find(|(command, words, _)| *command == below && words.contains(&word.as_str()))
        .map(|(.., tip)| *tip)
}

/// The command below which the word stands, empty for none.
fn below(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let usage = text
        .split_once("Usage: applink ")
        .map_or("", |(_, usage)| usage);
    usage
        .split_whitespace()
        .next()
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_none_of_ours_and_every_tip_is() {
        let root = crate::cli::command();
        for (below, words, tip) in WORDS {
            let parent = root.find_subcommand(below).unwrap_or(&root);
            for word in *words {
                assert!(parent.find_subcommand(word).is_none(), "{word}");
            }
            for named in tip.split('\'').skip(1).step_by(2) {
                let mut command = &root;
                for part in named.split(' ').skip(1) {
                    if let Some(sub) = command.find_subcommand(part) {
                        command = sub;
                    } else if let Some(long) = part.strip_prefix("--") {
                        let known = command
                            .get_arguments()
                            .any(|arg| arg.get_long() == Some(long));
                        assert!(known || long == "version", "{named}");
                    } else {
                        assert!(part.chars().all(|c| c.is_ascii_uppercase()), "{named}");
                    }
                }
            }
        }
    }
}
