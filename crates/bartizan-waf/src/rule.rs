//! A rule as it runs: nothing is looked up by name any more.

use std::sync::{Arc, OnceLock};

use regex::bytes::Regex;

use crate::bits::Bits;
use crate::compile::names::Names;
use crate::expand::Template;
use crate::operators::Evaluate;
use crate::seclang::action::{Allow, PartsChange, Switch};
use crate::seclang::{Place, Role};
use crate::variable::Variable;

/// A rule with all links of its chain.
#[derive(Debug)]
pub struct Rule {
    /// Its identifier; 0 where an action has none.
    pub id: u64,
    /// Where it stands.
    pub place: Place,
    /// When it runs, from 1 to 5.
    pub phase: u8,
    /// What must match, one after the other.
    pub links: Vec<Link>,
    /// What the match means.
    pub msg: Option<Template>,
    /// More to log.
    pub logdata: Option<Template>,
    /// Its tags.
    pub tags: Vec<Box<str>>,
    /// From 0 to 7.
    pub severity: Option<u8>,
    /// The version of the rules.
    pub ver: Option<Box<str>>,
    /// The rule's revision.
    pub rev: Option<Box<str>>,
    /// Whether a match is logged.
    pub is_logged: bool,
    /// Whether a match makes the transaction relevant for the audit log.
    pub is_audited: bool,
    /// What a match does to the transaction.
    pub disruption: Disruption,
    /// The status of a refusal.
    pub status: u16,
    /// Where the phase goes on after a match: an index into its program.
    pub next: Option<usize>,
}

/// What a match does to the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disruption {
    /// Ends the inspection.
    Allow(Allow),
    /// Refuses.
    Deny,
    /// Closes the connection.
    Drop,
    /// Nothing.
    Pass,
    /// Sends the client elsewhere.
    Redirect(Template),
}

/// One condition.
#[derive(Debug)]
pub struct Link {
    /// What it looks at.
    pub targets: Vec<LinkTarget>,
    /// What it leaves out.
    pub exclusions: Vec<Exclusion>,
    /// The list of transformations.
    pub chain: usize,
    /// Whether it looks at the value after each of them.
    pub is_multi_match: bool,
    /// The operator.
    pub operator: LinkOperator,
    /// Whether it matches where the operator does not.
    pub is_negated: bool,
    /// Whether what the operator found is kept.
    pub captures: bool,
    /// What each matching value does.
    pub effects: Vec<Effect>,
}

/// Something that a link looks at.
#[derive(Clone, Debug)]
pub struct LinkTarget {
    /// Each value, or how many there are; never `Exclude`.
    pub role: Role,
    /// The variable.
    pub variable: Variable,
    /// Which of its values.
    pub selector: KeySelector,
    /// The stream of its transformed values; none where nothing about them can be remembered.
    pub stream: Option<usize>,
}

/// Values that are left out.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// The variable.
    pub variable: Variable,
    /// Which of its values.
    pub selector: KeySelector,
}

/// Which values of a collection.
#[derive(Clone, Debug)]
pub enum KeySelector {
    /// All.
    All,
    /// Those with this key, in lower case.
    Key(Box<str>),
    /// Those whose key this finds.
    Pattern(Arc<KeyPattern>),
    /// The variable of `TX` with this number.
    Slot(u32),
}

/// An expression over keys.
#[derive(Debug)]
pub struct KeyPattern {
    pub(crate) regex: Regex,
    /// The variables of `TX` that it finds, of those that have numbers.
    slots: OnceLock<Box<[u32]>>,
}

impl KeyPattern {
    pub(crate) const fn new(regex: Regex) -> Self {
        Self { regex, slots: OnceLock::new() }
    }

    /// Returns the variables of `TX` that it finds, of those that have numbers.
    pub(crate) fn slots(&self, names: &Names) -> &[u32] {
        self.slots.get_or_init(|| {
            let all = 0..u32::try_from(names.len()).unwrap_or(u32::MAX);
            all.filter(|&slot| self.regex.is_match(names.name(slot).as_bytes())).collect()
        })
    }
}

