//! X-Frame-Options says something that browsers ignore.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Mdn, Rfc};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// X-Frame-Options says something that browsers ignore.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "frame-options-invalid",
        title: "X-Frame-Options says something that browsers ignore",
        why: "Only DENY and SAMEORIGIN are known. ALLOW-FROM was taken out of all browsers, and with any other word \
              the page can be framed by anybody: an invisible frame catches the clicks of the visitor.",
        fix: &[(Apache, "Header always set X-Frame-Options DENY"), (Nginx, "add_header X-Frame-Options DENY always;")],
        references: &[Mdn("X-Frame-Options"), Rfc(7034, "2.1")],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Frame-Options ALLOWALL always;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Frame-Options DENY always;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "x-frame-options"
            && !line.value.eq_ignore_ascii_case("deny")
            && !line.value.eq_ignore_ascii_case("sameorigin")
            && !line.value.contains('$')
        {
            let said = seen.at(line.node(), format_args!("{} is not known", line.value));
            said.own(line.authority.id("xfo-invalid")).edit(line.with_value("SAMEORIGIN", Safety::Safe));
        }
    });
}
