//! Strict-Transport-Security with an age below half a year.

use super::fixes;
use std::time::Duration;

use bartizan_headers::{Field, Hsts};

use crate::explanation::Reference::{Mdn, Rfc, Spec};
use crate::facts::declared::Line;
use crate::sightings;
use crate::sightings::Sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// HSTS is forgotten within half a year.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-max-age-short",
        title: "HSTS is forgotten within half a year",
        why: "A browser that stays away for longer than max-age forgets the policy, and its next first request \
              goes out in the clear. Whoever sits on the network then can answer it in the site's place and never \
              let the browser reach HTTPS. With max-age=0 the policy is taken back at once.",
        fix: fixes::HSTS,
        references: &[
            Rfc(6797, "11.2"),
            Mdn("Strict-Transport-Security"),
            Spec("HSTS preload list: submission requirements", "https://hstspreload.org/#submission-requirements"),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Medium,
    bad: Example::Response("Strict-Transport-Security: max-age=300"),
    good: Example::Response("Strict-Transport-Security: max-age=63072000; includeSubDomains"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.hsts() {
        let Some(hsts) = seen.value.value else { continue };
        if hsts.max_age < HALF_A_YEAR {
            findings.push(&RULE, &seen.at, format!("max-age is {} s", hsts.max_age.as_secs()));
        }
    }
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for line in nginx.header_lines() {
            short(line, seen);
        }
        crate::nginx::hsts::short(nginx, seen);
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for line in apache.header_lines() {
            short(line, seen);
        }
    });
}

fn short(line: &Line, seen: &mut Sightings) {
    let hsts =
        Some(&line.value).filter(|_| line.name == "strict-transport-security").and_then(|it| Hsts::parse(&[it]).value);
    if let Some(hsts) = hsts.filter(|hsts| hsts.max_age < HALF_A_YEAR) {
        let said = seen.at(line.node(), format_args!("max-age is {} s", hsts.max_age.as_secs()));
        said.own(line.authority.id("hsts-short"));
        let why = "visitors cannot come back to plain HTTP for as long";
        said.edit(line.with_value("max-age=63072000", Safety::Risky(why)));
    }
}

/// Half a year is what scanners commonly ask for; a shorter one lapses between two visits of a rare guest.
const HALF_A_YEAR: Duration = Duration::from_secs(15_768_000);
