//! The judgement: rules over facts. Pure: the same facts give the same findings.

use crate::facts::Facts;
use crate::finding::Findings;
use crate::rule::Rule;

/// Returns what the rules find in the facts, in the order of the rules.
pub fn judge(rules: impl IntoIterator<Item = &'static Rule>, facts: &Facts) -> Findings {
    let mut findings = Findings::with_room();
    // A table of tables is gone through sooner from within.
    rules.into_iter().for_each(|rule| (rule.check)(facts, &mut findings));
    findings
}
