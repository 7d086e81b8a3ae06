//! Several policies as browsers combine them: each must allow what is done, so the strictest decides.
//!
//! csp_evaluator itself judges one policy; this goes beyond it.

use std::collections::{HashMap, HashSet};

use super::checks::missing;
use super::finding::{Finding, Kind};
use super::policy::Policy;
use super::{Checks, Level, evaluate_policy};

/// Returns what is to be said of policies that are enforced together; a comma ends a policy, as in a header.
///
/// What one policy allows is a fault only where all others allow it, too. What is written wrongly is one anywhere.
pub fn evaluate_all(policies: &[&str], level: Level, checks: Checks) -> Vec<Finding> {
    let texts = policies.iter().flat_map(|text| text.split(','));
    let policies: Vec<_> = texts.map(Policy::parse).filter(|policy| !policy.directives.is_empty()).collect();
    let policies = if policies.is_empty() { vec![Policy::default()] } else { policies };
    let each: Vec<_> = policies.iter().map(|policy| evaluate_policy(policy, level, checks)).collect();
    if let [only] = each.as_slice() {
        return only.clone();
    }
    // How many policies say each, counted once: policies and findings can be as many as a header has bytes.
    let mut said: HashMap<Key<'_>, usize> = HashMap::new();
    for findings in &each {
        let keys: HashSet<_> = findings.iter().map(key).collect();
        keys.into_iter().for_each(|key| *said.entry(key).or_default() += 1);
    }
    let mut told = HashSet::new();
    let mut all = Vec::new();
    for finding in each.iter().flatten() {
        let key = key(finding);
        let is_fault = !is_allowance(finding) || said.get(&key) == Some(&each.len());
        // A <base> is held by any policy that speaks of it.
        let is_base = finding.kind == Kind::MissingDirectives && finding.directive == "base-uri";
        if is_fault && !is_base && told.insert(key) {
            all.push(finding.clone());
        }
    }
    let effective: Vec<_> = policies.iter().map(|policy| policy.effective(level, &mut Vec::new())).collect();
    missing::base_uri_of_all(&effective, &mut all);
    all
}

/// What two findings have in common when they say the same.
type Key<'a> = (Kind, Option<&'a str>, Option<&'a str>);

/// Two policies allow the same whichever of their directives says so; what is missing or miswritten has its place.
fn key(finding: &Finding) -> Key<'_> {
    let has_place = !is_allowance(finding) || finding.kind == Kind::MissingDirectives;
    (finding.kind, finding.value.as_deref(), has_place.then_some(finding.directive.as_str()))
}

/// Whether it says that something is allowed, rather than that something is written wrongly.
const fn is_allowance(finding: &Finding) -> bool {
    matches!(
        finding.kind,
        Kind::MissingDirectives
            | Kind::ObjectAllowlistBypass
            | Kind::PlainUrlSchemes
            | Kind::PlainWildcard
            | Kind::RequireTrustedTypes
            | Kind::ScriptAllowlistBypass
            | Kind::ScriptUnsafeEval
            | Kind::ScriptUnsafeHashes
            | Kind::ScriptUnsafeInline
            | Kind::StrictDynamic
    )
}
