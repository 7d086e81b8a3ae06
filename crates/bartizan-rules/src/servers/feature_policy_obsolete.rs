//! Feature-Policy is sent.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Mdn;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Feature-Policy is sent.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "feature-policy-obsolete",
        title: "Feature-Policy is sent",
        why: "No browser reads it any more; Permissions-Policy took its place, with another way to write it. What it \
              was to forbid is allowed.",
        fix: &[
            (Apache, r#"Header always set Permissions-Policy "camera=(), microphone=(), geolocation=()""#),
            (Nginx, r#"add_header Permissions-Policy "camera=(), microphone=(), geolocation=()" always;"#),
        ],
        references: &[Mdn("Permissions-Policy")],
    },
    topic: Topic::Servers,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r#"server {
    add_header Feature-Policy "camera 'none'" always;
}"#,
    ),
    good: Example::File(
        Format::Nginx,
        r#"server {
    add_header Permissions-Policy "camera=()" always;
}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "feature-policy" {
            let said = seen.at(line.node(), "no browser reads it");
            said.own(line.authority.id("header-obsolete")).edit(line.without(Safety::Safe));
        }
    });
}
