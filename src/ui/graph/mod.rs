//! Applications and links as a graph: for Graphviz, for Mermaid, or as a picture of its own.
//!
//! What needs a look stands out by the kind of its line and by a word beside it, never by colour
//! alone. Names come from servers: each language has one function that makes a text harmless.

mod dot;
mod mermaid;
mod place;
mod svg;
#[cfg(test)]
mod tests;

use crate::domain::Level;
use crate::domain::text::excerpt;

/// In which language a graph is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Graphviz.
    Dot,
    /// Mermaid, as in Markdown pages.
    Mermaid,
    /// A picture.
    Svg,
}

/// Applications, and the lines between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The applications.
    pub nodes: Vec<Node>,
    /// The links.
    pub links: Vec<Link>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its alias, or the name that others have for it.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// How far it is known.
    pub standing: Standing,
}

/// How far an application is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Known.
    Known,
    /// Known, and it could not be asked.
    Silent,
    /// Known only by what others keep of it.
    Unknown,
}

/// A link between two applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The places of the two in the list of applications.
    pub between: [usize; 2],
    /// What calls from the first to the second use, and back.
    pub levels: [Level; 2],
    /// What is remarkable about it, the gravest first.
    pub marks: Vec<Mark>,
}

/// What is remarkable about a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is to be deleted.
    PendingDelete,
    /// An unfinished run has to do with it.
    Unfinished,
    /// The two ends are not at one about a level: it does not work.
    Differ,
    /// Only one end has a record.
    OneWay,
    /// Trusted Applications or Basic.
    Legacy,
    /// The product manages it.
    System,
}

impl Mark {
    fn words(self) -> &'static str {
        match self {
            Self::PendingDelete => "pending delete",
            Self::Unfinished => "unfinished",
            Self::Differ => "broken: levels differ",
            Self::OneWay => "one-way",
            Self::Legacy => "legacy",
            Self::System => "system",
        }
    }
}

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    Plain,
    /// One-way.
    Dashed,
    /// Something is due.
    Dotted,
    /// Legacy.
    Double,
    /// Broken.
    Thick,
}

/// One line as it is drawn: a link whose directions differ has two.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Arrow {
    from: usize,
    to: usize,
    heads: Heads,
    label: String,
    line: Line,
    remarkable: bool,
}

/// Which ends of a line have an arrow head: calls go that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heads {
    None,
    To,
    Both,
}

impl Graph {
    /// The graph in one of the languages.
    pub fn draw(&self, format: Format) -> String {
        match format {
            Format::Dot => dot::draw(self),
            Format::Mermaid => mermaid::draw(self),
            Format::Svg => svg::draw(self),
        }
    }

    fn arrows(&self) -> Vec<Arrow> {
        self.links.iter().flat_map(Link::arrows).collect()
    }
}

impl Node {
    /// Its name, short enough for a box.
    fn title(&self, most: usize) -> String {
        excerpt(&self.name, most)
    }

    /// What it is, and what is to be known of it.
    fn below(&self, most: usize) -> String {
        let kind = excerpt(&self.kind, most);
        match self.standing {
            Standing::Known => kind,
            Standing::Silent => format!("{kind}, no answer"),
            Standing::Unknown => format!("{kind}, not known"),
        }
    }
}

impl Link {
    fn line(&self) -> Line {
        match self.marks.first() {
            Some(Mark::PendingDelete | Mark::Unfinished) => Line::Dotted,
            Some(Mark::Differ) => Line::Thick,
            Some(Mark::OneWay) => Line::Dashed,
            Some(Mark::Legacy) => Line::Double,
            Some(Mark::System) | None => Line::Plain,
        }
    }

    fn arrows(&self) -> Vec<Arrow> {
        let [a, b] = self.between;
        let [there, back] = self.levels;
        let arrow = |from, to, heads, words: &str, tell_marks: bool| {
            let marks = self.marks.iter().map(|mark| mark.words());
            // A level that is a mark too is said once.
            let marks: Vec<&str> = marks.filter(|mark| tell_marks && *mark != words).collect();
            Arrow {
                from,
                to,
                heads,
                label: std::iter::once(words)
                    .chain(marks)
                    .collect::<Vec<_>>()
                    .join(", "),
                line: self.line(),
                remarkable: !self.marks.is_empty(),
            }
        };
        let silent = |level: Level| level == Level::None;
        match (silent(there), silent(back)) {
            (true, true) => vec![arrow(a, b, Heads::None, "none", true)],
            (false, true) => vec![arrow(a, b, Heads::To, there.as_str(), true)],
            (true, false) => vec![arrow(b, a, Heads::To, back.as_str(), true)],
            (false, false) if there == back => {
                // Of a level that nobody could read nobody knows whether there are calls.
                let heads = if there == Level::Unknown {
                    Heads::None
                } else {
                    Heads::Both
                };
                vec![arrow(a, b, heads, there.as_str(), true)]
            }
            (false, false) => vec![
                arrow(a, b, Heads::To, there.as_str(), true),
                arrow(b, a, Heads::To, back.as_str(), false),
            ],
        }
    }
}
