//! A difference between what a step expects and what it finds.

/// What stands in the way of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which field.
    pub field: &'static str,
    /// What was expected.
    pub expected: String,
    /// What is there.
    pub found: String,
}
