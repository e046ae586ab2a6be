//! Private files: read only when nobody else can have written or seen them, and written so that a
//! crash leaves the old content or the new one.
//!
//! Every check of an owner or a mode, and every atomic write of the program, is in here. The rooms
//! above turn a [`FileError`] into their own messages. Nothing that knows what a file contains, or
//! who asks for it, may enter.

mod check;
mod error;
mod open;
mod write;

#[cfg(test)]
mod tests;

pub use check::{OTHERS, OTHERS_READ_OR_WRITE, OTHERS_WRITE, check_directory, check_owner, parent};
pub use error::{FileAction, FileError};
pub use open::{Rules, create_log, open, open_or_create, read, read_bounded};
pub use write::{
    PRIVATE, PUBLIC, PendingFile, check_free, create_new, flush_directory, make_directory,
    remove_leftovers, write_atomic,
};
