//! What the text of a variable can be: which characters it can or must hold.

use std::cell::Cell;
use std::sync::Arc;

use super::reader::{Peer, Reader};
use super::scope::{EntryScope, Piece, Scope, Value, Variable, pieces};
use crate::facts::blocks::{At, Blocks, NodeId};
use crate::facts::regex::Text;

/// Answers for the variables of one place.
#[derive(Debug)]
pub struct Possible<'a> {
    pub(super) reader: &'a Reader,
    pub(super) blocks: &'a Blocks,
    pub(super) scope: &'a Scope,
    /// Tables of tables multiply; beyond this nothing more is looked at.
    pub(super) steps: Cell<u32>,
    /// How many variables are asked about, each for the sake of the one before.
    pub(super) depth: Cell<usize>,
}

/// More than any configuration needs.
pub(super) const STEPS: u32 = 20_000;

impl<'a> Possible<'a> {
    /// Splits a script into its variables and texts.
    pub fn compile(&self, script: &str) -> Vec<Arc<Variable>> {
        self.scope.compile(script, None)
    }

    /// Returns the variables of a script, without the texts between them.
    pub fn variables<'s>(&'s self, script: &'s str) -> impl Iterator<Item = Arc<Variable>> {
        self.scope.variables(script, None)
    }

    /// Splits the value of an entry of a table, which knows its own captures.
    pub fn compile_within(&self, script: &str, entry: &EntryScope) -> Vec<Arc<Variable>> {
        self.scope.compile(script, Some(entry))
    }

    /// Whether a variable is nginx's own.
    pub fn is_builtin(&self, name: &str) -> bool {
        super::builtin::is_builtin(self.reader.peer(), name)
    }

    fn step(&self) -> bool {
        self.steps.set(self.steps.get().saturating_sub(1));
        self.steps.get() > 0 && self.reader.has_patience()
    }

    /// Asks about what a variable is made of, unless tables go round in a ring or are nested beyond all use.
    fn deeper(&self, ask: impl FnOnce() -> bool) -> bool {
        if self.depth.get() > DEEPEST || !self.step() {
            return false;
        }
        self.depth.set(self.depth.get() + 1);
        let answer = ask();
        self.depth.set(self.depth.get() - 1);
        answer
    }

    /// Whether the variable can hold the character because somebody else decides so.
    pub fn can_contain(&self, variable: &Variable, c: char) -> bool {
        self.can(variable, c, None)
    }

    fn can(&self, variable: &Variable, c: char, before: Option<&Asked<'_>>) -> bool {
        let asked = Asked { variable, before };
        if self.reader.peer() == Peer::Ng && asked.is_ring() {
            return true;
        }
        self.step() && !asked.is_deep() && self.can_within(variable, c, Some(&asked))
    }

    fn can_within(&self, variable: &Variable, c: char, before: Option<&Asked<'_>>) -> bool {
        if variable.source.as_deref().is_some_and(|source| !self.script_may(source, c, None, before)) {
            return false;
        }
        if variable.boundary.as_ref().is_some_and(|boundary| !boundary.can_contain(c, Text::Open)) {
            return false;
        }
        if let Value::Regex(regex) = &variable.value {
            return regex.can_contain(c, if variable.source.is_some() { Text::All } else { Text::Open });
        }
        if let Some(depends) = variable.depends.as_deref().filter(|depends| !depends.is_empty()) {
            return depends.iter().any(|part| self.can(part, c, before));
        }
        let Value::Entries(entries) = &variable.value else { return false };
        entries.iter().any(|(node, entry)| {
            let Some(script) = self.map_entry(*node) else { return false };
            // The texts between the variables are the file's own.
            self.scope.variables(script, Some(entry)).any(|part| self.can(&part, c, before))
        })
    }

    /// What an entry of a map is set to; an entry of another table is set by the file alone.
    fn map_entry(&self, node: NodeId) -> Option<&'a str> {
        let node = self.blocks.at(node);
        let is_map = node.parent().is_some_and(|parent| parent.is("map"));
        is_map.then(|| node.arg(0).unwrap_or("None"))
    }

    /// Whether a text can hold the character at all, whoever decides.
    fn script_may(&self, script: &str, c: char, entry: Option<&EntryScope>, before: Option<&Asked<'_>>) -> bool {
        pieces(script).any(|piece| match piece {
            Piece::Text(text) => text.contains(c),
            Piece::Variable(name) => self.scope.find(name, entry).is_none_or(|part| self.may(&part, c, before)),
        })
    }

    fn may(&self, variable: &Variable, c: char, before: Option<&Asked<'_>>) -> bool {
        let asked = Asked { variable, before };
        asked.is_ring() || !self.step() || asked.is_deep() || self.may_within(variable, c, Some(&asked))
    }

    fn may_within(&self, variable: &Variable, c: char, before: Option<&Asked<'_>>) -> bool {
        if variable.source.as_deref().is_some_and(|source| !self.script_may(source, c, None, before)) {
            return false;
        }
        if variable.boundary.as_ref().is_some_and(|boundary| !boundary.can_contain(c, Text::All)) {
            return false;
        }
        match &variable.value {
            Value::Regex(regex) => regex.can_contain(c, Text::All),
            Value::Text(text) if variable.depends.is_some() => {
                self.script_may(text, c, variable.entry.as_ref(), before)
            }
            Value::Text(text) => text.contains(c),
            Value::Unknown => true,
            Value::Entries(entries) => entries.iter().any(|(node, entry)| {
                self.map_entry(*node).is_none_or(|script| self.script_may(script, c, Some(entry), before))
            }),
        }
    }

    /// Whether the variable can begin with the character.
    pub fn can_start(&self, variable: &Variable, c: char) -> bool {
        self.deeper(|| self.can_start_within(variable, c))
    }

    fn can_start_within(&self, variable: &Variable, c: char) -> bool {
        if variable.boundary.as_ref().is_some_and(|boundary| !boundary.can_start(c)) {
            return false;
        }
        if let Value::Regex(regex) = &variable.value {
            return regex.can_start(c);
        }
        if let Some(first) = variable.depends.as_deref().and_then(|depends| depends.first()) {
            return self.can_start(first, c);
        }
        let Value::Entries(entries) = &variable.value else { return false };
        entries.iter().any(|(node, entry)| {
            let Some(script) = self.map_entry(*node) else { return false };
            self.scope.compile(script, Some(entry)).first().is_some_and(|part| self.can_start(part, c))
        })
    }

    /// Whether the variable always holds the character.
    pub fn must_contain(&self, variable: &Variable, c: char) -> bool {
        self.deeper(|| self.must_contain_within(variable, c))
    }

    fn must_contain_within(&self, variable: &Variable, c: char) -> bool {
        if variable.boundary.as_ref().is_some_and(|boundary| boundary.must_contain(c)) {
            return true;
        }
        if let Value::Regex(regex) = &variable.value {
            return regex.must_contain(c);
        }
        if let Some(depends) = variable.depends.as_deref().filter(|depends| !depends.is_empty()) {
            return depends.iter().any(|part| self.must_contain(part, c));
        }
        match &variable.value {
            Value::Entries(entries) => {
                self.all_entries(entries, |parts| parts.iter().any(|part| self.must_contain(part, c)))
            }
            Value::Text(text) => text.contains(c),
            Value::Regex(_) | Value::Unknown => false,
        }
    }

    /// Whether the variable always begins with the character.
    pub fn must_start(&self, variable: &Variable, c: char) -> bool {
        self.deeper(|| self.must_start_within(variable, c))
    }

    fn must_start_within(&self, variable: &Variable, c: char) -> bool {
        if variable.boundary.as_ref().is_some_and(|boundary| boundary.must_start(c)) {
            return true;
        }
        if let Value::Regex(regex) = &variable.value {
            return regex.must_start(c);
        }
        if let Some(first) = variable.depends.as_deref().and_then(|depends| depends.first()) {
            return self.must_start(first, c);
        }
        match &variable.value {
            Value::Entries(entries) => {
                self.all_entries(entries, |parts| parts.first().is_some_and(|part| self.must_start(part, c)))
            }
            Value::Text(text) => text.starts_with(c),
            Value::Regex(_) | Value::Unknown => false,
        }
    }

    /// Whether it holds for what every entry is set to; gixy-next asks for a default, too.
    fn all_entries(&self, entries: &[(NodeId, EntryScope)], holds: impl Fn(&[Arc<Variable>]) -> bool) -> bool {
        let is_next = self.reader.peer() == Peer::Next;
        let mut has_default = false;
        for (node, entry) in entries {
            let at = self.blocks.at(*node);
            let Some(parts) = self.entry_parts(at, entry) else { continue };
            if !holds(&parts) {
                return false;
            }
            has_default |= at.is("default");
        }
        has_default || !is_next
    }

    fn entry_parts(&self, at: At<'a>, entry: &EntryScope) -> Option<Vec<Arc<Variable>>> {
        if self.reader.peer() == Peer::Ng {
            return Some(self.scope.compile(self.map_entry(at.id())?, Some(entry)));
        }
        let value = at.arg(0)?;
        if at.parent().is_some_and(|parent| parent.is("map")) {
            return Some(self.scope.compile(value, Some(entry)));
        }
        let is_setting =
            matches!(at.name(), "delete" | "include" | "proxy" | "proxy_recursive" | "ranges" | "volatile");
        (!is_setting)
            .then(|| vec![Arc::new(super::scope::named(super::VarName::Index(0), Value::Text(value.into()), None))])
    }
}

