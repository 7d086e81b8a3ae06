//! A field that the site sends twice, with all who set it.

use super::said::{page, said};
use crate::explanation::Platform::{Django, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A header arrives twice, set by two programs.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "header-doubled",
        title: "A header arrives twice, set by two programs",
        why: "Two programs set the same header, and both lines arrive. Of two HSTS lines browsers follow the first, two X-Frame-Options may cancel each other, and two policies both count. What holds then is decided by chance rather than by a file.",
        fix: &[
            (Django, "# Let one program set the header, and take it out of the other."),
            (
                Nginx,
                "# Hide what the app sends, and send it once:\nproxy_hide_header X-Frame-Options;\nadd_header X-Frame-Options DENY always;",
            ),
        ],
        references: &[Cwe(693), Rfc(6797, "8.1")],
    },
    topic: Topic::Contradictions,
    severity: Severity::Medium,
    bad: Example::Joined(
        Format::Nginx,
        "server {\n    listen 443 ssl;\n    server_name app.example;\n    add_header X-Frame-Options DENY always;\n}\n---\n> GET https://app.example/\n< 200\n< X-Frame-Options: DENY\n< X-Frame-Options: SAMEORIGIN",
    ),
    good: Example::Joined(
        Format::Nginx,
        "server {\n    listen 443 ssl;\n    server_name app.example;\n    add_header X-Frame-Options DENY always;\n}\n---\n> GET https://app.example/\n< 200\n< X-Frame-Options: DENY",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let Some(page) = page(facts) else { return };
    let all = said(facts, page);
    for name in ONCE {
        let lines: Vec<_> = page.lines(name).collect();
        let setters: Vec<_> = all.iter().filter(|one| one.name == *name).collect();
        let Some(first) = setters.first().filter(|_| lines.len() > 1) else { continue };
        let others: Vec<_> = setters.iter().skip(1).map(|one| format!("{} at {}", one.by, one.at)).collect();
        let others =
            if others.is_empty() { "another program, in no file that was read".to_owned() } else { others.join(", ") };
        let message = format!(
            "{} sends {name} {} times ({}): {} sets it here, and so does {others}",
            page.url(),
            lines.len(),
            lines.join(" | "),
            first.by
        );
        findings.push(&RULE, &first.at, message);
    }
}

/// The fields that are to be sent once.
const ONCE: &[&str] = &[
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
];
