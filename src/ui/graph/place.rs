//! Where the applications stand: along the border of a rectangle, those with links to each other
//! near each other, so that every name can be read and the lines have the middle for themselves.

use super::Graph;

/// The width and height of a box.
pub(super) const BOX: (f64, f64) = (164.0, 44.0);
/// From box to box.
const STEP: (f64, f64) = (184.0, 62.0);
/// Around everything.
const MARGIN: f64 = 14.0;

/// Which border an application stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

impl Side {
    /// The direction from the border to the middle.
    pub(super) fn inwards(self) -> (f64, f64) {
        match self {
            Self::Top => (0.0, 1.0),
            Self::Right => (-1.0, 0.0),
            Self::Bottom => (0.0, -1.0),
            Self::Left => (1.0, 0.0),
        }
    }
}

/// The middle of a box, and its border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) at: (f64, f64),
    pub(super) side: Side,
}

/// The places of all, and the size of the drawing.
pub(super) struct Layout {
    pub(super) places: Vec<Place>,
    pub(super) size: (f64, f64),
}

/// A number of things as a number to draw with.
pub(super) fn real(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// Gives every application its place.
pub(super) fn place(graph: &Graph) -> Layout {
    let n = graph.nodes.len();
    let across = if n <= 2 { 0 } else { (n / 5).max(1) };
    let down = n
        .saturating_sub(2 * across)
        .div_ceil(2)
        .max(usize::from(n > 0));
    let inner = (
        (real(across) * STEP.0).max(300.0) + 60.0,
        real(down) * STEP.1,
    );
    let above = if across == 0 { 0.0 } else { BOX.1 + 56.0 };
    let size = (
        2.0 * (MARGIN + BOX.0) + inner.0,
        2.0 * (MARGIN + above) + inner.1,
    );
    let on_row = |k: usize, from_right: bool, y: f64, side| {
        let k = if from_right { across - 1 - k } else { k };
        let first = f64::midpoint(size.0 - real(across) * STEP.0, STEP.0);
        Place {
            at: (first + real(k) * STEP.0, y),
            side,
        }
    };
    let in_column = |k: usize, from_below: bool, x: f64, side| {
        let k = if from_below { down - 1 - k } else { k };
        Place {
            at: (x, MARGIN + above + STEP.1 / 2.0 + real(k) * STEP.1),
            side,
        }
    };
    let (left, right) = (MARGIN + BOX.0 / 2.0, size.0 - MARGIN - BOX.0 / 2.0);
    let (top, bottom) = (MARGIN + BOX.1 / 2.0, size.1 - MARGIN - BOX.1 / 2.0);
    // Around the rectangle, from the left of its top.
    let slots: Vec<Place> = (0..across)
        .map(|k| on_row(k, false, top, Side::Top))
        .chain((0..down).map(|k| in_column(k, false, right, Side::Right)))
        .chain((0..across).map(|k| on_row(k, true, bottom, Side::Bottom)))
        .chain((0..down).map(|k| in_column(k, true, left, Side::Left)))
        .collect();
    let mut places = vec![
        Place {
            at: (left, top),
            side: Side::Left
        };
        n
    ];
    for (slot, node) in slots.into_iter().zip(order(graph)) {
        if let Some(place) = places.get_mut(node) {
            *place = slot;
        }
    }
    Layout { places, size }
}

/// The order around the rectangle: two change places as long as that makes the lines shorter.
fn order(graph: &Graph) -> Vec<usize> {
    let n = graph.nodes.len();
    let mut order: Vec<usize> = (0..n).collect();
    // For more than that nobody follows single lines, and it would take long.
    if n > 100 {
        return order;
    }
    let mut peers = vec![Vec::new(); n];
    for link in &graph.links {
        let [a, b] = link.between;
        if a != b {
            for (one, other) in [(a, b), (b, a)] {
                if let Some(list) = peers.get_mut(one) {
                    list.push(other);
                }
            }
        }
    }
    // Where each stands in the order.
    let mut stands: Vec<usize> = (0..n).collect();
    let length = |stands: &[usize], node: usize| -> usize {
        let at = |node: usize| stands.get(node).copied().unwrap_or(0);
        peers.get(node).map_or(0, |list| {
            list.iter()
                .map(|peer| {
                    let apart = at(node).abs_diff(at(*peer));
                    apart.min(n - apart)
                })
                .sum()
        })
    };
    for _ in 0..8 {
        let mut better = false;
        for a in 0..n {
            for b in a + 1..n {
                let before = length(&stands, a) + length(&stands, b);
                stands.swap(a, b);
                if length(&stands, a) + length(&stands, b) < before {
                    better = true;
                } else {
                    stands.swap(a, b);
                }
            }
        }
        if !better {
            break;
        }
    }
    order.sort_by_key(|node| stands.get(*node).copied());
    order
}
