//! A map of the applications and links: every state has a colour, a shape and a kind of line.
//!
//! Up to a dozen applications are boxes on an ellipse; more are dots on a circle with their names
//! outside, so that sixty can still be read on a sheet of paper. The number in a shape is the
//! number of the link.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::page::Page;
use super::words;
use crate::diagnose::report::{Link, Report};
use crate::domain::text::excerpt;
use crate::domain::{Alias, Health};

/// From more applications than this on they are dots.
const BOXES: usize = 12;
/// Half of a box.
const BOX: (f64, f64) = (84.0, 25.0);
/// The size of a shape.
const SHAPE: f64 = 11.0;

/// An application, or what a record without a known application is about.
struct Node {
    label: String,
    below: String,
    kind: Kind,
    degree: usize,
    at: (f64, f64),
    angle: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Known,
    Troubled,
    Unknown,
}

/// The colour of a state; the same as in the style sheet, for viewers that take only the drawing.
fn colour(health: Health) -> &'static str {
    match health {
        Health::Ok => "#1a7f37",
        Health::Warning => "#9a6700",
        Health::Broken => "#c01824",
        Health::Unverifiable => "#57606a",
    }
}

/// The line of a state.
fn dashes(health: Health) -> &'static str {
    match health {
        Health::Ok => "none",
        Health::Warning => "10 5",
        Health::Broken => "3 5",
        Health::Unverifiable => "1 6",
    }
}

/// Draws the map.
pub(super) fn draw(page: &mut Page, report: &Report) {
    let (mut nodes, edges) = graph(report);
    if nodes.is_empty() {
        return;
    }
    let boxes = nodes.len() <= BOXES;
    let (width, height) = place(&mut nodes, boxes);
    let view = format!("0 0 {width:.0} {height:.0}");
    let (w, h) = (format!("{width:.0}"), format!("{height:.0}"));
    page.within(
        "svg",
        &[
            ("viewBox", &view),
            ("width", &w),
            ("height", &h),
            ("role", "img"),
            ("aria-label", "Map of the applications and their links"),
            ("font-family", "system-ui, 'DejaVu Sans', sans-serif"),
        ],
        |page| {
            let mut taken: Vec<(f64, f64)> = Vec::new();
            let routes: Vec<Route> = edges
                .iter()
                .filter_map(|(from, to, _)| {
                    Route::between(nodes.get(*from)?, nodes.get(*to)?, boxes, (width, height))
                })
                .collect();
            for ((_, _, link), route) in edges.iter().zip(&routes) {
                line(page, link, route);
            }
            for node in &nodes {
                if boxes {
                    boxed(page, node);
                } else {
                    dotted(page, node);
                }
            }
            for ((_, _, link), route) in edges.iter().zip(&routes) {
                let at = route.free_place(&taken);
                taken.push(at);
                mark(page, link, at);
            }
        },
    );
}

/// A shape with a sign, for texts.
pub(super) fn icon(page: &mut Page, health: Health) {
    page.within(
        "svg",
        &[("viewBox", "-12 -12 24 24"), ("aria-hidden", "true")],
        |page| shape(page, health, (0.0, 0.0), words::sign(health)),
    );
}

type Edge<'a> = (usize, usize, &'a Link);

fn graph(report: &Report) -> (Vec<Node>, Vec<Edge<'_>>) {
    let node = |label: String, below: String, kind| Node {
        label,
        below,
        kind,
        degree: 0,
        at: (0.0, 0.0),
        angle: 0.0,
    };
    let mut nodes: Vec<Node> = report
        .apps
        .iter()
        .map(|app| {
            let version = app.version.as_deref().unwrap_or_default();
            let below = format!("{} {version}", app.product);
            let kind = if app.trouble.is_some() {
                Kind::Troubled
            } else {
                Kind::Known
            };
            node(app.alias.to_string(), below.trim().to_owned(), kind)
        })
        .collect();
    let find = |alias: &Alias| report.apps.iter().position(|app| app.alias == *alias);
    let mut edges = Vec::new();
    for link in &report.links {
        let Some(from) = find(&link.local) else {
            continue;
        };
        let to = match &link.remote {
            Some(remote) => match find(remote) {
                Some(to) => to,
                None => continue,
            },
            None => {
                let below = "not known to applink".to_owned();
                nodes.push(node(link.name.clone(), below, Kind::Unknown));
                nodes.len() - 1
            }
        };
        for at in [from, to] {
            if let Some(node) = nodes.get_mut(at) {
                node.degree += 1;
            }
        }
        edges.push((from, to, link));
    }
    (nodes, edges)
}

