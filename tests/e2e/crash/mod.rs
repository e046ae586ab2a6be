//! Killed and interrupted runs, and faults of the disk.

pub(crate) mod ctrl_c_at_prompts;
pub(crate) mod state_faults;
pub(crate) mod sweep;
pub(crate) mod sweep_findings;
