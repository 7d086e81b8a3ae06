//! Content-Security-Policy (CSP Level 3): a policy as written, and what follows from it.
//!
//! A [`Policy`] keeps the order and all that was said, known or not, so that writing it back changes
//! nothing. Whether a browser would load an address is decided in `matching`.

mod directive;
mod effective;
mod matching;
mod parse;
mod source;
mod subset;
mod tighten;
mod together;

use std::fmt;

use http::{HeaderName, header};

pub use self::directive::{DirectiveName, Kind};
pub use self::matching::Load;
pub use self::source::{HashAlgorithm, HostSource, Keyword, Port, Source, SourceHost};
pub use self::together::{Blocked, Met, Say, Together, What, together};

use crate::field::{Field, Note, Parsed};
use crate::syntax::write_joined;

/// One policy: directives in the order written, each name once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    directives: Vec<Directive>,
}

/// A directive and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The name.
    pub name: DirectiveName,
    /// What stands behind it.
    pub value: Value,
}

/// The value of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Where things may come from or go to; nothing is allowed by none.
    Sources(Vec<Source>),
    /// Words of another kind, such as sandbox flags or addresses for reports.
    Words(Vec<String>),
}

impl Policy {
    /// Returns the directives in the order written.
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// Returns what was written for a directive, without any fallback.
    pub fn directive(&self, name: &DirectiveName) -> Option<&Directive> {
        self.directives.iter().find(|directive| directive.name == *name)
    }

    /// Whether the directive was written.
    pub fn has(&self, name: &DirectiveName) -> bool {
        self.directive(name).is_some()
    }

    /// Returns the policy with a directive in the place of the one of the same name, or at the end.
    pub fn with(mut self, directive: Directive) -> Self {
        self.replace(directive);
        self
    }

    fn replace(&mut self, directive: Directive) {
        match self.directives.iter_mut().find(|said| said.name == directive.name) {
            Some(said) => *said = directive,
            None => self.directives.push(directive),
        }
    }
}

impl Value {
    /// Returns the sources; none for a value of another kind.
    pub fn sources(&self) -> &[Source] {
        match self {
            Self::Sources(sources) => sources,
            Self::Words(_) => &[],
        }
    }

    /// Whether nothing is allowed: no source, or none but `'none'`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Sources(sources) if sources.iter().all(|source| *source == Source::None))
    }
}

/// All policies of a response: each must allow what is done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyList {
    /// The policies in the order of their lines, and within a line of its commas.
    pub policies: Vec<Policy>,
}

/// The name of the field whose policies are reported on and not enforced.
pub const REPORT_ONLY: HeaderName = header::CONTENT_SECURITY_POLICY_REPORT_ONLY;

impl Field for Policy {
    const NAME: HeaderName = header::CONTENT_SECURITY_POLICY;

    /// Reads one policy; further ones are noted and left out.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut list = PolicyList::parse(lines);
        if let Some(value) = &mut list.value {
            if value.policies.len() > 1 {
                list.notes.push(Note::RepeatedField);
            }
            value.policies.truncate(1);
        }
        Parsed { value: list.value.and_then(|list| list.policies.into_iter().next()), notes: list.notes }
    }
}

impl Field for PolicyList {
    const NAME: HeaderName = header::CONTENT_SECURITY_POLICY;

    fn parse(lines: &[&str]) -> Parsed<Self> {
        if lines.is_empty() {
            return Parsed::absent();
        }
        let mut notes = Vec::new();
        let texts = lines.iter().flat_map(|line| line.split(','));
        let policies: Vec<_> =
            texts.map(|text| parse::policy(text, &mut notes)).filter(|policy| !policy.directives.is_empty()).collect();
        if policies.is_empty() {
            return Parsed::rejected(notes, Note::Empty);
        }
        Parsed::accepted(Self { policies }, notes)
    }
}

impl From<Policy> for PolicyList {
    fn from(policy: Policy) -> Self {
        Self { policies: vec![policy] }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.directives, "; ")
    }
}

impl fmt::Display for PolicyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.policies, ", ")
    }
}

impl fmt::Display for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        match &self.value {
            Value::Sources(sources) => sources.iter().try_for_each(|source| write!(f, " {source}")),
            Value::Words(words) => words.iter().try_for_each(|word| write!(f, " {word}")),
        }
    }
}
