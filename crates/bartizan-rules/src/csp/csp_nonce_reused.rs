//! The nonce of the policy is the same for every visitor.

use bartizan_headers::csp::PolicyList;

use super::nonces;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::facts::Response;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The nonce of the policy is the same for every visitor.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-nonce-reused",
        title: "The nonce of the policy is the same for every visitor",
        why: "A nonce tells the site's own scripts from injected ones because nobody can know it beforehand. \
              The same one came twice, so an attacker reads it once and writes it on scripts of their own. \
              Often a cache keeps the page together with its nonce.",
        fix: &[
            (Apache, "# Make a new nonce for each answer, in the app, and do not let a cache keep the page."),
            (Bartizan, "[[site]]\nprofile = \"strict\"  # and Cache-Control: no-store on pages with a nonce"),
            (Caddy, "# Make a new nonce for each answer, in the app, and do not let a cache keep the page."),
            (Django, r#"SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}"#),
            (
                Express,
                r#"res.locals.nonce = crypto.randomBytes(16).toString("base64")  // in a middleware, for each request"#,
            ),
            (Haproxy, "# Make a new nonce for each answer, in the app, and do not let a cache keep the page."),
            (Nginx, "# Make a new nonce for each answer, in the app, and do not let a cache keep the page."),
        ],
        references: &[
            Spec("CSP Level 3, nonces", "https://www.w3.org/TR/CSP3/#security-nonces"),
            Cwe(323),
            Mdn("Content-Security-Policy/script-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::High,
    bad: Example::Exchange(
        "> GET https://app.example/\n< 200\n< Content-Type: text/html\n< Content-Security-Policy: script-src 'nonce-c3RhdGljbm9uY2U='\n> GET https://app.example/\n< 200\n< Content-Type: text/html\n< Content-Security-Policy: script-src 'nonce-c3RhdGljbm9uY2U='",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n< 200\n< Content-Type: text/html\n< Content-Security-Policy: script-src 'nonce-Zmlyc3Rub25jZQ=='\n> GET https://app.example/\n< 200\n< Content-Type: text/html\n< Content-Security-Policy: script-src 'nonce-c2Vjb25kbm9uY2U='",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for [first, again] in facts.repeats() {
        let read = |response: &Response| response.field::<PolicyList>().value.unwrap_or_default();
        let (first_policies, again_policies) = (read(first), read(again));
        let again = nonces(&again_policies);
        if let Some(nonce) = nonces(&first_policies).into_iter().find(|nonce| again.contains(nonce)) {
            findings.push(&RULE, &first.at(), format!("'nonce-{nonce}' came twice"));
        }
    }
}
