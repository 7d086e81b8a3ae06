//! The policy lets injected event handlers run.

use bartizan_headers::csp::{DirectiveName, Keyword, Source};

use super::weak_in_all;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy lets injected event handlers run.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-script-attr-unsafe-inline",
        title: "The policy lets injected event handlers run",
        why: "script-src-attr, or a fallback of it, has 'unsafe-inline'. An injected element with an onclick \
              or onerror attribute runs its text then, although script elements are held back. Handlers that \
              are attached in a script need no such leave.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "script-src-attr 'none'""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Content-Security-Policy "script-src-attr 'none'""#),
            (Django, r#"SECURE_CSP = {"script-src-attr": [CSP.NONE]}"#),
            (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { scriptSrcAttr: ["'none'"] } }))"#),
            (Haproxy, r#"http-response set-header Content-Security-Policy "script-src-attr 'none'""#),
            (Nginx, r#"add_header Content-Security-Policy "script-src-attr 'none'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, script-src-attr", "https://www.w3.org/TR/CSP3/#directive-script-src-attr"),
            Cwe(79),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self'; script-src-attr 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        // Where scripts run anyway, csp-script-unsafe-inline says so.
        if policies.allows_inline_scripts() {
            continue;
        }
        let weak = |sources: &[Source]| {
            let has = |source: &Source| sources.contains(source);
            let is_held = sources.iter().any(|source| matches!(source, Source::Nonce(_) | Source::Hash(..)));
            let inline = Source::Keyword(Keyword::UnsafeInline);
            (has(&inline) && !is_held && !has(&Source::Keyword(Keyword::StrictDynamic))).then_some(inline)
        };
        if let Some(place) = weak_in_all(policies, &DirectiveName::ScriptSrcAttr, weak) {
            findings.push(&RULE, &seen.at, place).equivalent("csp_evaluator:SCRIPT_UNSAFE_INLINE");
        }
    }
}
