//! The header fields that a server sends with its answers, as far as its own block and `http` say.

use super::super::blocks::At;
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
            set.filter_map(|node| self.line(node)).collect()
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
            })
            .collect()
    }

    /// `add_header` is inherited from a block only by blocks that have none themselves.
    fn lines(&self, server: At<'_>) -> Vec<Line> {
        let is_set = |node: &At<'_>| node.is("add_header");
        let is_merged = server.effective("add_header_inherit").is_some_and(|inherit| inherit.says("merge"));
        let mut lines = Vec::new();
        for scope in server.scopes() {
            let has_own = scope.children().any(|node| is_set(&node));
            lines.extend(scope.children().filter(is_set).filter_map(|node| self.line(node)));
            if has_own && !is_merged {
                break;
            }
        }
        if self.blocks.has("more_set_headers") {
            let more = server.scopes().flat_map(|scope| scope.each("more_set_headers"));
            lines.extend(more.filter_map(|node| self.line(node)));
        }
        lines
    }

    fn line(&self, node: At<'_>) -> Option<Line> {
        let (name, value, is_always, word) = match node.name() {
            "add_header" => (node.arg(0)?, node.arg(1)?, node.args().skip(2).any(|arg| arg == "always"), Some(1)),
            "more_set_headers" => {
                let (name, value) = node.args().find_map(|arg| arg.split_once(':'))?;
                (name.trim(), value.trim(), true, None)
            }
            _ => return None,
        };
        Some(Line {
            authority: Authority::Nginx,
            name: name.to_ascii_lowercase(),
            value: value.to_owned(),
            is_always,
            blocks: self.blocks.clone(),
            node: node.id(),
            word,
        })
    }
}
