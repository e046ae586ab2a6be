//! Secrets, credentials, permissions, and input that cannot be trusted.

pub(crate) mod credentials;
pub(crate) mod foreign_state;
pub(crate) mod secrets;
pub(crate) mod secrets_in_child_processes;
pub(crate) mod stored_secrets;
pub(crate) mod untrusted_input;
