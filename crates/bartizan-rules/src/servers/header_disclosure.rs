//! A header tells what the site is made of.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Cwe;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A header tells what the site is made of.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "header-disclosure",
        title: "A header tells what the site is made of",
        why: "The name and the version of a framework help whoever searches for sites with a known hole, and nobody \
              else. No browser reads them.",
        fix: &[(Apache, "Header always unset X-Powered-By"), (Nginx, "proxy_hide_header X-Powered-By;")],
        references: &[Cwe(200)],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Powered-By PHP/8.2 always;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    add_header X-A b always;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if matches!(
            &*line.name,
            "x-powered-by"
                | "server"
                | "x-aspnet-version"
                | "x-aspnetmvc-version"
                | "x-generator"
                | "x-runtime"
                | "x-version"
        ) && !line.value.is_empty()
        {
            let said = seen.at(line.node(), format_args!("{} is sent", line.name));
            said.own(line.authority.id("header-disclosure")).edit(line.without(Safety::Safe));
        }
    });
}
