//! Which directives of a name stand in a block of very many: each of them may ask its block for another.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use super::blocks::{Node, NodeId};

/// Blocks of fewer directives are looked through as they are, which is sooner done.
pub(super) const WIDE: usize = 64;

/// The directives of each name in each wide block, in the order in which they are read.
#[derive(Debug, Clone, Default)]
pub(super) struct Wide {
    blocks: OnceLock<HashMap<NodeId, ByName, RandomState>>,
}

type ByName = HashMap<Box<str>, Vec<NodeId>, RandomState>;

/// They follow from the tree and add nothing to it.
impl PartialEq for Wide {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Wide {}

impl Wide {
    /// The tree has changed.
    pub(super) fn forget(&mut self) {
        self.blocks.take();
    }

    /// Returns the directives of a name in a wide block.
    pub(super) fn named(&self, nodes: &[Node], block: NodeId, name: &str) -> &[NodeId] {
        let blocks = self.blocks.get_or_init(|| {
            let all = nodes.iter().enumerate().filter_map(|(number, node)| Some((number, node.children.as_deref()?)));
            let wide = all.filter(|(_, children)| children.len() >= WIDE);
            wide.map(|(number, children)| (NodeId::of(number), by_name(nodes, children))).collect()
        });
        blocks.get(&block).and_then(|names| names.get(name)).map_or(&[], Vec::as_slice)
    }
}

fn by_name(nodes: &[Node], children: &[NodeId]) -> ByName {
    let mut names = ByName::default();
    for child in children {
        let Some(node) = nodes.get(child.number()) else { continue };
        match names.get_mut(&*node.name.text) {
            Some(same) => same.push(*child),
            None => drop(names.insert(node.name.text.clone(), vec![*child])),
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::blocks::Blocks;
    use super::*;

    #[test]
    fn wide_blocks_hold_what_narrow_ones_do() {
        for count in [0, 1, WIDE - 1, WIDE, WIDE * 3] {
            let mut tree = Blocks::new();
            let root = tree.root().id();
            for number in 0..count {
                tree.add(root, Node::named(["a", "b", "c"][number % 3]));
            }
            for name in ["a", "b", "c", "d"] {
                let expected: Vec<_> = tree.root().children().filter(|node| node.is(name)).collect();
                assert_eq!(tree.root().each(name).collect::<Vec<_>>(), expected, "{count} {name}");
            }
            // What is added later is known as well.
            tree.add(root, Node::named("d"));
            assert_eq!(tree.root().each("d").count(), 1, "{count}");
        }
    }
}