/// A number of things as a number to draw with.
fn real(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// Gives every node its place, and tells the size of the drawing.
fn place(nodes: &mut [Node], boxes: bool) -> (f64, f64) {
    let n = real(nodes.len());
    let (radius, margin) = match (nodes.len(), boxes) {
        (1, _) => ((0.0, 0.0), (BOX.0 + 10.0, BOX.1 + 10.0)),
        (2, _) => ((190.0, 0.0), (BOX.0 + 10.0, BOX.1 + 10.0)),
        (_, true) => (
            (200.0 + 14.0 * n, 70.0 + 18.0 * n),
            (BOX.0 + 10.0, BOX.1 + 10.0),
        ),
        // Names are written along the rays, a line of text apart.
        (_, false) => {
            let radius = (n * 21.0 / TAU).max(170.0);
            ((radius, radius), (225.0, 225.0))
        }
    };
    let middle = (radius.0 + margin.0, radius.1 + margin.1);
    // Two stand side by side; more begin at the top.
    let first = if nodes.len() == 2 { PI } else { -FRAC_PI_2 };
    for (i, node) in nodes.iter_mut().enumerate() {
        node.angle = first + TAU * real(i) / n;
        node.at = (
            middle.0 + radius.0 * node.angle.cos(),
            middle.1 + radius.1 * node.angle.sin(),
        );
    }
    (2.0 * middle.0, 2.0 * middle.1)
}

/// The way of a line: a curve with one control point.
struct Route {
    from: (f64, f64),
    over: (f64, f64),
    to: (f64, f64),
    /// Whether the shape belongs near the end of the line rather than near its beginning.
    towards_end: Option<bool>,
}

impl Route {
    fn between(from: &Node, to: &Node, boxes: bool, size: (f64, f64)) -> Option<Self> {
        let half = |a: f64, b: f64| f64::midpoint(a, b);
        let straight = (half(from.at.0, to.at.0), half(from.at.1, to.at.1));
        let middle = (size.0 / 2.0, size.1 / 2.0);
        // Lines between neighbours on the circle bend inwards, clear of the others.
        let over = if boxes {
            straight
        } else {
            (
                middle.0 + (straight.0 - middle.0) * 0.35,
                middle.1 + (straight.1 - middle.1) * 0.35,
            )
        };
        Some(Self {
            from: from.at,
            over,
            to: to.at,
            towards_end: (from.degree != to.degree).then_some(to.degree < from.degree),
        })
    }

    fn point(&self, t: f64) -> (f64, f64) {
        let u = 1.0 - t;
        let mix = |a: f64, b: f64, c: f64| u * u * a + 2.0 * u * t * b + t * t * c;
        (
            mix(self.from.0, self.over.0, self.to.0),
            mix(self.from.1, self.over.1, self.to.1),
        )
    }

    /// Where the shape can stand without covering another: near the end with fewer links, where
    /// lines are far apart.
    fn free_place(&self, taken: &[(f64, f64)]) -> (f64, f64) {
        let near = [0.34, 0.27, 0.41, 0.2, 0.48, 0.14, 0.55, 0.62];
        let middle = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2];
        let ways = match self.towards_end {
            None => middle,
            Some(false) => near,
            Some(true) => near.map(|t| 1.0 - t),
        };
        let free = |at: &(f64, f64)| {
            taken
                .iter()
                .all(|other| (at.0 - other.0).hypot(at.1 - other.1) > 2.1 * SHAPE)
        };
        let mut places = ways.into_iter().map(|t| self.point(t));
        places
            .find(free)
            .unwrap_or_else(|| self.point(ways.first().copied().unwrap_or(0.5)))
    }
}

fn line(page: &mut Page, link: &Link, route: &Route) {
    let path = format!(
        "M{:.1} {:.1} Q{:.1} {:.1} {:.1} {:.1}",
        route.from.0, route.from.1, route.over.0, route.over.1, route.to.0, route.to.1
    );
    page.element(
        "path",
        &[
            ("d", &path),
            ("fill", "none"),
            ("stroke", colour(link.health)),
            ("stroke-width", "2.5"),
            ("stroke-linecap", "round"),
            ("stroke-dasharray", dashes(link.health)),
        ],
        "",
    );
}

fn mark(page: &mut Page, link: &Link, at: (f64, f64)) {
    let target = format!("#link-{}", link.number);
    let code = link
        .code
        .map(|code| format!(", {code}"))
        .unwrap_or_default();
    let title = format!(
        "link {}: {}: {}{code}",
        link.number,
        excerpt(&link.title(), 80),
        link.health.as_str()
    );
    page.within("a", &[("href", &target)], |page| {
        page.within("g", &[], |page| {
            page.element("title", &[], &title);
            shape(page, link.health, at, &link.number.to_string());
        });
    });
}

