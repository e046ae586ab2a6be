//! A graph in the language of Mermaid.

use std::fmt::Write as _;

use super::model::{ArrowHeads, Graph, LineStyle, NodeState};

pub(super) fn draw(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for (n, node) in graph.nodes.iter().enumerate() {
        let text = format!(
            "{}<br/>{}",
            escape(&node.title(40)),
            escape(&node.below(40))
        );
        let _ = match node.standing {
            NodeState::Known => writeln!(out, "  n{n}[\"{text}\"]"),
            NodeState::Silent => writeln!(out, "  n{n}{{{{\"{text}\"}}}}:::silent"),
            NodeState::Unknown => writeln!(out, "  n{n}([\"{text}\"]):::unknown"),
        };
    }
    let mut styles = String::new();
    for (k, arrow) in graph.arrows().iter().enumerate() {
        let (start, end) = match (arrow.line, arrow.heads) {
            (LineStyle::Dashed | LineStyle::Dotted, ArrowHeads::None) => ("-", ".-"),
            (LineStyle::Dashed | LineStyle::Dotted, ArrowHeads::To) => ("-", ".->"),
            (LineStyle::Dashed | LineStyle::Dotted, ArrowHeads::Both) => ("<-", ".->"),
            (LineStyle::Thick | LineStyle::Double, ArrowHeads::None) => ("==", "="),
            (LineStyle::Thick | LineStyle::Double, ArrowHeads::To) => ("==", ">"),
            (LineStyle::Thick | LineStyle::Double, ArrowHeads::Both) => ("<==", ">"),
            (LineStyle::Plain, ArrowHeads::None) => ("--", "-"),
            (LineStyle::Plain, ArrowHeads::To) => ("--", ">"),
            (LineStyle::Plain, ArrowHeads::Both) => ("<--", ">"),
        };
        let _ = writeln!(
            out,
            "  n{} {start}{end}|\"{}\"| n{}",
            arrow.from,
            escape(&arrow.label),
            arrow.to
        );
        let style = match arrow.line {
            LineStyle::Plain | LineStyle::Dashed => continue,
            LineStyle::Dotted => "stroke-width:3px,stroke-dasharray:1 5",
            LineStyle::Double => "stroke-width:3px,stroke-dasharray:14 4",
            LineStyle::Thick => "stroke-width:5px",
        };
        let _ = writeln!(styles, "  linkStyle {k} {style}");
    }
    out.push_str(&styles);
    out.push_str("  classDef silent stroke-width:3px,stroke-dasharray:7 4\n");
    out.push_str("  classDef unknown stroke-dasharray:2 4\n");
    out
}

/// The one function that makes a text harmless inside quotes: what is neither a letter nor plain
/// punctuation becomes a numbered entity.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || " .,:-_/()".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}
