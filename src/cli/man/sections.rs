//! The sections that clap knows nothing of: EXIT STATUS, ENVIRONMENT, FILES.

use std::fmt::Write as _;

/// What every exit code means, in the manual's form.
const CODES: &[(u8, &str)] = &[
    (0, "Done, or nothing to do."),
    (1, "Failed or refused, and nothing is left changed."),
    (2, "Wrong usage."),
    (
        3,
        "Partial: something was changed and the rest was not, or a change could not be recorded. What remains is listed; \\fBapplink resume\\fR continues.",
    ),
    (
        4,
        "Credentials missing or refused, or the account lacks the permission.",
    ),
    (
        5,
        "An application could not be reached, timed out, or did not answer as one.",
    ),
    (6, "Verified, and at least one link is broken."),
    (
        7,
        "The state is locked, unreadable, unsafe, from a newer version, or was changed meanwhile.",
    ),
    (8, "Changes are pending."),
];

/// What a command can end with, by its page.
fn codes(page: &str) -> &'static [u8] {
    match page.strip_prefix("applink-").unwrap_or_default() {
        "explain" | "completions" | "man" => &[0, 2],
        "sandbox" => &[0, 1, 2],
        "app-list" => &[0, 2, 7],
        "list" | "export" => &[0, 2, 4, 5, 7],
        "verify" => &[0, 1, 2, 4, 5, 6, 7],
        "authorize" => &[0, 1, 2, 4, 5, 7],
        name if name == "app" || name.starts_with("app-") => &[0, 1, 2, 4, 5, 7],
        "key-generate" | "key-show" | "key-convert" => &[0, 1, 2, 4],
        "delete" => &[0, 1, 2, 3, 4, 5, 7],
        "plan" => &[0, 1, 2, 4, 5, 7, 8],
        "" => &[0, 1, 2, 3, 4, 5, 6, 7, 8],
        _ => &[0, 1, 2, 3, 4, 5, 6, 7],
    }
}

/// Whether a command has to do with the state and with applications.
fn is_plain(page: &str) -> bool {
    [
        "explain",
        "completions",
        "man",
        "sandbox",
        "key-generate",
        "key-show",
        "key-convert",
    ]
    .iter()
    .any(|name| page.strip_prefix("applink-") == Some(name))
}

/// The sections of one page.
pub(super) fn of(page: &str) -> String {
    let mut text = String::from(".SH \"EXIT STATUS\"\n");
    let codes = codes(page);
    for (code, words) in CODES.iter().filter(|(code, _)| codes.contains(code)) {
        let _ = writeln!(text, ".TP\n.B {code}\n{words}");
    }
    text.push_str(".TP\n.B 129, 130, 143\nEnded by SIGHUP, SIGINT or SIGTERM.\n");
    if is_plain(page) {
        text.push_str(FEW_VARIABLES);
    } else {
        text.push_str(VARIABLES);
        text.push_str(FILES);
    }
    text
}

/// For commands that know neither state nor applications.
const FEW_VARIABLES: &str = r".SH ENVIRONMENT
.TP
.B APPLINK_OUTPUT
The form of the result, as with \fB\-\-output\fR.
.TP
.B NO_COLOR
When set, no colours.
";

/// For all others.
const VARIABLES: &str = r".SH ENVIRONMENT
.TP
.B APPLINK_STATE
The state file, as with \fB\-\-state\fR.
.TP
.B APPLINK_OUTPUT
The form of the result, as with \fB\-\-output\fR.
.TP
.B APPLINK_<ALIAS>_TOKEN
A personal access token for an application without a recorded credential. ALIAS in upper case, \- as _.
.TP
.B APPLINK_<ALIAS>_USER, APPLINK_<ALIAS>_PASSWORD
A user name and its password, likewise.
.TP
.B APPLINK_<ALIAS>_URL
When set, the base URL that the application must have; else its secret is not used.
.TP
.B CI
When set, nothing is asked.
.TP
.B NO_COLOR
When set, no colours.
.TP
.B HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY
Proxies, and what is reached without one.
.TP
.B SSL_CERT_FILE
The certificate authorities that are trusted, in place of the system's.
.TP
.B APPLINK_CLIENT_KEY_PASSPHRASE
The passphrase of an encrypted key of a client certificate.
";

const FILES: &str = r".SH FILES
.TP
.I $XDG_STATE_HOME/applink/applink.toml
The state: applications, where their secrets are, links, deletes that are due.
.TP
.I applink.toml.journal
Beside it while a run is unfinished: what it did and was about to do.
.TP
.I applink.toml.bak
The previous state.
.TP
.I applink.toml.lock
Names who changes something just now.
.TP
.I applink.cache.json
What was seen last; may be deleted.
.TP
.I applink.keys/
Private keys, tokens and client secrets, for their owner alone.
";
