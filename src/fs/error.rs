//! Why a file is not used or was not written, for callers to put into words.

use std::io;

/// What was tried with a file or a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileAction {
    /// Look at what has this name.
    Find,
    /// Open it.
    Open,
    /// Look at the opened file.
    Inspect,
    /// Read it.
    Read,
    /// Make a temporary file beside it.
    Create,
    /// Set the mode of the temporary file.
    Protect,
    /// Write the content.
    Write,
    /// Put the content on the disk.
    Flush,
    /// Give the content its name.
    Rename,
    /// Put the name on the disk.
    FlushDirectory,
}

impl FileAction {
    /// The failure of this action.
    pub(super) fn failed(self) -> impl FnOnce(io::Error) -> FileError {
        move |error| FileError::Io(self, error)
    }
}

/// Why a file is not used or was not written: words that go on after the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A directory, pipe, socket, device or symbolic link.
    #[error("is {0} and not a file")]
    NotAFile(&'static str),
    /// The parent of a file is something else.
    #[error("is not a directory")]
    NotADirectory,
    /// Any user can replace the files in this directory.
    #[error("is a directory into which everybody may put files")]
    OpenDirectory,
    /// It belongs to another user.
    #[error("belongs to user {owner} and not to user {user}")]
    Owner {
        /// The user id of its owner.
        owner: u32,
        /// The user id of this process.
        user: u32,
    },
    /// Other users have a permission that they must not have.
    #[error("is open to others (mode {0:04o})")]
    Mode(u32),
    /// The same file has another name, perhaps in a directory of somebody else.
    #[error("has a second name (a hard link)")]
    HardLink,
    /// It has more bytes than allowed.
    #[error("is too large")]
    TooLarge,
    /// The name of a new file is taken by this.
    #[error("is the name of {0} already")]
    Exists(&'static str),
    /// The operating system refused.
    #[error("cannot be used: {1}")]
    Io(FileAction, io::Error),
}

impl FileError {
    /// Whether there is no file of that name.
    pub fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::Io(FileAction::Find | FileAction::Open, error) if error.kind() == io::ErrorKind::NotFound
        )
    }

    /// The same as an error of the operating system.
    pub fn into_io(self) -> io::Error {
        match self {
            Self::Io(_, error) => error,
            other => io::Error::other(format!("it {other}")),
        }
    }
}
