//! What a rule found, and where.

use bartizan_headers::Parsed;
use serde::{Serialize, Serializer};

use crate::facts::Provenance;
use crate::rule::Rule;
use crate::severity::Severity;

/// One fault at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule that found it.
    #[serde(serialize_with = "write_id")]
    pub rule: &'static Rule,
    /// How much it matters here.
    pub severity: Severity,
    /// Where the fact was seen.
    pub at: Provenance,
    /// What exactly was seen; the rule says what it means.
    pub message: String,
}

/// What rules found, in the order of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Findings {
    findings: Vec<Finding>,
}

impl Findings {
    /// Adds a fault that was seen at a place; without a place there is no finding.
    pub fn push(&mut self, rule: &'static Rule, at: &Provenance, message: impl Into<String>) {
        self.findings.push(Finding { rule, severity: rule.severity, at: at.clone(), message: message.into() });
    }

    /// Returns the findings.
    pub fn as_slice(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing was found.
    pub const fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether the rule found anything.
    pub fn has(&self, rule: &Rule) -> bool {
        self.findings.iter().any(|finding| finding.rule == rule)
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.findings.into_iter()
    }
}

/// Returns what to say of a field that no browser acts on.
pub(crate) fn absence<T>(name: &str, parsed: &Parsed<T>) -> String {
    match parsed.notes.first() {
        None => format!("{name} is not sent"),
        Some(note) => format!("{name} is sent, and browsers ignore it: {note}"),
    }
}

fn write_id<S: Serializer>(rule: &Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.about.id)
}
