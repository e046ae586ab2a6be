//! The rows as a graph: two records of two known applications are one line.

use std::collections::BTreeMap;

use crate::cli::list::row::Row;
use crate::cli::list::table::print_warnings;
use crate::context::{Context, Target};
use crate::domain::{Alias, ApplicationId, Level, RecordState, TypeId};
use crate::error::Error;
use crate::ui::graph::{Graph, GraphFormat, GraphLink, GraphNode, LinkMark, NodeState};

/// Shows the graph. `all` are applications that are shown although they have no links.
pub(super) fn show(
    context: &Context,
    format: GraphFormat,
    all: &[Target],
    rows: &[Row],
    errors: &[(Alias, Error)],
) {
    let silent: Vec<&Alias> = errors.iter().map(|(alias, _)| alias).collect();
    let mut plan = GraphBuilder {
        context,
        silent: &silent,
        graph: Graph::default(),
        known: BTreeMap::new(),
        unknown: BTreeMap::new(),
    };
    for target in all {
        plan.known(&target.alias, Some(&target.entry.type_id));
    }
    // Records by the pair that they are about, whichever end holds them.
    let mut pairs: BTreeMap<(usize, usize), [Option<&Row>; 2]> = BTreeMap::new();
    for row in rows {
        let from = plan.known(&row.local, None);
        let to = match &row.remote {
            Some(alias) => plan.known(alias, Some(&row.record.type_id)),
            None => plan.unknown(row),
        };
        let (key, side) = if from <= to {
            ((from, to), 0)
        } else {
            ((to, from), 1)
        };
        if let Some(slot) = pairs.entry(key).or_default().get_mut(side) {
            *slot = Some(row);
        }
    }
    let mut graph = plan.graph;
    for ((a, b), [there, back]) in pairs {
        graph.links.push(link([a, b], there, back));
    }
    context.ui.block(&graph.draw(format));
    if format == GraphFormat::Mermaid && graph.links.len() > 400 {
        context
            .ui
            .note("Mermaid draws at most 500 lines unless its maxEdges is raised");
    }
    print_warnings(context, rows, errors);
}

struct GraphBuilder<'a> {
    context: &'a Context,
    silent: &'a [&'a Alias],
    graph: Graph,
    known: BTreeMap<Alias, usize>,
    unknown: BTreeMap<ApplicationId, usize>,
}

impl GraphBuilder<'_> {
    fn known(&mut self, alias: &Alias, type_id: Option<&TypeId>) -> usize {
        if let Some(at) = self.known.get(alias) {
            return *at;
        }
        let entry = self.context.app(alias).map(|target| target.entry);
        let type_id = entry.as_ref().map(|entry| &entry.type_id).or(type_id);
        let standing = if self.silent.contains(&alias) {
            NodeState::Silent
        } else {
            NodeState::Known
        };
        let at = self.add(alias.as_str(), type_id.map_or("", TypeId::name), standing);
        self.known.insert(alias.clone(), at);
        at
    }

    fn unknown(&mut self, row: &Row) -> usize {
        if let Some(at) = self.unknown.get(&row.record.id) {
            return *at;
        }
        let at = self.add(
            &row.record.name,
            row.record.type_id.name(),
            NodeState::Unknown,
        );
        self.unknown.insert(row.record.id, at);
        at
    }

    fn add(&mut self, name: &str, kind: &str, standing: NodeState) -> usize {
        self.graph.nodes.push(GraphNode {
            name: name.to_owned(),
            kind: kind.to_owned(),
            standing,
        });
        self.graph.nodes.len() - 1
    }
}

/// One line of two records, or of the one that there is. `there` is held by the first.
fn link(between: [usize; 2], there: Option<&Row>, back: Option<&Row>) -> GraphLink {
    let mut marks = Vec::new();
    let mut mark = |mark: LinkMark, is_so: bool| {
        if is_so && !marks.contains(&mark) {
            marks.push(mark);
        }
    };
    // Who calls says by what.
    let levels = [
        there
            .map(|row| row.levels.outgoing)
            .or(back.map(|row| row.levels.incoming))
            .unwrap_or(Level::Unknown),
        back.map(|row| row.levels.outgoing)
            .or(there.map(|row| row.levels.incoming))
            .unwrap_or(Level::Unknown),
    ];
    let mirrored = back.map(|row| row.levels.mirrored());
    let differ = match (there.map(|row| row.levels), mirrored) {
        (Some(a), Some(b)) => {
            let apart = |a: Level, b: Level| a != b && a != Level::Unknown && b != Level::Unknown;
            // Legacy authentication is seen where it goes out.
            let plain = |a, b| apart(a, b) && a != Level::Legacy && b != Level::Legacy;
            plain(a.incoming, b.incoming) || plain(a.outgoing, b.outgoing)
        }
        _ => false,
    };
    for row in [there, back].into_iter().flatten() {
        mark(
            LinkMark::PendingDelete,
            row.state == RecordState::PendingDelete,
        );
        mark(LinkMark::Unfinished, row.state == RecordState::Unfinished);
    }
    mark(LinkMark::Differ, differ);
    for row in [there, back].into_iter().flatten() {
        mark(LinkMark::OneWay, row.two_way == Some(false));
        let levels = row.levels;
        mark(
            LinkMark::Legacy,
            levels.incoming == Level::Legacy || levels.outgoing == Level::Legacy,
        );
    }
    for row in [there, back].into_iter().flatten() {
        mark(LinkMark::System, row.record.system);
    }
    GraphLink {
        between,
        levels,
        marks,
    }
}
