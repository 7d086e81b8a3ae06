//! The header fields that a server sends with its answers, as far as its own block and `http` say.

use super::super::blocks::{At, NodeId};
use super::super::declared::{Authority, Declared, Line};
use super::Nginx;

impl Nginx {
    /// Returns what each server that speaks TLS sends with its pages.
    pub fn declared(&self) -> &[Declared] {
        self.declared.get_or_init(|| self.gather_declared())
    }

    /// Returns every header field that is set anywhere.
    pub fn header_lines(&self) -> &[Line] {
        self.header_lines.get_or_init(|| {
            let set = self.blocks.named_any(&["add_header", "more_set_headers"]).into_iter();
            set.flat_map(|node| self.lines_of(node)).collect()
        })
    }

    fn gather_declared(&self) -> Vec<Declared> {
        let servers = self.servers().filter(|server| server.is_tls());
        servers
            .map(|server| Declared {
                authority: Authority::Nginx,
                has_pages: !server.only_returns(),
                lines: self.lines(server.at),
                blocks: self.blocks.clone(),
                node: server.at.id(),
                apart: apart(server.at),
            })
            .collect()
    }

    /// `add_header` is inherited from a block only by blocks that have none themselves.
    fn lines(&self, server: At<'_>) -> Vec<Line> {
        let is_merged = server.effective("add_header_inherit").is_some_and(|inherit| inherit.says("merge"));
        let mut lines = Vec::new();
        for scope in server.scopes() {
            let mut own = scope.each("add_header").peekable();
            let has_own = own.peek().is_some();
            lines.extend(own.flat_map(|node| self.lines_of(node)));
            if has_own && !is_merged {
                break;
            }
        }
        if self.blocks.has("more_set_headers") {
            let more = server.scopes().flat_map(|scope| scope.each("more_set_headers"));
            lines.extend(more.filter(|node| is_for_pages(*node)).flat_map(|node| self.lines_of(node)));
        }
        lines
    }

    /// `more_set_headers` sets several at once.
    fn lines_of(&self, node: At<'_>) -> Vec<Line> {
        let line = |name: &str, value: &str, is_always, word| Line {
            authority: Authority::Nginx,
            name: name.to_ascii_lowercase(),
            value: value.to_owned(),
            is_always,
            blocks: self.blocks.clone(),
            node: node.id(),
            word,
        };
        match (node.name(), node.arg(0), node.arg(1)) {
            ("add_header", Some(name), Some(value)) => {
                let is_always = node.args().skip(2).any(|arg| arg == "always");
                vec![line(name, value, is_always, Some(1))]
            }
            ("more_set_headers", ..) => {
                let fields = node.args().filter_map(|arg| arg.split_once(':'));
                fields.map(|(name, value)| line(name.trim(), value.trim(), true, None)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The blocks in a server with fields of their own, which inherit none.
fn apart(server: At<'_>) -> Vec<NodeId> {
    let has_own = |block: &At<'_>| block.each("add_header").next().is_some();
    let is_merged = |block: &At<'_>| block.effective("add_header_inherit").is_some_and(|it| it.says("merge"));
    let mut blocks = Vec::new();
    let mut open = vec![server];
    while let Some(block) = open.pop() {
        let inner = block.children().filter(|child| child.is_block());
        open.extend(inner.clone());
        blocks.extend(inner.filter(|block| has_own(block) && !is_merged(block)).map(At::id));
    }
    blocks.sort_unstable();
    blocks
}

/// `more_set_headers -s` names the statuses that it is for.
fn is_for_pages(node: At<'_>) -> bool {
    let statuses = node.args().skip_while(|arg| *arg != "-s").nth(1);
    statuses.is_none_or(|statuses| statuses.split_whitespace().any(|status| status == "200"))
}
