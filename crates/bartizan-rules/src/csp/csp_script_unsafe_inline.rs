//! The policy lets any inline script run.

use super::fixes;
use bartizan_headers::csp::DirectiveName;

use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy lets any inline script run.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-script-unsafe-inline",
        title: "The policy lets any inline script run",
        why: "With 'unsafe-inline' and neither nonce nor hash, a browser cannot tell the site's own inline \
              scripts from injected ones, and runs both. Against injected scripts, which are what most people \
              want a policy for, such a policy does nothing. Its other directives still hold.",
        fix: fixes::SCRIPTS_BY_NONCE,
        references: &[
            Spec("CSP Level 3, 6.7.3", "https://www.w3.org/TR/CSP3/#allow-all-inline"),
            Cwe(79),
            Mdn("Content-Security-Policy/script-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Info,
    bad: Example::Response("Content-Type: text/html\nContent-Security-Policy: script-src 'self' 'unsafe-inline'"),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'nonce-5f2c9a' 'unsafe-inline'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        if policies.is_said(&DirectiveName::ScriptSrcElem) && policies.allows_inline_scripts() {
            findings.push(&RULE, &seen.at, format!("the policy is {policies}"));
        }
    }
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "content-security-policy" && is_open(&line.value) {
            let said = seen.at(line.node(), "scripts of attackers run");
            said.own(line.authority.id("csp-unsafe"));
        }
    });
}

/// Whether inline scripts run, or text becomes code, or scripts come from anywhere.
fn is_open(policy: &str) -> bool {
    let directives = policy.split(';').map(|directive| directive.split_whitespace().collect::<Vec<_>>());
    let directives: Vec<_> = directives.filter(|words| !words.is_empty()).collect();
    let find =
        |name: &str| directives.iter().find(|words| words.first().is_some_and(|it| it.eq_ignore_ascii_case(name)));
    let Some(script) = find("script-src").or_else(|| find("default-src")) else { return false };
    let has = |word: &str| script.iter().any(|it| it.eq_ignore_ascii_case(word));
    let has_nonce = script.iter().any(|it| it.starts_with("'nonce-") || it.starts_with("'sha"));
    (has("'unsafe-inline'") && !has_nonce) || has("'unsafe-eval'") || has("*")
}
