//! Secrets, credentials, permissions, and input that cannot be trusted.

pub(crate) mod credential_programs;
pub(crate) mod credentials;
pub(crate) mod file_permissions;
pub(crate) mod foreign_state;
pub(crate) mod secrets;
pub(crate) mod stored_secrets;
pub(crate) mod untrusted_input;
