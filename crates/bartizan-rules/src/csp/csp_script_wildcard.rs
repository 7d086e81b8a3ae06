//! The policy lets scripts come from anywhere.

use super::fixes;
use bartizan_headers::csp::{DirectiveName, HostSource, Keyword, Source, SourceHost};

use super::weak_in_all;
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy lets scripts come from anywhere.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-script-wildcard",
        title: "The policy lets scripts come from anywhere",
        why: "A star, or a scheme without a host, allows every host that there is. An injected script element \
              simply loads its script from the attacker's. With data: the address itself is the script.",
        fix: fixes::SCRIPTS_BY_NONCE,
        references: &[
            Spec("CSP Level 3, script-src", "https://www.w3.org/TR/CSP3/#directive-script-src"),
            Cwe(79),
            Mdn("Content-Security-Policy/script-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Medium,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self' https:; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'nonce-5f2c9aK0q7Ws3vXb1Rz8dQ==' 'strict-dynamic' https:; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        for name in [DirectiveName::ScriptSrcElem, DirectiveName::ObjectSrc] {
            if let Some(place) = weak_in_all(policies, &name, wide) {
                let finding = findings.push(&RULE, &seen.at, place.clone());
                let is_star = place.ends_with('*');
                finding.equivalent(if is_star {
                    "csp_evaluator:PLAIN_WILDCARD"
                } else {
                    "csp_evaluator:PLAIN_URL_SCHEMES"
                });
            }
        }
    }
}

/// Returns a source that every host matches, where such a source is in force.
fn wide(sources: &[Source]) -> Option<Source> {
    if sources.contains(&Source::Keyword(Keyword::StrictDynamic)) {
        return None;
    }
    let is_wide = |source: &&Source| match source {
        Source::Host(HostSource { host: SourceHost::Any, path: None, .. }) => true,
        Source::Scheme(scheme) => matches!(scheme.as_str(), "data" | "http" | "https" | "blob" | "filesystem"),
        _ => false,
    };
    sources.iter().find(is_wide).cloned()
}
