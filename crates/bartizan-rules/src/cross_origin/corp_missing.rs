//! Any site may embed the site's resources.

use bartizan_headers::cross_origin::ResourcePolicy;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::finding::absence;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Any site may embed the site's resources.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "corp-missing",
        title: "any site may embed the site's resources",
        why: "A foreign page can load the response as an image or script, even one made for the signed-in \
              visitor. What it cannot read it may still measure, or read through faults of the processor. What \
              is meant for others can say cross-origin.",
        fix: &[
            (Apache, r#"Header always set Cross-Origin-Resource-Policy "same-origin""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Cross-Origin-Resource-Policy "same-origin""#),
            (Django, r#"response.headers["Cross-Origin-Resource-Policy"] = "same-origin"  # in a middleware"#),
            (Express, "app.use(helmet.crossOriginResourcePolicy())"),
            (Haproxy, r#"http-response set-header Cross-Origin-Resource-Policy "same-origin""#),
            (Nginx, r#"add_header Cross-Origin-Resource-Policy "same-origin" always;"#),
        ],
        references: &[
            Spec(
                "WHATWG Fetch, Cross-Origin-Resource-Policy",
                "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header",
            ),
            Mdn("Cross-Origin-Resource-Policy"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("Cross-Origin-Resource-Policy: same-site"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses().filter(|seen| !seen.value.status().is_redirection()) {
        let parsed = seen.value.field::<ResourcePolicy>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("Cross-Origin-Resource-Policy", &parsed));
        }
    }
}
