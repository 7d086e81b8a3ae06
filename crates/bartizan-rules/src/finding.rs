//! What a rule found, and where.

use bartizan_headers::Parsed;
use serde::{Serialize, Serializer};

use crate::facts::{Place, Provenance};
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
    /// How sure it is.
    pub confidence: Confidence,
    /// What authorities call the same fault at this place, each as `authority:id`, such as `django:security.W004`.
    pub equivalents: Vec<String>,
    /// Text to paste that mends this very place, where that is known better than by the rule.
    pub fix: Option<String>,
    /// What to change in files so that it is mended; empty where that cannot be known.
    pub edits: Vec<Edit>,
}

impl Finding {
    /// Returns a fault of which no more is known than where it was seen.
    pub(crate) const fn new(rule: &'static Rule, at: Provenance, message: String) -> Self {
        let (severity, confidence) = (rule.severity, Confidence::High);
        Self { rule, severity, at, message, confidence, equivalents: Vec::new(), fix: None, edits: Vec::new() }
    }

    /// Names the fault as an authority does; each authority's id once.
    pub fn equivalent(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        if !self.equivalents.contains(&name) {
            // Of three authorities, one or two know it.
            if self.equivalents.is_empty() {
                self.equivalents.reserve_exact(2);
            }
            self.equivalents.push(name);
        }
        self
    }

    /// Says how much it matters here, where that differs from the rule.
    pub const fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Says how sure it is.
    pub const fn confidence(&mut self, confidence: Confidence) -> &mut Self {
        self.confidence = confidence;
        self
    }

    /// Gives text to paste that mends this very place.
    pub fn fix(&mut self, text: impl Into<String>) -> &mut Self {
        self.fix = Some(text.into());
        self
    }

    /// Adds a change of a file that is part of the cure.
    pub fn edit(&mut self, edit: Edit) -> &mut Self {
        self.edits.push(edit);
        self
    }
}

/// How sure a finding is, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It depends on what cannot be seen here, such as the environment.
    Low,
    /// It is so in all likelihood.
    Medium,
    /// It is so.
    #[default]
    High,
}

/// A change of a file: the smallest that mends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// The bytes that go; an empty span only inserts.
    pub at: Place,
    /// What comes in their place.
    pub replacement: String,
    /// Whether it may be made without asking.
    pub safety: Safety,
}

/// Whether a change may be made without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// It breaks no site that works.
    Safe,
    /// It can break a site, for this reason.
    Risky(&'static str),
}

/// What rules found, in the order of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Findings {
    findings: Vec<Finding>,
}

impl Findings {
    /// Adds a fault that was seen at a place; without a place there is no finding.
    ///
    /// What is more to say of it is said to the finding that comes back.
    pub fn push(&mut self, rule: &'static Rule, at: &Provenance, message: impl Into<String>) -> &mut Finding {
        self.findings.push_mut(Finding::new(rule, at.clone(), message.into()))
    }

    /// Adds a fault that was put together before.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Returns room for what is found in a file as people write them.
    pub(crate) fn with_room() -> Self {
        Self { findings: Vec::with_capacity(24) }
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
