//! A field that a file sets and that the site sends with another value.

use super::said::{is_same, page, said};
use crate::explanation::Platform::{Django, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A header arrives with another value than a file sets.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "header-differs",
        title: "A header arrives with another value than a file sets",
        why: "The file and the site disagree: another program sets the header again, or another file is in force. Browsers follow what arrives. A stricter value in the file protects nobody.",
        fix: &[
            (Django, "# Let one program set the header, and take it out of the other."),
            (
                Nginx,
                "# Let one program set the header:\nproxy_hide_header X-Frame-Options;\nadd_header X-Frame-Options DENY always;",
            ),
        ],
        references: &[Cwe(693), Rfc(9110, "7.6")],
    },
    topic: Topic::Contradictions,
    severity: Severity::Medium,
    bad: Example::Joined(
        Format::Nginx,
        "server {\n    listen 443 ssl;\n    server_name app.example;\n    add_header X-Frame-Options DENY always;\n}\n---\n> GET https://app.example/\n< 200\n< X-Frame-Options: SAMEORIGIN",
    ),
    good: Example::Joined(
        Format::Nginx,
        "server {\n    listen 443 ssl;\n    server_name app.example;\n    add_header X-Frame-Options DENY always;\n}\n---\n> GET https://app.example/\n< 200\n< X-Frame-Options: DENY",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(page) = page(facts) else { return };
    for one in said(facts, page) {
        let Some(value) = &one.value else { continue };
        let mut arrived = page.lines(&one.name).peekable();
        let Some(first) = arrived.peek().copied() else { continue };
        if arrived.any(|line| is_same(line, value)) {
            continue;
        }
        let message = format!("{} sets {}: {value} here, and {} sends {first}", one.by, one.name, page.url());
        findings.push(&RULE, &one.at, message);
    }
}
