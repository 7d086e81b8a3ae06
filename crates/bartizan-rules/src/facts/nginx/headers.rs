//! The header fields that a server sends with its answers, as far as its own block and `http` say.

use super::super::blocks::At;
use super::super::declared::{Authority, Declared, Line};
use super::Nginx;

impl Nginx {
    /// Returns what each server that speaks TLS sends with its pages.
    pub fn declared(&self) -> Vec<Declared> {
        let servers = self.servers().filter(|server| server.is_tls());
        servers
            .map(|server| Declared {
                authority: Authority::Nginx,
                at: server.at.here(),
                has_pages: !server.only_returns(),
                lines: lines(server.at),
                insert: INSERT,
                node: (self.blocks.clone(), server.at.id()),
            })
            .collect()
    }

    /// Returns every header field that is set anywhere.
    pub fn header_lines(&self) -> Vec<Line> {
        self.blocks.all().filter_map(line).collect()
    }
}

/// How a line is written.
const INSERT: fn(&str, &str) -> String = |name, value| format!("add_header {name} {value} always;");

/// `add_header` is inherited from a block only by blocks that have none themselves.
fn lines(server: At<'_>) -> Vec<Line> {
    let is_set = |node: &At<'_>| node.is("add_header");
    let merged = server.effective("add_header_inherit").is_some_and(|inherit| inherit.says("merge"));
    let mut lines = Vec::new();
    for scope in server.scopes() {
        let has_own = scope.children().any(|node| is_set(&node));
        lines.extend(scope.children().filter(is_set).filter_map(line));
        if has_own && !merged {
            break;
        }
    }
    let more = server.scopes().flat_map(|scope| scope.each("more_set_headers")).filter_map(line);
    lines.extend(more);
    lines
}

fn line(node: At<'_>) -> Option<Line> {
    match node.name() {
        "add_header" => Some(Line {
            name: node.arg(0)?.to_ascii_lowercase(),
            value: node.arg(1)?.to_owned(),
            is_always: node.args().skip(2).any(|arg| arg == "always"),
            at: node.here(),
            node: node.id(),
            word: Some(1),
        }),
        "more_set_headers" => {
            let (name, value) = node.args().find_map(|arg| arg.split_once(':'))?;
            Some(Line {
                name: name.trim().to_ascii_lowercase(),
                value: value.trim().to_owned(),
                is_always: true,
                at: node.here(),
                node: node.id(),
                word: None,
            })
        }
        _ => None,
    }
}
