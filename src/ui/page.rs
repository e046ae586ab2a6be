//! The one place where HTML and SVG are written: what is opened is closed, and every text and every value
//! of an attribute is escaped.

use std::fmt::Write as _;

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements after whose end the source gets a new line.
const BLOCKS: &[&str] = &[
    "head", "style", "title", "h1", "h2", "h3", "p", "ul", "ol", "li", "table", "thead", "tbody",
    "tr", "section", "header", "footer", "figure", "svg", "g", "div", "dl", "nav",
];

/// A page, or a part of one.
#[derive(Debug, Default)]
pub(super) struct Page {
    out: String,
}

impl Page {
    /// An element with whatever `content` puts into it.
    pub(super) fn within(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self),
    ) {
        self.start(tag, attributes);
        content(self);
        let _ = write!(self.out, "</{tag}>");
        if BLOCKS.contains(&tag) {
            self.out.push('\n');
        }
    }

    /// An element with a text.
    pub(super) fn element(&mut self, tag: &'static str, attributes: Attributes<'_>, text: &str) {
        self.within(tag, attributes, |page| page.text(text));
    }

    /// An element that has no end.
    pub(super) fn void(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.start(tag, attributes);
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(&escape(text));
    }

    /// A text in which what stands between backquotes is a command.
    pub(super) fn prose(&mut self, text: &str) {
        for (at, piece) in text.split('`').enumerate() {
            if at % 2 == 1 {
                self.element("code", &[], piece);
            } else {
                self.text(piece);
            }
        }
    }

    /// What applink itself brings: the head of the document and its style.
    pub(super) fn own(&mut self, text: &'static str) {
        self.out.push_str(text);
    }

    /// The whole.
    pub(super) fn finish(self) -> String {
        self.out
    }

    fn start(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        let _ = write!(self.out, "<{tag}");
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"{}\"", escape(value));
        }
        self.out.push('>');
    }
}

/// The one function that makes a text harmless between tags and inside quotes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // What no document may hold, not even escaped.
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}
