//! The policy allows a host that serves scripts for anybody.

use super::fixes;
use crate::csp_evaluator::{Checks, Kind, Level, Severity as Told, evaluate_all};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy allows a host that serves scripts for anybody.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-allowlist-bypass",
        title: "The policy allows a host that serves scripts for anybody",
        why: "On this host lie answers with a call to any function (JSONP), or libraries that run code from \
              markup. Whoever can inject a script element loads one of them from there, and the policy lets it \
              pass. Nonces or hashes with 'strict-dynamic' need no list of hosts.",
        fix: fixes::SCRIPTS_BY_NONCE,
        references: &[
            Spec("CSP Level 3", "https://www.w3.org/TR/CSP3/"),
            Spec("CSP is dead, long live CSP (2016)", "https://research.google/pubs/pub45542/"),
            Cwe(79),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Medium,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self' ajax.googleapis.com; object-src 'none'; base-uri 'none'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self' js.app.example; object-src 'none'; base-uri 'none'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        let texts: Vec<_> = policies.policies.iter().map(ToString::to_string).collect();
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        for told in evaluate_all(&texts, Level::Three, Checks::Default) {
            let Some(value) = told.value.filter(|_| told.severity == Told::High) else { continue };
            if matches!(told.kind, Kind::ScriptAllowlistBypass | Kind::ObjectAllowlistBypass) {
                let finding = findings.push(&RULE, &seen.at, format!("{} {value}", told.directive));
                finding.equivalent(format!("csp_evaluator:{}", told.kind.as_str()));
            }
        }
    }
}
