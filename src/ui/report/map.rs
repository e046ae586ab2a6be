//! A map of the applications and links: every state has a colour, a shape and a kind of line.
//!
//! The number in a shape is the number of the link.

use maud::{Markup, html};

use super::words;
use crate::diagnose::report::{LinkReport, SupportReport};
use crate::domain::text::excerpt;
use crate::domain::{Alias, Health};
use crate::ui::diagram::{
    Curve, NodeState, ONE_LINE, Rectangle, Stroke, TWO_LINES, TextStyle, curves, free_place, line,
    node_box, number, picture, place, text,
};

/// From more applications than this on, boxes have one line.
const CROWD: usize = 12;
/// The size of a shape.
const SHAPE: f64 = 11.0;

/// An application, or what a record without a known application is about.
struct MapNode {
    label: String,
    below: String,
    standing: NodeState,
    degree: usize,
}

impl MapNode {
    /// Its lines of text.
    fn texts(&self, is_crowd: bool) -> Vec<String> {
        if is_crowd {
            let (label, below) = (excerpt(&self.label, 16), excerpt(&self.below, 16));
            return match self.standing {
                NodeState::Known => vec![format!("{label} ({below})")],
                NodeState::Silent => vec![format!("! {label} ({below})")],
                NodeState::Unknown => vec![format!("{label} (not known)")],
            };
        }
        let below = match self.standing {
            NodeState::Silent => "! could not be asked",
            NodeState::Known | NodeState::Unknown => &self.below,
        };
        vec![excerpt(&self.label, 18), excerpt(below, 24)]
    }
}

/// A link and the two nodes that it joins.
type Edge<'a> = ([usize; 2], &'a LinkReport);

/// Draws the map.
pub(super) fn draw(report: &SupportReport) -> Markup {
    let (nodes, edges) = graph(report);
    if nodes.is_empty() {
        return html! {};
    }
    let is_crowd = nodes.len() > CROWD;
    let shape = if is_crowd { &ONE_LINE } else { &TWO_LINES };
    let pairs: Vec<[usize; 2]> = edges.iter().map(|(pair, _)| *pair).collect();
    let layout = place(nodes.len(), &pairs, shape);
    let curves = curves(&layout, &pairs);
    let mut taken = layout.occupied();
    let content = html! {
        // The gravest come first in a report: they are drawn over the others.
        @for ((_, link), curve) in edges.iter().zip(&curves).rev() {
            (line(curve, stroke(link.health, is_crowd)))
        }
        @for (node, position) in nodes.iter().zip(&layout.positions) {
            @let tooltip = format!("{}: {}", excerpt(&node.label, 80), excerpt(&node.below, 80));
            (node_box(shape, position.at, node.standing, &tooltip, &node.texts(is_crowd)))
        }
        @for ((pair, link), curve) in edges.iter().zip(&curves) {
            (mark(link, free_point(curve, &nodes, *pair, &mut taken)))
        }
    };
    picture(
        layout.size,
        "Map of the applications and their links",
        &content,
    )
}

fn graph(report: &SupportReport) -> (Vec<MapNode>, Vec<Edge<'_>>) {
    let node = |label: String, below: String, standing| MapNode {
        label,
        below,
        standing,
        degree: 0,
    };
    let mut nodes: Vec<MapNode> = report
        .apps
        .iter()
        .map(|app| {
            let version = app.version.as_deref().unwrap_or_default();
            let below = format!("{} {version}", app.product);
            let standing = if app.trouble.is_some() {
                NodeState::Silent
            } else {
                NodeState::Known
            };
            node(app.alias.to_string(), below.trim().to_owned(), standing)
        })
        .collect();
    let find = |alias: &Alias| report.apps.iter().position(|app| app.alias == *alias);
    let mut edges = Vec::new();
    for link in &report.links {
        let Some(from) = find(&link.local) else {
            continue;
        };
        let to = if let Some(remote) = &link.remote {
            let Some(to) = find(remote) else { continue };
            to
        } else {
            let below = "not known to applink".to_owned();
            nodes.push(node(link.name.clone(), below, NodeState::Unknown));
            nodes.len() - 1
        };
        for at in [from, to] {
            if let Some(node) = nodes.get_mut(at) {
                node.degree += 1;
            }
        }
        edges.push(([from, to], link));
    }
    (nodes, edges)
}

