//! Who holds a lock, as the lock file says it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{local_time, text};

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockHolder {
    /// Its process id, on its host.
    pub pid: u32,
    /// Its host.
    pub host: String,
    /// Its user.
    pub user: String,
    /// Since when.
    pub since: Timestamp,
    /// What it runs; never with a secret.
    pub command: String,
}

impl LockHolder {
    /// This process.
    pub(super) fn this_process(command: &str) -> Self {
        let host = rustix::system::uname();
        let user = std::env::var("USER")
            .ok()
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("uid {}", rustix::process::getuid().as_raw()));
        Self {
            pid: std::process::id(),
            host: host.nodename().to_string_lossy().into_owned(),
            user,
            since: Timestamp::now(),
            command: command.to_owned(),
        }
    }

    pub(super) fn describe(holder: Option<&Self>) -> String {
        holder.map_or_else(
            || "another process, which did not say who it is".to_owned(),
            ToString::to_string,
        )
    }
}

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "process {} of {} on {} since {}: {}",
            self.pid,
            text::clean(&self.user),
            text::clean(&self.host),
            local_time(self.since),
            text::excerpt(&self.command, 200)
        )
    }
}
