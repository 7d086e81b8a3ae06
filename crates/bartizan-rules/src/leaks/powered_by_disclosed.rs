//! The app tells what it is made with.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The app tells what it is made with.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "powered-by-disclosed",
        title: "The app tells what it is made with",
        why: "Language and framework, often with their version, tell an attacker which known faults to try. No \
              client needs them.",
        fix: &[
            (Apache, "Header always unset X-Powered-By"),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "header -X-Powered-By"),
            (Django, r#"response.headers.pop("X-Powered-By", None)  # in a middleware"#),
            (Express, r#"app.disable("x-powered-by")"#),
            (Haproxy, "http-response del-header X-Powered-By"),
            (Nginx, "proxy_hide_header X-Powered-By;"),
        ],
        references: &[
            Cwe(200),
            Spec(
                "OWASP HTTP Headers Cheat Sheet",
                "https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html#x-powered-by",
            ),
        ],
    },
    topic: Topic::Leaks,
    severity: Severity::Info,
    bad: Example::Response("X-Powered-By: PHP/7.4.3"),
    good: Example::Response("Server: nginx"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for name in POWERED_BY {
            for line in seen.value.lines(name) {
                findings.push(&RULE, &seen.at, format!("{name} is {line:?}"));
            }
        }
    }
}

/// Fields that name a language, a framework or a control panel.
const POWERED_BY: [&str; 5] =
    ["x-aspnet-version", "x-aspnetmvc-version", "x-powered-by", "x-powered-by-plesk", "x-powered-cms"];
