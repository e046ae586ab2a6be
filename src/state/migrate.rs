//! Where older formats are raised to the current one.
//!
//! There is one format so far, so there is nothing to raise. What holds for the next ones:
//!
//! | file \ program | knows 1 | knows 2 |
//! | --- | --- | --- |
//! | **1** | read and written | raised in memory on load, written as 2 with the next change; the file of version 1 stays as the backup |
//! | **2** | refused, naming the version; nothing is written | read and written |
//! | **none**, or below 1 | refused: every file that applink wrote has a version | the same |
//!
//! A new *key* or *table* does not raise the version as long as a program that does not know it
//! may ignore it: unknown ones are kept as they are. The version is raised when an old program
//! would do harm with a new file.

/// The format that this program writes, and the newest that it reads.
pub const CURRENT: u64 = 1;

/// What to do with a file of some version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the current format.
    Current,
    /// A later program wrote it.
    TooNew,
    /// No program wrote it.
    Invalid,
}

/// Judges the version of a file.
pub fn judge(version: i64) -> Verdict {
    match u64::try_from(version) {
        Ok(CURRENT) => Verdict::Current,
        Ok(version) if version > CURRENT => Verdict::TooNew,
        _ => Verdict::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_current_version_is_used() {
        assert_eq!(judge(1), Verdict::Current);
        assert_eq!(judge(2), Verdict::TooNew);
        assert_eq!(judge(i64::MAX), Verdict::TooNew);
        assert_eq!(judge(0), Verdict::Invalid);
        assert_eq!(judge(-1), Verdict::Invalid);
    }
}
