//! X-Content-Type-Options says something that browsers ignore.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Mdn;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// X-Content-Type-Options says something that browsers ignore.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "nosniff-invalid",
        title: "X-Content-Type-Options says something that browsers ignore",
        why: "The only word is nosniff. With any other, browsers go on guessing what a file is, and run as a script \
              what was uploaded as a picture.",
        fix: &[
            (Apache, "Header always set X-Content-Type-Options nosniff"),
            (Nginx, "add_header X-Content-Type-Options nosniff always;"),
        ],
        references: &[Mdn("X-Content-Type-Options")],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Content-Type-Options sniff always;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Content-Type-Options nosniff always;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "x-content-type-options" && !line.value.trim().eq_ignore_ascii_case("nosniff") {
            let said = seen.at(line.node(), format_args!("{} is not known", line.value));
            said.own(line.authority.id("nosniff-invalid")).edit(line.with_value("nosniff", Safety::Safe));
        }
    });
}
