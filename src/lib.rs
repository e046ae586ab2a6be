//! Create, move, verify and remove *application links* between Jira, Confluence, Bitbucket,
//! Bamboo, Crowd and Fisheye/Crucible.
//!
//! Two servers have to agree, and applink is neither of them. So every change goes one way:
//! look at both sides, make a plan, show it, carry it out step by step, and know at every
//! moment what has been done.
//!
//! ```text
//! args ─▶ request ─▶ observe both sides ─▶ plan (pure) ─▶ confirm ─▶ execute ─▶ verify ─▶ render
//! ```
//!
//! A room imports only from the floors below it (`ARCHITECTURE.md` follows one `create` through
//! them):
//!
//! ```text
//! main
//! cli                                arguments, prompts, one file a command
//! apply                              carrying a plan out to its end
//! observe                            reading what is there
//! resolve                            from a typed word to an application
//! context, interrupt                 what a command may use; Ctrl-C and its relatives
//! ui                                 everything that a person or a program reads
//! plan, state, remote, diagnose      planners and executor; the state; requests; codes and checks
//! desired, oauth, credentials        the plan file; keys and signatures; where secrets come from
//! error, fs                          errors with hints; private files
//! domain, exit                       what an application, a link, a level is; exit codes
//! ```

pub(crate) mod apply;
pub mod cli;
pub mod context;
pub mod credentials;
pub mod desired;
pub mod diagnose;
pub mod domain;
pub mod error;
pub mod exit;
pub mod fs;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
#[path = "../fuzz/targets/mod.rs"]
pub mod fuzz_targets;
pub(crate) mod interrupt;
pub mod oauth;
pub(crate) mod observe;
pub mod plan;
pub mod remote;
pub(crate) mod resolve;
pub mod state;
pub mod ui;