/// A variable that is asked about for the sake of another.
struct Asked<'a> {
    variable: &'a Variable,
    before: Option<&'a Self>,
}

impl Asked<'_> {
    /// Those before it, the last one first.
    fn all_before(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(self.before, |asked| asked.before)
    }

    /// Whether the question leads back to itself.
    fn is_ring(&self) -> bool {
        self.all_before().any(|asked| std::ptr::eq(asked.variable, self.variable))
    }

    fn is_deep(&self) -> bool {
        self.all_before().count() > DEEPEST
    }
}

const DEEPEST: usize = 100;

#[cfg(test)]
mod tests {
    use super::super::Nginx;
    use super::*;
    use crate::facts::blocks::{Node, Word};

    fn directive(blocks: &mut Blocks, parent: NodeId, words: &[&str], is_block: bool) -> NodeId {
        let mut words = words.iter().map(|word| Word { text: (*word).into(), span: 0..0 });
        let node = Node {
            parent: None,
            name: words.next().unwrap_or_default(),
            args: words.collect(),
            children: is_block.then(Vec::new),
            file: 0,
            span: 0..0,
            body: None,
            line: 1,
        };
        blocks.add(parent, node)
    }

    /// Tables of which each entry leads on to the next ones, and the last ones to the first.
    fn ring(tables: usize) -> (Nginx, NodeId) {
        let mut blocks = Blocks::new();
        let root = blocks.root().id();
        let http = directive(&mut blocks, root, &["http"], true);
        for table in 0..tables {
            let map = directive(&mut blocks, http, &["map", "$uri", &format!("$m{table}")], true);
            for (entry, pattern) in ["default", "~^/a(.*)$", "~^/b(.*)$", "/c"].into_iter().enumerate() {
                let next = |step: usize| (table + entry + step) % tables;
                let value = format!("$m{}x$1$m{}", next(1), next(2));
                directive(&mut blocks, map, &[pattern, &value], false);
            }
        }
        let server = directive(&mut blocks, http, &["server"], true);
        let node = directive(&mut blocks, server, &["return", "302", "$m0"], false);
        (Nginx::new(blocks), node)
    }

    #[test]
    fn rings_of_tables_take_no_more_steps_than_are_granted() {
        for tables in [1, 2, 8, 40] {
            let (nginx, node) = ring(tables);
            let node = nginx.blocks().at(node);
            for peer in [Peer::Ng, Peer::Next] {
                let reader = nginx.reader(peer);
                let granted = reader.patience();
                let ask = || {
                    let possible = reader.possible(node);
                    for part in possible.compile("$m0") {
                        for c in ['\n', '/', '.'] {
                            possible.can_contain(&part, c);
                            possible.must_contain(&part, c);
                            possible.can_start(&part, c);
                            possible.must_start(&part, c);
                        }
                    }
                };
                ask();
                // One place asks no more than its own share.
                let once = granted - reader.patience();
                assert!(once <= STEPS as usize, "{tables} {peer:?} {once}");
                if (tables, peer) != (8, Peer::Next) {
                    continue;
                }
                // All places together ask no more than was granted for the file: then each question ends at once.
                for _ in 0..granted {
                    if reader.patience() == 0 {
                        break;
                    }
                    ask();
                }
                assert_eq!(reader.patience(), 0, "{tables} {peer:?}");
                ask();
            }
        }
    }
}
