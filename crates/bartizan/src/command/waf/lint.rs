//! `bartizan waf lint`: what is wrong with rule files, and what makes them slow.

use std::io::Write as _;

use bartizan_waf::operators::{Engine, Literals};
use bartizan_waf::rule::{Disruption, LinkOperator, Rule};
use bartizan_waf::{Disk, RuleSet};

use super::{Lint, visible};
use crate::exit_code::Outcome;

/// One finding: where, and what.
struct Finding {
    place: String,
    text: String,
}

pub(super) fn run(lint: &Lint) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout();
    let findings = match RuleSet::load(&lint.entries, &Disk) {
        Err(errors) => errors
            .0
            .iter()
            .map(|error| Finding {
                place: error.place.to_string(),
                text: format!("{}: {}", error.directive, error.problem),
            })
            .collect(),
        Ok(rules) => judge(&rules),
    };
    for finding in &findings {
        writeln!(out, "{}: {}", visible(&finding.place), visible(&finding.text))?;
    }
    if findings.is_empty() {
        writeln!(out, "nothing to say")?;
        return Ok(Outcome::Fine);
    }
    Ok(Outcome::Problems)
}

fn judge(rules: &RuleSet) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        rules.notes().iter().map(|(place, note)| Finding { place: place.to_string(), text: note.clone() }).collect();
    let mut ended: [Option<u64>; 6] = [None; 6];
    for rule in rules.rules() {
        let mut find = |text: String| findings.push(Finding { place: rule.place.to_string(), text });
        let phase = usize::from(rule.phase).min(5);
        if let Some(earlier) = ended.get(phase).copied().flatten() {
            find(format!("rule {} is never reached: rule {earlier} refuses everything before it", rule.id));
        }
        if is_always(rule) && matches!(rule.disruption, Disruption::Deny | Disruption::Drop) {
            if let Some(ended) = ended.get_mut(phase) {
                ended.get_or_insert(rule.id);
            }
        }
        for operator in patterns(rule) {
            let Some(operator) = rules.operator(operator) else { continue };
            match operator.engine() {
                Some(Engine::Backtracker) => {
                    find(format!("rule {}: the pattern runs on a backtracker, which gives up on long values", rule.id));
                }
                Some(Engine::Automaton) if !is_helped(operator.literals()) => {
                    find(format!("rule {}: no prefilter helps the pattern: it runs on every value", rule.id));
                }
                _ => {}
            }
        }
    }
    findings
}

/// Whether the rule matches whatever comes.
fn is_always(rule: &Rule) -> bool {
    rule.links.iter().all(|link| matches!(link.operator, LinkOperator::Always))
}

/// The operators of the rule that judge values as they are, by number.
fn patterns(rule: &Rule) -> impl Iterator<Item = usize> {
    rule.links.iter().filter(|link| !link.is_negated).filter_map(|link| match link.operator {
        LinkOperator::Fixed(number) => Some(number),
        _ => None,
    })
}

/// Whether most values can be told apart without running the pattern.
fn is_helped(literals: Option<Literals>) -> bool {
    literals
        .is_some_and(|literals| literals.any_of.is_some() || !literals.bytes.is_empty() || literals.minimum_length > 1)
}
