//! Carrying a plan out to its end: lock, journal, confirmation, the steps on real applications, the
//! state, the closing verification, and resuming a run that was interrupted.
//!
//! No argument parsing and no prompt for arguments: that is `cli`.

pub(crate) mod abandon;
pub(crate) mod commit;
pub(crate) mod confirm;
pub(crate) mod execution;
pub(crate) mod fingerprint;
pub(crate) mod finish;
pub(crate) mod interrupted;
pub(crate) mod key_file;
pub(crate) mod keyring;
pub(crate) mod last_applied;
pub(crate) mod local_files;
pub(crate) mod plan_file;
pub(crate) mod provider;
pub(crate) mod resume;
pub(crate) mod run;
pub(crate) mod saved_plan;
pub(crate) mod unobserved;
pub(crate) mod verify;
