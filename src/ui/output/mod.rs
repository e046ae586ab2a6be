//! The documents of `-o json`: one type for each, with its fields in the order in which they are
//! printed.
//!
//! The doc comments on the fields are the tables of `docs/json.md`, and a test compares the two. A
//! field is never left out: where nothing is known it is null. No request, no decision and no text
//! for people may enter.

mod apps;
mod authorize;
mod catalogue;
mod change;
mod document;
mod errors;
mod keys;
mod links;
mod plan;
mod verification;

pub use apps::{
    AppChangeOutput, AppListOutput, AppOutput, AppRemoveOutput, AppShowOutput, CheckedAppOutput,
};
pub use authorize::AuthorizeOutput;
pub use catalogue::{EntryOutput, ExplainOutput, LineOutput, PhraseOutput, ProblemOutput};
pub use change::{
    ChangeOutput, ClientOutput, FindingOutput, PairOutput, ProgramOutput, ScanOutput, StepOutput,
};
pub use document::Document;
pub(super) use document::Versioned;
pub use errors::{ErrorOutput, ReasonOutput, TroubleOutput, WarningOutput};
pub use keys::{ConvertedOutput, KeyConvertOutput, KeyGenerateOutput, KeyOutput, KeyShowOutput};
pub use links::{ConsumerOutput, ListOutput, RecordOutput, RegistrationOutput};
pub use plan::{CountsOutput, DifferenceOutput, DriftOutput, ExportOutput, PlanOutput};
pub use verification::{
    CheckOutput, EndOutput, FixOutput, SummaryOutput, VerdictOutput, VerifyOutput, WatchOutput,
};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
