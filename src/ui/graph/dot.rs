//! A graph in the language of Graphviz.

use std::fmt::Write as _;

use super::model::{ArrowHeads, Graph, LineStyle, NodeState};

pub(super) fn draw(graph: &Graph) -> String {
    let mut out = String::from(
        "digraph applink {\n  \
         graph [rankdir=LR, overlap=false, splines=true, fontname=\"sans-serif\"];\n  \
         node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  \
         edge [fontname=\"sans-serif\", fontsize=10];\n",
    );
    for (n, node) in graph.nodes.iter().enumerate() {
        let style = match node.standing {
            NodeState::Known => "",
            NodeState::Silent => ", style=\"rounded,dashed,bold\"",
            NodeState::Unknown => ", style=\"dotted\"",
        };
        let _ = writeln!(
            out,
            "  n{n} [label=\"{}\\n{}\"{style}];",
            escape(&node.title(40)),
            escape(&node.below(40))
        );
    }
    for arrow in graph.arrows() {
        let direction = match arrow.heads {
            ArrowHeads::None => "none",
            ArrowHeads::To => "forward",
            ArrowHeads::Both => "both",
        };
        let style = match arrow.line {
            LineStyle::Plain => "",
            LineStyle::Dashed => ", style=dashed",
            LineStyle::Dotted => ", style=dotted, penwidth=2",
            LineStyle::Double => ", color=\"black:white:black\"",
            LineStyle::Thick => ", style=bold, penwidth=4",
        };
        let _ = writeln!(
            out,
            "  n{} -> n{} [dir={direction}, label=\"{}\"{style}];",
            arrow.from,
            arrow.to,
            escape(&arrow.label)
        );
    }
    out.push_str("}\n");
    out
}

/// The one function that makes a text harmless inside quotes: a backslash begins an escape there,
/// and an ampersand an entity.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}
