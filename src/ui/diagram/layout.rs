//! Where the boxes stand: along the border of a rectangle, linked ones near each other, so that
//! every name can be read and the lines have the middle for themselves.

/// How boxes look and how far apart they stand.
#[derive(Debug)]
pub(in crate::ui) struct BoxShape {
    /// The width and height of a box.
    pub(in crate::ui) size: (f64, f64),
    /// From the middle of one box to the next, in a row and in a column.
    step: (f64, f64),
    /// Whether boxes also stand at the top and at the bottom.
    has_rows: bool,
    /// The lines of text: letter width, offset from the middle, font size and weight.
    pub(super) lines: &'static [(f64, f64, &'static str, &'static str)],
}

/// Boxes with a name and a line below it.
pub(in crate::ui) const TWO_LINES: BoxShape = BoxShape {
    size: (164.0, 44.0),
    step: (184.0, 62.0),
    has_rows: true,
    lines: &[(8.6, -2.0, "13.5", "700"), (6.4, 14.0, "11", "400")],
};

/// Flat boxes in two columns: sixty of them can still be read on a sheet of paper.
pub(in crate::ui) const ONE_LINE: BoxShape = BoxShape {
    size: (200.0, 24.0),
    step: (220.0, 30.0),
    has_rows: false,
    lines: &[(7.2, 4.5, "12.5", "400")],
};

/// Around everything.
const MARGIN: f64 = 14.0;

/// Which border a box stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Border {
    Top,
    Right,
    Bottom,
    Left,
}

impl Border {
    /// The direction from the border to the middle.
    pub(super) fn inwards(self) -> (f64, f64) {
        match self {
            Self::Top => (0.0, 1.0),
            Self::Right => (-1.0, 0.0),
            Self::Bottom => (0.0, -1.0),
            Self::Left => (1.0, 0.0),
        }
    }

    /// Whether boxes at this border stand side by side.
    pub(super) fn is_row(self) -> bool {
        matches!(self, Self::Top | Self::Bottom)
    }
}

/// The middle of a box, and its border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::ui) struct BoxPosition {
    pub(in crate::ui) at: (f64, f64),
    pub(super) border: Border,
}

/// The positions of all boxes, and the size of the drawing.
pub(in crate::ui) struct Layout {
    pub(in crate::ui) positions: Vec<BoxPosition>,
    pub(in crate::ui) size: (f64, f64),
    pub(super) shape: &'static BoxShape,
}

/// A count as a number to draw with.
pub(in crate::ui) fn real(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// Gives each of `n` boxes its position; `pairs` are the boxes that a line joins.
pub(in crate::ui) fn place(n: usize, pairs: &[[usize; 2]], shape: &'static BoxShape) -> Layout {
    let across = if n <= 2 || !shape.has_rows {
        0
    } else {
        (n / 5).max(1)
    };
    let down = n
        .saturating_sub(2 * across)
        .div_ceil(2)
        .max(usize::from(n > 0));
    let (width, height) = shape.size;
    let inner = (
        (real(across) * shape.step.0).max(300.0) + 60.0,
        real(down) * shape.step.1,
    );
    let above = if across == 0 { 0.0 } else { height + 56.0 };
    let size = (
        if n <= 1 {
            2.0 * MARGIN + width
        } else {
            2.0 * (MARGIN + width) + inner.0
        },
        2.0 * (MARGIN + above) + inner.1,
    );
    let (left, right) = (MARGIN + width / 2.0, size.0 - MARGIN - width / 2.0);
    let (top, bottom) = (MARGIN + height / 2.0, size.1 - MARGIN - height / 2.0);
    let first = f64::midpoint(size.0 - real(across) * shape.step.0, shape.step.0);
    let row = |k: usize, y: f64, border| BoxPosition {
        at: (first + real(k) * shape.step.0, y),
        border,
    };
    let column = |k: usize, x: f64, border| BoxPosition {
        at: (
            x,
            MARGIN + above + shape.step.1 / 2.0 + real(k) * shape.step.1,
        ),
        border,
    };
    // Around the rectangle, from the left of its top.
    let around = (0..across)
        .map(|k| row(k, top, Border::Top))
        .chain((0..down).map(|k| column(k, right, Border::Right)))
        .chain((0..across).rev().map(|k| row(k, bottom, Border::Bottom)))
        .chain((0..down).rev().map(|k| column(k, left, Border::Left)));
    let mut positions = vec![column(0, left, Border::Left); n];
    for (slot, node) in around.zip(order(n, pairs)) {
        if let Some(position) = positions.get_mut(node) {
            *position = slot;
        }
    }
    Layout {
        positions,
        size,
        shape,
    }
}

/// The order around the rectangle: two change places as long as that makes the lines shorter.
fn order(n: usize, pairs: &[[usize; 2]]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    // Among more boxes no eye follows single lines, and it would take long.
    if n > 100 {
        return order;
    }
    let mut peers = vec![Vec::new(); n];
    for [a, b] in pairs.iter().filter(|[a, b]| a != b) {
        for (one, other) in [(*a, *b), (*b, *a)] {
            if let Some(list) = peers.get_mut(one) {
                list.push(other);
            }
        }
    }
    // At which place each box stands.
    let mut ranks: Vec<usize> = (0..n).collect();
    let length = |ranks: &[usize], node: usize| -> usize {
        let at = |node: usize| ranks.get(node).copied().unwrap_or(0);
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
                let before = length(&ranks, a) + length(&ranks, b);
                ranks.swap(a, b);
                if length(&ranks, a) + length(&ranks, b) < before {
                    better = true;
                } else {
                    ranks.swap(a, b);
                }
            }
        }
        if !better {
            break;
        }
    }
    order.sort_by_key(|node| ranks.get(*node).copied());
    order
}
