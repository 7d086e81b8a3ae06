//! There is no security.txt.

use super::fixes;
use crate::explanation::Reference::{Rfc, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// There is no security.txt.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "security-txt-missing",
        title: "There is no security.txt",
        why: "Whoever finds a fault has to guess whom to tell, and often tells nobody, or everybody. A text \
              file at /.well-known/security.txt with a contact and a date is all it takes.",
        fix: fixes::SECURITY_TXT,
        references: &[Rfc(9116, ""), Spec("securitytxt.org", "https://securitytxt.org/")],
    },
    topic: Topic::Reporting,
    severity: Severity::Info,
    bad: Example::Exchange("> GET https://app.example/.well-known/security.txt\n< 404\n<\n< Not Found"),
    good: Example::Exchange(
        "> GET https://app.example/.well-known/security.txt\n< 200\n< Content-Type: text/plain; charset=utf-8\n<\n< Contact: mailto:security@app.example\n< Expires: 2026-12-31T00:00:00Z",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    if let Some(response) = facts.security_txt().filter(|response| !super::is_security_txt(response)) {
        let status = response.status();
        let what = if status.is_success() { ", and no such text" } else { "" };
        findings.push(&RULE, &response.at(), format!("status {}{what}", status.as_u16()));
    }
}
