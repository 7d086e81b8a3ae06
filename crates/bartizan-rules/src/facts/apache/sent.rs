//! Which header fields an Apache configuration sends, and by which lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::sections::{self, Phase};
use super::{Apache, Server};
use crate::facts::blocks::{At, NodeId};
use crate::facts::declared::{Authority, Declared, Line};

/// Returns what each server that speaks TLS sends.
pub(super) fn declared(apache: &Apache) -> Vec<Declared> {
    let mut by_server: BTreeMap<NodeId, Vec<At<'_>>> = BTreeMap::new();
    for node in apache.each("header") {
        let owner = node.within("virtualhost").unwrap_or_else(|| apache.root());
        by_server.entry(owner.id()).or_default().push(node);
    }
    let of = |at: At<'_>| by_server.get(&at.id()).map(Vec::as_slice).unwrap_or_default();
    let mut budget = MOST_STEPS;
    let servers = apache.servers().filter(|server| server.is_tls());
    servers
        .map(|server| {
            let main = if server.is_only { &[] } else { of(apache.root()) };
            let lines = follow(apache, server, main.iter().chain(of(server.at())).copied(), &mut budget);
            Declared {
                authority: Authority::Apache,
                has_pages: !server.redirects(),
                lines,
                blocks: Arc::clone(&apache.blocks),
                node: server.at().id(),
                apart: Vec::new(),
            }
        })
        .collect()
}

/// Follows the lines of a server as they are merged.
fn follow<'a>(
    apache: &Apache,
    server: Server<'a>,
    nodes: impl Iterator<Item = At<'a>>,
    budget: &mut usize,
) -> Vec<Line> {
    let root = server.effective("documentroot").and_then(|node| node.arg(0));
    let mut merged: Vec<(Phase, At<'a>)> = Vec::new();
    for node in nodes {
        if *budget == 0 {
            break;
        }
        *budget -= 1;
        merged.extend(phase(node, root).map(|phase| (phase, node)));
    }
    // The order within one phase stays: what is for all of the server comes first.
    merged.sort_by_key(|(phase, _)| *phase);
    let mut lines: Vec<Line> = Vec::new();
    for (phase, node) in merged {
        let step = Step::of(node);
        if phase.is_for_all() && !step.is_conditional {
            lines.retain(|line| !step.ends(&line.name, line.is_always));
        }
        if lines.len() < MOST_LINES && !step.is_late(&lines) {
            lines.extend(line(apache, node));
        }
    }
    lines
}

/// When a line is merged, if all sections around it are for all of the server.
fn phase(node: At<'_>, root: Option<&str>) -> Option<Phase> {
    let sections = node.parents().take_while(|section| !section.is_root() && !section.is("virtualhost"));
    sections.map(|section| sections::phase(section, root)).try_fold(Phase::Server, |one, other| Some(one.max(other?)))
}

/// Returns every line that is set, but for those that a later one beside it takes back.
pub(super) fn lines(apache: &Apache) -> Vec<Line> {
    let nodes: Vec<_> = apache.each("header").collect();
    let mut ended: BTreeSet<(Option<NodeId>, String, bool)> = BTreeSet::new();
    let mut lines = Vec::new();
    for node in nodes.into_iter().rev() {
        let step = Step::of(node);
        let key = |is_always| (node.parent().map(At::id), step.name.clone(), is_always);
        if !ended.contains(&key(step.is_always)) {
            lines.extend(line(apache, node));
        }
        if !step.is_conditional {
            ended.extend([true, false].into_iter().filter(|table| step.ends(&step.name, *table)).map(key));
        }
    }
    lines.reverse();
    carry(&mut lines);
    lines
}

/// A field that is set in both tables, as many set it, is on errors, too.
fn carry(lines: &mut [Line]) {
    let key = |line: &Line| (line.node().parent().map(At::id), line.name.clone());
    let on_errors: BTreeSet<_> = lines.iter().filter(|line| line.is_always).map(key).collect();
    for line in lines.iter_mut().filter(|line| !line.is_always) {
        line.is_always = on_errors.contains(&key(line));
    }
}

/// What a line does.
struct Step {
    action: String,
    name: String,
    is_always: bool,
    /// Whether it depends on a variable or an expression.
    is_conditional: bool,
}

impl Step {
    fn of(node: At<'_>) -> Self {
        let (action, rest) = action(node);
        let action = action.to_ascii_lowercase();
        let words = usize::from(action != "unset");
        let last = node.args().skip(rest + 1 + words);
        Self {
            is_always: node.says("always"),
            is_conditional: last.into_iter().any(|arg| arg.starts_with("env=") || arg.starts_with("expr=")),
            name: name(node, rest),
            action,
        }
    }

    /// Whether a field of this table is gone after it. httpd has two tables, and only answers that are no errors carry
    /// both; who takes a field out of either wants it gone.
    fn ends(&self, name: &str, is_always: bool) -> bool {
        self.name == name
            && match &*self.action {
                "unset" => true,
                "set" => self.is_always == is_always,
                _ => false,
            }
    }

    fn is_late(&self, lines: &[Line]) -> bool {
        self.action == "setifempty"
            && lines.iter().any(|line| line.name == self.name && line.is_always == self.is_always)
    }
}

fn line(apache: &Apache, node: At<'_>) -> Option<Line> {
    let (action, rest) = action(node);
    if !matches!(&*action.to_ascii_lowercase(), "set" | "append" | "add" | "merge" | "setifempty") {
        return None;
    }
    Some(Line {
        authority: Authority::Apache,
        name: name(node, rest),
        value: node.arg(rest + 1)?.to_owned(),
        is_always: node.says("always"),
        blocks: Arc::clone(&apache.blocks),
        node: node.id(),
        word: Some(rest + 1),
    })
}

fn name(node: At<'_>, number: usize) -> String {
    node.arg(number).unwrap_or_default().trim_end_matches(':').to_ascii_lowercase()
}

/// What a line does, and which word is the name.
fn action(node: At<'_>) -> (&str, usize) {
    let start = usize::from(node.says("always") || node.says("onsuccess"));
    (node.arg(start).unwrap_or_default(), start + 1)
}

/// More than all servers of a configuration have together: many servers times many lines of all of them.
const MOST_STEPS: usize = 1_000_000;

/// More than one server sends.
const MOST_LINES: usize = 200;
