//! The two nodes of a cluster, and the changes that one of them does not know yet.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::store::Store;

/// A change of the data: when and on which node it was made, and the data before it.
#[derive(Debug)]
struct Change {
    at: Instant,
    node: usize,
    before: Store,
}

/// The nodes of one application. A single node has no changes to learn.
#[derive(Debug, Default)]
pub(crate) struct Nodes {
    next: usize,
    changes: VecDeque<Change>,
}

impl Nodes {
    /// The node for the next request. The nodes alternate.
    pub(crate) fn next_node(&mut self) -> usize {
        let node = self.next;
        self.next = 1 - node;
        node
    }

    pub(crate) fn record(&mut self, node: usize, before: Store) {
        let at = Instant::now();
        self.changes.push_back(Change { at, node, before });
    }

    /// The data as a node knows it. `None` when it knows all changes. A node that makes a change
    /// itself knows all earlier ones.
    pub(crate) fn view(&mut self, node: usize, lag: Duration) -> Option<Store> {
        self.changes.retain(|change| change.at.elapsed() < lag);
        let own = self.changes.iter().rposition(|change| change.node == node);
        let first = own.map_or(0, |own| own + 1);
        self.changes.get(first).map(|change| change.before.clone())
    }

    /// Both nodes learn all changes.
    pub(crate) fn synchronise(&mut self) {
        self.changes.clear();
    }
}
