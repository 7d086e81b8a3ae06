//! Header fields that a configuration makes a server send.
//!
//! nginx and Apache say it in different words; what is wrong with a field is the same.

use std::borrow::Cow;
use std::sync::Arc;

use super::blocks::{At, Blocks, NodeId};
use crate::finding::{Edit, Safety};

/// What one server sends with its pages.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Which program it is.
    pub authority: Authority,
    /// Whether it sends pages, rather than redirects alone.
    pub has_pages: bool,
    /// The lines.
    pub lines: Vec<Line>,
    pub(super) blocks: Arc<Blocks>,
    pub(super) node: NodeId,
    /// The blocks in it with fields of their own, which inherit none.
    pub(super) apart: Vec<NodeId>,
}

/// A header line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which program it is.
    pub authority: Authority,
    /// The name, in lower case.
    pub name: String,
    /// The value, as it is written.
    pub value: String,
    /// Whether errors carry it, too.
    pub is_always: bool,
    pub(super) blocks: Arc<Blocks>,
    pub(super) node: NodeId,
    /// Which of the directive's words is the value.
    pub(super) word: Option<usize>,
}

/// A program whose configuration says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// Apache HTTP Server.
    Apache,
    /// nginx.
    Nginx,
}

impl Authority {
    /// Returns the name of a fault as this program's reader knows it.
    pub fn id(self, id: &str) -> String {
        let name = match self {
            Self::Apache => "apache",
            Self::Nginx => "nginx",
        };
        [name, ":", id].concat()
    }
}

impl Line {
    /// Returns the directive that sets it.
    pub fn node(&self) -> At<'_> {
        self.blocks.at(self.node)
    }

    /// Returns the change that gives it another value.
    pub fn with_value(&self, value: &str, safety: Safety) -> Option<Edit> {
        self.node().with_word(self.word?, &quoted(value), safety)
    }

    /// Returns the change that makes errors carry it, too.
    pub fn with_always(&self, safety: Safety) -> Option<Edit> {
        match self.authority {
            Authority::Apache => {
                let node = self.node();
                match node.arg(0)? {
                    condition if condition.eq_ignore_ascii_case("onsuccess") => node.with_word(0, "always", safety),
                    action => node.with_word(0, &format!("always {action}"), safety),
                }
            }
            Authority::Nginx => Some(self.node().with_more("always", safety)),
        }
    }

    /// Returns the change that takes it away.
    pub fn without(&self, safety: Safety) -> Edit {
        self.node().without(safety)
    }

    /// Returns the values of another field that is set in the same block.
    pub fn beside<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let siblings = self.node().parent().into_iter().flat_map(At::children);
        // Apache may say first in which of its tables the field is.
        let number = move |node: At<'a>| match self.authority {
            Authority::Apache => 2 + usize::from(node.says("always") || node.says("onsuccess")),
            Authority::Nginx => self.word.unwrap_or(1),
        };
        let is_it = move |node: &At<'a>| {
            let named = number(*node).checked_sub(1).and_then(|number| node.arg(number));
            matches!(node.name(), "add_header" | "header") && named.is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        siblings.filter(is_it).filter_map(move |node| node.arg(number(node)))
    }

    /// Whether it is set under a condition, which may check what it says.
    pub fn is_conditional(&self) -> bool {
        let node = self.node();
        node.parents().any(|parent| matches!(parent.name(), "if" | "<if"))
            || node.args().any(|arg| arg.starts_with("env=") || arg.starts_with("expr="))
    }
}

impl Declared {
    /// Returns the server's own directive.
    pub fn node(&self) -> At<'_> {
        self.blocks.at(self.node)
    }

    /// Whether the field is sent.
    pub fn sends(&self, name: &str) -> bool {
        self.lines.iter().any(|line| line.name == name)
    }

    /// Returns the changes that add a field: one for the server, and one for each block in it that would not inherit it.
    pub fn with(&self, name: &str, value: &str, safety: Safety) -> Vec<Edit> {
        let text = match self.authority {
            Authority::Apache => ["Header always set ", name, " ", &quoted(value)].concat(),
            Authority::Nginx => ["add_header ", name, " ", &quoted(value), " always;"].concat(),
        };
        // Beside its own fields: where there are none, those of the block around would be lost.
        let beside = self.lines.iter().map(Line::node).find(|node| !node.is("more_set_headers"));
        let own = match beside {
            Some(node) => Some(node.with_before(&text, safety)),
            None => self.node().with_child(&text, safety),
        };
        let apart = self.apart.iter().filter_map(|block| {
            let mut fields = self.blocks.at(*block).each("add_header");
            let first = fields.next()?;
            let says = |field: At<'_>| field.arg(0).is_some_and(|it| it.eq_ignore_ascii_case(name));
            let has_it = says(first) || fields.any(says);
            (!has_it).then(|| first.with_before(&text, safety))
        });
        own.into_iter().chain(apart).collect()
    }
}

/// A value stands in quotes where it has to.
fn quoted(value: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-=/.".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) {
        return value.into();
    }
    ["\"", &value.replace('"', "\\\""), "\""].concat().into()
}
