//! Embedded pages may ask for camera, microphone and position.

use bartizan_headers::PermissionsPolicy;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::finding::absence;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Embedded pages may ask for camera, microphone and position.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "permissions-policy-missing",
        title: "Embedded pages may ask for camera, microphone and position",
        why: "A frame or a script from elsewhere can ask for powerful features in the site's name, and the \
              visitor sees the site's name in the question. A site that uses none of them can say so.",
        fix: &[
            (Apache, r#"Header always set Permissions-Policy "camera=(), microphone=(), geolocation=()""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Permissions-Policy "camera=(), microphone=(), geolocation=()""#),
            (
                Django,
                r#"response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"  # in a middleware"#,
            ),
            (Express, r#"res.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")"#),
            (Haproxy, r#"http-response set-header Permissions-Policy "camera=(), microphone=(), geolocation=()""#),
            (Nginx, r#"add_header Permissions-Policy "camera=(), microphone=(), geolocation=()" always;"#),
        ],
        references: &[
            Spec("Permissions Policy", "https://www.w3.org/TR/permissions-policy/"),
            Mdn("Permissions-Policy"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html"),
    good: Example::Response("Content-Type: text/html\nPermissions-Policy: camera=(), microphone=(), geolocation=()"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.documents() {
        let parsed = seen.value.field::<PermissionsPolicy>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("Permissions-Policy", &parsed));
        }
    }
}