/// The shape of a state with something written in it.
fn shape(page: &mut Page, health: Health, at: (f64, f64), inside: &str) {
    let corners: &[(f64, f64)] = match health {
        Health::Ok => &[],
        Health::Warning => &[(0.0, -1.25), (1.2, 0.85), (-1.2, 0.85)],
        Health::Broken => &[(-0.92, -0.92), (0.92, -0.92), (0.92, 0.92), (-0.92, 0.92)],
        Health::Unverifiable => &[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
    };
    let paint = [
        ("fill", colour(health)),
        ("stroke", "#fff"),
        ("stroke-width", "1.5"),
    ];
    let (x, y) = (format!("{:.1}", at.0), format!("{:.1}", at.1));
    if corners.is_empty() {
        let r = format!("{SHAPE:.1}");
        let place = [("cx", x.as_str()), ("cy", &y), ("r", &r)];
        page.element("circle", &[place, paint].concat(), "");
    } else {
        let points: Vec<String> = corners
            .iter()
            .map(|(dx, dy)| format!("{:.1},{:.1}", at.0 + dx * SHAPE, at.1 + dy * SHAPE))
            .collect();
        let points = points.join(" ");
        page.element(
            "polygon",
            &[&[("points", points.as_str())], &paint[..]].concat(),
            "",
        );
    }
    let low = if health == Health::Warning { 5.5 } else { 4.0 };
    let baseline = format!("{:.1}", at.1 + low);
    page.element(
        "text",
        &[
            ("x", &x),
            ("y", &baseline),
            ("text-anchor", "middle"),
            ("font-size", "11"),
            ("font-weight", "700"),
            ("fill", "#fff"),
        ],
        inside,
    );
}

/// The frame of a node: what could not be asked and what is not known look different.
fn frame(kind: Kind) -> [(&'static str, &'static str); 4] {
    let (fill, stroke, dashes) = match kind {
        Kind::Known => ("#fff", "#1f2328", "none"),
        Kind::Troubled => ("#ffebe9", "#c01824", "7 4"),
        Kind::Unknown => ("#f6f8fa", "#57606a", "2 4"),
    };
    [
        ("fill", fill),
        ("stroke", stroke),
        ("stroke-width", "1.8"),
        ("stroke-dasharray", dashes),
    ]
}

fn boxed(page: &mut Page, node: &Node) {
    let number = |value: f64| format!("{value:.1}");
    let (x, y) = (number(node.at.0 - BOX.0), number(node.at.1 - BOX.1));
    let (w, h) = (number(2.0 * BOX.0), number(2.0 * BOX.1));
    let place = [
        ("x", x.as_str()),
        ("y", &y),
        ("width", &w),
        ("height", &h),
        ("rx", "6"),
    ];
    page.element("rect", &[&place[..], &frame(node.kind)].concat(), "");
    let below = match node.kind {
        Kind::Troubled => "! could not be asked".to_owned(),
        Kind::Known | Kind::Unknown => node.below.clone(),
    };
    for (text, most, dy, size, weight) in [
        (&node.label, 18, -3.0, "14", "700"),
        (&below, 24, 14.0, "11.5", "400"),
    ] {
        page.element(
            "text",
            &[
                ("x", &number(node.at.0)),
                ("y", &number(node.at.1 + dy)),
                ("text-anchor", "middle"),
                ("font-size", size),
                ("font-weight", weight),
                ("fill", "#1f2328"),
            ],
            &excerpt(text, most),
        );
    }
}

fn dotted(page: &mut Page, node: &Node) {
    let number = |value: f64| format!("{value:.1}");
    let (x, y) = (number(node.at.0), number(node.at.1));
    let place = [("cx", x.as_str()), ("cy", &y), ("r", "6")];
    page.element("circle", &[&place[..], &frame(node.kind)].concat(), "");
    // On the left half the text would stand on its head.
    let left = node.angle.cos() < 0.0;
    let degrees = node.angle.to_degrees() + if left { 180.0 } else { 0.0 };
    let turn = format!("rotate({degrees:.1} {x} {y})");
    let start = number(node.at.0 + if left { -12.0 } else { 12.0 });
    let baseline = number(node.at.1 + 4.0);
    let sign = if node.kind == Kind::Troubled {
        "! "
    } else {
        ""
    };
    let text = match node.kind {
        Kind::Unknown => format!("{} (not known)", excerpt(&node.label, 16)),
        _ => format!(
            "{sign}{} ({})",
            excerpt(&node.label, 16),
            excerpt(&node.below, 16)
        ),
    };
    page.element(
        "text",
        &[
            ("x", &start),
            ("y", &baseline),
            ("transform", &turn),
            ("text-anchor", if left { "end" } else { "start" }),
            ("font-size", "13"),
            ("fill", "#1f2328"),
        ],
        &text,
    );
}
