//! An nginx configuration: its tree, its variables, and how others read it.
//!
//! gixy-ng and gixy-next pass over directives that nginx would refuse, each in its own way, so that each sees a tree of
//! its own: a [`Reader`]. What our own rules ask for is asked of the whole tree.

mod arity;
mod builtin;
mod headers;
mod outline;
mod possible;
mod reader;
mod scope;
mod servers;
mod sight;
mod walk;

use std::sync::{Arc, OnceLock};

use self::outline::Outline;
pub use self::possible::Possible;
pub use self::reader::{Peer, Reader};
pub use self::scope::{EntryScope, Value, VarName, Variable};
pub use self::servers::{Redirect, Server};
use super::blocks::{At, Blocks, NodeId};
use super::declared::{Declared, Line};

/// An nginx configuration.
#[derive(Debug, Clone)]
pub struct Nginx {
    blocks: Arc<Blocks>,
    ng: Arc<Reader>,
    next: Arc<Reader>,
    /// Many rules ask for these; they are gathered once.
    declared: OnceLock<Vec<Declared>>,
    header_lines: OnceLock<Vec<Line>>,
    servers: OnceLock<Vec<servers::Known>>,
    secure_for_ng: OnceLock<Vec<NodeId>>,
}

impl PartialEq for Nginx {
    fn eq(&self, other: &Self) -> bool {
        self.blocks == other.blocks
    }
}

impl Eq for Nginx {}

impl Nginx {
    /// Returns what there is to know of a tree.
    pub fn new(blocks: Blocks) -> Self {
        let outline = Outline::of(&blocks);
        let ng = Arc::new(Reader::new(&blocks, &outline, Peer::Ng));
        let next = Arc::new(Reader::new(&blocks, &outline, Peer::Next));
        Self {
            blocks: Arc::new(blocks),
            ng,
            next,
            declared: OnceLock::new(),
            header_lines: OnceLock::new(),
            servers: OnceLock::new(),
            secure_for_ng: OnceLock::new(),
        }
    }

    /// Returns the tree.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// Returns how another auditor reads it.
    pub fn reader(&self, peer: Peer) -> &Reader {
        match peer {
            Peer::Next => &self.next,
            Peer::Ng => &self.ng,
        }
    }

    /// Returns the directives of a name.
    pub fn each<'a>(&'a self, name: &str) -> impl Iterator<Item = At<'a>> + use<'a> {
        self.blocks.named(name).filter(|node| !is_entry(*node))
    }

    /// Returns the directives of several names, in the order in which they are read.
    pub fn each_of(&self, names: &[&str]) -> Vec<At<'_>> {
        let mut found = self.blocks.named_any(names);
        found.retain(|node| !is_entry(*node));
        found
    }

    /// Returns the block `http`, if this is a whole configuration and not a part of one.
    pub fn http(&self) -> Option<At<'_>> {
        self.blocks.root().each("http").next()
    }
}

/// Whether it is an entry of a table rather than a directive: its name is anybody's.
pub fn is_entry(node: At<'_>) -> bool {
    !node.is_block()
        && node
            .parent()
            .is_some_and(|parent| matches!(parent.name(), "map" | "geo" | "types" | "charset_map" | "split_clients"))
}

/// Returns the names of the variables of a script.
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    script(text).filter_map(Result::ok)
}

/// Splits a script into names of variables, and the texts between them as what they are not.
pub fn script(text: &str) -> impl Iterator<Item = Result<&str, &str>> {
    scope::pieces(text).map(|piece| match piece {
        scope::Piece::Text(text) => Err(text),
        scope::Piece::Variable(name) => Ok(name),
    })
}

/// Whether a block passes its variables on to what stands after it.
pub fn is_open(node: At<'_>) -> bool {
    matches!(node.name(), "if" | "include" | "map" | "geo")
}
