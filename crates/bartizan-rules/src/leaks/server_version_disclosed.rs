//! The server tells its version.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The server tells its version.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "server-version-disclosed",
        title: "The server tells its version",
        why: "The version tells an attacker which known faults to try, and lets a search engine list every host \
              that still has them. No client needs it. The name alone is of little use to anybody.",
        fix: &[
            (Apache, "ServerTokens Prod\nServerSignature Off"),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "header -Server"),
            (Django, "# gunicorn, in its configuration file\nimport gunicorn\ngunicorn.SERVER = \"app\""),
            (Express, r#"res.removeHeader("Server")"#),
            (Haproxy, "http-response del-header Server"),
            (Nginx, "server_tokens off;"),
        ],
        references: &[Rfc(9110, "10.2.4"), Cwe(200), Mdn("Server")],
    },
    topic: Topic::Leaks,
    severity: Severity::Info,
    bad: Example::Response("Server: nginx/1.18.0 (Ubuntu)"),
    good: Example::Response("Server: nginx"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for line in seen.value.lines("server") {
            if line.contains(|c: char| c.is_ascii_digit()) {
                findings.push(&RULE, &seen.at, format!("Server is {line:?}"));
            }
        }
    }
}
