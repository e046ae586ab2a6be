//! The options of OAuth 2.0 clients.

use std::path::PathBuf;

use crate::cli::args::name;

/// Options of `create --oauth2-client`.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Third-party programs")]
pub(crate) struct ClientArgs {
    /// Register a program that calls by OAuth 2.0
    #[arg(long, value_name = "NAME", value_parser = name, requires_all = ["redirect_uri", "scope"], conflicts_with_all = ["remote", "consumer", "auth", "one_way", "name", "remote_name", "application_url", "local_application_url", "display_url", "local_display_url", "primary"])]
    pub oauth2_client: Option<String>,

    /// Where browsers may be sent after a user's consent, letter by letter; repeatable
    #[arg(
        long,
        hide_short_help = true,
        value_name = "URL",
        requires = "oauth2_client",
        conflicts_with = "remote"
    )]
    pub(crate) redirect_uri: Vec<String>,

    /// The most that it may ask users for: READ, WRITE, ADMIN and so on, by product
    #[arg(long, hide_short_help = true, value_name = "SCOPE", requires = "oauth2_client", conflicts_with = "remote", value_parser = crate::cli::oauth2::rules::scope_word)]
    pub(crate) scope: Option<String>,

    /// Where the client secret will be, a new file [default: in applink.keys beside the state]
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "oauth2_client", conflicts_with = "remote", value_hint = clap::ValueHint::FilePath)]
    pub(crate) secret_file: Option<PathBuf>,

    /// Let the application judge redirect URIs with http: its own properties may allow them
    #[arg(
        long,
        hide_short_help = true,
        requires = "oauth2_client",
        conflicts_with = "remote"
    )]
    pub(crate) allow_http_redirect: bool,
}

/// Options of `edit --oauth2-client`.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Third-party programs")]
pub(crate) struct EditArgs {
    /// Change a program that calls by OAuth 2.0
    #[arg(long, value_name = "NAME", value_parser = name, conflicts_with_all = ["remote", "auth", "name", "remote_name", "display_url", "local_display_url", "primary"])]
    pub oauth2_client: Option<String>,

    /// All its redirect URIs, in place of those that it has; repeatable
    #[arg(
        long,
        hide_short_help = true,
        value_name = "URL",
        requires = "oauth2_client"
    )]
    pub(crate) redirect_uri: Vec<String>,

    /// The most that it may ask users for
    #[arg(long, hide_short_help = true, value_name = "SCOPE", requires = "oauth2_client", value_parser = crate::cli::oauth2::rules::scope_word)]
    pub(crate) scope: Option<String>,

    /// Make a new client secret; the old one ends at once
    #[arg(long, hide_short_help = true, requires = "oauth2_client")]
    pub(crate) reset_secret: bool,

    /// Where the new client secret will be [default: where the old one is]
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "reset_secret", value_hint = clap::ValueHint::FilePath)]
    pub(crate) secret_file: Option<PathBuf>,

    /// Let the application judge redirect URIs with http: its own properties may allow them
    #[arg(long, hide_short_help = true, requires = "redirect_uri")]
    pub(crate) allow_http_redirect: bool,
}

impl EditArgs {
    /// Whether anything is to be changed.
    pub(crate) fn changes_something(&self) -> bool {
        !self.redirect_uri.is_empty() || self.scope.is_some() || self.reset_secret
    }
}
