//! Variables, and which of them a place of the configuration knows.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::{Equivalent, HashMap};

use super::builtin::builtin;
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
    pub(super) entry: Option<EntryScope>,
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

/// What tells the groups of one entry of a table from those of others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EntryScope {
    /// What the entry compares with.
    Compared(Arc<str>),
    /// The entry itself.
    Node(NodeId),
}

impl EntryScope {
    /// An entry that compares with nothing has no groups of its own.
    fn is_own(&self) -> bool {
        !matches!(self, Self::Compared(text) if text.is_empty())
    }
}

/// What a variable is.
#[derive(Debug, Clone)]
pub enum Value {
    /// Entries of a table, each with its directive and its own scope.
    Entries(Vec<(NodeId, EntryScope)>),
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
    /// Whether a match left groups with numbers.
    has_captures: bool,
}

/// What a variable is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    /// The entry of a table whose captures these are.
    entry: Option<EntryScope>,
    name: VarName,
}

/// What a variable is looked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Wanted<'a> {
    entry: Option<&'a EntryScope>,
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
        Wanted { entry: self.entry.as_ref(), name }
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
        Self { peer, known: Arc::default(), has_captures: false }
    }

    /// Names a variable; the same name means the new one from here on.
    pub(super) fn add(&mut self, name: VarName, variable: Arc<Variable>) {
        let entry = variable.entry.clone().filter(EntryScope::is_own);
        self.has_captures |= entry.is_none() && matches!(name, VarName::Index(_));
        Arc::make_mut(&mut self.known).insert(Key { entry, name }, variable);
    }

    /// Returns how many names are copied when it changes next, because a place remembers them.
    pub(super) fn copied(&self) -> usize {
        if Arc::strong_count(&self.known) > 1 { self.known.len() } else { 0 }
    }

    /// Names several variables.
    pub(super) fn extend(&mut self, variables: Vec<(VarName, Arc<Variable>)>) {
        for (name, variable) in variables {
            self.add(name, variable);
        }
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
        if std::mem::take(&mut self.has_captures) {
            let is_capture = |key: &Key| key.entry.is_none() && matches!(key.name, VarName::Index(_));
            Arc::make_mut(&mut self.known).retain(|key, _| !is_capture(key));
        }
    }

    pub(super) fn find(&self, name: &str, entry: Option<&EntryScope>) -> Option<Arc<Variable>> {
        let entry = entry.filter(|entry| entry.is_own());
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
        let known = |name: &str| builtin(self.peer, name);
        match (self.peer, entry) {
            (_, None) => known(if self.peer == Peer::Ng { name } else { &lower }),
            (Peer::Ng, Some(_)) => plain().or_else(|| known(name)).or_else(|| Some(Arc::new(unresolved(&lower)))),
            (Peer::Next, Some(_)) => known(&lower).or_else(plain).or_else(|| Some(Arc::new(unresolved(&lower)))),
        }
    }

    /// Splits a script into its variables and texts; what is not known is left out.
    pub(super) fn compile(&self, script: &str, entry: Option<&EntryScope>) -> Vec<Arc<Variable>> {
        let part = |piece| match piece {
            Piece::Text(text) => Some(Arc::new(literal(text))),
            Piece::Variable(name) => self.find(name, entry),
        };
        pieces(script).filter_map(part).collect()
    }

    /// Returns the variables of a script alone.
    pub(super) fn variables<'a>(
        &'a self,
        script: &'a str,
        entry: Option<&'a EntryScope>,
    ) -> impl Iterator<Item = Arc<Variable>> {
        pieces(script).filter_map(move |piece| match piece {
            Piece::Text(_) => None,
            Piece::Variable(name) => self.find(name, entry),
        })
    }

    /// Returns the variable of a script, with what it is made of put in as far as it is known.
    pub(super) fn scripted(&self, name: VarName, script: &str, provider: NodeId) -> Variable {
        let mut depends = self.compile(script, None);
        let mut full: Arc<str> = script.into();
        let mut inner = depends.clone();
        // Ten times is deeper than anybody nests; what grows beyond all measure grows no further.
        for _ in 0..10 {
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
            inner = self.compile(&full, None);
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

/// A part of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// A name, without its dollar sign and braces.
    Variable(&'a str),
}

/// Splits a script, as `ngx_http_script_compile` does.
pub(crate) fn pieces(script: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = script;
    // What was found behind the text that comes first.
    let mut found: Option<&str> = None;
    std::iter::from_fn(move || {
        if let Some(name) = found.take() {
            return Some(Piece::Variable(name));
        }
        match next_variable(rest) {
            Some((text, name, behind)) => {
                rest = behind;
                if text.is_empty() {
                    return Some(Piece::Variable(name));
                }
                found = Some(name);
                Some(Piece::Text(text))
            }
            None => Some(std::mem::take(&mut rest)).filter(|text| !text.is_empty()).map(Piece::Text),
        }
    })
}

/// The first variable of a script, with what stands before it and behind it.
fn next_variable(script: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let dollar = from + script.get(from..)?.bytes().position(|byte| byte == b'$')?;
        let rest = script.get(dollar + 1..)?;
        if let Some((name, behind)) = variable_name(rest) {
            return Some((script.get(..dollar)?, name, behind));
        }
        from = dollar + 1;
    }
}

/// The name that stands behind a dollar sign, and what follows.
fn variable_name(rest: &str) -> Option<(&str, &str)> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let split = |text: &'_ str| text.bytes().position(|byte| !is_word(byte)).unwrap_or(text.len());
    match rest.bytes().next()? {
        b'1'..=b'9' => rest.split_at_checked(1),
        b'{' => {
            let inner = rest.get(1..)?;
            let (name, behind) = inner.split_at_checked(split(inner)).filter(|(name, _)| !name.is_empty())?;
            Some((name, behind.strip_prefix('}')?))
        }
        b'0' => None,
        byte if is_word(byte) => rest.split_at_checked(split(rest)),
        _ => None,
    }
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
            assert_eq!(pieces(script).collect::<Vec<_>>(), expected, "{script}");
        }
    }
}
