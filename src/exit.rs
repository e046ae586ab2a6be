//! The exit codes: what scripts may rely on.

use std::process::ExitCode;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    Ok = 0,
    /// Failed or refused, and nothing is left changed.
    Failed = 1,
    /// Wrong usage.
    Usage = 2,
    /// Something was changed and the rest was not, or a change could not be recorded.
    Partial = 3,
    /// Credentials missing or refused, or the account lacks the permission.
    Auth = 4,
    /// An application could not be reached, timed out, or did not answer as one.
    Unreachable = 5,
    /// Verified, and at least one link is broken.
    Broken = 6,
    /// The state is locked, unreadable, unsafe, too new, or was changed meanwhile.
    State = 7,
    /// `plan --check`: changes are pending.
    Pending = 8,
    /// Ended by SIGHUP.
    Hangup = 129,
    /// Ended by SIGINT (Ctrl-C).
    Interrupt = 130,
    /// Ended by SIGTERM.
    Terminate = 143,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The way of ending with that number.
    pub fn of_code(code: u8) -> Option<Self> {
        [
            Self::Ok,
            Self::Failed,
            Self::Usage,
            Self::Partial,
            Self::Auth,
            Self::Unreachable,
            Self::Broken,
            Self::State,
            Self::Pending,
            Self::Hangup,
            Self::Interrupt,
            Self::Terminate,
        ]
        .into_iter()
        .find(|exit| exit.code() == code)
    }

    #[must_use]
    /// Where several apply to one run: 3 before 4 before 5 before 6, then the other.
    pub fn worst(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Hangup | Self::Interrupt | Self::Terminate => 0,
            Self::Partial => 1,
            Self::Auth => 2,
            Self::Unreachable => 3,
            Self::Broken => 4,
            Self::State => 5,
            Self::Usage => 6,
            Self::Failed => 7,
            Self::Pending => 8,
            Self::Ok => 9,
        };
        if rank(other) < rank(self) {
            other
        } else {
            self
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_wins() {
        assert_eq!(Exit::Ok.worst(Exit::Broken), Exit::Broken);
        assert_eq!(Exit::Broken.worst(Exit::Auth), Exit::Auth);
        assert_eq!(Exit::Partial.worst(Exit::Auth), Exit::Partial);
        assert_eq!(Exit::Unreachable.worst(Exit::Broken), Exit::Unreachable);
    }
}
