//! A rule: the knowledge about one fault, two examples, and the function that finds it.

use crate::explanation::Explanation;
use crate::facts::Facts;
use crate::finding::Findings;
use crate::severity::Severity;
use crate::topic::Topic;

/// One fault: what is known of it, how it looks, how it is found.
#[derive(Debug)]
pub struct Rule {
    /// What it is, why it matters, how to mend it.
    pub about: Explanation,
    /// What it is about.
    pub topic: Topic,
    /// How much it matters.
    pub severity: Severity,
    /// An example in which the rule must find the fault.
    pub bad: Example,
    /// An example in which the rule must find nothing.
    pub good: Example,
    /// Finds the fault; pure.
    pub check: fn(&Facts, &mut Findings),
}

impl Rule {
    /// Returns the rule's id.
    pub const fn id(&self) -> &'static str {
        self.about.id
    }
}

impl PartialEq for Rule {
    /// Rules are the same when their ids are: an id is never used twice.
    fn eq(&self, other: &Self) -> bool {
        self.about.id == other.about.id
    }
}

impl Eq for Rule {}

/// Something that a rule can be tried on, and that a reader can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Example {
    /// All header lines of a 200 response to `GET https://app.example/`.
    Response(&'static str),
}

impl Example {
    /// Returns the facts that the example shows.
    pub fn facts(self) -> Facts {
        match self {
            Self::Response(lines) => Facts::from_example(lines),
        }
    }

    /// Returns the text to show.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Response(lines) => lines,
        }
    }
}
