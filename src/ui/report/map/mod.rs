//! A map of the applications and links: every state has a colour, a shape and a kind of line.
//!
//! Up to a dozen applications are boxes on an ellipse; more are dots on a circle with their names
//! outside, so that sixty can still be read on a sheet of paper. The number in a shape is the
//! number of the link.

mod paint;
mod route;

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use paint::{boxed, dotted, line, mark};
use route::Route;

use crate::diagnose::report::{Link, Report};
use crate::domain::Alias;
use crate::ui::page::Page;

pub(super) use paint::icon;

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
                    let (from, to) = (nodes.get(*from)?, nodes.get(*to)?);
                    Some(Route::between(from, to, boxes, (width, height)))
                })
                .collect();
            // The gravest come first in a report: they are drawn over the others.
            for ((_, _, link), route) in edges.iter().zip(&routes).rev() {
                line(page, link, route, boxes);
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
        let to = if let Some(remote) = &link.remote {
            let Some(to) = find(remote) else { continue };
            to
        } else {
            let below = "not known to applink".to_owned();
            nodes.push(node(link.name.clone(), below, Kind::Unknown));
            nodes.len() - 1
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
