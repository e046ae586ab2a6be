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
//! The rooms, and the one direction in which they may know each other:
//!
//! - [`domain`] knows nobody: what an application, a link, a level *is*.
//! - [`plan`], [`remote`], [`oauth`], [`state`], [`credentials`], [`diagnose`] know `domain`; what `plan`
//!   and `diagnose` need from the world they ask through traits of their own.
//! - [`desired`] is the file of links as code; `plan` compares it with what exists.
//! - [`ui`] knows `domain`, `plan` and `diagnose`: it shows them.
//! - [`cli`] ties them together, one file a command.

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
