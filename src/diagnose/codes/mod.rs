//! The catalogue: what every code means, why it happens, how to fix it, and how severe it is.
//!
//! `verify`, `explain`, the man page and the documentation share this one table. Texts are short
//! and complete: they are read at night, on one screen, by an administrator who did not set up the
//! link. Names in capitals are placeholders. What was observed of one link may not enter.

mod catalogue;
mod entry;
mod oauth;
mod own;
mod product;
mod severity;

pub use catalogue::{all, entry, search};
pub use entry::CodeEntry;
pub use oauth::{OAUTH_PROBLEMS, OauthProblemEntry, oauth_code, oauth_problem};
pub use severity::{Case, SKEW_BROKEN, SKEW_WARNING, Severity, health, severity};
