//! The pieces of a picture: the frame, boxes, curves and texts.

use maud::{Markup, html};

use super::curve::Curve;
use super::layout::{BoxShape, real};
use crate::ui::width;

/// The colour of texts and of most frames.
const INK: &str = "#1f2328";

/// How far an application is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeState {
    /// Known.
    Known,
    /// Known, but it could not be asked.
    Silent,
    /// Known only from the records of others.
    Unknown,
}

/// How a line is drawn: its colour, its width and its dashes.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Stroke {
    pub(in crate::ui) colour: &'static str,
    pub(in crate::ui) width: &'static str,
    pub(in crate::ui) dashes: &'static str,
}

/// How a text is written: its size, its weight, which end of it is fixed, and its colour.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct TextStyle {
    pub(in crate::ui) size: &'static str,
    pub(in crate::ui) weight: &'static str,
    pub(in crate::ui) anchor: &'static str,
    pub(in crate::ui) colour: &'static str,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self {
            size: "11",
            weight: "400",
            anchor: "middle",
            colour: INK,
        }
    }
}

/// A coordinate.
pub(in crate::ui) fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// A picture of that size.
pub(in crate::ui) fn picture(size: (f64, f64), name: &str, content: &Markup) -> Markup {
    let (width, height) = (format!("{:.0}", size.0), format!("{:.0}", size.1));
    html! {
        svg viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height)
            xmlns="http://www.w3.org/2000/svg" role="img" aria-label=(name)
            font-family="system-ui, 'DejaVu Sans', sans-serif" { (content) }
    }
}

/// A curve.
pub(in crate::ui) fn line(curve: &Curve, stroke: Stroke) -> Markup {
    path(&curve.path(), stroke)
}

/// A path in the language of SVG.
pub(in crate::ui) fn path(path: &str, stroke: Stroke) -> Markup {
    html! {
        path d=(path) fill="none" stroke=(stroke.colour) stroke-width=(stroke.width)
            stroke-linecap="round" stroke-dasharray=(stroke.dashes) {}
    }
}

/// An application: a frame that shows how far it is known, and lines of text that fit.
pub(in crate::ui) fn node_box(
    shape: &BoxShape,
    at: (f64, f64),
    standing: NodeState,
    tooltip: &str,
    texts: &[String],
) -> Markup {
    let (fill, width, dashes) = match standing {
        NodeState::Known => ("#fff", "1.6", "none"),
        NodeState::Silent => ("#ffebe9", "2.6", "7 4"),
        NodeState::Unknown => ("#f6f8fa", "1.6", "2 4"),
    };
    let room = shape.size.0 - 14.0;
    html! {
        g {
            title { (tooltip) }
            rect x=(number(at.0 - shape.size.0 / 2.0)) y=(number(at.1 - shape.size.1 / 2.0))
                width=(number(shape.size.0)) height=(number(shape.size.1)) rx="6" fill=(fill)
                stroke=(INK) stroke-width=(width) stroke-dasharray=(dashes) {}
            @for (words, (letter, dy, size, weight)) in texts.iter().zip(shape.lines) {
                @let is_wide = real(width::of(words)) * letter > room;
                (text(
                    (at.0, at.1 + dy),
                    words,
                    TextStyle { size, weight, ..TextStyle::default() },
                    is_wide.then_some(room),
                ))
            }
        }
    }
}

/// A text, squeezed into `room` where one is given.
pub(in crate::ui) fn text(
    at: (f64, f64),
    words: &str,
    style: TextStyle,
    room: Option<f64>,
) -> Markup {
    // A name from right to left must not move the text around it.
    html! {
        text x=(number(at.0)) y=(number(at.1)) text-anchor=(style.anchor) font-size=(style.size)
            font-weight=(style.weight) fill=(style.colour) unicode-bidi="isolate"
            textLength=[room.map(number)]
            lengthAdjust=[room.map(|_| "spacingAndGlyphs")] { (words) }
    }
}
