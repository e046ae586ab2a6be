//! Boxes and the lines between them: one layout and one drawing code for every picture.
//!
//! A picture is SVG that needs no font, script, style sheet or file from anywhere else. What a box
//! or a line means is decided by the callers; no link and no report may enter.

mod curve;
mod layout;
mod svg;

pub(super) use curve::{Curve, Rectangle, curves, free_place};
pub(super) use layout::{ONE_LINE, TWO_LINES, place, real};
pub use svg::NodeState;
pub(super) use svg::{Stroke, TextStyle, line, node_box, number, path, picture, text};
