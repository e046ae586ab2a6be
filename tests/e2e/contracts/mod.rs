//! What others rely on: output formats, documents, examples and generated files.

pub(crate) mod completions;
pub(crate) mod docs;
pub(crate) mod examples;
pub(crate) mod generated_files;
pub(crate) mod help;
pub(crate) mod json;
pub(crate) mod man;
pub(crate) mod package;
pub(crate) mod plan_file_schema;
pub(crate) mod session_recording;
pub(crate) mod state_file;
pub(crate) mod streams;
pub(crate) mod terminals;
