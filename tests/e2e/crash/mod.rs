//! Killed and interrupted runs, and faults of the disk.

pub(crate) mod ctrl_c_at_prompts;
pub(crate) mod state_faults;
pub(crate) mod sweep_faults;
pub(crate) mod sweep_kills;
pub(crate) mod sweep_random_faults;
pub(crate) mod sweep_regressions;
