//! Answers tell of the inside of the system.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Answers tell of the inside of the system.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "internal-headers-disclosed",
        title: "Answers tell of the inside of the system",
        why: "Names of servers, times of databases, tokens of a debugger: fields for developers that help \
              whoever looks for a way in. Visitors' programs read none of them.",
        fix: &[
            (Apache, "Header always unset X-Debug-Token"),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "header -X-Debug-Token"),
            (Django, r#"response.headers.pop("X-Debug-Token", None)  # in a middleware"#),
            (Express, r#"res.removeHeader("X-Debug-Token")"#),
            (Haproxy, "http-response del-header X-Debug-Token"),
            (Nginx, "proxy_hide_header X-Debug-Token;"),
        ],
        references: &[
            Cwe(200),
            Spec("OWASP Secure Headers Project: headers to remove", "https://owasp.org/www-project-secure-headers/"),
        ],
    },
    topic: Topic::Leaks,
    severity: Severity::Info,
    bad: Example::Response("X-Debug-Token-Link: https://app.example/_profiler/5f2c9a"),
    good: Example::Response("Content-Type: application/json"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for name in INTERNAL {
            for line in seen.value.lines(name) {
                findings.push(&RULE, &seen.at, format!("{name} is {line:?}"));
            }
        }
    }
}

/// Fields that servers and frameworks add for their makers.
const INTERNAL: &[&str] = &[
    "sourcemap",
    "x-application-context",
    "x-backend",
    "x-backend-server",
    "x-debug-exception",
    "x-debug-exception-file",
    "x-debug-token",
    "x-debug-token-link",
    "x-krakend",
    "x-krakend-completed",
    "x-sourcemap",
    "x-upstream",
];
