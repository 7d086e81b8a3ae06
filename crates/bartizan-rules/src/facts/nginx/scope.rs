//! Variables, and which of them a place of the configuration knows.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use foldhash::fast::RandomState;
use hashbrown::{Equivalent, HashMap};

use super::builtin::{self, Builtin};
use super::reader::Peer;
use crate::facts::blocks::NodeId;
use crate::facts::regex::{GroupName, Regex};

/// A variable, or a piece of text between variables.
#[derive(Debug)]
pub struct Variable {
    /// Its name; text has none.
    pub name: Option<VarName>,
    /// What it is.
    pub value: Value,
    /// What limits it further: what a condition compares, or where a rewrite cuts.
    pub(super) boundary: Option<Regex>,
    /// The directive that makes it; nginx's own have none.
    pub provider: Option<NodeId>,
    /// The variables and texts that it is made of, if it is made of a script.
    pub depends: Option<Vec<Arc<Self>>>,
    /// Its text with all that could be put in.
    pub full: Option<Arc<str>>,
    /// The entry of a table that it belongs to.
    pub(super) entry: Option<Arc<str>>,
    /// What the table of a capture compares.
    pub(super) source: Option<Arc<str>>,
}

/// The name of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VarName {
    /// `$1`
    Index(u32),
    /// `$uri`
    Name(Arc<str>),
}

/// What a variable is.
#[derive(Debug, Clone)]
pub enum Value {
    /// Entries of a table, each with its directive and its own scope.
    Entries(Vec<(NodeId, Arc<str>)>),
    /// What a pattern matched.
    Regex(Regex),
    /// Text, or a script.
    Text(Arc<str>),
    /// Something that a program decides.
    Unknown,
}

impl Value {
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn shown(&self) -> String {
        match self {
            Self::Entries(_) | Self::Unknown => "None".to_owned(),
            Self::Regex(regex) => regex.to_string(),
            Self::Text(text) => text.to_string(),
        }
    }
}

impl From<GroupName> for VarName {
    fn from(name: GroupName) -> Self {
        match name {
            GroupName::Index(index) => Self::Index(index),
            GroupName::Name(name) => Self::Name(name.to_lowercase().into()),
        }
    }
}

/// What one place knows.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    peer: Peer,
    known: Arc<HashMap<Key, Arc<Variable>, RandomState>>,
}

/// What a variable is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    /// The entry of a table whose captures these are.
    entry: Option<Arc<str>>,
    name: VarName,
}

/// What a variable is looked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Wanted<'a> {
    entry: Option<&'a str>,
    name: WantedName<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum WantedName<'a> {
    Index(u32),
    Name(&'a str),
}

impl Key {
    fn wanted(&self) -> Wanted<'_> {
        let name = match &self.name {
            VarName::Index(index) => WantedName::Index(*index),
            VarName::Name(name) => WantedName::Name(name),
        };
        Wanted { entry: self.entry.as_deref(), name }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.wanted().hash(state);
    }
}

impl Equivalent<Key> for Wanted<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.wanted()
    }
}

impl Scope {
    pub(super) fn new(peer: Peer) -> Self {
        Self { peer, known: Arc::default() }
    }

    /// Names a variable; the same name means the new one from here on.
    pub(super) fn add(&mut self, name: VarName, variable: Arc<Variable>) {
        let entry = variable.entry.clone().filter(|entry| !entry.is_empty());
        Arc::make_mut(&mut self.known).insert(Key { entry, name }, variable);
    }

    pub(super) fn has(&self, name: &VarName) -> bool {
        let name = match name {
            VarName::Index(index) => WantedName::Index(*index),
            VarName::Name(name) => WantedName::Name(name),
        };
        self.known.contains_key(&Wanted { entry: None, name })
    }

    /// A match forgets the captures of the match before.
    pub(super) fn clear_captures(&mut self) {
        let is_capture = |key: &Key| key.entry.is_none() && matches!(key.name, VarName::Index(_));
        if self.known.keys().any(is_capture) {
            Arc::make_mut(&mut self.known).retain(|key, _| !is_capture(key));
        }
    }

