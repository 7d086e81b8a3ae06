//! Permissions-Policy cannot be read, and browsers pass over it.

use bartizan_headers::PermissionsPolicy;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Rfc, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Permissions-Policy cannot be read, and browsers pass over it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "permissions-policy-malformed",
        title: "Permissions-Policy cannot be read, and browsers pass over it",
        why: "The field is a structured one, and a single slip spoils the whole: the old form of \
              Feature-Policy, quotes around self, a semicolon between features. Everything that it was to switch off \
              stays on.",
        fix: &[
            (Apache, r#"Header always set Permissions-Policy "camera=(), microphone=(), geolocation=(self)""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Permissions-Policy "camera=(), microphone=(), geolocation=(self)""#),
            (
                Django,
                r#"response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self)"  # in a middleware"#,
            ),
            (Express, r#"res.set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")"#),
            (Haproxy, r#"http-response set-header Permissions-Policy "camera=(), microphone=(), geolocation=(self)""#),
            (Nginx, r#"add_header Permissions-Policy "camera=(), microphone=(), geolocation=(self)" always;"#),
        ],
        references: &[
            Spec(
                "Permissions Policy, 5.2",
                "https://www.w3.org/TR/permissions-policy-1/#permissions-policy-http-header-field",
            ),
            Rfc(9651, "4.2"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html\nPermissions-Policy: camera 'none'; microphone 'none'"),
    good: Example::Response("Content-Type: text/html\nPermissions-Policy: camera=(), microphone=()"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.field::<PermissionsPolicy>() {
        for note in &seen.value.notes {
            findings.push(&RULE, &seen.at, format!("Permissions-Policy: {note}"));
        }
    }
}
