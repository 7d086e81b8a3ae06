//! What a set of rules has that whoever keeps it should know: what costs much, what never runs, what has no effect.
//!
//! Problems that would change what rules find are errors when they are loaded, and do not come here.

use crate::bits::Bits;
use crate::operators::Engine;
use crate::rule::{Disruption, LinkOperator, Rule};
use crate::ruleset::RuleSet;
use crate::seclang::Place;

/// One remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where it stands.
    pub place: Place,
    /// The rule; none for other directives.
    pub rule: Option<u64>,
    /// What there is to say.
    pub kind: Kind,
}

/// Kinds of remarks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An expression with look-around or back-references: it backtracks, up to a limit of steps.
    Backtracks,
    /// A directive without effect.
    NoEffect(String),
    /// An operator that no prefilter helps: it looks at every value.
    Unfiltered,
    /// No way leads to the rule, or it was removed.
    Unreachable,
}

/// Returns remarks in the order of the rules.
pub fn lint(rules: &RuleSet) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = rules
        .notes()
        .iter()
        .map(|(place, reason)| Remark { place: place.clone(), rule: None, kind: Kind::NoEffect(reason.clone()) })
        .collect();
    let reached = reached(rules);
    for (index, rule) in rules.rules().iter().enumerate() {
        let mut say = |kind| remarks.push(Remark { place: rule.place.clone(), rule: Some(rule.id), kind });
        if !reached.contains(index) {
            say(Kind::Unreachable);
        }
        for link in &rule.links {
            let LinkOperator::Fixed(number) = link.operator else { continue };
            let Some(operator) = rules.operator(number) else { continue };
            if operator.engine() == Some(Engine::Backtracker) {
                say(Kind::Backtracks);
            }
            // A negated operator is asked about every value; only those with an expression cost much.
            let literals = operator.literals().unwrap_or_default();
            // A set of half of all bytes is in every value.
            let is_filtered = literals.any_of.is_some() || literals.bytes.iter().any(|bytes| bytes.count() < 128);
            if operator.engine().is_some() && !is_filtered && !link.is_negated {
                say(Kind::Unfiltered);
            }
        }
    }
    remarks
}

/// Follows each program: what always matches and leads on, or ends it, leaves out what stands between.
fn reached(rules: &RuleSet) -> Bits {
    let mut reached = Bits::new(rules.rules.len());
    for program in &rules.whole {
        let mut at = 0;
        while let Some(step) = program.steps.get(at) {
            let index = step.rule as usize;
            reached.insert(index);
            let Some(rule) = rules.rules.get(index) else { break };
            let always = matches(rule);
            if always && matches!(rule.disruption, Disruption::Deny | Disruption::Drop | Disruption::Redirect(_)) {
                break;
            }
            at = rule.next.filter(|_| always).unwrap_or(at + 1);
        }
    }
    reached
}

/// Whether a rule always matches.
fn matches(rule: &Rule) -> bool {
    rule.links.iter().all(|link| link.targets.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;

    #[test]
    fn remarks_name_their_rules() {
        let text = r#"
SecTmpDir /tmp
SecRule ARGS "@rx ^union" "id:1"
SecRule ARGS "@rx ." "id:2"
SecRule ARGS "@rx a(?!b)" "id:3"
SecAction "id:4,pass,skipAfter:END"
SecRule ARGS "@contains x" "id:5"
SecMarker END
SecRule ARGS "@contains y" "id:6"
"#;
        let rules = RuleSet::from_text(Path::new("/a.conf"), text, &BTreeMap::new()).unwrap();
        let found: Vec<_> =
            lint(&rules).into_iter().map(|remark| (remark.place.line, remark.rule, remark.kind)).collect();
        assert_eq!(
            found,
            [
                (2, None, Kind::NoEffect("nothing is written to files".to_owned())),
                (4, Some(2), Kind::Unfiltered),
                (5, Some(3), Kind::Backtracks),
                (5, Some(3), Kind::Unfiltered),
                (7, Some(5), Kind::Unreachable),
            ]
        );
    }
}
