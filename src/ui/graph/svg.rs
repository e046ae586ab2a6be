//! A picture that needs nothing else: no font, script, style sheet or file from anywhere.

use std::collections::BTreeMap;

use super::place::{BOX, Layout, Place, place, real};
use super::{Arrow, Graph, Heads, Line, Node, Standing};
use crate::ui::page::Page;
use crate::ui::width::of as columns;

/// From so many lines on, only those that differ from most have a label.
const CROWD: usize = 40;
const INK: &str = "#1f2328";
/// The height of the legend.
const LEGEND: f64 = 64.0;

/// A line with its way: from one border to another, straight out of both.
struct Way {
    from: (f64, f64),
    bends: [(f64, f64); 2],
    to: (f64, f64),
    /// Out of the box at the beginning and at the end.
    out: [(f64, f64); 2],
}

/// A rectangle that a label takes: its middle and half of its size.
type Taken = ((f64, f64), (f64, f64));

pub(super) fn draw(graph: &Graph) -> String {
    let layout = place(graph);
    let arrows = graph.arrows();
    let ways = ways(&layout, &arrows);
    let usual = usual(&arrows);
    let (width, height) = (layout.size.0.max(640.0), layout.size.1 + LEGEND);
    let (w, h) = (format!("{width:.0}"), format!("{height:.0}"));
    let view = format!("0 0 {w} {h}");
    let mut page = Page::default();
    page.within(
        "svg",
        &[
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", &view),
            ("width", &w),
            ("height", &h),
            ("role", "img"),
            ("font-family", "system-ui, 'DejaVu Sans', sans-serif"),
        ],
        |page| {
            page.element("title", &[], "Applications and their links");
            page.element(
                "rect",
                &[("width", "100%"), ("height", "100%"), ("fill", "#fff")],
                "",
            );
            // What is remarkable is drawn over what is not.
            let mut sorted: Vec<(&Arrow, &Way)> = arrows.iter().zip(&ways).collect();
            sorted.sort_by_key(|(arrow, _)| arrow.remarkable);
            for (arrow, way) in &sorted {
                line(page, graph, arrow, way);
            }
            for (node, place) in graph.nodes.iter().zip(&layout.places) {
                boxed(page, node, place.at);
            }
            let mut taken: Vec<Taken> = layout
                .places
                .iter()
                .map(|place| (place.at, (BOX.0 / 2.0, BOX.1 / 2.0)))
                .collect();
            for (arrow, way) in sorted.iter().rev() {
                if usual.as_ref() != Some(&arrow.label) || arrow.remarkable {
                    label(page, arrow, way, &mut taken);
                }
            }
            legend(page, graph, &arrows, usual.as_deref(), layout.size.1);
        },
    );
    page.finish()
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

/// The ways of all lines: at each box they are spread over its border, in the order of where they
/// lead to.
fn ways(layout: &Layout, arrows: &[Arrow]) -> Vec<Way> {
    let at = |node: usize| layout.places.get(node).copied();
    let mut ends: BTreeMap<usize, Vec<(usize, bool)>> = BTreeMap::new();
    for (k, arrow) in arrows.iter().enumerate() {
        ends.entry(arrow.from).or_default().push((k, true));
        ends.entry(arrow.to).or_default().push((k, false));
    }
    let mut anchors = vec![[(0.0, 0.0); 2]; arrows.len()];
    for (node, mut list) in ends {
        let Some(here) = at(node) else { continue };
        let along = |point: (f64, f64)| if is_row(here) { point.0 } else { point.1 };
        list.sort_by(|(a, a_starts), (b, b_starts)| {
            let other = |k: usize, starts: bool| {
                let arrow = arrows.get(k);
                arrow
                    .and_then(|arrow| at(if starts { arrow.to } else { arrow.from }))
                    .map_or(0.0, |place| along(place.at))
            };
            other(*a, *a_starts)
                .total_cmp(&other(*b, *b_starts))
                .then(a.cmp(b))
        });
        let room = (if is_row(here) { BOX.0 } else { BOX.1 }) - 8.0;
        let count = real(list.len());
        for (slot, (k, starts)) in list.into_iter().enumerate() {
            let shift = room * ((real(slot) + 0.5) / count - 0.5);
            let inwards = here.side.inwards();
            let border = (
                here.at.0 + inwards.0 * BOX.0 / 2.0,
                here.at.1 + inwards.1 * BOX.1 / 2.0,
            );
            let anchor = if is_row(here) {
                (border.0 + shift, border.1)
            } else {
                (border.0, border.1 + shift)
            };
            if let Some([first, last]) = anchors.get_mut(k) {
                *(if starts { first } else { last }) = anchor;
            }
        }
    }
    arrows
        .iter()
        .zip(anchors)
        .map(|(arrow, [from, to])| {
            let out = [arrow.from, arrow.to]
                .map(|node| at(node).map_or((0.0, 0.0), |place| place.side.inwards()));
            let apart = (from.0 - to.0).hypot(from.1 - to.1);
            // An arc between two of one border keeps clear of it.
            let least = if out[0] == out[1] { 70.0 } else { 30.0 };
            let reach = (apart * 0.42).clamp(least, 340.0);
            let bend = |point: (f64, f64), out: (f64, f64)| {
                (point.0 + out.0 * reach, point.1 + out.1 * reach)
            };
            let [a, b] = out;
            Way {
                from,
                bends: [bend(from, a), bend(to, b)],
                to,
                out,
            }
        })
        .collect()
}

fn is_row(place: Place) -> bool {
    place.side.inwards().0 == 0.0
}

impl Way {
    fn point(&self, t: f64) -> (f64, f64) {
        let u = 1.0 - t;
        let [b, c] = self.bends;
        let mix = |a: f64, b: f64, c: f64, d: f64| {
            u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
        };
        (
            mix(self.from.0, b.0, c.0, self.to.0),
            mix(self.from.1, b.1, c.1, self.to.1),
        )
    }
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// What a line is drawn with: its width and its dashes.
fn pen(line: Line) -> (&'static str, &'static str) {
    match line {
        Line::Plain => ("1.2", "none"),
        Line::Dashed => ("1.8", "9 6"),
        Line::Dotted => ("2.4", "1 5"),
        Line::Double => ("4.6", "none"),
        Line::Thick => ("4", "none"),
    }
}

/// A colour beside the kind of the line, for who sees it.
fn colour(line: Line) -> &'static str {
    match line {
        Line::Plain => "#57606a",
        Line::Dashed => "#9a6700",
        Line::Dotted => "#0550ae",
        Line::Double => "#8250df",
        Line::Thick => "#c01824",
    }
}

fn stroke(page: &mut Page, path: &str, kind: Line) {
    let (width, dashes) = pen(kind);
    let mut paint = |colour: &str, width: &str| {
        page.element(
            "path",
            &[
                ("d", path),
                ("fill", "none"),
                ("stroke", colour),
                ("stroke-width", width),
                ("stroke-linecap", "round"),
                ("stroke-dasharray", dashes),
            ],
            "",
        );
    };
    paint(colour(kind), width);
    if kind == Line::Double {
        paint("#fff", "2");
    }
}

fn line(page: &mut Page, graph: &Graph, arrow: &Arrow, way: &Way) {
    let name = |node: usize| {
        graph
            .nodes
            .get(node)
            .map_or_else(String::new, |node| node.title(40))
    };
    let sign = match arrow.heads {
        Heads::None => "–",
        Heads::To => "→",
        Heads::Both => "↔",
    };
    page.within("g", &[], |page| {
        page.element(
            "title",
            &[],
            &format!(
                "{} {sign} {}: {}",
                name(arrow.from),
                name(arrow.to),
                arrow.label
            ),
        );
        let [b, c] = way.bends;
        let path = format!(
            "M{:.1} {:.1} C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            way.from.0, way.from.1, b.0, b.1, c.0, c.1, way.to.0, way.to.1
        );
        stroke(page, &path, arrow.line);
        let [first, last] = way.out;
        if arrow.heads == Heads::Both {
            head(page, way.from, first, colour(arrow.line));
        }
        if arrow.heads != Heads::None {
            head(page, way.to, last, colour(arrow.line));
        }
    });
}

/// The head of an arrow that ends at a border; `out` leads away from there.
fn head(page: &mut Page, at: (f64, f64), out: (f64, f64), colour: &str) {
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
    page.element("polygon", &[("points", &points), ("fill", colour)], "");
}

/// An application.
fn boxed(page: &mut Page, node: &Node, at: (f64, f64)) {
    let (fill, width, dashes) = match node.standing {
        Standing::Known => ("#fff", "1.6", "none"),
        Standing::Silent => ("#ffebe9", "2.6", "7 4"),
        Standing::Unknown => ("#f6f8fa", "1.6", "2 4"),
    };
    let corner = (number(at.0 - BOX.0 / 2.0), number(at.1 - BOX.1 / 2.0));
    page.within("g", &[], |page| {
        page.element(
            "title",
            &[],
            &format!("{}: {}", node.title(80), node.below(80)),
        );
        page.element(
            "rect",
            &[
                ("x", &corner.0),
                ("y", &corner.1),
                ("width", &number(BOX.0)),
                ("height", &number(BOX.1)),
                ("rx", "6"),
                ("fill", fill),
                ("stroke", INK),
                ("stroke-width", width),
                ("stroke-dasharray", dashes),
            ],
            "",
        );
        let kind = match node.standing {
            Standing::Known => 24,
            Standing::Silent | Standing::Unknown => 14,
        };
        for (line, letter, dy, size, weight) in [
            (node.title(19), 8.6, -2.0, "13.5", "700"),
            (node.below(kind), 6.4, 14.0, "11", "400"),
        ] {
            let at = (at.0, at.1 + dy);
            let room = BOX.0 - 14.0;
            let squeezed = real(columns(&line)) * letter > room;
            text(
                page,
                at,
                &line,
                size,
                weight,
                "middle",
                squeezed.then_some(room),
            );
        }
    });
}

fn text(
    page: &mut Page,
    at: (f64, f64),
    words: &str,
    size: &'static str,
    weight: &'static str,
    anchor: &'static str,
    room: Option<f64>,
) {
    let (x, y, room) = (number(at.0), number(at.1), room.map(number));
    let mut attributes = vec![
        ("x", x.as_str()),
        ("y", &y),
        ("text-anchor", anchor),
        ("font-size", size),
        ("font-weight", weight),
        ("fill", INK),
        // A name from right to left leaves what stands around it alone.
        ("unicode-bidi", "isolate"),
    ];
    if let Some(room) = &room {
        attributes.push(("textLength", room));
        attributes.push(("lengthAdjust", "spacingAndGlyphs"));
    }
    page.element("text", &attributes, words);
}

/// The words of a line, where they cover nothing, if there is such a place.
fn label(page: &mut Page, arrow: &Arrow, way: &Way, taken: &mut Vec<Taken>) {
    let half = (real(arrow.label.chars().count()) * 3.2 + 4.0, 8.0);
    let free = |at: &(f64, f64)| {
        taken.iter().all(|(other, size)| {
            (at.0 - other.0).abs() > half.0 + size.0 || (at.1 - other.1).abs() > half.1 + size.1
        })
    };
    let tries = [
        0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.46, 0.54, 0.38, 0.62, 0.2, 0.8, 0.15, 0.85,
    ];
    // Beside the line, farther in, where there is no room on it.
    let middle = way.point(0.5);
    let [out, _] = way.out;
    let beside = [24.0, 48.0, 72.0, 96.0, 120.0, 150.0]
        .into_iter()
        .flat_map(|far| {
            let at = (middle.0 + out.0 * far, middle.1 + out.1 * far);
            [0.0, 17.0, -17.0].map(|aside| (at.0 + out.1 * aside, at.1 + out.0 * aside))
        });
    let at = tries
        .iter()
        .map(|t| way.point(*t))
        .chain(beside)
        .find(free)
        .unwrap_or(middle);
    taken.push((at, half));
    page.element(
        "rect",
        &[
            ("x", &number(at.0 - half.0)),
            ("y", &number(at.1 - half.1)),
            ("width", &number(2.0 * half.0)),
            ("height", &number(2.0 * half.1)),
            ("rx", "3"),
            ("fill", "#fff"),
            ("fill-opacity", "0.88"),
        ],
        "",
    );
    let weight = if arrow.remarkable { "700" } else { "400" };
    text(
        page,
        (at.0, at.1 + 4.0),
        &arrow.label,
        "11",
        weight,
        "middle",
        None,
    );
}

/// What the lines mean, of those that are there.
fn legend(page: &mut Page, graph: &Graph, arrows: &[Arrow], usual: Option<&str>, top: f64) {
    let mut x = 20.0;
    let y = top + 16.0;
    for (kind, words) in [
        (Line::Plain, "link"),
        (Line::Dashed, "one-way"),
        (Line::Dotted, "delete due, or unfinished"),
        (Line::Double, "legacy"),
        (Line::Thick, "broken: levels differ"),
    ] {
        if arrows.iter().any(|arrow| arrow.line == kind) {
            stroke(
                page,
                &format!("M{:.1} {y:.1} L{:.1} {y:.1}", x, x + 34.0),
                kind,
            );
            text(
                page,
                (x + 42.0, y + 4.0),
                words,
                "11.5",
                "400",
                "start",
                None,
            );
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
    text(
        page,
        (20.0, y + 26.0),
        &notes.join("; "),
        "11.5",
        "400",
        "start",
        None,
    );
}