/// The colour of a state: the same as in the style sheet, for viewers that take only the drawing.
fn colour(health: Health) -> &'static str {
    match health {
        Health::Ok => "#1a7f37",
        Health::Warning => "#9a6700",
        Health::Broken => "#c01824",
        Health::Unverifiable => "#57606a",
    }
}

/// The line of a state. Where there are many lines, those of working links stand back.
fn stroke(health: Health, is_crowd: bool) -> Stroke {
    Stroke {
        colour: colour(health),
        width: if is_crowd && health == Health::Ok {
            "1.2"
        } else {
            "2.5"
        },
        dashes: match health {
            Health::Ok => "none",
            Health::Warning => "10 5",
            Health::Broken => "3 5",
            Health::Unverifiable => "1 6",
        },
    }
}

/// A place at which the shape of a link covers nothing: near the end with fewer links, where lines are far
/// apart.
fn free_point(
    curve: &Curve,
    nodes: &[MapNode],
    pair: [usize; 2],
    taken: &mut Vec<Rectangle>,
) -> (f64, f64) {
    let near = [0.14, 0.2, 0.27, 0.34, 0.41, 0.48, 0.55, 0.62];
    let middle = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2];
    let [from, to] = pair.map(|node| nodes.get(node).map_or(0, |node| node.degree));
    let tries = match from.cmp(&to) {
        std::cmp::Ordering::Equal => middle,
        std::cmp::Ordering::Less => near,
        std::cmp::Ordering::Greater => near.map(|t| 1.0 - t),
    };
    let points = tries.map(|t| curve.point(t));
    let half = (1.05 * SHAPE, 1.05 * SHAPE);
    free_place(points.into_iter(), points[0], half, taken)
}

/// A shape with a sign, for texts.
pub(super) fn icon(health: Health) -> Markup {
    html! {
        svg viewBox="-12 -12 24 24" aria-hidden="true" {
            (shape(health, (0.0, 0.0), words::sign(health)))
        }
    }
}

/// The shape of a link, with its number, which leads to its section.
fn mark(link: &LinkReport, at: (f64, f64)) -> Markup {
    html! {
        a href={ "#link-" (link.number) } {
            g {
                title {
                    "link " (link.number) ": " (excerpt(&link.title(), 80)) ": "
                    (link.health.as_str())
                    @if let Some(code) = link.code { ", " (code.as_str()) }
                }
                (shape(link.health, at, &link.number.to_string()))
            }
        }
    }
}

/// The shape of a state with something written in it.
fn shape(health: Health, at: (f64, f64), inside: &str) -> Markup {
    let corners: &[(f64, f64)] = match health {
        Health::Ok => &[],
        Health::Warning => &[(0.0, -1.25), (1.2, 0.85), (-1.2, 0.85)],
        Health::Broken => &[(-0.92, -0.92), (0.92, -0.92), (0.92, 0.92), (-0.92, 0.92)],
        Health::Unverifiable => &[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
    };
    let points: Vec<String> = corners
        .iter()
        .map(|(dx, dy)| format!("{:.1},{:.1}", at.0 + dx * SHAPE, at.1 + dy * SHAPE))
        .collect();
    let colour = colour(health);
    let low = if health == Health::Warning { 5.5 } else { 4.0 };
    let white = TextStyle {
        weight: "700",
        colour: "#fff",
        ..TextStyle::default()
    };
    html! {
        @if points.is_empty() {
            circle cx=(number(at.0)) cy=(number(at.1)) r=(number(SHAPE)) fill=(colour)
                stroke="#fff" stroke-width="1.5" {}
        } @else {
            polygon points=(points.join(" ")) fill=(colour) stroke="#fff" stroke-width="1.5" {}
        }
        (text((at.0, at.1 + low), inside, white, None))
    }
}
