//! One remedy: something that can be planned, and the command that does it.

use crate::domain::{Alias, BaseUrl, Level, SuggestedCommand};

/// One way to fix a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Make the end that is missing.
    Complete {
        /// The application named first.
        local: Alias,
        /// The other.
        remote: Alias,
    },
    /// Make both ends equal.
    SetLevel {
        /// The application named first.
        local: Alias,
        /// The other.
        remote: Alias,
        /// At this level.
        level: Level,
    },
    /// Switch the incoming direction off and on, so that the peer's consumer is fetched again.
    RefetchConsumer {
        /// The application that keeps the old one.
        on: Alias,
        /// The application whose consumer it is.
        of: Alias,
    },
    /// Let a record follow the application to its address.
    Relocate {
        /// The application that it is about.
        app: Alias,
        /// Its address.
        to: BaseUrl,
        /// The application that holds the record.
        on: Alias,
    },
    /// Let a record whose calls are off lead to the application that is known as its peer, before
    /// anything is switched on: what answers where it leads now may be the original of a copy.
    RelocateDisabled {
        /// The application that it is about.
        app: Alias,
        /// Its address.
        to: BaseUrl,
        /// The application that holds the record.
        on: Alias,
        /// Where the record leads.
        now: BaseUrl,
    },
    /// Show users the address that the application itself names.
    SetDisplayUrl {
        /// The application that it is about.
        app: Alias,
        /// Its base URL.
        to: BaseUrl,
        /// The application that holds the record.
        on: Alias,
    },
    /// Move from Trusted Applications or Basic to OAuth.
    Migrate {
        /// The application named first.
        local: Alias,
        /// The other.
        remote: Alias,
    },
    /// Delete the former consumers.
    RetireConsumers {
        /// The application that accepts them.
        on: Alias,
        /// The program.
        program: String,
    },
    /// Delete a consumer whose link is gone.
    DeleteConsumer {
        /// The application that accepts it.
        on: Alias,
        /// The program.
        program: String,
    },
    /// Remove a record whose other side is gone.
    DeleteOrphan {
        /// The application that holds it.
        on: Alias,
        /// What it is about, as a command takes it.
        about: String,
    },
}

impl Remedy {
    /// The command that does it; `None` where a part of it must not be pasted.
    pub fn command(&self) -> Option<SuggestedCommand> {
        match self {
            Self::Complete { local, remote } => {
                SuggestedCommand::applink(["create", local.as_str(), remote.as_str()])
            }
            Self::SetLevel {
                local,
                remote,
                level,
            } => SuggestedCommand::applink([
                "edit",
                local.as_str(),
                remote.as_str(),
                "--auth",
                level.as_str(),
            ]),
            Self::RefetchConsumer { on, of } => {
                SuggestedCommand::applink(["repair", on.as_str(), of.as_str()])
            }
            Self::Relocate { app, to, on } | Self::RelocateDisabled { app, to, on, .. } => {
                SuggestedCommand::applink([
                    "relocate",
                    app.as_str(),
                    &to.to_string(),
                    "--on",
                    on.as_str(),
                ])
            }
            Self::SetDisplayUrl { app, to, on } => SuggestedCommand::applink([
                "edit",
                on.as_str(),
                app.as_str(),
                "--display-url",
                &to.to_string(),
            ]),
            Self::Migrate { local, remote } => {
                SuggestedCommand::applink(["migrate", local.as_str(), remote.as_str()])
            }
            Self::RetireConsumers { on, program } => SuggestedCommand::applink([
                "key",
                "rotate",
                on.as_str(),
                "--consumer",
                program,
                "--retire",
            ]),
            Self::DeleteConsumer { on, program } => {
                SuggestedCommand::applink(["delete", on.as_str(), "--consumer", program])
            }
            Self::DeleteOrphan { on, about } => {
                SuggestedCommand::applink(["delete", on.as_str(), about, "--one-side"])
            }
        }
    }
}
