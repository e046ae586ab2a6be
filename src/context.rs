//! What a command may use.
