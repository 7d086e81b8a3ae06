//! One header is set twice.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Rfc;
use std::collections::BTreeSet;

use crate::facts::blocks::At;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// One header is set twice.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "header-duplicate",
        title: "One header is set twice",
        why: "Browsers take the first, the last, both or none of them, each in its own way: two X-Frame-Options count \
              as an error, two policies as both. What was meant holds in some of them only.",
        fix: &[(Apache, "Header always set X-Frame-Options DENY"), (Nginx, "add_header X-Frame-Options DENY always;")],
        references: &[Rfc(9110, "5.3")],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Frame-Options DENY always;
    add_header X-Frame-Options SAMEORIGIN always;
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
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        let mut known = BTreeSet::new();
        for node in nginx.each("add_header") {
            let Some(name) = node.arg(0).map(str::to_ascii_lowercase) else { continue };
            let is_list = matches!(
                &*name,
                "set-cookie"
                    | "link"
                    | "vary"
                    | "content-security-policy"
                    | "content-security-policy-report-only"
                    | "cache-control"
                    | "server-timing"
                    | "alt-svc"
                    | "www-authenticate"
            );
            let is_first = known.insert((node.parent().map(At::id), name.clone()));
            if !is_list && !is_first {
                let said = seen.at(node, format_args!("{name} was set before in this block"));
                said.own("nginx:header-duplicate").edit(node.without(Safety::Safe));
            }
        }
    });
}
