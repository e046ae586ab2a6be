//! The way of a line, and where its shape stands.

use super::{Node, SHAPE};

/// The way of a line: a curve with one control point.
pub(super) struct Route {
    /// Where it begins.
    pub(super) from: (f64, f64),
    /// What it bends towards.
    pub(super) over: (f64, f64),
    /// Where it ends.
    pub(super) to: (f64, f64),
    /// Whether the shape belongs near the end of the line rather than near its beginning.
    towards_end: Option<bool>,
}

impl Route {
    /// The way between two nodes.
    pub(super) fn between(from: &Node, to: &Node, boxes: bool, size: (f64, f64)) -> Self {
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
        Self {
            from: from.at,
            over,
            to: to.at,
            towards_end: (from.degree != to.degree).then_some(to.degree < from.degree),
        }
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
    pub(super) fn free_place(&self, taken: &[(f64, f64)]) -> (f64, f64) {
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
