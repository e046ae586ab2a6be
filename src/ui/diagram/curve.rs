//! The curves from box to box, and free places for what is written on them.

use std::collections::BTreeMap;

use super::layout::{BoxPosition, Layout, real};

/// A curve from one border to another, straight out of both.
pub(in crate::ui) struct Curve {
    pub(in crate::ui) from: (f64, f64),
    bends: [(f64, f64); 2],
    pub(in crate::ui) to: (f64, f64),
    /// The directions out of the box at the beginning and at the end.
    pub(in crate::ui) out: [(f64, f64); 2],
}

/// A rectangle that is covered: its middle and half of its size.
pub(in crate::ui) type Rectangle = ((f64, f64), (f64, f64));

impl Layout {
    /// The rectangles that the boxes cover.
    pub(in crate::ui) fn occupied(&self) -> Vec<Rectangle> {
        let half = (self.shape.size.0 / 2.0, self.shape.size.1 / 2.0);
        let positions = self.positions.iter();
        positions.map(|position| (position.at, half)).collect()
    }

    fn position(&self, node: usize) -> Option<BoxPosition> {
        self.positions.get(node).copied()
    }
}

/// The curves of all lines, each from its first box to its second.
pub(in crate::ui) fn curves(layout: &Layout, lines: &[[usize; 2]]) -> Vec<Curve> {
    let anchors = anchors(layout, lines);
    lines
        .iter()
        .zip(anchors)
        .map(|(line, [from, to])| {
            let out = line.map(|node| {
                let position = layout.position(node);
                position.map_or((0.0, 0.0), |position| position.border.inwards())
            });
            let apart = (from.0 - to.0).hypot(from.1 - to.1);
            // An arc between two boxes of one border keeps clear of it.
            let least = if out[0] == out[1] { 70.0 } else { 30.0 };
            let reach = (apart * 0.42).clamp(least, 340.0);
            let bend = |point: (f64, f64), out: (f64, f64)| {
                (point.0 + out.0 * reach, point.1 + out.1 * reach)
            };
            Curve {
                from,
                bends: [bend(from, out[0]), bend(to, out[1])],
                to,
                out,
            }
        })
        .collect()
}

/// The points at which the lines leave their boxes: spread over the inner side of each box, in the order of
/// the other ends.
fn anchors(layout: &Layout, lines: &[[usize; 2]]) -> Vec<[(f64, f64); 2]> {
    let (width, height) = layout.shape.size;
    let mut ends: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (k, line) in lines.iter().enumerate() {
        for (end, node) in line.iter().enumerate() {
            ends.entry(*node).or_default().push((k, end));
        }
    }
    let mut anchors = vec![[(0.0, 0.0); 2]; lines.len()];
    for (node, mut list) in ends {
        let Some(here) = layout.position(node) else {
            continue;
        };
        let is_row = here.border.is_row();
        let along = |k: usize, end: usize| {
            let line = lines.get(k).copied().unwrap_or_default();
            let other = layout.position(if end == 0 { line[1] } else { line[0] });
            other.map_or(0.0, |other| if is_row { other.at.0 } else { other.at.1 })
        };
        list.sort_by(|(a, a_end), (b, b_end)| {
            along(*a, *a_end)
                .total_cmp(&along(*b, *b_end))
                .then(a.cmp(b))
        });
        let room = (if is_row { width } else { height }) - 8.0;
        let count = real(list.len());
        let inwards = here.border.inwards();
        let border = (
            here.at.0 + inwards.0 * width / 2.0,
            here.at.1 + inwards.1 * height / 2.0,
        );
        for (slot, (k, end)) in list.into_iter().enumerate() {
            let shift = room * ((real(slot) + 0.5) / count - 0.5);
            let anchor = anchors.get_mut(k).and_then(|line| line.get_mut(end));
            if let Some(anchor) = anchor {
                *anchor = if is_row {
                    (border.0 + shift, border.1)
                } else {
                    (border.0, border.1 + shift)
                };
            }
        }
    }
    anchors
}

impl Curve {
    /// The point that far along the curve, from 0 to 1.
    pub(in crate::ui) fn point(&self, t: f64) -> (f64, f64) {
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

    /// The curve in the language of SVG.
    pub(super) fn path(&self) -> String {
        let [b, c] = self.bends;
        format!(
            "M{:.1} {:.1} C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
            self.from.0, self.from.1, b.0, b.1, c.0, c.1, self.to.0, self.to.1
        )
    }
}

/// The first of the places where something of that half size covers nothing, else `fallback`.
/// The place is taken from then on.
pub(in crate::ui) fn free_place(
    places: impl Iterator<Item = (f64, f64)>,
    fallback: (f64, f64),
    half: (f64, f64),
    taken: &mut Vec<Rectangle>,
) -> (f64, f64) {
    let is_free = |at: &(f64, f64)| {
        taken.iter().all(|(other, size)| {
            (at.0 - other.0).abs() > half.0 + size.0 || (at.1 - other.1).abs() > half.1 + size.1
        })
    };
    let mut places = places;
    let at = places.find(is_free).unwrap_or(fallback);
    taken.push((at, half));
    at
}
