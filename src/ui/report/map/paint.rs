//! How the map is painted: lines, shapes, boxes and dots.

use super::super::words;
use super::route::Route;
use super::{BOX, Kind, Node, SHAPE};
use crate::diagnose::report::Link;
use crate::domain::Health;
use crate::domain::text::excerpt;
use crate::ui::page::Page;

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

/// A shape with a sign, for texts.
pub(in crate::ui::report) fn icon(page: &mut Page, health: Health) {
    page.within(
        "svg",
        &[("viewBox", "-12 -12 24 24"), ("aria-hidden", "true")],
        |page| shape(page, health, (0.0, 0.0), words::sign(health)),
    );
}

/// The line of a link.
pub(super) fn line(page: &mut Page, link: &Link, route: &Route, boxes: bool) {
    // Where there are many lines, those that are well stand back.
    let width = if boxes || link.health != Health::Ok {
        "2.5"
    } else {
        "1.2"
    };
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
            ("stroke-width", width),
            ("stroke-linecap", "round"),
            ("stroke-dasharray", dashes(link.health)),
        ],
        "",
    );
}

/// The shape of a link, with its number, which leads to its section.
pub(super) fn mark(page: &mut Page, link: &Link, at: (f64, f64)) {
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

/// An application as a box.
pub(super) fn boxed(page: &mut Page, node: &Node) {
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

/// An application as a dot with its name outside.
pub(super) fn dotted(page: &mut Page, node: &Node) {
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
