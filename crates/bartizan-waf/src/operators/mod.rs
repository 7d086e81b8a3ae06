//! What a rule asks of a value.
//!
//! An operator is compiled once with its argument and then judges values, each without any memory of the one before.
//! Whether a rule negates it (`!@`), and which macros its argument holds, is for the compiler of rules to see to.

mod arguments;
mod begins_with;
mod captures;
mod contains;
mod contains_word;
mod detect_sqli;
mod detect_xss;
mod ends_with;
mod eq;
mod ge;
mod gt;
mod ip_match;
mod ip_match_from_file;
mod le;
mod literals;
mod lt;
mod no_match;
mod numbers;
mod pattern;
mod pm;
mod pm_from_file;
mod rx;
mod rx_global;
mod streq;
mod strmatch;
mod unconditional_match;
mod validate_byte_range;
mod validate_url_encoding;
mod validate_utf8_encoding;
mod verify_cc;
mod verify_cpf;
mod verify_ssn;
mod verify_svnr;
mod within;

#[cfg(test)]
mod tests;

pub use captures::{Capture, Captures};
pub use literals::Literals;
pub use pattern::{Engine, Pattern, PatternError};

use std::fmt::Debug;
use std::io;
use std::net::AddrParseError;

/// A compiled operator.
pub trait Operator: Send + Sync + Debug {
    /// Whether the value is what the rule looks for; where captures are asked for, they are set on a match.
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool;

    /// Returns what every value that matches must hold. None where nothing can be said.
    fn literals(&self) -> Option<Literals> {
        None
    }

    /// Returns the engine that runs the pattern of the operator, for those that have a pattern.
    fn engine(&self) -> Option<Engine> {
        None
    }
}

/// An operator by name.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in rules.
    pub name: &'static str,
    /// Other names that rules know it by.
    pub aliases: &'static [&'static str],
    /// Compiles it with an argument that is complete.
    pub compile: Compile,
    /// Judges a value by an argument that is known only then. None where the argument must be known at load.
    pub evaluate: Option<Evaluate>,
}

/// Makes an operator of its argument and of the files it names.
pub type Compile = fn(&str, &dyn Files) -> Result<Box<dyn Operator>, OperatorError>;

/// A judgement by an argument that macros made: argument, value, captures.
pub type Evaluate = fn(&[u8], &[u8], Option<&mut Captures>) -> bool;

/// The files that operators read, found as rule files name them.
pub trait Files {
    /// Returns the content of a file named relative to the rule file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
}

/// Why an operator cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The argument has a network that is none.
    #[error("{network} is not a network")]
    Network {
        /// What stands there.
        network: String,
        /// Why it is no address, where that is the reason.
        source: Option<AddrParseError>,
    },
    /// The pattern does not compile.
    #[error("the pattern does not compile")]
    Pattern(#[from] PatternError),
    /// The file cannot be read.
    #[error("cannot read {name}")]
    Read {
        /// The name in the rule.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// The words are too many for one automaton.
    #[error("the words do not fit one automaton")]
    Words(#[from] aho_corasick::BuildError),
    /// No operator has that name, or it is one that Bartizan does not have.
    #[error("operator @{name} is not supported")]
    Unknown {
        /// The name in the rule.
        name: String,
    },
}

/// Returns the operator of that name, in any case.
pub fn find(name: &str) -> Option<&'static Entry> {
    OPERATORS.iter().copied().find(|entry| {
        entry.name.eq_ignore_ascii_case(name) || entry.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

/// Compiles an operator whose argument is complete.
pub fn compile(name: &str, argument: &str, files: &dyn Files) -> Result<Box<dyn Operator>, OperatorError> {
    let entry = find(name).ok_or_else(|| OperatorError::Unknown { name: name.to_owned() })?;
    (entry.compile)(argument, files)
}

/// Judges a value by an argument whose macros were just expanded. None where that operator's argument takes no macros.
pub fn evaluate_dynamic(name: &str, argument: &[u8], value: &[u8], captures: Option<&mut Captures>) -> Option<bool> {
    find(name)?.evaluate.map(|evaluate| evaluate(argument, value, captures))
}

/// Every operator, by name.
///
/// Of those of ModSecurity 3, these are missing and refused at load: `fuzzyHash`, `geoLookup`, `gsbLookup`, `inspectFile`,
/// `rbl`, `validateDTD`, `validateHash` and `validateSchema` need files, programs or services that the engine does not
/// know, and `rsub` has no effect in ModSecurity 3 either.
pub const OPERATORS: &[&Entry] = &[
    &begins_with::OPERATOR,
    &contains::OPERATOR,
    &contains_word::OPERATOR,
    &detect_sqli::OPERATOR,
    &detect_xss::OPERATOR,
    &ends_with::OPERATOR,
    &eq::OPERATOR,
    &ge::OPERATOR,
    &gt::OPERATOR,
    &ip_match::OPERATOR,
    &ip_match_from_file::OPERATOR,
    &le::OPERATOR,
    &lt::OPERATOR,
    &no_match::OPERATOR,
    &pm::OPERATOR,
    &pm_from_file::OPERATOR,
    &rx::OPERATOR,
    &rx_global::OPERATOR,
    &streq::OPERATOR,
    &strmatch::OPERATOR,
    &unconditional_match::OPERATOR,
    &validate_byte_range::OPERATOR,
    &validate_url_encoding::OPERATOR,
    &validate_utf8_encoding::OPERATOR,
    &verify_cc::OPERATOR,
    &verify_cpf::OPERATOR,
    &verify_ssn::OPERATOR,
    &verify_svnr::OPERATOR,
    &within::OPERATOR,
];
