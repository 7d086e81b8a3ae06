//! Several policies as browsers combine them: each must allow what is done, so the strictest decides.
//!
//! csp_evaluator itself judges one policy; this goes beyond it.

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
    let mut all: Vec<Finding> = Vec::new();
    for finding in each.iter().flatten() {
        let is_fault = !is_allowance(finding) || each.iter().all(|others| others.iter().any(|it| is_same(it, finding)));
        let is_told = all.iter().any(|told| if is_allowance(told) { is_same(told, finding) } else { told == finding });
        // A <base> is held by any policy that speaks of it.
        let is_base = finding.kind == Kind::MissingDirectives && finding.directive == "base-uri";
        if is_fault && !is_told && !is_base {
            all.push(finding.clone());
        }
    }
    let effective: Vec<_> = policies.iter().map(|policy| policy.effective(level, &mut Vec::new())).collect();
    missing::base_uri_of_all(&effective, &mut all);
    all
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

/// Whether two policies allow the same; which of its directives says so does not matter.
fn is_same(one: &Finding, other: &Finding) -> bool {
    let is_same_place = one.kind != Kind::MissingDirectives || one.directive == other.directive;
    one.kind == other.kind && one.value == other.value && is_same_place
}
