//! A picture that needs nothing else: no font, script, style sheet or file from anywhere.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::model::{Arrow, ArrowHeads, Graph, GraphNode, LineStyle, NodeState};
use crate::ui::diagram::{
    Curve, Rectangle, Stroke, TWO_LINES, TextStyle, curves, free_place, line, node_box, number,
    path, picture, place, real, text,
};

/// From so many lines on, only those that differ from most have a label.
const CROWD: usize = 40;
/// The height of the legend.
const LEGEND: f64 = 64.0;
/// How texts of the legend are written.
const NOTE: TextStyle = TextStyle {
    size: "11.5",
    weight: "400",
    anchor: "start",
    colour: "#1f2328",
};

pub(super) fn draw(graph: &Graph) -> String {
    let arrows = graph.arrows();
    let lines: Vec<[usize; 2]> = arrows.iter().map(|arrow| [arrow.from, arrow.to]).collect();
    let pairs: Vec<[usize; 2]> = graph.links.iter().map(|link| link.between).collect();
    let layout = place(graph.nodes.len(), &pairs, &TWO_LINES);
    let curves = curves(&layout, &lines);
    let usual = usual(&arrows);
    // A remarkable line is drawn over the others.
    let mut sorted: Vec<(&Arrow, &Curve)> = arrows.iter().zip(&curves).collect();
    sorted.sort_by_key(|(arrow, _)| arrow.remarkable);
    let mut taken = layout.occupied();
    let content = html! {
        title { "Applications and their links" }
        rect width="100%" height="100%" fill="#fff" {}
        @for (arrow, curve) in &sorted { (arrow_line(graph, arrow, curve)) }
        @for (node, position) in graph.nodes.iter().zip(&layout.positions) {
            (boxed(node, position.at))
        }
        @for (arrow, curve) in sorted.iter().rev() {
            @if usual.as_ref() != Some(&arrow.label) || arrow.remarkable {
                (label(arrow, curve, &mut taken))
            }
        }
        (legend(graph, &arrows, usual.as_deref(), layout.size.1))
    };
    let size = (layout.size.0.max(640.0), layout.size.1 + LEGEND);
    let svg = picture(size, "Applications and their links", &content).into_string();
    svg.replace("</g>", "</g>\n")
}

