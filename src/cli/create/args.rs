//! The arguments of `applink create`.

use crate::cli::args::{LevelArg, name};
use crate::cli::complete;
use crate::cli::consumer::args::ConsumerArgs;
use crate::cli::oauth2::args::ClientArgs;
use crate::domain::{BaseUrl, Level};
use crate::plan::create::CreateRequest;
use crate::plan::side::EndRequest;
use crate::resolve::{AppArg, url};

/// Make a link between two applications, on both of them
///
/// LOCAL gets a record of REMOTE, and REMOTE one of LOCAL; both directions get the same level;
/// then both ends are verified. Needs an administrator of both, which is checked on both before
/// anything is written. If a step fails, what this run made is taken back.
///
/// On a link that exists, what is missing is made and what was not given is left alone; what was
/// given and differs is refused: see `applink edit`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    applink create https://jira.example.com https://wiki.example.com\n  \
    applink create jira wiki --auth impersonation\n  \
    applink create jira=https://jira.example.com bitbucket --name Code \\\n      --primary\n  \
    applink create jira https://partner.example.org --one-way\n  \
    applink create jira --consumer Jenkins --two-legged\n  \
    applink create jira --consumer Jenkins --preset jenkins\n  \
    applink create jira --consumer Hookshot --preset hookshot \\\n      --url https://example.com/hookshot\n  \
    applink create jira --oauth2-client Portal \\\n      --redirect-uri https://portal.example.com/cb --scope WRITE\n\n\
    Presets follow the programs' own documentation, which is named with what they print.\n\n\
    Without LOCAL or REMOTE, on a terminal, it asks for everything.")]
pub struct Args {
    /// An application: alias, URL, or ALIAS=URL
    #[arg(add = complete::application())]
    pub(crate) local: Option<AppArg>,

    /// The other one
    #[arg(add = complete::unlinked())]
    pub(crate) remote: Option<AppArg>,

    /// What the two may do on each other [default: oauth]
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(crate) auth: Option<LevelArg>,

    /// Only the record on LOCAL; `create` again completes it
    ///
    /// It has no authentication, and needs nobody who administers REMOTE.
    #[arg(long, conflicts_with_all = ["auth", "remote_name", "local_application_url", "local_display_url"])]
    pub(crate) one_way: bool,

    /// The name of REMOTE on LOCAL [default: its own title]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(crate) name: Option<String>,

    /// The name of LOCAL on REMOTE [default: its own title]
    #[arg(long, value_name = "NAME", value_parser = name, hide_short_help = true)]
    pub(crate) remote_name: Option<String>,

    /// The address at which LOCAL calls REMOTE [default: REMOTE's URL]
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    pub(crate) application_url: Option<BaseUrl>,

    /// The address at which REMOTE calls LOCAL [default: LOCAL's URL]
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    pub(crate) local_application_url: Option<BaseUrl>,

    /// The address of REMOTE for LOCAL's users
    ///
    /// Without it the base URL that REMOTE names.
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    pub(crate) display_url: Option<BaseUrl>,

    /// The address of LOCAL that REMOTE's users get [default: LOCAL's base URL]
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = url)]
    pub(crate) local_display_url: Option<BaseUrl>,

    /// Make it LOCAL's first choice of that type
    ///
    /// Among several links to applications of one type the primary one is used where a user does not
    /// choose.
    #[arg(long)]
    primary: bool,

    #[command(flatten)]
    pub(crate) consumer: ConsumerArgs,

    #[command(flatten)]
    pub(crate) client: ClientArgs,
}

impl Args {
    /// What is asked for.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let is_program = self.consumer.consumer.is_some() || self.client.oauth2_client.is_some();
        crate::cli::args::missing([
            (self.local.is_some(), "<LOCAL>"),
            (self.remote.is_some() || is_program, "<REMOTE>"),
        ])
    }

    pub(crate) fn request(&self) -> CreateRequest {
        CreateRequest {
            level: self.auth.map(Level::from),
            one_way: self.one_way,
            local: EndRequest {
                name: self.name.clone(),
                application_url: self.application_url.clone(),
                display_url: self.display_url.clone(),
                primary: self.primary,
            },
            remote: EndRequest {
                name: self.remote_name.clone(),
                application_url: self.local_application_url.clone(),
                display_url: self.local_display_url.clone(),
                primary: false,
            },
        }
    }
}