impl KeySelector {
    /// Whether a value with this key is meant.
    pub fn selects(&self, key: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Key(name) => name.as_bytes().eq_ignore_ascii_case(key),
            Self::Pattern(pattern) => pattern.regex.is_match(key),
            // Slots are found by number, never by key.
            Self::Slot(_) => false,
        }
    }
}

/// What a link asks of a value.
#[derive(Debug)]
pub enum LinkOperator {
    /// Nothing: it matches.
    Always,
    /// An operator whose argument holds macros.
    Dynamic {
        /// The operator.
        evaluate: Evaluate,
        /// The argument.
        argument: Template,
    },
    /// The operator of this number.
    Fixed(usize),
    /// An operator that asks services which the engine does not know: it never matches.
    Never,
    /// A comparison with a number that stands in the rule.
    Number(Comparison, i64),
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `@eq`
    Equal,
    /// `@ge`
    GreaterOrEqual,
    /// `@gt`
    Greater,
    /// `@le`
    LessOrEqual,
    /// `@lt`
    Less,
}

impl Comparison {
    /// Returns the comparison of an operator's name.
    pub fn find(name: &str) -> Option<Self> {
        Some(match name {
            "eq" => Self::Equal,
            "ge" => Self::GreaterOrEqual,
            "gt" => Self::Greater,
            "le" => Self::LessOrEqual,
            "lt" => Self::Less,
            _ => return None,
        })
    }

    /// Whether a number compares so with the other.
    pub const fn holds(self, number: i64, other: i64) -> bool {
        match self {
            Self::Equal => number == other,
            Self::GreaterOrEqual => number >= other,
            Self::Greater => number > other,
            Self::LessOrEqual => number <= other,
            Self::Less => number < other,
        }
    }
}

/// What a matching value does.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Changes how the transaction goes on.
    Ctl(Control),
    /// Makes a variable of a collection expire.
    ExpireVar {
        /// The collection.
        collection: Variable,
        /// The variable.
        key: Template,
        /// In how many seconds.
        seconds: Template,
    },
    /// Opens a collection that outlives the transaction.
    InitCol {
        /// The collection.
        collection: Variable,
        /// Which of them.
        key: Template,
    },
    /// Names the caller's identity and opens its collection.
    SetIdentity {
        /// The collection.
        collection: Variable,
        /// The identity.
        key: Template,
    },
    /// Changes a variable.
    SetVar {
        /// The collection.
        collection: Variable,
        /// The variable.
        key: VarKey,
        /// What is done.
        change: Change,
    },
}

/// The name of a variable that is changed.
#[derive(Clone, Debug)]
pub enum VarKey {
    /// A name with macros.
    Named(Template),
    /// The variable of `TX` with this number.
    Slot(u32),
}

/// What is done with a variable.
#[derive(Clone, Debug)]
pub enum Change {
    /// Adds a number.
    Add(Template),
    /// Sets a text.
    Set(Template),
    /// Subtracts a number.
    Subtract(Template),
    /// Removes it.
    Unset,
}

/// A change of how the transaction goes on.
#[derive(Clone, Debug)]
pub enum Control {
    /// Whether the transaction is logged.
    AuditEngine(Switch),
    /// Which parts are logged.
    AuditLogParts(PartsChange),
    /// The body is kept as a whole.
    ForceRequestBodyVariable(bool),
    /// Whether request bodies are looked at.
    RequestBodyAccess(bool),
    /// Which parser reads the body.
    RequestBodyProcessor(Box<str>),
    /// Whether response bodies are looked at.
    ResponseBodyAccess(bool),
    /// Whether rules refuse.
    RuleEngine(Switch),
    /// Rules that do not run any more.
    RuleRemove(Arc<Bits>),
    /// Values that rules do not look at any more.
    RuleRemoveTarget(Arc<Removed>),
}

/// Values that some rules do not look at.
#[derive(Debug)]
pub struct Removed {
    /// The rules, by index.
    pub rules: Bits,
    /// What they do not look at.
    pub exclusion: Exclusion,
}
