//! How another auditor reads a configuration: which directives it sees, and which variables a place knows.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use foldhash::fast::RandomState;

use super::possible::{Possible, STEPS};
use super::scope::{Scope, Value, VarName, Variable, named, unresolved};
use super::{arity, is_open};
use crate::facts::blocks::{At, Blocks, NodeId};
use crate::facts::regex::{Case, Regex};

/// Another auditor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// gixy-next.
    Next,
    /// gixy-ng.
    Ng,
}

/// What another auditor sees.
#[derive(Debug)]
pub struct Reader {
    peer: Peer,
    is_seen: Vec<bool>,
    has_failed: bool,
    scopes: HashMap<NodeId, Scope, RandomState>,
    known: HashMap<NodeId, Vec<Given>, RandomState>,
    /// Steps that questions about variables may still take, all together.
    patience: AtomicUsize,
}

/// Steps of all questions about one configuration, besides those for each directive: far more than any takes.
const PATIENCE: usize = 300_000;
const PATIENCE_FOR_EACH: usize = 100;

/// A variable that a directive makes.
type Given = (VarName, Arc<Variable>);

impl Reader {
    pub(super) fn new(blocks: &Blocks, peer: Peer) -> Self {
        let mut reader = Self {
            peer,
            is_seen: vec![true; blocks.len()],
            has_failed: false,
            scopes: HashMap::default(),
            known: HashMap::default(),
            patience: AtomicUsize::new(PATIENCE + blocks.len().saturating_mul(PATIENCE_FOR_EACH)),
        };
        reader.hide(blocks.root());
        let mut scope = Scope::new(peer);
        reader.walk(blocks.root(), &mut scope);
        reader
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

    /// Returns the directives of a block that it sees.
    pub fn children<'a>(&'a self, block: At<'a>) -> impl Iterator<Item = At<'a>> {
        block.children().filter(|child| self.sees(*child))
    }

    /// Returns the directives of a name that stand directly in a block.
    pub fn find<'a>(&'a self, block: At<'a>, name: &'a str) -> impl Iterator<Item = At<'a>> {
        self.children(block).filter(move |child| child.is(name))
    }

    /// Returns the first directive of a name in a block, or in a block within that shares its variables.
    pub fn some<'a>(&'a self, block: At<'a>, name: &str) -> Option<At<'a>> {
        self.children(block).find_map(|child| {
            if child.is(name) {
                return Some(child);
            }
            if child.is_block() && self.is_open(child) { self.some(child, name) } else { None }
        })
    }

    /// Returns the first directive of a name directly in a block around a directive, from the inside out.
    pub fn in_scope<'a>(&'a self, node: At<'a>, name: &'a str) -> Option<At<'a>> {
        node.parents().find_map(|parent| self.find(parent, name).next())
    }

    /// Returns what can be asked of variables where the directive stands.
    pub fn possible<'a>(&'a self, node: At<'a>) -> Possible<'a> {
        static NOWHERE: LazyLock<Scope> = LazyLock::new(|| Scope::new(Peer::Next));
        let scope = self.scopes.get(&node.id()).unwrap_or(&NOWHERE);
        Possible { reader: self, blocks: node.tree(), scope, steps: Cell::new(STEPS), depth: Cell::new(0) }
    }

    fn is_open(&self, block: At<'_>) -> bool {
        is_open(block) || (self.peer == Peer::Ng && block.is("set_by_lua_block"))
    }

    fn hide(&mut self, block: At<'_>) {
        for child in block.children() {
            if self.refuses(child) {
                self.hide_all(child);
            } else {
                self.hide(child);
            }
        }
    }

    fn hide_all(&mut self, node: At<'_>) {
        for node in std::iter::once(node).chain(node.descendants()) {
            if let Some(is_seen) = self.is_seen.get_mut(node.id().number()) {
                *is_seen = false;
            }
        }
    }

    fn refuses(&self, node: At<'_>) -> bool {
        let count = node.args().count();
        if node.parent().is_some_and(|parent| matches!(parent.name(), "map" | "geo")) && !node.is_block() {
            return count > 1;
        }
        let name = node.name();
        if self.peer == Peer::Ng {
            return match name {
                "js_set" => !(is_variable(node) && (count == 2 || (count == 3 && node.arg(2) == Some("nocache")))),
                "js_var" => !(is_variable(node) && matches!(count, 1 | 2)),
                "set_by_lua_block" => !(is_variable(node) && count == 1),
                "set_by_lua_file" => !(is_variable(node) && count >= 2),
                _ => !arity::fits(node),
            };
        }
        let least = match name {
            "add_header" | "set" | "map" | "rewrite" | "auth_request_set" | "perl_set" | "set_by_lua" => 2,
            "geo" | "root" | "alias" | "location" | "if" | "include" => 1,
            _ => 0,
        };
        let is_wrong_form = if node.is_block() {
            matches!(
                name,
                "add_header"
                    | "set"
                    | "rewrite"
                    | "auth_request_set"
                    | "perl_set"
                    | "set_by_lua"
                    | "root"
                    | "alias"
                    | "resolver"
                    | "more_set_headers"
            )
        } else {
            matches!(name, "http" | "location" | "if" | "map" | "geo")
        };
        count < least || is_wrong_form || (name == "if" && count > 3)
    }

    fn walk(&mut self, block: At<'_>, scope: &mut Scope) {
        self.announce_countries(block, scope);
        self.announce_names(block, scope);
        self.announce_values(block, scope);
        for child in block.children() {
            if !self.sees(child) {
                continue;
            }
            self.give(child, scope);
            // Most directives hold no variable, and their places are not remembered.
            if child.args().any(|arg| arg.contains('$')) {
                self.scopes.insert(child.id(), scope.clone());
            }
            if child.is_block() {
                if self.is_open(child) {
                    self.walk(child, scope);
                } else {
                    self.walk(child, &mut scope.clone());
                }
            }
        }
    }

    fn give(&mut self, node: At<'_>, scope: &mut Scope) {
        for (name, variable) in self.given(node, scope) {
            if name == VarName::Index(0) && variable.entry.is_none() {
                scope.clear_captures();
            }
            scope.add(name, variable);
        }
    }

    /// The names that are set somewhere in a block are known in all of it.
    fn announce_names(&self, block: At<'_>, scope: &mut Scope) {
        for child in block.children().filter(|child| self.sees(*child)) {
            let mut announce = |name: &str| {
                let key = VarName::Name(name.to_lowercase().into());
                if !scope.has(&key) {
                    scope.add(key, Arc::new(unresolved(name)));
                }
            };
            if self.is_setter(child) {
                announce(variable_name(child));
            } else if child.is("root") && !child.is_block() {
                announce("document_root");
            } else if self.peer == Peer::Next && child.is("rewrite") {
                announce_captures(child, child.arg(0), scope);
            } else if child.is_block() && self.is_open(child) {
                if self.peer == Peer::Next && is_matching(child) {
                    announce_captures(child, child.args().next_back(), scope);
                }
                self.announce_names(child, scope);
            }
        }
    }

    fn announce_values(&mut self, block: At<'_>, scope: &mut Scope) {
        for child in block.children() {
            if !self.sees(child) {
                continue;
            }
            let is_early =
                self.is_setter(child) || child.is("root") || (self.peer == Peer::Next && child.is("rewrite"));
            if is_early {
                for (name, variable) in self.given(child, scope) {
                    scope.add(name, variable);
                }
            } else if child.is_block() && self.is_open(child) {
                for (name, variable) in self.given(child, scope) {
                    if self.peer == Peer::Ng && name == VarName::Index(0) {
                        scope.clear_captures();
                    }
                    scope.add(name, variable);
                }
                self.announce_values(child, scope);
            }
        }
    }

    fn is_setter(&self, node: At<'_>) -> bool {
        match node.name() {
            "set" | "auth_request_set" | "perl_set" | "set_by_lua" => !node.is_block(),
            "map" | "geo" => self.peer == Peer::Next && node.is_block(),
            "set_by_lua_file" | "set_by_lua_block" => self.peer == Peer::Ng,
            "js_set" | "js_var" => self.peer == Peer::Ng && is_for_scripts(node),
            _ => false,
        }
    }

    /// The variables that a directive makes.
    fn given(&mut self, node: At<'_>, scope: &Scope) -> Vec<Given> {
        // These are made once, of what is known where they are met first.
        if !node.is_block() || !matches!(node.name(), "location" | "if" | "map" | "geo") {
            return self.made(node, scope);
        }
        if let Some(known) = self.known.get(&node.id()) {
            return known.clone();
        }
        let given = self.made(node, scope);
        self.known.insert(node.id(), given.clone());
        given
    }

    fn made(&mut self, node: At<'_>, scope: &Scope) -> Vec<Given> {
        let id = node.id();
        if let Some(table) = node.parent().filter(|parent| matches!(parent.name(), "map" | "geo") && !node.is_block()) {
            return self.entry_captures(node, table);
        }
        let name = || VarName::Name(variable_name(node).to_lowercase().into());
        let one = |variable: Variable| vec![(name(), Arc::new(variable))];
        match node.name() {
            "set" | "auth_request_set" if !node.is_block() => {
                one(scope.scripted(name(), node.arg(1).unwrap_or_default(), id))
            }
            "root" if !node.is_block() => {
                let key = VarName::Name("document_root".into());
                let variable = scope.scripted(key.clone(), node.arg(0).unwrap_or_default(), id);
                vec![(key, Arc::new(variable))]
            }
            "perl_set" | "set_by_lua" | "set_by_lua_file" | "set_by_lua_block" | "js_set" | "js_var"
                if self.is_setter(node) =>
            {
                let value = match self.peer {
                    Peer::Next => Value::Unknown,
                    Peer::Ng => anything(),
                };
                one(named(name(), value, Some(id)))
            }
            "map" | "geo" if node.is_block() => one(named(name(), Value::Entries(self.entries(node)), Some(id))),
            "location" if node.is_block() => {
                let case = match node.arg(0) {
                    Some("~") if node.words().len() == 2 => Case::Sensitive,
                    Some("~*") if node.words().len() == 2 => Case::Insensitive,
                    _ => return Vec::new(),
                };
                self.captures(node, node.arg(1), case, None)
            }
            "if" if is_matching(node) => {
                let (operator, pattern) = match node.words().len() {
                    2 => (node.arg(0), node.arg(1)),
                    _ => (node.arg(1), node.arg(2)),
                };
                let case = if matches!(operator, Some("~" | "!~")) { Case::Sensitive } else { Case::Insensitive };
                let compared = if node.words().len() == 3 { node.arg(0) } else { None };
                let parts = compared.map(|script| scope.compile(script, None)).unwrap_or_default();
                let boundary = match parts.as_slice() {
                    [only] => {
                        if let Value::Regex(regex) = &only.value {
                            Some(regex.clone())
                        } else {
                            None
                        }
                    }
                    _ => None,
                };
                self.captures(node, pattern, case, boundary.as_ref())
            }
            "rewrite" if !node.is_block() => self.captures(node, node.arg(0), Case::Sensitive, NO_BLANK.as_ref()),
            _ => Vec::new(),
        }
    }

    fn captures(&mut self, node: At<'_>, pattern: Option<&str>, case: Case, boundary: Option<&Regex>) -> Vec<Given> {
        let Ok(regex) = node.regex(pattern.unwrap_or_default(), case) else {
            self.fail();
            return Vec::new();
        };
        let capture = |(name, group): (_, Regex)| {
            let name = VarName::from(name);
            let mut variable = named(name.clone(), Value::Regex(group), Some(node.id()));
            variable.boundary = boundary.cloned();
            (name, Arc::new(variable))
        };
        regex.groups().map(capture).collect()
    }

    /// gixy-ng stops at a pattern that it cannot read.
    const fn fail(&mut self) {
        if matches!(self.peer, Peer::Ng) {
            self.has_failed = true;
        }
    }

    fn entries(&self, table: At<'_>) -> Vec<(NodeId, Arc<str>)> {
        let entries = table.children().filter(|entry| self.sees(*entry) && !entry.is_block());
        entries.map(|entry| (entry.id(), self.entry_scope(entry))).collect()
    }

    /// gixy-ng tells entries apart, gixy-next only what they compare with.
    fn entry_scope(&self, entry: At<'_>) -> Arc<str> {
        match self.peer {
            Peer::Next => entry.name().into(),
            Peer::Ng => format!("#{}", entry.id().number()).into(),
        }
    }

    fn entry_captures(&mut self, entry: At<'_>, table: At<'_>) -> Vec<Given> {
        let Some(pattern) = entry.name().strip_prefix('~').filter(|_| table.is("map")) else { return Vec::new() };
        let (pattern, case) = match pattern.strip_prefix('*') {
            Some(pattern) => (pattern, Case::Insensitive),
            None => (pattern, Case::Sensitive),
        };
        let Ok(regex) = entry.regex(pattern, case) else {
            self.fail();
            return Vec::new();
        };
        let scope = self.entry_scope(entry);
        let source: Option<Arc<str>> = (self.peer == Peer::Ng).then(|| table.arg(0).unwrap_or_default().into());
        let capture = |(name, group): (_, Regex)| {
            let name = VarName::from(name);
            let mut variable = named(name.clone(), Value::Regex(group), Some(entry.id()));
            variable.entry = Some(Arc::clone(&scope));
            variable.source.clone_from(&source);
            (name, Arc::new(variable))
        };
        regex.groups().map(capture).collect()
    }

    /// What a table of countries gives is known before all else in its block.
    fn announce_countries(&self, block: At<'_>, scope: &mut Scope) {
        let is_main = matches!(block.name(), "http" | "stream") && block.parent().is_some_and(At::is_root);
        if self.peer == Peer::Next || !is_main {
            return;
        }
        for table in self.find(block, "geoip2").filter(|table| table.words().len() == 1) {
            for field in self.children(table).filter(|field| !field.is_block()) {
                let Some(name) = field.name().strip_prefix('$') else { continue };
                let key = VarName::Name(name.to_lowercase().into());
                let value = match (field.arg(0), field.arg(1), field.words().len()) {
                    (Some("metadata"), Some("build_epoch"), 2) => pattern("[0-9]*"),
                    (Some("metadata"), Some("last_check" | "last_change"), 2) => pattern("[-0-9]*"),
                    _ => anything(),
                };
                scope.add(key.clone(), Arc::new(named(key, value, Some(field.id()))));
            }
        }
    }
}

