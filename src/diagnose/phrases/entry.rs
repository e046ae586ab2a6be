//! One phrase, and the form of the tables.

/// Words that say what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// The words, looked up without regard to case.
    pub text: &'static str,
    /// Who writes them.
    pub source: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// What to do.
    pub fix: &'static str,
}

macro_rules! phrases {
    ($( $text:literal $source:literal $meaning:literal $fix:literal; )+) => {
        /// The phrases of this file.
        pub(super) const PHRASES: &[$crate::diagnose::phrases::entry::Phrase] = &[
            $( $crate::diagnose::phrases::entry::Phrase { text: $text, source: $source, meaning: $meaning, fix: $fix }, )+
        ];
    };
}
pub(super) use phrases;
