//! The languages in which a graph can be drawn.

use super::model::Graph;
use super::{dot, mermaid, svg};

/// In which language a graph is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// Graphviz.
    Dot,
    /// Mermaid, as in Markdown pages.
    Mermaid,
    /// A picture.
    Svg,
}

impl Graph {
    /// The graph in one of the languages.
    pub fn draw(&self, format: GraphFormat) -> String {
        match format {
            GraphFormat::Dot => dot::draw(self),
            GraphFormat::Mermaid => mermaid::draw(self),
            GraphFormat::Svg => svg::draw(self),
        }
    }
}
