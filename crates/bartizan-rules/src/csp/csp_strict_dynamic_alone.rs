//! 'strict-dynamic' has nothing to start from.

use bartizan_headers::csp::{DirectiveName, Keyword, Source};

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// 'strict-dynamic' has nothing to start from.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-strict-dynamic-alone",
        title: "The source 'strict-dynamic' has nothing to start from",
        why: "'strict-dynamic' passes the trust of one script on to those it loads, and makes browsers pass \
              over hosts and 'self'. Without a nonce or a hash there is no first script to trust, so every \
              script is blocked. Old browsers do the reverse and allow the list.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "script-src 'self'""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Content-Security-Policy "script-src 'self'""#),
            (Django, r#"SECURE_CSP = {"script-src": [CSP.NONCE, CSP.STRICT_DYNAMIC]}"#),
            (
                Express,
                r#"app.use(helmet.contentSecurityPolicy({ directives: { scriptSrc: [(req, res) => `'nonce-${res.locals.nonce}'`, "'strict-dynamic'"] } }))"#,
            ),
            (Haproxy, r#"http-response set-header Content-Security-Policy "script-src 'self'""#),
            (Nginx, r#"add_header Content-Security-Policy "script-src 'self'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, strict-dynamic", "https://www.w3.org/TR/CSP3/#strict-dynamic-usage"),
            Mdn("Content-Security-Policy/script-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'strict-dynamic' 'self'; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'strict-dynamic' 'nonce-5f2c9aK0q7Ws3vXb1Rz8dQ=='; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        for policy in &policies.policies {
            let Some(directive) = policy.effective(&DirectiveName::ScriptSrc) else { continue };
            let sources = directive.value.sources();
            let has_start = sources.iter().any(|source| matches!(source, Source::Nonce(_) | Source::Hash(..)));
            if sources.contains(&Source::Keyword(Keyword::StrictDynamic)) && !has_start {
                findings
                    .push(&RULE, &seen.at, directive.to_string())
                    .equivalent("csp_evaluator:STRICT_DYNAMIC_NOT_STANDALONE");
            }
        }
    }
}
