//! Authentication levels in words.

use crate::domain::{Directions, Flags, Level};

/// `incoming oauth, outgoing none`, or one word where both are the same.
pub fn plain_words(flags: Directions<Flags>) -> String {
    let levels = flags.map(Level::from);
    if levels.incoming == levels.outgoing {
        levels.incoming.to_string()
    } else {
        format!("incoming {}, outgoing {}", levels.incoming, levels.outgoing)
    }
}

/// What changes, and from what.
pub(super) fn change_of(from: Directions<Flags>, to: Directions<Flags>) -> String {
    if to.incoming == to.outgoing {
        format!(
            "both directions to {} (from {})",
            Level::from(to.incoming),
            plain_words(from)
        )
    } else {
        format!(
            "the levels to {} (from {})",
            plain_words(to),
            plain_words(from)
        )
    }
}
