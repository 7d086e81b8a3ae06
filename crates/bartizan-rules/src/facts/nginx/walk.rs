//! Which variables each place knows, as another auditor follows them from directive to directive.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use foldhash::fast::RandomState;

use super::is_open;
use super::outline::{Outline, is_entry};
use super::reader::Peer;
use super::scope::{EntryScope, Scope, Value, VarName, Variable, named, unresolved};
use crate::facts::blocks::{At, Blocks, NodeId};
use crate::facts::regex::{Case, Regex};

/// What is known once all directives were met.
pub(super) struct Known {
    /// What the places know that name variables, in the order of their directives.
    pub(super) scopes: Vec<(NodeId, Scope)>,
    /// Whether the other stops at a pattern that it cannot read.
    pub(super) has_failed: bool,
}

/// Follows the variables of a tree, as far as its directives are seen.
pub(super) fn known(blocks: &Blocks, peer: Peer, outline: &Outline, is_seen: &[bool]) -> Known {
    let known = Known { scopes: Vec::new(), has_failed: false };
    let mut walk = Walk { peer, outline, is_seen, known, made: HashMap::default(), room: ROOM };
    walk.walk(blocks.root(), &mut Scope::new(peer));
    walk.known
}

struct Walk<'a> {
    peer: Peer,
    outline: &'a Outline,
    is_seen: &'a [bool],
    known: Known,
    /// What open blocks make, of what is known where they are met first.
    made: HashMap<NodeId, Made, RandomState>,
    /// How many names of variables may still be copied, since places remember what they know.
    room: usize,
}

/// More than places of any configuration remember; where it ends, later places are not followed.
const ROOM: usize = 1_000_000;

/// What a directive makes.
#[derive(Debug, Clone, Default)]
struct Made {
    /// Whether it matches a pattern, which forgets the groups of the match before.
    is_match: bool,
    variables: Vec<(VarName, Arc<Variable>)>,
}