    pub(super) fn find(&self, name: &str, entry: Option<&Arc<str>>) -> Option<Arc<Variable>> {
        let entry = entry.map(|entry| &**entry).filter(|entry| !entry.is_empty());
        if let [digit @ b'1'..=b'9'] = name.as_bytes() {
            let name = WantedName::Index(u32::from(digit - b'0'));
            return self.known.get(&Wanted { entry, name }).cloned();
        }
        // Names are ASCII, and most are in lower case already.
        let is_lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
        let lower = if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) };
        let wanted = WantedName::Name(&lower);
        if let Some(found) = self.known.get(&Wanted { entry, name: wanted }) {
            return Some(Arc::clone(found));
        }
        let plain = || self.known.get(&Wanted { entry: None, name: wanted }).cloned();
        let known = |name: &str| builtin::builtin(self.peer, name).map(|kind| Arc::new(from_builtin(name, kind)));
        match (self.peer, entry) {
            (_, None) => known(if self.peer == Peer::Ng { name } else { &lower }),
            (Peer::Ng, Some(_)) => plain().or_else(|| known(name)).or_else(|| Some(Arc::new(unresolved(&lower)))),
            (Peer::Next, Some(_)) => known(&lower).or_else(plain).or_else(|| Some(Arc::new(unresolved(&lower)))),
        }
    }

    /// Splits a script into its variables and texts; what is not known is left out.
    pub(super) fn compile(&self, script: &str, entry: Option<&Arc<str>>) -> Vec<Arc<Variable>> {
        let pieces = pieces(script).into_iter();
        pieces
            .filter_map(|piece| match piece {
                Piece::Text(text) => Some(Arc::new(literal(text))),
                Piece::Variable(name) => self.find(name, entry),
            })
            .collect()
    }

    /// Returns the variables of a script alone.
    pub(super) fn variables(&self, script: &str) -> Vec<Arc<Variable>> {
        let names = pieces(script).into_iter();
        names
            .filter_map(|piece| match piece {
                Piece::Text(_) => None,
                Piece::Variable(name) => self.find(name, None),
            })
            .collect()
    }

    /// Returns the variable of a script, with what it is made of put in as far as it is known.
    pub(super) fn scripted(&self, name: VarName, script: &str, provider: NodeId) -> Variable {
        let mut depends = self.compile(script, None);
        let mut full: Arc<str> = script.into();
        // Ten times is deeper than anybody nests; what grows beyond all measure grows no further.
        for _ in 0..10 {
            let inner = self.compile(&full, None);
            let Some(first) = inner.first() else { break };
            if matches!(first.value, Value::Entries(_)) {
                full = script.into();
                break;
            }
            if inner.len() == 1 && first.value.text() == Some(&*full) {
                break;
            }
            let longer: String = inner.iter().map(|part| part.value.shown()).collect();
            depends = inner;
            full = longer.into();
            if full.len() > LONGEST {
                break;
            }
        }
        Variable {
            name: Some(name),
            value: Value::Text(script.into()),
            provider: Some(provider),
            depends: Some(depends),
            full: Some(full),
            ..EMPTY
        }
    }
}

/// No configuration spells out more.
const LONGEST: usize = 64 << 10;

const EMPTY: Variable = Variable {
    name: None,
    value: Value::Unknown,
    boundary: None,
    provider: None,
    depends: None,
    full: None,
    entry: None,
    source: None,
};

/// A variable of which only the name is known.
pub(super) fn unresolved(name: &str) -> Variable {
    named(VarName::Name(name.into()), Value::Text(name.into()), None)
}

pub(super) fn named(name: VarName, value: Value, provider: Option<NodeId>) -> Variable {
    let full = if let Value::Text(text) = &value { Some(Arc::clone(text)) } else { None };
    Variable { name: Some(name), value, provider, full, ..EMPTY }
}

fn literal(text: &str) -> Variable {
    let text: Arc<str> = text.into();
    Variable { value: Value::Text(Arc::clone(&text)), full: Some(text), ..EMPTY }
}

fn from_builtin(name: &str, kind: Builtin) -> Variable {
    let value = match kind {
        Builtin::Trusted => Value::Text(Arc::clone(&TRUSTED)),
        Builtin::Pattern(regex) => Value::Regex(regex.clone()),
    };
    named(VarName::Name(name.into()), value, None)
}

/// Stands for what nginx itself puts in.
static TRUSTED: LazyLock<Arc<str>> = LazyLock::new(|| "builtin".into());

/// A part of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// A name, without its dollar sign and braces.
    Variable(&'a str),
}

/// Splits a script, as `ngx_http_script_compile` does.
pub(crate) fn pieces(script: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(dollar) = script.get(at..).and_then(|rest| rest.find('$')).map(|found| at + found) {
        let rest = script.get(dollar + 1..).unwrap_or_default();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
        let found = match rest.chars().next() {
            Some('1'..='9') => Some((1, rest.get(..1))),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => Some((length(rest), rest.get(..length(rest)))),
            Some('{') => {
                let inner = rest.get(1..).unwrap_or_default();
                let end = length(inner);
                (end > 0 && inner.get(end..).is_some_and(|after| after.starts_with('}')))
                    .then(|| (end + 2, inner.get(..end)))
            }
            _ => None,
        };
        let Some((length, Some(name))) = found else {
            at = dollar + 1;
            continue;
        };
        if let Some(text) = script.get(start..dollar).filter(|text| !text.is_empty()) {
            pieces.push(Piece::Text(text));
        }
        pieces.push(Piece::Variable(name));
        at = dollar + 1 + length;
        start = at;
    }
    if let Some(text) = script.get(start..).filter(|text| !text.is_empty()) {
        pieces.push(Piece::Text(text));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::Piece::{Text, Variable};
    use super::*;

    #[test]
    fn scripts_are_split_at_their_variables() {
        for (script, expected) in [
            ("http://$host$uri?a", vec![Text("http://"), Variable("host"), Variable("uri"), Text("?a")]),
            ("${a}b$1", vec![Variable("a"), Text("b"), Variable("1")]),
            ("$10", vec![Variable("1"), Text("0")]),
            ("^a$", vec![Text("^a$")]),
            ("${}$", vec![Text("${}$")]),
        ] {
            assert_eq!(pieces(script), expected, "{script}");
        }
    }
}
