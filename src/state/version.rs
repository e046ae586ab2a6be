//! The version of the format of the state file.
//!
//! A new *key* or *table* does not raise the version as long as a program that does not know it
//! may ignore it: unknown ones are kept as they are. The version is raised when an old program
//! would do harm with a new file, or a new program would misread an old one.

/// The only version that this program reads and writes.
pub(super) const CURRENT: u64 = 2;

/// Why a file of another version is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// An earlier program wrote it.
    TooOld,
    /// A later program wrote it.
    TooNew,
    /// No program wrote it.
    Invalid,
}

/// Refuses every version but the current one.
pub(super) fn check(version: i64) -> Result<(), Mismatch> {
    match u64::try_from(version) {
        Ok(CURRENT) => Ok(()),
        Ok(1..CURRENT) => Err(Mismatch::TooOld),
        Ok(CURRENT..) => Err(Mismatch::TooNew),
        Ok(0) | Err(_) => Err(Mismatch::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_current_version_is_read() {
        assert_eq!(check(2), Ok(()));
        assert_eq!(check(1), Err(Mismatch::TooOld));
        assert_eq!(check(3), Err(Mismatch::TooNew));
        assert_eq!(check(i64::MAX), Err(Mismatch::TooNew));
        assert_eq!(check(0), Err(Mismatch::Invalid));
        assert_eq!(check(-1), Err(Mismatch::Invalid));
    }
}
