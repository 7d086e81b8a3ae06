//! A field that a file sets and that the site does not send.

use super::said::{hidden, page, said};
use crate::explanation::Platform::{Django, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A header that a file sets does not arrive.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "header-lost",
        title: "A header that a file sets does not arrive",
        why: "The file says that the header is sent, and the site does not send it. Something between the two takes it away, or another file is in force. Who reads the file believes in a protection that visitors do not have.",
        fix: &[
            (
                Django,
                "# Look for what stands before Django and takes the header away:\n# proxy_hide_header in nginx, Header unset in Apache.",
            ),
            (
                Nginx,
                "# A block with an add_header of its own inherits none: say it again there.\nadd_header X-Frame-Options DENY always;",
            ),
        ],
        references: &[Cwe(693), Rfc(9110, "7.6")],
    },
    topic: Topic::Contradictions,
    severity: Severity::Medium,
    bad: Example::Joined(
        Format::Nginx,
        "server {\n    listen 443 ssl;\n    server_name app.example;\n    add_header X-Frame-Options DENY always;\n}\n---\n> GET https://app.example/\n< 200\n< Content-Type: text/html",
    ),
    good: Example::Joined(
        Format::Nginx,
        "server {\n    listen 443 ssl;\n    server_name app.example;\n    add_header X-Frame-Options DENY always;\n}\n---\n> GET https://app.example/\n< 200\n< X-Frame-Options: DENY",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(page) = page(facts) else { return };
    let mut told: Vec<String> = Vec::new();
    for one in said(facts, page) {
        if page.has(&one.name) || told.contains(&one.name) {
            continue;
        }
        let at = hidden(facts, &one.name).map(|node| format!("; {} takes it away", node.here())).unwrap_or_default();
        let message = format!("{} sets {} here, and {} does not send it{at}", one.by, one.name, page.url());
        findings.push(&RULE, &one.at, message);
        told.push(one.name);
    }
}
