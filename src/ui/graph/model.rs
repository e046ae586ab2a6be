//! Applications and the links between them, and the arrows that stand for a link.

use crate::domain::Level;
use crate::domain::text::excerpt;
pub use crate::ui::diagram::NodeState;

/// Applications, and the lines between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// The applications.
    pub nodes: Vec<GraphNode>,
    /// The links.
    pub links: Vec<GraphLink>,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// Its alias, or the name that others have for it.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// How far it is known.
    pub standing: NodeState,
}

/// A link between two applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphLink {
    /// The places of the two in the list of applications.
    pub between: [usize; 2],
    /// The level of calls from the first to the second, and back.
    pub levels: [Level; 2],
    /// Its marks, the gravest first.
    pub marks: Vec<LinkMark>,
}

/// A reason to look at a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkMark {
    /// A delete of it is pending.
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

impl LinkMark {
    pub(super) fn words(self) -> &'static str {
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
pub(super) enum LineStyle {
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
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) heads: ArrowHeads,
    pub(super) label: String,
    pub(super) line: LineStyle,
    pub(super) remarkable: bool,
}

/// Which ends of a line have an arrow head: calls go that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArrowHeads {
    None,
    To,
    Both,
}

impl Graph {
    pub(super) fn arrows(&self) -> Vec<Arrow> {
        self.links.iter().flat_map(GraphLink::arrows).collect()
    }
}

impl GraphNode {
    /// Its name, short enough for a box.
    pub(super) fn title(&self, most: usize) -> String {
        excerpt(&self.name, most)
    }

    /// Its kind, and whether it is unreachable or unknown.
    pub(super) fn below(&self, most: usize) -> String {
        let kind = excerpt(&self.kind, most);
        match self.standing {
            NodeState::Known => kind,
            NodeState::Silent => format!("{kind}, no answer"),
            NodeState::Unknown => format!("{kind}, not known"),
        }
    }
}

impl GraphLink {
    pub(super) fn line(&self) -> LineStyle {
        match self.marks.first() {
            Some(LinkMark::PendingDelete | LinkMark::Unfinished) => LineStyle::Dotted,
            Some(LinkMark::Differ) => LineStyle::Thick,
            Some(LinkMark::OneWay) => LineStyle::Dashed,
            Some(LinkMark::Legacy) => LineStyle::Double,
            Some(LinkMark::System) | None => LineStyle::Plain,
        }
    }

    pub(super) fn arrows(&self) -> Vec<Arrow> {
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
            (true, true) => vec![arrow(a, b, ArrowHeads::None, "none", true)],
            (false, true) => vec![arrow(a, b, ArrowHeads::To, there.as_str(), true)],
            (true, false) => vec![arrow(b, a, ArrowHeads::To, back.as_str(), true)],
            (false, false) if there == back => {
                // An unreadable level does not say whether there are calls.
                let heads = if there == Level::Unknown {
                    ArrowHeads::None
                } else {
                    ArrowHeads::Both
                };
                vec![arrow(a, b, heads, there.as_str(), true)]
            }
            (false, false) => vec![
                arrow(a, b, ArrowHeads::To, there.as_str(), true),
                arrow(b, a, ArrowHeads::To, back.as_str(), false),
            ],
        }
    }
}
