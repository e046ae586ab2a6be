//! What makes a type a document: `"schema": 1` comes first.

use serde::Serialize;

/// A type that is printed as a whole document.
pub trait Document: Serialize {
    /// The version of its fields, which is raised when one of them changes its meaning.
    const SCHEMA: u8 = 1;
}

/// A document as it is printed.
#[derive(Serialize)]
pub(in crate::ui) struct Versioned<'a, T> {
    schema: u8,
    #[serde(flatten)]
    body: &'a T,
}

impl<'a, T: Document> Versioned<'a, T> {
    pub(in crate::ui) fn new(body: &'a T) -> Self {
        Self {
            schema: T::SCHEMA,
            body,
        }
    }
}
