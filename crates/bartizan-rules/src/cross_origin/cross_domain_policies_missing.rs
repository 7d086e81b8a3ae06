//! Document viewers may look for a policy file in uploads.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Document viewers may look for a policy file in uploads.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cross-domain-policies-missing",
        title: "Document viewers may look for a policy file in uploads",
        why: "Plug-ins and some document viewers ask a host for a policy file that lets foreign documents read \
              its data. Where visitors can upload files, one of those could be taken for it. With none, no such \
              file counts.",
        fix: &[
            (Apache, r#"Header always set X-Permitted-Cross-Domain-Policies "none""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header X-Permitted-Cross-Domain-Policies "none""#),
            (Django, r#"response.headers["X-Permitted-Cross-Domain-Policies"] = "none"  # in a middleware"#),
            (Express, "app.use(helmet.permittedCrossDomainPolicies())"),
            (Haproxy, r#"http-response set-header X-Permitted-Cross-Domain-Policies "none""#),
            (Nginx, r#"add_header X-Permitted-Cross-Domain-Policies "none" always;"#),
        ],
        references: &[
            Spec(
                "OWASP Secure Headers Project",
                "https://owasp.org/www-project-secure-headers/#x-permitted-cross-domain-policies",
            ),
            Cwe(942),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Info,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("X-Permitted-Cross-Domain-Policies: none"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        if !seen.value.has("x-permitted-cross-domain-policies") {
            findings.push(&RULE, &seen.at, "X-Permitted-Cross-Domain-Policies is not sent");
        }
    }
}
