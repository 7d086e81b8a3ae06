//! The judgement: rules over facts. Pure: the same facts give the same findings.

use std::collections::HashMap;
use std::ptr;

use crate::facts::Facts;
use crate::finding::{Finding, Findings};
use crate::rule::Rule;

/// Returns what the rules find in the facts, in the order of the rules.
pub fn judge(rules: impl IntoIterator<Item = &'static Rule>, facts: &Facts) -> Findings {
    let mut findings = Findings::with_room();
    for rule in rules {
        (rule.check)(facts, &mut findings);
    }
    findings
}

/// Returns what the rules found in several facts that were judged each by itself, in the order of the rules; what one
/// rule found stays in the order of the facts.
pub fn joined(rules: impl IntoIterator<Item = &'static Rule>, found: impl IntoIterator<Item = Findings>) -> Findings {
    // A rule is one static, and its address tells it sooner than its id.
    let numbers: HashMap<_, _> = rules.into_iter().enumerate().map(|(at, rule)| (ptr::from_ref(rule), at)).collect();
    // What another rule found comes last.
    let number_of = |rule: &'static Rule| numbers.get(&ptr::from_ref(rule)).copied().unwrap_or(numbers.len());
    let found: Vec<_> = found.into_iter().collect();
    let mut counts = vec![0; numbers.len() + 1];
    for finding in found.iter().flat_map(Findings::as_slice) {
        if let Some(count) = counts.get_mut(number_of(finding.rule)) {
            *count += 1;
        }
    }
    // Counted first: there may be many, and fresh memory costs more than a second look.
    let total = counts.iter().sum();
    let mut by_rule: Vec<Vec<Finding>> = counts.into_iter().map(Vec::with_capacity).collect();
    for finding in found.into_iter().flatten() {
        if let Some(same) = by_rule.get_mut(number_of(finding.rule)) {
            same.push(finding);
        }
    }
    let mut all = Vec::with_capacity(total);
    by_rule.into_iter().for_each(|same| all.extend(same));
    Findings::of(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::rules;

    #[test]
    fn facts_judged_apart_are_found_as_together() {
        let all = ["X-Powered-By: a\nServer: nginx/1.2.3", "Set-Cookie: sessionid=1", "Server: nginx/1.2.3"];
        let mut together = Facts::default();
        for lines in all {
            together.append(Facts::from_example(lines));
        }
        let apart = joined(rules(), all.map(|lines| judge(rules(), &Facts::from_example(lines))));
        let by_rule = |findings: &Findings| -> Vec<_> {
            findings.as_slice().iter().map(|finding| finding.rule.about.id).collect()
        };
        assert!(!apart.is_empty());
        let mut expected = by_rule(&judge(rules(), &together));
        // A cookie or a version of one answer is one of all of them.
        expected.dedup();
        let mut found = by_rule(&apart);
        found.dedup();
        assert_eq!(found, expected);
    }
}
