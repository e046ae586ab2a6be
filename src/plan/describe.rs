//! Authentication levels in words.

use crate::domain::{Directions, Flags, Level};

/// `incoming oauth, outgoing none`, or one word where both are the same.
pub fn describe_levels(flags: Directions<Flags>) -> String {
    let levels = flags.map(Level::from);
    if levels.incoming == levels.outgoing {
        levels.incoming.to_string()
    } else {
        format!("incoming {}, outgoing {}", levels.incoming, levels.outgoing)
    }
}

/// What changes, and from what.
pub(super) fn describe_change(from: Directions<Flags>, to: Directions<Flags>) -> String {
    if to.incoming == to.outgoing {
        format!(
            "both directions to {} (from {})",
            Level::from(to.incoming),
            describe_levels(from)
        )
    } else {
        format!(
            "the levels to {} (from {})",
            describe_levels(to),
            describe_levels(from)
        )
    }
}
