//! What is wrong with a rule file, and where. All problems are gathered: a person corrects them at once.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use super::Place;

/// A problem of one directive.
#[derive(Debug, Error)]
#[error("{place}: {directive}: {problem}")]
pub struct LoadError {
    /// Where the directive stands.
    pub place: Place,
    /// The directive as it is spelled in the file.
    pub directive: String,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

/// Every problem that was found, in the order of the files.
#[derive(Debug)]
pub struct LoadErrors(pub Vec<LoadError>);

impl fmt::Display for LoadErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            write!(formatter, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadErrors {}

/// The kinds of problems.
#[derive(Debug, Error)]
pub enum Problem {
    /// A word after the directive is missing or one too many.
    #[error("takes {expected}, not {found} arguments")]
    ArgumentCount {
        /// How many it takes.
        expected: &'static str,
        /// How many there are.
        found: usize,
    },
    /// An argument is not among those that the directive knows.
    #[error("'{value}' is not {expected}")]
    ArgumentValue {
        /// The argument.
        value: String,
        /// What it should have been.
        expected: &'static str,
    },
    /// An action that belongs to the first rule of a chain stands in a later one.
    #[error("the action '{0}' belongs to the first rule of a chain")]
    ChainLater(&'static str),
    /// A chain without its next rule.
    #[error("the chain is not continued by a rule")]
    ChainOpen,
    /// Two rules with one identifier.
    #[error("the id {id} is taken by the rule at {earlier}")]
    DuplicateId {
        /// The identifier.
        id: u64,
        /// The rule that has it.
        earlier: Place,
    },
    /// A rule file that includes itself, or too deep a tree of them.
    #[error("files include each other more than {0} deep")]
    IncludeDepth(usize),
    /// An action's argument is missing or wrong.
    #[error("the action '{action}' does not take '{argument}'")]
    ActionArgument {
        /// The action.
        action: String,
        /// Its argument.
        argument: String,
    },
    /// A file cannot be read.
    #[error("cannot read {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Arc<io::Error>,
    },
    /// A file, a list or a value is beyond what the engine keeps.
    #[error("more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// A rule without an identifier.
    #[error("the rule has no id")]
    MissingId,
    /// The rule set has no exclusion package of that name, neither as a plugin nor as rules of its own.
    #[error("there is no exclusion package '{0}' here")]
    NoPackage(String),
    /// No file has a name that the pattern matches.
    #[error("no file matches '{0}'")]
    NoFile(String),
    /// The operator's argument is wrong.
    #[error("operator: {0}")]
    Operator(String),
    /// A regular expression that is none.
    #[error("the regular expression '{pattern}' is not valid: {reason}")]
    Pattern {
        /// The expression.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// The file is not text.
    #[error("the file is not UTF-8")]
    NotText,
    /// An action that is none.
    #[error("there is no action '{0}'")]
    UnknownAction(String),
    /// A directive that is none.
    #[error("there is no such directive")]
    UnknownDirective,
    /// An operator that is none.
    #[error("there is no operator '{0}'")]
    UnknownOperator(String),
    /// A rule that is updated and does not exist.
    #[error("no rule has the id {0}")]
    UnknownRule(u64),
    /// A transformation that is none.
    #[error("there is no transformation '{0}'")]
    UnknownTransformation(String),
    /// A variable that is none.
    #[error("there is no variable '{0}'")]
    UnknownVariable(String),
    /// Part of the language that is left out on purpose.
    #[error("{what} is not supported: {reason}")]
    Unsupported {
        /// What is left out.
        what: String,
        /// Why.
        reason: &'static str,
    },
    /// A quotation mark without its fellow.
    #[error("a quotation mark is not closed")]
    UnclosedQuote,
}
