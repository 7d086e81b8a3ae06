//! The policy lets text become code.

use super::fixes;
use bartizan_headers::csp::{DirectiveName, Keyword, Source};

use super::weak_in_all;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy lets text become code.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-script-unsafe-eval",
        title: "The policy lets text become code",
        why: "With 'unsafe-eval', text that reaches eval(), Function() or a timer runs as a script. A place in \
              the app where foreign text gets that far is then a way in that the policy does not close. \
              Libraries that need it often have a build that does not; WebAssembly needs only \
              'wasm-unsafe-eval'.",
        fix: fixes::SCRIPTS_BY_NONCE,
        references: &[Spec("CSP Level 3, unsafe-eval", "https://www.w3.org/TR/CSP3/#grammardef-unsafe-eval"), Cwe(95)],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self' 'unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        let word = Source::Keyword(Keyword::UnsafeEval);
        let weak = |sources: &[Source]| sources.contains(&word).then(|| word.clone());
        if let Some(place) = weak_in_all(policies, &DirectiveName::ScriptSrc, weak) {
            findings.push(&RULE, &seen.at, place).equivalent("csp_evaluator:SCRIPT_UNSAFE_EVAL");
        }
    }
}
