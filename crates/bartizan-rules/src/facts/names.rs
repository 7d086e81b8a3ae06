//! Which directives of a tree have a name: most rules ask for a few names, and most trees have none of them.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use std::hash::BuildHasher as _;

use super::blocks::Node;

/// The directives of each name, as a chain in the order in which they are read.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    chains: HashTable<Chain>,
    /// For each directive the next of the same name; the root, which follows nothing, stands for none.
    next: Vec<usize>,
    /// What the names of the tree look like: most names that are asked for look like none of them.
    looks: [u64; 4],
    /// Seeded anew in each process, so that no file can be made of names that collide.
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Chain {
    first: usize,
    last: usize,
}

/// They follow from the tree and add nothing to it.
impl PartialEq for Names {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Names {}

impl Names {
    /// Makes room for so many directives more, of which most share their names with others.
    pub(super) fn reserve(&mut self, count: usize, nodes: &[Node]) {
        self.next.reserve(count + 1);
        let rehash = |chain: &Chain| self.hasher.hash_one(name_of(nodes, chain.first).unwrap_or_default());
        self.chains.reserve(count / 2, rehash);
    }

    /// Notes the directive that was added last.
    pub(super) fn add(&mut self, nodes: &[Node]) {
        let Some((number, name)) = nodes.len().checked_sub(1).and_then(|last| Some((last, name_of(nodes, last)?)))
        else {
            return;
        };
        self.next.resize(nodes.len(), NONE);
        let hash = self.hasher.hash_one(name);
        let (row, bit) = look(name);
        if let Some(row) = self.looks.get_mut(row) {
            *row |= bit;
        }
        let is_it = |chain: &Chain| name_of(nodes, chain.first) == Some(name);
        if let Some(chain) = self.chains.find_mut(hash, is_it) {
            if let Some(next) = self.next.get_mut(chain.last) {
                *next = number;
            }
            chain.last = number;
        } else {
            let rehash = |chain: &Chain| self.hasher.hash_one(name_of(nodes, chain.first).unwrap_or_default());
            self.chains.insert_unique(hash, Chain { first: number, last: number }, rehash);
        }
    }

    /// Returns the first directive of a name.
    pub(super) fn first(&self, name: &str, nodes: &[Node]) -> Option<usize> {
        let (row, bit) = look(name);
        if self.looks.get(row).is_none_or(|row| row & bit == 0) {
            return None;
        }
        let chain = self.chains.find(self.hasher.hash_one(name), |chain| name_of(nodes, chain.first) == Some(name))?;
        Some(chain.first)
    }

    /// Returns the directive of the same name that follows one.
    pub(super) fn next(&self, number: usize) -> Option<usize> {
        self.next.get(number).copied().filter(|next| *next != NONE)
    }
}

const NONE: usize = 0;

/// What a name looks like at first sight, as one of 256 bits: how long it is, and how it ends.
fn look(name: &str) -> (usize, u64) {
    let byte = |at: Option<usize>| at.and_then(|at| name.as_bytes().get(at)).map_or(0, |byte| usize::from(*byte));
    let last = name.len().checked_sub(1);
    let sum = name.len() * 37 + byte(last) * 5 + byte(last.map(|last| last / 2)) * 11;
    (sum / 64 % 4, 1 << (sum % 64))
}

fn name_of(nodes: &[Node], number: usize) -> Option<&str> {
    nodes.get(number).map(|node| &*node.name.text)
}
