//! One remedy: something that can be planned, and the command that does it.

use crate::domain::{Alias, BaseUrl, Fix, Level};

/// One way to fix a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// Make the end that is missing.
    Complete {
        /// The application named first.
        local: Alias,
        /// The other.
        remote: Alias,
    },
    /// Make both ends equal.
    Level {
        /// The application named first.
        local: Alias,
        /// The other.
        remote: Alias,
        /// At this level.
        level: Level,
    },
    /// Switch the incoming direction off and on, so that the peer's consumer is fetched again.
    Refetch {
        /// The application that keeps the old one.
        on: Alias,
        /// The application whose consumer it is.
        of: Alias,
    },
    /// Let a record follow the application to its address.
    Follow {
        /// The application that it is about.
        app: Alias,
        /// Its address.
        to: BaseUrl,
        /// The application that holds the record.
        on: Alias,
    },
    /// Let a record whose calls are off lead to the application that is known as its peer, before
    /// anything is switched on: what answers where it leads now may be the original of a copy.
    LeadBack {
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
    Show {
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
    Retire {
        /// The application that accepts them.
        on: Alias,
        /// The program.
        program: String,
    },
    /// Delete a consumer whose link is gone.
    Unregister {
        /// The application that accepts it.
        on: Alias,
        /// The program.
        program: String,
    },
    /// Remove a record whose other side is gone.
    RemoveOrphan {
        /// The application that holds it.
        on: Alias,
        /// What it is about, as a command takes it.
        about: String,
    },
}

impl Mend {
    /// The command that does it; `None` where a part of it must not be pasted.
    pub fn fix(&self) -> Option<Fix> {
        match self {
            Self::Complete { local, remote } => {
                Fix::applink(["create", local.as_str(), remote.as_str()])
            }
            Self::Level {
                local,
                remote,
                level,
            } => Fix::applink([
                "edit",
                local.as_str(),
                remote.as_str(),
                "--auth",
                level.as_str(),
            ]),
            Self::Refetch { on, of } => Fix::applink(["repair", on.as_str(), of.as_str()]),
            Self::Follow { app, to, on } | Self::LeadBack { app, to, on, .. } => Fix::applink([
                "relocate",
                app.as_str(),
                &to.to_string(),
                "--on",
                on.as_str(),
            ]),
            Self::Show { app, to, on } => Fix::applink([
                "edit",
                on.as_str(),
                app.as_str(),
                "--display-url",
                &to.to_string(),
            ]),
            Self::Migrate { local, remote } => {
                Fix::applink(["migrate", local.as_str(), remote.as_str()])
            }
            Self::Retire { on, program } => Fix::applink([
                "key",
                "rotate",
                on.as_str(),
                "--consumer",
                program,
                "--retire",
            ]),
            Self::Unregister { on, program } => {
                Fix::applink(["delete", on.as_str(), "--consumer", program])
            }
            Self::RemoveOrphan { on, about } => {
                Fix::applink(["delete", on.as_str(), about, "--one-side"])
            }
        }
    }
}