/// Where a rewrite cuts.
static NO_BLANK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::read(r"[^\s\r\n]", Case::Sensitive).ok());

fn anything() -> Value {
    static ANYTHING: LazyLock<Value> = LazyLock::new(|| pattern(r"[\s\S]*"));
    ANYTHING.clone()
}

fn pattern(pattern: &str) -> Value {
    Regex::read(pattern, Case::Sensitive).map_or(Value::Unknown, Value::Regex)
}

/// Whether the condition of an `if` is a match with a pattern.
pub(super) fn is_matching(node: At<'_>) -> bool {
    let operator = match node.words().len() {
        2 => node.arg(0),
        3 => node.arg(1),
        _ => None,
    };
    node.is("if") && matches!(operator, Some("~" | "~*" | "!~" | "!~*")) && node.args().next_back() != Some("")
}

/// The name of the variable that a directive sets.
fn variable_name<'a>(node: At<'a>) -> &'a str {
    let word = match (node.name(), node.words().len()) {
        ("map", _) => node.arg(1),
        ("geo", 2) => node.arg(1),
        _ => node.arg(0),
    };
    word.unwrap_or_default().trim_start_matches('$')
}

fn is_variable(node: At<'_>) -> bool {
    node.arg(0).and_then(|word| word.strip_prefix('$')).is_some_and(|name| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && name.chars().next().is_some_and(|c| !c.is_ascii_digit())
    })
}

fn is_for_scripts(node: At<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    let main = node.parents().find(|parent| matches!(parent.name(), "http" | "stream"));
    matches!(parent.name(), "http" | "stream" | "server" | "location")
        && main
            .is_some_and(|main| main.parent().is_some_and(At::is_root) && (main.is("http") || !parent.is("location")))
}

fn announce_captures(node: At<'_>, pattern: Option<&str>, scope: &mut Scope) {
    let Ok(regex) = node.regex(pattern.unwrap_or_default(), Case::Sensitive) else { return };
    for (name, _) in regex.groups() {
        let name = VarName::from(name);
        if name == VarName::Index(0) || scope.has(&name) {
            continue;
        }
        let shown = match &name {
            VarName::Index(index) => index.to_string(),
            VarName::Name(name) => name.to_string(),
        };
        scope.add(name, Arc::new(unresolved(&shown)));
    }
}
