//! Very long addresses are read.

use crate::explanation::Platform::Apache;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Very long addresses are read.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "limit-request-line",
        title: "Very long addresses are read",
        why: "No page needs an address of many kilobytes. Long ones are used to overflow what reads them, in the \
              server, in the app or in the log.",
        fix: &[(Apache, "LimitRequestLine 8190")],
        references: &[
            Spec("Apache: LimitRequestLine", "https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestline"),
            Cwe(770),
        ],
    },
    topic: Topic::Apache,
    severity: Severity::Low,
    bad: Example::File(Format::Apache, "LimitRequestLine 65536"),
    good: Example::File(Format::Apache, "LimitRequestLine 8190"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("limitrequestline").filter(|node| {
            node.arg(0).and_then(|arg| arg.parse::<u32>().ok()).is_some_and(|bytes| bytes == 0 || bytes > 32_768)
        }) {
            seen.at(node, "such long addresses are read").own("apache:limit-request-line").edit(node.with_word(
                0,
                "8190",
                Safety::Safe,
            ));
        }
    });
}