impl Walk<'_> {
    fn sees(&self, node: At<'_>) -> bool {
        !self.known.has_failed && self.is_seen.get(node.id().number()).copied().unwrap_or(false)
    }

    fn walk(&mut self, block: At<'_>, scope: &mut Scope) {
        self.announce_countries(block, scope);
        self.announce_names(block, scope);
        self.announce_values(block, scope);
        for child in block.children() {
            if !self.sees(child) {
                continue;
            }
            if self.outline.makes_variables(child) {
                let made = self.made(child, scope);
                if made.is_match {
                    self.pay(scope);
                    scope.clear_captures();
                }
                self.know(made.variables, scope);
            }
            if self.room == 0 {
                return;
            }
            // Most directives hold no variable, and their places are not remembered.
            if self.outline.names_variables(child) {
                self.known.scopes.push((child.id(), scope.clone()));
            }
            if child.is_block() {
                if self.peer.opens(child) {
                    self.walk(child, scope);
                } else {
                    self.walk(child, &mut scope.clone());
                }
            }
        }
    }

    fn know(&mut self, variables: Vec<(VarName, Arc<Variable>)>, scope: &mut Scope) {
        if !variables.is_empty() {
            self.pay(scope);
        }
        scope.extend(variables);
    }

    /// What a place remembers is copied before it is changed.
    fn pay(&mut self, scope: &Scope) {
        self.room = self.room.saturating_sub(scope.copied());
    }

    /// The names that are set somewhere in a block are known in all of it.
    fn announce_names(&self, block: At<'_>, scope: &mut Scope) {
        for child in block.children() {
            if !self.outline.makes_variables(child) || !self.sees(child) {
                continue;
            }
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
            } else if child.is_block() && self.peer.opens(child) {
                if self.peer == Peer::Next && is_matching(child) {
                    announce_captures(child, child.args().next_back(), scope);
                }
                self.announce_names(child, scope);
            }
        }
    }

    fn announce_values(&mut self, block: At<'_>, scope: &mut Scope) {
        for child in block.children() {
            if !self.outline.makes_variables(child) || !self.sees(child) {
                continue;
            }
            let is_early =
                self.is_setter(child) || child.is("root") || (self.peer == Peer::Next && child.is("rewrite"));
            if is_early {
                let made = self.made(child, scope);
                self.know(made.variables, scope);
            } else if child.is_block() && self.peer.opens(child) {
                let made = self.made(child, scope);
                if self.peer == Peer::Ng && made.is_match {
                    self.pay(scope);
                    scope.clear_captures();
                }
                self.know(made.variables, scope);
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

    fn made(&mut self, node: At<'_>, scope: &Scope) -> Made {
        // What an open block makes is announced before it is met, and made once.
        if !node.is_block() || !is_open(node) {
            return self.make(node, scope);
        }
        if let Some(known) = self.made.get(&node.id()) {
            return known.clone();
        }
        let made = self.make(node, scope);
        self.made.insert(node.id(), made.clone());
        made
    }

    fn make(&mut self, node: At<'_>, scope: &Scope) -> Made {
        let id = node.id();
        if let Some(table) = node.parent().filter(|_| is_entry(node)) {
            return self.entry_captures(node, table);
        }
        let name = || VarName::Name(variable_name(node).to_lowercase().into());
        let one = |variable: Variable| Made::one(name(), variable);
        match node.name() {
            "set" | "auth_request_set" if !node.is_block() => {
                one(scope.scripted(name(), node.arg(1).unwrap_or_default(), id))
            }
            "root" if !node.is_block() => {
                let key = VarName::Name("document_root".into());
                let variable = scope.scripted(key.clone(), node.arg(0).unwrap_or_default(), id);
                Made::one(key, variable)
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
                    _ => return Made::default(),
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
            _ => Made::default(),
        }
    }

    fn captures(&mut self, node: At<'_>, pattern: Option<&str>, case: Case, boundary: Option<&Regex>) -> Made {
        let Ok(regex) = node.regex(pattern.unwrap_or_default(), case) else {
            self.fail();
            return Made::default();
        };
        let capture = |(name, group): (_, Regex)| {
            let name = VarName::from(name);
            let mut variable = named(name.clone(), Value::Regex(group), Some(node.id()));
            variable.boundary = boundary.cloned();
            (name, Arc::new(variable))
        };
        Made { is_match: true, variables: regex.groups().map(capture).collect() }
    }

    /// gixy-ng stops at a pattern that it cannot read.
    const fn fail(&mut self) {
        if matches!(self.peer, Peer::Ng) {
            self.known.has_failed = true;
        }
    }

    fn entries(&self, table: At<'_>) -> Vec<(NodeId, EntryScope)> {
        let entries = table.children().filter(|entry| self.sees(*entry) && !entry.is_block());
        entries.map(|entry| (entry.id(), self.entry_scope(entry))).collect()
    }

    /// gixy-ng tells entries apart, gixy-next only what they compare with.
    fn entry_scope(&self, entry: At<'_>) -> EntryScope {
        match self.peer {
            Peer::Next => EntryScope::Compared(entry.name().into()),
            Peer::Ng => EntryScope::Node(entry.id()),
        }
    }

    fn entry_captures(&mut self, entry: At<'_>, table: At<'_>) -> Made {
        let Some(pattern) = entry.name().strip_prefix('~').filter(|_| table.is("map")) else { return Made::default() };
        let (pattern, case) = match pattern.strip_prefix('*') {
            Some(pattern) => (pattern, Case::Insensitive),
            None => (pattern, Case::Sensitive),
        };
        let Ok(regex) = entry.regex(pattern, case) else {
            self.fail();
            return Made::default();
        };
        let scope = self.entry_scope(entry);
        let source: Option<Arc<str>> = (self.peer == Peer::Ng).then(|| table.arg(0).unwrap_or_default().into());
        let capture = |(name, group): (_, Regex)| {
            let name = VarName::from(name);
            let mut variable = named(name.clone(), Value::Regex(group), Some(entry.id()));
            variable.entry = Some(scope.clone());
            variable.source.clone_from(&source);
            (name, Arc::new(variable))
        };
        Made { is_match: false, variables: regex.groups().map(capture).collect() }
    }

    /// What a table of countries gives is known before all else in its block.
    fn announce_countries(&self, block: At<'_>, scope: &mut Scope) {
        let is_main = matches!(block.name(), "http" | "stream") && block.parent().is_some_and(At::is_root);
        if self.peer == Peer::Next || !is_main {
            return;
        }
        let tables = block.each("geoip2").filter(|table| self.sees(*table) && table.words().len() == 1);
        for table in tables {
            for field in table.children().filter(|field| self.sees(*field) && !field.is_block()) {
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

impl Made {
    fn one(name: VarName, variable: Variable) -> Self {
        Self { is_match: false, variables: vec![(name, Arc::new(variable))] }
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
fn is_matching(node: At<'_>) -> bool {
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
        if scope.has(&name) {
            continue;
        }
        let shown = match &name {
            VarName::Index(index) => index.to_string(),
            VarName::Name(name) => name.to_string(),
        };
        scope.add(name, Arc::new(unresolved(&shown)));
    }
}