/// The label that most lines have, where there are too many to label them all.
fn usual(arrows: &[Arrow]) -> Option<String> {
    if arrows.len() <= CROWD {
        return None;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for arrow in arrows.iter().filter(|arrow| !arrow.remarkable) {
        *counts.entry(&arrow.label).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(label, _)| label.to_owned())
}

/// The pen of a kind of line, and a colour for readers who see colours.
fn stroke(style: LineStyle) -> Stroke {
    let (colour, width, dashes) = match style {
        LineStyle::Plain => ("#57606a", "1.2", "none"),
        LineStyle::Dashed => ("#9a6700", "1.8", "9 6"),
        LineStyle::Dotted => ("#0550ae", "2.4", "1 5"),
        LineStyle::Double => ("#8250df", "4.6", "none"),
        LineStyle::Thick => ("#c01824", "4", "none"),
    };
    Stroke {
        colour,
        width,
        dashes,
    }
}

/// The white line inside a double one.
fn inner(style: LineStyle) -> Option<Stroke> {
    (style == LineStyle::Double).then_some(Stroke {
        colour: "#fff",
        width: "2",
        dashes: "none",
    })
}

fn arrow_line(graph: &Graph, arrow: &Arrow, curve: &Curve) -> Markup {
    let name = |node: usize| graph.nodes.get(node).map(|node| node.title(40));
    let (symbol, at_from, at_to) = match arrow.heads {
        ArrowHeads::None => ("–", false, false),
        ArrowHeads::To => ("→", false, true),
        ArrowHeads::Both => ("↔", true, true),
    };
    let pen = stroke(arrow.line);
    let [first, last] = curve.out;
    html! {
        g {
            title {
                (name(arrow.from).unwrap_or_default()) " " (symbol) " "
                (name(arrow.to).unwrap_or_default()) ": " (arrow.label)
            }
            (line(curve, pen))
            @if let Some(pen) = inner(arrow.line) { (line(curve, pen)) }
            @if at_from { (head(curve.from, first, pen.colour)) }
            @if at_to { (head(curve.to, last, pen.colour)) }
        }
    }
}

/// The head of an arrow that ends at a border; `out` leads away from there.
fn head(at: (f64, f64), out: (f64, f64), colour: &str) -> Markup {
    let (long, wide) = (9.0, 3.6);
    let back = (at.0 + out.0 * long, at.1 + out.1 * long);
    let points = format!(
        "{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}",
        at.0,
        at.1,
        back.0 - out.1 * wide,
        back.1 + out.0 * wide,
        back.0 + out.1 * wide,
        back.1 - out.0 * wide
    );
    html! { polygon points=(points) fill=(colour) {} }
}

/// An application.
fn boxed(node: &GraphNode, at: (f64, f64)) -> Markup {
    let kind = match node.standing {
        NodeState::Known => 24,
        NodeState::Silent | NodeState::Unknown => 14,
    };
    let tooltip = format!("{}: {}", node.title(80), node.below(80));
    let texts = [node.title(19), node.below(kind)];
    node_box(&TWO_LINES, at, node.standing, &tooltip, &texts)
}

/// The label of a line, at a place where it covers nothing, if there is one.
fn label(arrow: &Arrow, curve: &Curve, taken: &mut Vec<Rectangle>) -> Markup {
    let half = (real(arrow.label.chars().count()) * 3.2 + 4.0, 8.0);
    let tries = [
        0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.46, 0.54, 0.38, 0.62, 0.2, 0.8, 0.15, 0.85,
    ];
    // If the line has no room: beside it, farther in.
    let middle = curve.point(0.5);
    let [out, _] = curve.out;
    let beside = [24.0, 48.0, 72.0, 96.0, 120.0, 150.0]
        .into_iter()
        .flat_map(|far| {
            let at = (middle.0 + out.0 * far, middle.1 + out.1 * far);
            [0.0, 17.0, -17.0].map(|aside| (at.0 + out.1 * aside, at.1 + out.0 * aside))
        });
    let places = tries.iter().map(|t| curve.point(*t)).chain(beside);
    let at = free_place(places, middle, half, taken);
    let weight = if arrow.remarkable { "700" } else { "400" };
    let style = TextStyle {
        weight,
        ..TextStyle::default()
    };
    html! {
        rect x=(number(at.0 - half.0)) y=(number(at.1 - half.1)) width=(number(2.0 * half.0))
            height=(number(2.0 * half.1)) rx="3" fill="#fff" fill-opacity="0.88" {}
        (text((at.0, at.1 + 4.0), &arrow.label, style, None))
    }
}

/// The legend of the lines in the picture.
fn legend(graph: &Graph, arrows: &[Arrow], usual: Option<&str>, top: f64) -> Markup {
    let y = top + 16.0;
    let mut x = 20.0;
    let mut entries = Vec::new();
    for (style, words) in [
        (LineStyle::Plain, "link"),
        (LineStyle::Dashed, "one-way"),
        (LineStyle::Dotted, "delete due, or unfinished"),
        (LineStyle::Double, "legacy"),
        (LineStyle::Thick, "broken: levels differ"),
    ] {
        if arrows.iter().any(|arrow| arrow.line == style) {
            entries.push((style, words, x));
            x += 60.0 + real(words.len()) * 6.6;
        }
    }
    let mut notes = vec!["arrows show who calls whom".to_owned()];
    if let Some(usual) = usual {
        notes.push(format!("a line without words: {usual}"));
    }
    if graph.nodes.is_empty() {
        notes = vec!["no applications".to_owned()];
    }
    html! {
        @for (style, words, x) in entries {
            @let sample = format!("M{x:.1} {y:.1} L{:.1} {y:.1}", x + 34.0);
            (path(&sample, stroke(style)))
            @if let Some(pen) = inner(style) { (path(&sample, pen)) }
            (text((x + 42.0, y + 4.0), words, NOTE, None))
        }
        (text((20.0, y + 26.0), &notes.join("; "), NOTE, None))
    }
}
