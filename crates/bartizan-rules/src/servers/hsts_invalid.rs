//! HSTS is sent in a form that browsers ignore.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Mdn, Rfc};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};
use bartizan_headers::{Field, Hsts};

/// HSTS is sent in a form that browsers ignore.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-invalid",
        title: "HSTS is sent in a form that browsers ignore",
        why: "Without a max-age that is a number the header says nothing, and the browser goes on to try plain HTTP. \
              It looks as if it were there.",
        fix: &[
            (Apache, r#"Header always set Strict-Transport-Security "max-age=63072000""#),
            (Nginx, r#"add_header Strict-Transport-Security "max-age=63072000" always;"#),
        ],
        references: &[Rfc(6797, "6.1"), Mdn("Strict-Transport-Security")],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header Strict-Transport-Security includeSubDomains always;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r#"server {
    add_header Strict-Transport-Security "max-age=63072000" always;
}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "strict-transport-security" && !line.value.contains('$') && hsts(&line.value).is_none() {
            let said = seen.at(line.node(), "browsers ignore it");
            said.own(line.authority.id("hsts-invalid")).edit(line.with_value("max-age=63072000", Safety::Safe));
        }
    });
}

fn hsts(value: &str) -> Option<Hsts> {
    Hsts::parse(&[value]).value
}
