//! The smaller set of checks that Lighthouse makes, over several policies.

use super::Level;
use super::checks::{
    Check, allowlist_fallback, deprecated, keyword, missing, nonce, scheme, semicolon, strict_dynamic, unknown,
    unsafe_inline, unsafe_inline_fallback, wildcard,
};
use super::finding::Finding;
use super::policy::Policy;
use serde::Serialize;

/// What Lighthouse says of a list of policies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Lighthouse {
    /// Why the policies do not hold injected scripts.
    pub failures: Vec<Finding>,
    /// What old browsers would miss.
    pub warnings: Vec<Finding>,
    /// What is not written as it was meant, for each policy.
    pub syntax: Vec<Vec<Finding>>,
}

/// Returns what Lighthouse says; a comma does not end a policy.
pub fn lighthouse(policies: &[&str]) -> Lighthouse {
    let written: Vec<_> = policies.iter().map(|text| Policy::parse(text)).collect();
    let effective: Vec<_> = written.iter().map(|policy| policy.effective(Level::Three, &mut Vec::new())).collect();
    let with_scripts: Vec<_> =
        effective.iter().filter(|policy| policy.has(policy.speaker("script-src"))).cloned().collect();
    let mut failures = in_all(&written, missing::script_src);
    failures.extend(in_all(&written, missing::object_src));
    missing::base_uri_of_all(&written, &mut failures);
    failures.extend(in_all(&with_scripts, strict_dynamic::missing));
    failures.extend(in_all(&with_scripts, unsafe_inline::check));
    failures.extend(in_all(&effective, wildcard::check));
    failures.extend(in_all(&effective, scheme::check));
    let mut warnings = in_any(&written, unsafe_inline_fallback::check);
    warnings.extend(in_any(&written, allowlist_fallback::check));
    let syntax = written.iter().map(|policy| {
        let mut findings = Vec::new();
        let checks: [Check; 5] = [nonce::check, unknown::check, deprecated::check, semicolon::check, keyword::check];
        checks.iter().for_each(|check| check(policy, &mut findings));
        findings
    });
    Lighthouse { failures, warnings, syntax: syntax.collect() }
}

fn each(policies: &[Policy], check: Check) -> Vec<Vec<Finding>> {
    let of = |policy: &Policy| {
        let mut findings = Vec::new();
        check(policy, &mut findings);
        findings
    };
    policies.iter().map(of).collect()
}

/// What is said of every policy: one that holds is enough.
fn in_all(policies: &[Policy], check: Check) -> Vec<Finding> {
    let each = each(policies, check);
    let Some((first, others)) = each.split_first() else { return Vec::new() };
    first.iter().filter(|finding| others.iter().all(|other| other.contains(finding))).cloned().collect()
}

/// What is said of any policy, once.
fn in_any(policies: &[Policy], check: Check) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for finding in each(policies, check).into_iter().flatten() {
        if !all.contains(&finding) {
            all.push(finding);
        }
    }
    all
}
