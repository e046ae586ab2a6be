//! The options of `create --consumer`.

use std::path::PathBuf;

use crate::cli::args::{bits, consumer_key, name};
use crate::cli::consumer::preset::Preset;
use crate::domain::{BaseUrl, CallbackUrl};
use crate::resolve::url;

/// Options of `create --consumer`.
#[derive(Debug, Clone, clap::Args, serde::Serialize)]
#[command(next_help_heading = "Third-party programs")]
pub(crate) struct ConsumerArgs {
    /// Register a program that calls by OAuth 1.0a
    #[arg(long, value_name = "NAME", value_parser = name, conflicts_with_all = ["remote", "auth", "one_way", "name", "remote_name", "application_url", "local_application_url", "display_url", "local_display_url", "primary"])]
    pub consumer: Option<String>,

    /// The address of the program [default: a placeholder, which is enough for a client]
    #[arg(
        long,
        value_name = "URL",
        hide_short_help = true,
        requires = "consumer",
        conflicts_with = "remote",
        value_parser = url
    )]
    pub(crate) url: Option<BaseUrl>,

    /// Its consumer key [default: made from the name]
    #[arg(long, hide_short_help = true, value_name = "KEY", requires = "consumer", conflicts_with = "remote", value_parser = consumer_key)]
    pub(crate) consumer_key: Option<String>,

    /// Its public key, when it has a key pair of its own: PEM, one line of base64, a certificate
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "consumer", conflicts_with_all = ["remote", "bits", "key_file"], value_hint = clap::ValueHint::FilePath)]
    pub(crate) public_key: Option<PathBuf>,

    /// The length of the key pair that is made
    #[arg(long, hide_short_help = true, value_name = "BITS", requires = "consumer", conflicts_with = "remote", value_parser = bits, default_value = "2048")]
    pub(crate) bits: u32,

    /// Where the private key is or will be [default: applink.keys beside the state]
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "consumer", conflicts_with = "remote", value_hint = clap::ValueHint::FilePath)]
    pub(crate) key_file: Option<PathBuf>,

    /// Where browsers are sent after a user's consent
    #[arg(
        long,
        value_name = "URL",
        hide_short_help = true,
        requires = "consumer",
        conflicts_with = "remote"
    )]
    pub(crate) callback: Option<CallbackUrl>,

    /// It may also call as itself, which the application sees as an anonymous user (2LO)
    #[arg(
        long,
        hide_short_help = true,
        requires = "consumer",
        conflicts_with = "remote"
    )]
    pub(crate) two_legged: bool,

    /// It may also call as any user (2LO with impersonation); needs a system administrator
    #[arg(
        long,
        hide_short_help = true,
        requires = "consumer",
        conflicts_with = "remote"
    )]
    pub(crate) impersonation: bool,

    /// Set what this program needs
    ///
    /// And say what is to be done on its side.
    #[arg(
        long,
        value_name = "PROGRAM",
        value_enum,
        requires = "consumer",
        conflicts_with = "remote"
    )]
    pub(crate) preset: Option<Preset>,
}
