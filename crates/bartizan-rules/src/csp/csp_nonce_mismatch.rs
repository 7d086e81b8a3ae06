//! Scripts of the page carry a nonce that the policy does not have.

use bartizan_headers::csp::PolicyList;

use super::nonces;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::{InlineKind, LoadKind};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Scripts of the page carry a nonce that the policy does not have.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-nonce-mismatch",
        title: "Scripts of the page carry a nonce that the policy does not have",
        why: "Browsers block these scripts, or the policy came from another answer than the page: a cache that \
              keeps one of them apart. Whichever it is, the page does not do what its makers saw. A nonce \
              belongs to one answer, header and body together.",
        fix: &[
            (
                Apache,
                "# Write the nonce of this very answer into header and page, in the app; do not let a cache keep either.",
            ),
            (Bartizan, "# Bartizan passes nonces of the app on; a cache before or behind it must not keep the page."),
            (
                Caddy,
                "# Write the nonce of this very answer into header and page, in the app; do not let a cache keep either.",
            ),
            (
                Django,
                r#"SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}  # and nonce="{{ csp_nonce }}" in templates"#,
            ),
            (Express, r#"res.locals.nonce = crypto.randomBytes(16).toString("base64")"#),
            (
                Haproxy,
                "# Write the nonce of this very answer into header and page, in the app; do not let a cache keep either.",
            ),
            (
                Nginx,
                "# Write the nonce of this very answer into header and page, in the app; do not let a cache keep either.",
            ),
        ],
        references: &[
            Spec("CSP Level 3, nonces", "https://www.w3.org/TR/CSP3/#security-nonces"),
            Mdn("Content-Security-Policy/script-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Medium,
    bad: Example::Page(
        "Content-Security-Policy: script-src 'nonce-b2xkbm9uY2U='\n\n<head><script nonce=\"bmV3bm9uY2U=\">go()</script></head>",
    ),
    good: Example::Page(
        "Content-Security-Policy: script-src 'nonce-bmV3bm9uY2U='\n\n<head><script nonce=\"bmV3bm9uY2U=\">go()</script></head>",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let Some(seen) = facts.responses().find(|seen| *seen.value.url() == page.url) else { continue };
        let Some(policies) = seen.value.field::<PolicyList>().value else { continue };
        let nonces = nonces(&policies);
        let carried = page.loads.iter().filter(|load| load.kind == LoadKind::Script).map(|load| &load.nonce);
        let inline = page.inline.iter().filter(|inline| inline.kind == InlineKind::Script).map(|inline| &inline.nonce);
        let carried = carried.chain(inline).flatten().filter(|nonce| !nonce.is_empty());
        let strange = carried.filter(|nonce| !nonces.contains(&nonce.as_str())).count();
        if strange > 0 && !nonces.is_empty() {
            findings.push(&RULE, &seen.at, format!("{strange} scripts carry another nonce than the header's"));
        }
    }
}
