//! How another auditor reads a configuration: which directives it sees, and which variables a place knows.

use std::cell::Cell;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::outline::Outline;
use super::possible::{Possible, STEPS};
use super::scope::Scope;
use super::{is_open, sight, walk};
use crate::facts::blocks::{At, Blocks, NodeId};

/// Another auditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// gixy-next.
    Next,
    /// gixy-ng.
    Ng,
}

impl Peer {
    /// Whether a block passes its variables on to what stands after it.
    pub(super) fn opens(self, block: At<'_>) -> bool {
        is_open(block) || (self == Self::Ng && block.is("set_by_lua_block"))
    }
}

/// What another auditor sees.
#[derive(Debug)]
pub struct Reader {
    peer: Peer,
    is_seen: Vec<bool>,
    has_failed: bool,
    /// What the places know that name variables, by their numbers.
    scopes: Vec<(NodeId, Scope)>,
    /// Steps that questions about variables may still take, all together.
    patience: AtomicUsize,
}

/// The names of the blocks that are open to one of them.
const OPEN: [&str; 5] = ["if", "include", "map", "geo", "set_by_lua_block"];

/// Steps of all questions about one configuration, besides those for each directive: far more than any takes.
const PATIENCE: usize = 300_000;
const PATIENCE_FOR_EACH: usize = 100;

impl Reader {
    pub(super) fn new(blocks: &Blocks, outline: &Outline, peer: Peer) -> Self {
        let is_seen = sight::seen(blocks, peer);
        let walk::Known { mut scopes, has_failed } = walk::known(blocks, peer, outline, &is_seen);
        scopes.sort_unstable_by_key(|(id, _)| *id);
        let patience = AtomicUsize::new(PATIENCE + blocks.len().saturating_mul(PATIENCE_FOR_EACH));
        Self { peer, is_seen, has_failed, scopes, patience }
    }

    /// Returns who reads.
    pub const fn peer(&self) -> Peer {
        self.peer
    }

    /// Takes a step of a question about variables; no more are taken where tables of tables multiply without end.
    pub(super) fn has_patience(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.patience.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// Returns how many more steps may be taken.
    #[cfg(test)]
    pub(super) fn patience(&self) -> usize {
        self.patience.load(Ordering::Relaxed)
    }

    /// Whether it sees the directive; what nginx would refuse is passed over, with its block.
    pub fn sees(&self, node: At<'_>) -> bool {
        !self.has_failed && self.is_seen.get(node.id().number()).copied().unwrap_or(false)
    }

    /// Returns the directives that it sees and that may name variables, in the order in which they are read.
    pub fn scripts<'a>(&'a self, blocks: &'a Blocks) -> impl Iterator<Item = At<'a>> {
        self.scopes.iter().map(|(id, _)| blocks.at(*id)).filter(|node| self.sees(*node))
    }

    /// Returns the directives of a block that it sees.
    pub fn children<'a>(&'a self, block: At<'a>) -> impl Iterator<Item = At<'a>> {
        block.children().filter(|child| self.sees(*child))
    }

    /// Returns the directives of a name that stand directly in a block.
    pub fn find<'a>(&'a self, block: At<'a>, name: &'a str) -> impl Iterator<Item = At<'a>> {
        block.each(name).filter(|child| self.sees(*child))
    }

    /// Returns the first directive of a name in a block, or in a block within that shares its variables.
    pub fn some<'a>(&'a self, block: At<'a>, name: &'a str) -> Option<At<'a>> {
        if block.tree().has(name) { self.some_within(block, name) } else { None }
    }

    fn some_within<'a>(&'a self, block: At<'a>, name: &'a str) -> Option<At<'a>> {
        let is_open = |child: &At<'a>| child.is_block() && self.peer.opens(*child);
        if !block.is_wide() {
            return self.children(block).find_map(|child| {
                if child.is(name) {
                    return Some(child);
                }
                if is_open(&child) { self.some_within(child, name) } else { None }
            });
        }
        let own = self.find(block, name).next();
        let is_before = |child: &At<'a>| own.is_none_or(|own| child.id() < own.id());
        let open =
            OPEN.iter().flat_map(|name| self.find(block, name)).filter(|child| is_open(child) && is_before(child));
        open.filter_map(|child| self.some_within(child, name)).min_by_key(|node| node.id()).or(own)
    }

    /// Returns the first directive of a name directly in a block around a directive, from the inside out.
    pub fn in_scope<'a>(&'a self, node: At<'a>, name: &'a str) -> Option<At<'a>> {
        if !node.tree().has(name) {
            return None;
        }
        node.parents().find_map(|parent| self.find(parent, name).next())
    }

    /// Returns what can be asked of variables where the directive stands.
    pub fn possible<'a>(&'a self, node: At<'a>) -> Possible<'a> {
        static NOWHERE: LazyLock<Scope> = LazyLock::new(|| Scope::new(Peer::Next));
        let known = self.scopes.binary_search_by_key(&node.id(), |(id, _)| *id).ok();
        let scope = known.and_then(|at| self.scopes.get(at)).map_or(&*NOWHERE, |(_, scope)| scope);
        Possible { reader: self, blocks: node.tree(), scope, steps: Cell::new(STEPS), depth: Cell::new(0) }
    }
}
