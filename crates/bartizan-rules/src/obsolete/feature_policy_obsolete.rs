//! Feature-Policy is sent, which browsers no longer read.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Feature-Policy is sent, which browsers no longer read.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "feature-policy-obsolete",
        title: "Feature-Policy is sent, which browsers no longer read",
        why: "Permissions-Policy took its place in 2020, with another form. What stands only here switches \
              nothing off in current browsers.",
        fix: &[
            (Apache, r#"Header always set Permissions-Policy "camera=(), microphone=()""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Permissions-Policy "camera=(), microphone=()""#),
            (Django, r#"response.headers["Permissions-Policy"] = "camera=(), microphone=()"  # in a middleware"#),
            (Express, r#"res.set("Permissions-Policy", "camera=(), microphone=()")"#),
            (Haproxy, r#"http-response set-header Permissions-Policy "camera=(), microphone=()""#),
            (Nginx, r#"add_header Permissions-Policy "camera=(), microphone=()" always;"#),
        ],
        references: &[
            Spec("Permissions Policy", "https://www.w3.org/TR/permissions-policy-1/"),
            Mdn("Permissions-Policy"),
        ],
    },
    topic: Topic::Obsolete,
    severity: Severity::Info,
    bad: Example::Response("Content-Type: text/html\nFeature-Policy: camera 'none'"),
    good: Example::Response("Content-Type: text/html\nPermissions-Policy: camera=()"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for line in seen.value.lines("feature-policy") {
            findings.push(&RULE, &seen.at, format!("Feature-Policy is {line:?}"));
        }
    }
}
