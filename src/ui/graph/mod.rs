//! Applications and links as a graph: for Graphviz, for Mermaid, or as a picture of its own.
//!
//! A link that needs attention stands out by the kind of its line and by a word beside it, never by
//! colour alone. Names come from servers: each language has one function that makes a text harmless.
//! No observation and no judgement may enter: a graph shows what it was given.

mod dot;
mod format;
mod mermaid;
mod model;
mod svg;

pub use format::GraphFormat;
pub use model::{Graph, GraphLink, GraphNode, LinkMark, NodeState};

#[cfg(test)]
mod tests;
